// One life of the real command in a process of its own, from start to end or to kill -9 at a chosen moment. Judges nothing.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TwoAccounts } from '../integration/two-accounts.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

/** What a life that ended by itself compiled, for those after it: half of a short life is spent on that. */
const COMPILED = mkdtempSync(join(tmpdir(), 'lockstep-compiled-'));
process.once('exit', () => rmSync(COMPILED, { recursive: true, force: true }));

/** When a process is killed; milliseconds are since its start, or since the call was at that point. */
export type Blow =
  | { readonly at: 'time'; readonly ms: number }
  | {
      readonly at: 'call';
      /** Of the calls that both services get in this life, or of those that write. */
      readonly of: 'all' | 'writes';
      /** 1 = the first. */
      readonly nth: number;
      /** The service has heard nothing of it yet; has done it and said nothing; has answered. */
      readonly point: 'arrived' | 'done' | 'answered';
      readonly ms: number;
    };

export interface Life {
  /** Null = killed. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: { readonly all: number; readonly writes: number };
  readonly ms: number;
  /** The blow came: the life did not end in another way before. */
  readonly struck: boolean;
}

export interface Living {
  readonly blow?: Blow;
  /** A program that starts it, with its arguments; left out: nobody. */
  readonly through?: readonly string[];
  /** A life that goes on and on is killed after so many milliseconds at the latest. */
  readonly longest?: number;
  /** Told of each call as it arrives, with its number in this life. */
  onCall?(nth: number, child: ChildProcess): void;
  /** Given the process as soon as there is one. */
  born?(child: ChildProcess): void;
}

/** Runs the command until it ends. */
export async function live(world: TwoAccounts, args: readonly string[], living: Living = {}): Promise<Life> {
  const { blow, through = [], longest, onCall, born } = living;
  const calls = { all: 0, writes: 0 };
  const begun = performance.now();
  const [program = process.execPath, ...rest] = [...through, process.execPath];
  const child = spawn(
    program,
    [...rest, '--disable-warning=ExperimentalWarning', MAIN, '--config', join(world.folder, 'lockstep.yaml'), ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILED } },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const timers: NodeJS.Timeout[] = [];
  let struck = false;
  const strike = (): void => {
    struck = child.kill('SIGKILL');
  };
  const strikeAfter = (ms: number): void => {
    if (ms === 0) strike();
    else timers.push(setTimeout(strike, ms));
  };
  if (blow?.at === 'time') strikeAfter(blow.ms);
  if (longest !== undefined) timers.push(setTimeout(() => child.kill('SIGKILL'), longest));
  const hear = (request: IncomingMessage, response: ServerResponse): void => {
    calls.all += 1;
    const writes = isWrite(request);
    if (writes) calls.writes += 1;
    if (blow?.at === 'call' && (blow.of === 'all' || writes) && calls[blow.of] === blow.nth)
      at(blow.point, response, () => strikeAfter(blow.ms));
    onCall?.(calls.all, child);
  };
  const servers: readonly Server[] = [world.sell.app.server, world.dotdigital.app.server];
  for (const server of servers) server.prependListener('request', hear);
  const ended = once(child, 'close');
  born?.(child);
  const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  for (const server of servers) server.off('request', hear);
  for (const timer of timers) clearTimeout(timer);
  return { code, signal, stdout, stderr, calls, ms: performance.now() - begun, struck };
}

/** Calls that change something for people; those that move a reader on or fetch a token do not. */
function isWrite({ method, url = '' }: IncomingMessage): boolean {
  return method !== 'GET' && !/^\/(v2\/sync\/|oauth2\/)/.test(url);
}

function at(point: 'arrived' | 'done' | 'answered', response: ServerResponse, act: () => void): void {
  if (point === 'arrived') act();
  else if (point === 'answered') response.once('finish', act);
  else {
    // The head is written when the handler has done everything, and before the first byte leaves.
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
    Object.assign(response, {
      writeHead: (...args: unknown[]) => {
        act();
        return writeHead(...args);
      },
    });
  }
}
