// The frame every command runs in: options, exit codes, and where the words go.
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { CliError, EXIT } from '../../src/cli/exit-code.ts';
import { createInterruption } from '../../src/cli/interruption.ts';
import type { Register } from '../../src/cli/program.ts';
import { run } from '../../src/cli/run.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CONFIG = `version: 1
connections:
  - { name: acme, sell: { accessToken: tok-SECRET }, dotdigital: { user: u, password: p } }
  - { name: globex, sell: { accessToken: t }, dotdigital: { user: u, password: p } }
`;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function invoke(
  args: readonly string[],
  more: {
    readonly commands?: readonly Register[];
    readonly signals?: EventEmitter;
    readonly terminal?: boolean;
    readonly env?: { readonly [name: string]: string };
  } = {},
): Promise<Ended> {
  const stdout = Object.assign(new PassThrough(), { isTTY: more.terminal === true });
  const stderr = Object.assign(new PassThrough(), { isTTY: more.terminal === true });
  const interruption = createInterruption(
    more.signals ?? new EventEmitter(),
    (text) => void stderr.write(`${text}\n`),
    () => {},
  );
  const code = await run({
    args,
    env: more.env ?? {},
    terminal: { stdout, stderr },
    interruption,
    commands: more.commands ?? COMMANDS,
  });
  const text = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? '';
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** A command that does what it is told. */
const command =
  (action: (context: Parameters<Register>[1]) => unknown): Register =>
  (program, context) => {
    program.command('act').action(async () => {
      await action(context);
    });
  };

describe('usage', () => {
  it.each([
    [['--help'], 0],
    [['--version'], 0],
    [['config', '--help'], 0],
    [[], 2],
    [['confg'], 2],
    [['config', 'shw'], 2],
    [['config', 'show', '--wat'], 2],
    [['config', 'schema', 'extra'], 2],
    [['--config'], 2],
  ])('lockstep %j ends with %i', async (args, code) => {
    const ended = await invoke(args);
    expect(ended.code).toBe(code);
    expect(code === 0 ? ended.stderr : ended.stdout).toBe('');
  });

  it('says what was probably meant and where help is', async () => {
    const { stderr } = await invoke(['confg']);
    expect(stderr).toContain('Did you mean config?');
    expect(stderr).toContain('lockstep --help');
  });

  it('takes global options before and after the command', async () => {
    const file = join(temporaryFolder({ 'a.yaml': CONFIG }), 'a.yaml');
    const before = await invoke(['--json', '--config', file, 'config', 'show']);
    const after = await invoke(['config', 'show', '--config', file, '--json']);
    expect(before).toEqual(after);
    expect(JSON.parse(before.stdout)).toMatchObject({ connections: [{ name: 'acme' }, { name: 'globex' }] });
    expect(before.stdout).not.toContain('SECRET');
  });

  it('prints the JSON Schema', async () => {
    const { code, stdout } = await invoke(['config', 'schema']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', additionalProperties: false });
  });
});

describe('a bad configuration', () => {
  it('ends with 2 and every problem, on stderr and with --json on stdout too', async () => {
    const file = join(temporaryFolder({ 'bad.yaml': 'version: 3\nconections: []\n' }), 'bad.yaml');
    const { code, stdout, stderr } = await invoke(['config', 'show', '--config', file]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`${file}:1:1 version: expected 1, found 3`);
    expect(stderr).toContain(`${file}:2:1 conections: unknown key "conections"; did you mean "connections"?`);
    const json = await invoke(['config', 'show', '--config', file, '--json']);
    expect(json.code).toBe(2);
    const document = JSON.parse(json.stdout) as {
      readonly error: { readonly exitCode: number; readonly problems: readonly unknown[] };
    };
    expect(document.error.exitCode).toBe(2);
    expect(document.error.problems).toContainEqual(expect.objectContaining({ line: 2, column: 1, path: 'conections' }));
  });

  it('a wrong --connection ends with 2 and names the right ones', async () => {
    const file = join(temporaryFolder({ 'a.yaml': CONFIG }), 'a.yaml');
    const commands = [
      command((context) => context.connections({ book: { configs: async () => context.loadConfig().connections } })),
    ];
    expect(await invoke(['act', '--config', file, '--connection', 'globx'], { commands })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no connection "globx"; did you mean "globex"?'),
    });
    expect((await invoke(['act', '--config', file, '--connection', 'acme'], { commands })).code).toBe(0);
  });
});

describe('the end of a command', () => {
  it.each([EXIT.failedRecords, EXIT.parked, EXIT.aborted])('is the code the command gives (%i)', async (code) => {
    expect((await invoke(['act'], { commands: [command((context) => context.exitWith(code))] })).code).toBe(code);
  });

  it('with an expected error is its code, its words and its hint, without a stack', async () => {
    const commands = [
      command(() => {
        throw new CliError(EXIT.aborted, 'Sell refused the access token', { hint: 'Make a new one in Sell.' });
      }),
    ];
    const { code, stderr } = await invoke(['act'], { commands });
    expect(code).toBe(5);
    expect(stderr).toBe('lockstep: Sell refused the access token\nMake a new one in Sell.\n');
  });

  it('with an unexpected error is 1, with the stack and a word on what to do', async () => {
    const commands = [
      command(() => {
        throw new TypeError('boom');
      }),
    ];
    const { code, stderr } = await invoke(['act'], { commands });
    expect(code).toBe(1);
    expect(stderr).toMatch(/unexpected error: boom\nTypeError: boom\n {4}at /);
    expect(stderr).toContain('This is a bug in Lockstep');
    expect(JSON.parse((await invoke(['act', '--json'], { commands })).stdout)).toEqual({
      error: { exitCode: 1, message: 'boom' },
    });
  });

  it('after an interruption is 130, whether the command returns or throws, unless it says otherwise', async () => {
    const interrupted = async (ending: (context: Parameters<Register>[1]) => void): Promise<Ended> => {
      const signals = new EventEmitter();
      const waiting = command(async (context) => {
        const aborted = new Promise((resolve) => context.signal.addEventListener('abort', resolve));
        signals.emit('SIGINT');
        await aborted;
        ending(context);
      });
      return invoke(['act'], { commands: [waiting], signals });
    };
    expect((await interrupted(() => {})).code).toBe(130);
    const thrown = await interrupted((context) => context.signal.throwIfAborted());
    expect(thrown.code).toBe(130);
    expect(thrown.stderr).not.toContain('bug');
    expect((await interrupted((context) => context.exitWith(EXIT.done))).code).toBe(0);
  });
});

describe('output', () => {
  const talk = command(({ output }) => {
    output.info('on the way');
    output.warn('look here');
    output.print('for people');
    output.result({ json: () => ({ n: 1 }), text: () => output.style('green', 'one') });
  });

  it('puts results on stdout and everything else on stderr', async () => {
    expect(await invoke(['act'], { commands: [talk] })).toEqual({
      code: 0,
      stdout: 'for people\none\n',
      stderr: 'on the way\nwarning: look here\n',
    });
  });

  it('with --json is one document, with --quiet warnings and results only', async () => {
    expect((await invoke(['act', '--json'], { commands: [talk] })).stdout).toBe('{"n":1}\n');
    expect((await invoke(['act', '--quiet'], { commands: [talk] })).stderr).toBe('warning: look here\n');
  });

  it('a second JSON document is a bug', async () => {
    const twice = command(({ output }) => {
      output.result({ json: () => 1, text: () => '' });
      output.result({ json: () => 2, text: () => '' });
    });
    const { code, stdout } = await invoke(['act', '--json'], { commands: [twice] });
    expect([code, stdout]).toEqual([1, '1\n']);
  });

  it('is coloured on a terminal only, and not with --no-color or NO_COLOR', async () => {
    const colored = '\u001b[32mone\u001b[39m';
    expect((await invoke(['act'], { commands: [talk], terminal: true })).stdout).toContain(colored);
    expect((await invoke(['act'], { commands: [talk] })).stdout).not.toContain('\u001b');
    expect((await invoke(['act', '--no-color'], { commands: [talk], terminal: true })).stdout).not.toContain('\u001b');
    expect((await invoke(['act'], { commands: [talk], terminal: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(
      '\u001b',
    );
  });
});

describe('interruption', () => {
  it('aborts once; the same key stroke passed on twice is one, a later one ends at once', () => {
    const signals = new EventEmitter();
    const exits: number[] = [];
    const told: string[] = [];
    let time = 0;
    const interruption = createInterruption(
      signals,
      (text) => told.push(text),
      (code) => exits.push(code),
      () => time,
    );
    expect(signals.listenerCount('SIGINT')).toBe(0);
    const { signal } = interruption;
    signals.emit('SIGINT');
    expect([signal.aborted, interruption.interrupted]).toEqual([true, true]);
    time = 300;
    signals.emit('SIGINT');
    expect(exits).toEqual([]);
    time = 900;
    signals.emit('SIGTERM');
    expect(exits).toEqual([130]);
    expect(told).toHaveLength(1);
    interruption.stopListening();
    expect(signals.listenerCount('SIGTERM')).toBe(0);
  });
});
