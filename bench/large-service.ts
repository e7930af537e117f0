// `lockstep serve` as a process of its own over a database with very many people, for what is measured from outside.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openStore } from '../src/store/open-store.ts';
import { pause } from '../src/store/saved-connections.ts';
import { fill } from './large-store.ts';

const MAIN = join(import.meta.dirname, '..', 'src', 'cli', 'main.ts');
const NOBODY = 'http://127.0.0.1:9';

export interface LargeService {
  readonly url: string;
  readonly child: ChildProcess;
  /** Of an admin who is logged in. */
  readonly cookie: string;
  stop(): void;
}

/** Paused, so that nothing is asked of the two accounts, which are not there. */
export async function startLargeService(people: number): Promise<LargeService> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  const database = `sqlite:${join(folder, 'bench.db')}`;
  const store = await openStore(database);
  await fill(store, people);
  await pause(store, 'acme', new Date().toISOString(), 'bench');
  await store.close();
  const config = join(folder, 'lockstep.yaml');
  const acme = {
    name: 'acme',
    sell: { url: NOBODY, accessToken: 'none' },
    dotdigital: { url: NOBODY, user: 'nobody@apiconnector.com', password: 'none' },
    contacts: { enabled: true, multipleMatch: 'email' },
  };
  writeFileSync(config, stringify({ version: 1, database, connections: [acme] }));
  const child = spawn(process.execPath, [MAIN, '--config', config, '--json', '--quiet', 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { url, setupLink } = await new Promise<{ readonly url: string; readonly setupLink: string }>((resolve) => {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('\n')) resolve(JSON.parse(out) as { url: string; setupLink: string });
    });
  });
  const joined = await fetch(`${url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      token: setupLink.split('#')[1],
      email: 'bench@example.com',
      name: 'Bench',
      password: 'a sentence for the bench',
    }),
  });
  return {
    url,
    child,
    cookie: joined.headers.getSetCookie()[0]?.split(';')[0] ?? '',
    stop: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
