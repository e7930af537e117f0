// One damaged configuration through the command line, and everything that must hold of the answer. (contract 2, 3 and 6)
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parse } from 'yaml';
import { createRandom } from '../../sandbox/random.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { createInterruption } from '../../src/cli/interruption.ts';
import { run } from '../../src/cli/run.ts';
import type { Config } from '../../src/config/config.ts';
import { checkSettings, putSecrets, takeSecrets } from '../../src/config/drafts.ts';
import { exportYaml } from '../../src/config/export-yaml.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Damaged, damage } from './config-damage.ts';
import type { Judged } from './judged.ts';
import { type SoundConfig, soundConfig } from './sound-configs.ts';

/** A problem tells more than this to nobody. Characters. */
const LONGEST = 700;
/** More problems than this are not read by anybody either. */
const MOST = 250;
/** Nothing that steers a terminal or breaks a line. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/** The case of this seed, judged. */
export async function fuzzConfig(seed: number): Promise<Judged> {
  const random = createRandom(`config ${seed}`);
  const sound = soundConfig(random);
  const damaged = damage(random, sound);
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-fuzz-'));
  const warnings: Error[] = [];
  const listen = (warning: Error): void => void warnings.push(warning);
  process.on('warning', listen);
  try {
    const file = join(folder, 'lockstep.yaml');
    const before = join(folder, 'sound.yaml');
    writeFileSync(file, damaged.bytes);
    writeFileSync(before, sound.text);
    const wrong: string[] = [];
    const answer = await show(file, damaged.env);
    const again = await show(file, damaged.env);
    if (JSON.stringify(answer) !== JSON.stringify(again)) wrong.push('it answers otherwise the second time');
    wrong.push(...judgeWords(answer, sound));
    if (answer.code === 2) wrong.push(...judgeRefusal(answer));
    else if (answer.code !== 0) wrong.push(`it ended with ${answer.code}`);
    else wrong.push(...judgeTaken(file, damaged.env, folder));
    wrong.push(...judgeOutcome(damaged, answer.code, () => sameAs(file, damaged.env, before, sound.env)));
    if (Object.keys(Object.prototype).length > 0 || 'polluted' in {}) wrong.push('every object was changed');
    // Warnings are told one turn later.
    await new Promise((resolve) => setImmediate(resolve));
    wrong.push(...warnings.map(({ message }) => `the runtime warned: ${message}`));
    return {
      what: `${sound.name}, ${damaged.what}`,
      outcome: answer.code === 0 ? 'accepted' : 'refused',
      wrong,
      told: `${Buffer.from(damaged.bytes).toString().slice(0, 4000)}\n--\n${answer.stderr.slice(0, 4000)}`,
    };
  } finally {
    process.off('warning', listen);
    rmSync(folder, { recursive: true });
  }
}

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function show(file: string, env: SoundConfig['env']): Promise<Answer> {
  const [stdout, stderr] = [new Captured(), new Captured()];
  const interruption = createInterruption(
    { on: () => {} } as never,
    () => {},
    () => undefined as never,
  );
  const args = ['--json', '--config', file, 'config', 'show'];
  const code = await run({ args, env, terminal: { stdout, stderr }, interruption, commands: COMMANDS });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

class Captured extends PassThrough {
  text = '';

  override write(chunk: string | Uint8Array): boolean {
    this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  }
}

function judgeWords({ stdout, stderr }: Answer, { secrets }: SoundConfig): readonly string[] {
  const wrong: string[] = [];
  if (/unexpected error|This is a bug|^\s+at /m.test(stderr)) wrong.push('it calls it a bug');
  if (secrets.some((secret) => stdout.includes(secret) || stderr.includes(secret))) wrong.push('it shows a secret');
  return wrong;
}

interface ToldProblem {
  readonly line: number | null;
  readonly path: string;
  readonly message: string;
}

function judgeRefusal({ stdout, stderr }: Answer): readonly string[] {
  const wrong: string[] = [];
  const { error } = JSON.parse(stdout) as { readonly error: { readonly problems: readonly ToldProblem[] } };
  const { problems } = error;
  if (problems.length === 0) wrong.push('no problem is told');
  if (problems.length > MOST) wrong.push(`${problems.length} problems are told`);
  for (const { line, path, message } of problems) {
    const problem = `${path}: ${message}`;
    if (message === '' || UNPRINTABLE.test(problem))
      wrong.push(`not to be read: ${JSON.stringify(problem).slice(0, 200)}`);
    if (problem.length > LONGEST) wrong.push(`${problem.length} characters: ${problem.slice(0, 100)}`);
    if (line === null && path === '' && !/^(the file|and \d+ more)/.test(message.replaceAll(/"[^"]*"/g, '')))
      wrong.push(`without a place: ${problem}`);
    if (/\[object|undefined|NaN\b.*NaN|function|Maximum call/.test(message.replaceAll(/"[^"]*"/g, '')))
      wrong.push(`words of a program: ${problem}`);
  }
  if (stderr.split('\n').length !== problems.length + 3) wrong.push('a problem takes more than one line');
  return wrong;
}

/** What was taken can be used, and means the same when it is written down and read again. */
function judgeTaken(file: string, env: SoundConfig['env'], folder: string): readonly string[] {
  const loaded = loadConfig({ file, env });
  if ('problems' in loaded) return ['show takes what loading does not'];
  const config = loaded.ok;
  const wrong = [...unusable(config)];
  for (const [i, input] of config.given.entries()) {
    const { settings, secrets } = takeSecrets(input);
    const stored = checkSettings(putSecrets(JSON.parse(JSON.stringify(settings)) as typeof settings, secrets));
    if (!('ok' in stored)) wrong.push(`the database does not take connection ${i}: ${JSON.stringify(stored.problems)}`);
    else if (!equal(stored.ok, config.connections[i]))
      wrong.push(`connection ${i} of the database means something else`);
  }
  const exported = join(folder, 'exported.yaml');
  const yaml = exportYaml(config.given.map(takeSecrets));
  writeFileSync(exported, yaml);
  const { variables, twice } = variablesOf(parse(yaml) as unknown, { version: 1, connections: config.given });
  if (twice !== null) wrong.push(`config export names two secrets ${twice}`);
  const read = loadConfig({ file: exported, env: variables });
  if ('problems' in read) wrong.push(`config export is not taken: ${JSON.stringify(read.problems)}`);
  else if (!equal(read.ok.connections, config.connections)) wrong.push('config export means something else');
  return wrong;
}

/** What would fail only when it is used, far from the words that explain it. */
function unusable({ connections, database, server }: Config): readonly string[] {
  const wrong: string[] = [];
  const addresses = [
    ...connections.flatMap(({ sell, dotdigital, alerts }) => [
      sell.url,
      dotdigital.url,
      ...alerts.flatMap((alert) => ('webhook' in alert ? [alert.webhook] : [])),
    ]),
  ];
  for (const address of [...addresses, ...(server.publicUrl === null ? [] : [server.publicUrl])]) {
    const { username, password } = new URL(address);
    if (username + password !== '') wrong.push('an address with credentials: no request can be made of it');
  }
  for (const { sell, dotdigital } of connections) {
    if (/[?#]/.test(sell.url + dotdigital.url)) wrong.push('paths cannot follow this address');
    for (const secret of [...Object.values(sell.credentials).slice(1), dotdigital.user, dotdigital.password])
      if (/\p{Cc}/u.test(secret)) wrong.push('a credential with a control character: no header carries it');
    if (sell.credentials.type === 'token' && /[^\u0020-\u00ff]/.test(sell.credentials.accessToken))
      wrong.push('a token that no header carries');
    if (dotdigital.user.includes(':')) wrong.push('a user with a colon: the password would begin there');
    if (!Number.isFinite(1000 / (sell.requestsPerSecond || 1))) wrong.push('a rate that never lets a call go');
  }
  for (const { schedule, retention, deleteGraceMs } of connections) {
    const { historyMs, tombstonesMs, ledgerMs } = retention;
    // Of dates with four digits all texts are in order.
    for (const ms of [schedule.everyMs, deleteGraceMs, historyMs ?? 0, tombstonesMs ?? 0, ledgerMs ?? 0])
      if (!(ms >= 0 && ms < Date.UTC(3000))) wrong.push(`${ms} ms leads out of time`);
  }
  if (database.includes('\0')) wrong.push('a path that no system takes');
  return wrong;
}

/** The environment for an exported file: which secret each name stands for, from the places where both have one. */
function variablesOf(exported: unknown, given: unknown) {
  const variables: { [name: string]: string } = {};
  let twice: string | null = null;
  const walk = (a: unknown, b: unknown): void => {
    const name = typeof a === 'string' ? /^\$\{(.*)\}$/.exec(a)?.[1] : undefined;
    if (name !== undefined && typeof b === 'string' && a !== b) {
      if (variables[name] !== undefined && variables[name] !== b) twice = name;
      variables[name] = b;
    } else if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null)
      for (const [key, value] of Object.entries(a)) walk(value, (b as { readonly [key: string]: unknown })[key]);
  };
  walk(exported, given);
  return { variables, twice };
}

function judgeOutcome({ outcome, what }: Damaged, code: number, same: () => boolean): readonly string[] {
  if (outcome === 'refused' && code === 0) return [`it is taken: ${what}`];
  if (outcome === 'same' && code !== 0) return [`it is refused: ${what}`];
  return outcome === 'same' && !same() ? [`it means something else: ${what}`] : [];
}

function sameAs(file: string, env: SoundConfig['env'], before: string, soundEnv: SoundConfig['env']): boolean {
  const [one, other] = [loadConfig({ file, env }), loadConfig({ file: before, env: soundEnv })];
  return 'ok' in one && 'ok' in other && equal({ ...one.ok, file: null }, { ...other.ok, file: null });
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
