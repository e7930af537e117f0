// Reads request bodies and turns what goes wrong on the way into the service's answers. Never parses anything but JSON.

import type { FastifyError, FastifyInstance } from 'fastify';
import { Refusal, refuseV2, refuseV3 } from '../wire/refusal.ts';
import { isV2 } from './auth.ts';

/** Largest request body, in bytes (50 MB). */
export const MAX_BODY = 50 * 1024 * 1024;

/** Prefix of the v3 error codes of a path. */
function serviceOf(url: string): string {
  if (url.startsWith('/insightData/')) return 'insightData';
  return url.startsWith('/configuration/') ? 'customIdentifiers' : 'contacts';
}

function refuseFor(url: string, error: FastifyError): Refusal | undefined {
  const v2 = isV2(url);
  const service = serviceOf(url);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return v2
        ? refuseV2(413, 'ERROR_MALFORMED_REQUEST', 'The request is too large.')
        : refuseV3(413, `${service}:requestTooLarge`, 'The request body is larger than 50 MB');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return v2
        ? refuseV2(415, 'ERROR_CONTENT_TYPE_IS_NOT_SUPPORTED', 'Content type is not supported.')
        : refuseV3(415, `${service}:badRequest`, 'The content type is not supported');
    default:
      return undefined;
  }
}

/** Adds the JSON parser and the handlers of errors and unknown paths. */
export function registerBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/([\w.-]+\+)?json/, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') {
      done(null, undefined);
      return;
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(body as string);
    } catch {
      const { url } = request;
      const refusal = isV2(url)
        ? refuseV2(400, 'ERROR_BODY_DOES_NOT_MATCH_CONTENT_TYPE', 'The request body is not valid JSON.')
        : refuseV3(400, `${serviceOf(url)}:badJson`, 'The request JSON is badly formed');
      done(refusal);
      return;
    }
    done(null, parsed);
  });

  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => {
    const refusal = error instanceof Refusal ? error : refuseFor(request.url, error);
    if (refusal) return reply.code(refusal.status).type('application/json; charset=utf-8').send(refusal.body);
    const { url } = request;
    const text = `${error.name}: ${error.message}`;
    const answer = isV2(url) ? refuseV2(500, 'ERROR_UNKNOWN', text) : refuseV3(500, `${serviceOf(url)}:unknown`, text);
    return reply.code(answer.status).type('application/json; charset=utf-8').send(answer.body);
  });

  app.setNotFoundHandler((request, reply) => {
    const { url, method } = request;
    const answer = isV2(url)
      ? new Refusal(404, { message: `No HTTP resource was found that matches the request URI '${url}'.` })
      : refuseV3(404, 'notFound', `There is nothing at ${method} ${url.split('?', 1)[0] ?? url}`);
    return reply.code(404).type('application/json; charset=utf-8').send(answer.body);
  });
}
