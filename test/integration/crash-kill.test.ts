// The real command killed with -9 at many moments, then run again: the same end as undisturbed, nobody lost, nobody twice. (contract 6)
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../sandbox/random.ts';
import { createJudge, type Judge } from './agreement.ts';
import { BUSY_FIELDS, type BusyAccounts, busySettings, startBusyAccounts } from './busy-accounts.ts';
import { expectQuiet } from './looking.ts';

let world: BusyAccounts;
let judge: Judge;
afterEach(() => world.stop());

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const NEVER =
  /is gone|was made although|both made|both stand for|opted out|was suppressed|two Sell contacts|living links/;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs the command in a process of its own. @param stop called with the number of requests both services got so far */
async function command(
  args: readonly string[],
  stop: (requests: number, child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      MAIN,
      '--config',
      join(world.folder, 'lockstep.yaml'),
      '--json',
      '--quiet',
      ...args,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] },
    },
  );
  let [stdout, stderr, requests] = ['', '', 0];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const count = (): void => {
    requests += 1;
    stop(requests, child);
  };
  const servers = [world.sell.app.server, world.dotdigital.app.server];
  for (const server of servers) server.prependListener('request', count);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  for (const server of servers) server.off('request', count);
  return { code, signal, stdout, stderr };
}

async function start(seed: number): Promise<void> {
  world = await startBusyAccounts({ seed, people: 40, sell: { switches: { syncPageSize: 40 } } });
  judge = createJudge(world, BUSY_FIELDS);
}

/** Kills the command at the n-th request, a moment after it arrived, again and again, and lets it through at last. */
async function killAndFinish(
  args: readonly string[],
  moments: readonly number[],
  random: ReturnType<typeof createRandom>,
): Promise<void> {
  let killed = 0;
  for (const moment of moments) {
    await judge.before();
    const wait = random.pick([0, 0, 1, 4, 15]);
    const ended = await command(args, (requests, child) => {
      if (requests === moment) setTimeout(() => child.kill('SIGKILL'), wait);
    });
    if (ended.signal === 'SIGKILL') killed += 1;
    else expect([0, 3]).toContain(ended.code);
    expect((await judge.after()).filter((wrong) => NEVER.test(wrong))).toEqual([]);
  }
  expect(killed).toBeGreaterThan(moments.length / 2);
  for (let cycle = 0; cycle < 3; cycle += 1) {
    await judge.before();
    const { code, stderr } = await command(args);
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    const wrong = await judge.after();
    expect(wrong.filter((one) => NEVER.test(one))).toEqual([]);
    if (wrong.length === 0) return;
  }
  expect(await judge.after()).toEqual([]);
}

describe('kill -9', { timeout: 120_000 }, () => {
  it('contract 6, R16: during an alignment', async () => {
    await start(11);
    await killAndFinish(['align', '--yes'], [9, 14, 18, 26], createRandom('align'));
    await world.cycle('sync');
    await expectQuiet(world);
  });

  it('contract 6, R4: during syncs while people go on editing', async () => {
    await start(12);
    await judge.before();
    expect((await world.cycle('align')).state).toBe('ok_with_holds');
    await judge.after();
    await world.configure(busySettings());
    world.edit(30);
    await killAndFinish(['sync'], [5, 8, 11, 14], createRandom('sync'));
    await world.cycle('sync');
    await expectQuiet(world);
  });
});

describe('Ctrl-C', { timeout: 60_000 }, () => {
  it('contract 2: ends with 130 and a safe state, and the next run goes on', async () => {
    await start(13);
    await judge.before();
    const ended = await command(['align', '--yes'], (requests, child) => {
      if (requests === 16) child.kill('SIGINT');
    });
    expect([ended.code, ended.signal]).toEqual([130, null]);
    expect((await judge.after()).filter((wrong) => NEVER.test(wrong))).toEqual([]);
    await judge.before();
    expect((await command(['align', '--yes'])).code).toBe(0);
    await judge.before();
    expect((await command(['sync'])).code).toBe(0);
    expect(await judge.after()).toEqual([]);
  });
});
