// `lockstep serve` as a process of its own: what it prints, what it answers, what it does, how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { insertRun } from '../../src/store/runs.ts';
import { startTwoAccounts, type TwoAccounts } from '../integration/two-accounts.ts';
import { ask } from './ask.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything printed so far. */
  words(): string;
  stdout(): string;
  /** Resolves once `text` was printed, on either stream. */
  until(text: string): Promise<void>;
  ended(): Promise<number | null>;
}

let world: TwoAccounts;
let running: ChildProcess | null = null;
beforeEach(async () => {
  world = await startTwoAccounts({ settings: { schedule: { every: '5m' } } });
  world.sell.world.createContact({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' });
});
afterEach(async () => {
  if (running !== null && running.exitCode === null) running.kill('SIGKILL');
  running = null;
  await world.stop();
});

async function serve(...args: readonly string[]): Promise<Served> {
  const config = join(world.folder, 'lockstep.yaml');
  const child = spawn(process.execPath, [MAIN, '--config', config, 'serve', '--port', '0', ...args]);
  running = child;
  let [printed, stdout] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (printed.includes(text)) resolve();
      };
      listeners.add(look);
      look();
      void exit.then(() => reject(new Error(`It ended without "${text}":\n${printed}`)));
    });
  await until('http://');
  const url = /(http:\/\/[^/\s"]+)/.exec(printed)?.[1] ?? '';
  return { child, url, words: () => printed, stdout: () => stdout, until, ended: () => exit };
}

/** A run of a process that died: it is taken up at once, whatever the schedule says. */
async function leaveBrokenRun(): Promise<void> {
  const at = new Date().toISOString();
  const { store } = await world.app();
  const frame = { id: randomUUID(), connection: 'acme', kind: 'sync', state: 'running', startedAt: at } as const;
  await insertRun(store, { ...frame, finishedAt: null, counters: {}, apiCalls: {}, error: null, options: {} });
}

describe('lockstep serve', () => {
  it('decision 13: says that a connection is not aligned and waits; SIGTERM ends it with 0', async () => {
    const served = await serve();
    await served.until('not aligned yet');
    expect(served.words()).toContain('acme  every 5 min');
    expect((await ask(world, 'runs')).json.runs).toEqual([]);
    served.child.kill('SIGTERM');
    expect(await served.ended()).toBe(0);
  });

  it('synchronises what is due and answers that it is well; SIGINT ends it with 130', async () => {
    await world.cycle('align');
    const ada = await world.sellRecord('contacts', 'ada@example.com');
    world.sell.world.updateContact(ada.id, { first_name: 'Adele' });
    await leaveBrokenRun();
    const served = await serve();
    await served.until('"msg":"synchronised"');
    expect(world.dotdigital.world.contact('ada@example.com')?.fields['FIRSTNAME']).toBe('Adele');
    const alive = await fetch(`${served.url}/healthz`);
    expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await fetch(`${served.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
    expect((await fetch(`${served.url}/api/anything-else`)).status).toBe(404);
    served.child.kill('SIGINT');
    expect(await served.ended()).toBe(130);
  });

  it('goes on when a service refuses it, and says so in the log', async () => {
    await world.cycle('align');
    await leaveBrokenRun();
    await world.configure({ schedule: { every: '5m' }, dotdigital: { password: 'wrong' } });
    const served = await serve();
    await served.until('"msg":"not synchronised"');
    expect(served.words()).toContain('Dotdigital does not accept the API user');
    expect(served.words()).not.toContain('"wrong"');
    expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
    served.child.kill('SIGTERM');
    expect(await served.ended()).toBe(0);
  });

  it('exit 5 when the port is taken, with words', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      const answer = await ask(world, 'serve', '--port', String(port));
      expect(answer.code).toBe(5);
      expect(answer.json.error.message).toContain('it is in use');
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
  });

  it('with --json prints one document on stdout and nothing else there', async () => {
    const served = await serve('--json');
    const [first = ''] = served.stdout().split('\n');
    expect(JSON.parse(first)).toEqual({
      url: served.url,
      connections: [{ name: 'acme', everyMs: 300_000 }],
      setupLink: expect.stringMatching(`^${served.url}/welcome#[\\w-]{43}$`),
    });
    await served.until('not aligned yet');
    served.child.kill('SIGTERM');
    expect(await served.ended()).toBe(0);
    expect(served.stdout()).toBe(`${first}\n`);
  });
});
