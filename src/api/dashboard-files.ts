// The built dashboard's files: hashed ones are kept for ever, the page itself never. Where nothing was built, a page says how.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { ApiError } from './api-error.ts';

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Lockstep</title></head>
<body><h1>Lockstep is running</h1>
<p>The dashboard was not built yet. Run <code>npm run build</code> in the folder of Lockstep, then load this page again.</p>
<p>The API is there: <a href="/api/openapi.json">/api/openapi.json</a></p></body></html>
`;

/** @param message one of our own sentences, which may quote what was sent */
export function refusalPage(message: string): string {
  const text = message.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Lockstep</title></head>
<body><main><h1>This did not work</h1><p>${text}</p><p><a href="/">Go to Lockstep</a></p></main></body></html>
`;
}

const KEPT = 'public, max-age=31536000, immutable';
const ASKED_AGAIN = 'no-cache';

export async function serveDashboard(server: FastifyInstance, folder: string): Promise<void> {
  const built = (): boolean => existsSync(join(folder, 'index.html'));
  await server.register(files, {
    root: folder,
    prefix: '/',
    wildcard: true,
    // Looked for at each request, so that a build made while the service runs is found.
    suppressWarning: true,
    dotfiles: 'ignore',
    cacheControl: false,
    // The build puts a smaller twin beside each file that has one.
    preCompressed: true,
    setHeaders: (reply, path) => {
      // The build puts a hash into the name of everything in this folder.
      void reply.header('cache-control', path.includes('/assets/') ? KEPT : ASKED_AGAIN);
    },
  });
  server.setNotFoundHandler(async (request, reply) => {
    const [path = ''] = request.url.split('?');
    // Addresses of people and names of connections have dots in them: only these two places are those of files.
    const file = path.startsWith('/assets/') || /^\/[^/]*\.\w+$/.test(path);
    const page = request.method === 'GET' && !path.startsWith('/api/') && !file;
    if (!page) {
      const { body } = new ApiError('not-found', 'There is nothing at this address.');
      return reply.code(404).send(body);
    }
    if (!built())
      return reply
        .code(path === '/' ? 200 : 404)
        .type('text/html; charset=utf-8')
        .send(NOT_BUILT);
    // Every address of the dashboard is the same page, which finds its way by itself.
    return reply.header('cache-control', ASKED_AGAIN).sendFile('index.html');
  });
}
