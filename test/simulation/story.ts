// A story: everything that happens in one simulation, as plain data that a seed writes and that can be printed, cut down and told again.
// Every part carries dice of its own, so that leaving one out does not change what the others do.
import { createRandom, type Random } from '../../sandbox/random.ts';
import type { Accounts } from './accounts.ts';
import { WEIGHTS } from './acts.ts';
import { CATALOGUE_WEIGHTS } from './catalogue-acts.ts';
import type { AnyAct } from './every-act.ts';
import { SCHEMA_WEIGHTS } from './schema-acts.ts';
import { drawSetup, type Setup } from './setup.ts';
import { FATES, type Fault } from './wire.ts';

export interface ActStep {
  readonly type: 'act';
  readonly act: AnyAct;
  readonly dice: string;
}

/** An act written out by hand, for a story that is about one thing. */
export interface ScriptStep {
  readonly type: 'script';
  readonly act: (accounts: Accounts) => void;
}

/** How a run is ended from outside. */
export type Blow =
  /** The process is gone at that happening (`call`) or at that commit; what was committed is there. */
  | { readonly type: 'crash'; readonly at: number; readonly of: 'happening' | 'commit-before' | 'commit-after' }
  | { readonly type: 'interrupt'; readonly at: number }
  | { readonly type: 'disk full'; readonly pages: number };

/** What a service does otherwise than asked. */
export interface Mishap {
  readonly what:
    | 'watchdog'
    | 'job fails'
    | 'half a job'
    | 'rows fail'
    | 'catalogue rejected'
    | 'catalogue fails'
    | 'half a catalogue'
    | 'feed twice'
    | 'feed shuffled'
    | 'ghost delete'
    | 'feed objects fail'
    | 'empty page';
}

export interface RunStep {
  readonly type: 'run';
  readonly how: 'sync' | 'align' | 'full' | 'plan';
  readonly dice: string;
  /** What people do while it runs: before the n-th happening, or before the first call that begins like `PUT /contacts/v3/import`. */
  readonly during: readonly { readonly at: number | string; readonly step: ActStep | ScriptStep }[];
  readonly faults: readonly Fault[];
  readonly mishaps: readonly Mishap[];
  readonly blow: Blow | null;
}

export type Step =
  | ActStep
  | ScriptStep
  | RunStep
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'approve' | 'reject' | 'decide' | 'configure'; readonly dice: string }
  /** `killedAfter`: so many commits. */
  | { readonly type: 'undo'; readonly dice: string; readonly killedAfter?: number }
  | { readonly type: 'keep a copy'; readonly by?: 'backup' | 'hand' }
  | { readonly type: 'restore the copy' };

export interface Story {
  readonly seed: string;
  readonly setup: Setup;
  readonly steps: readonly Step[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How much of what goes wrong a story has. */
export interface Weather {
  readonly faults: number;
  readonly blows: number;
  readonly restores: number;
  readonly schemas: number;
  readonly configurations: number;
}

export const ROUGH: Weather = { faults: 0.35, blows: 0.15, restores: 0.25, schemas: 0.3, configurations: 0.3 };

/** How often a run is taken back before anything else happens. */
const UNDO_AT_ONCE = 0.1;

/** How many acts of people have one in the catalogue beside them. */
const CATALOGUE_SHARE = 0.15;
const SCHEMA_SHARE = 0.06;
const CONFIGURE_SHARE = 0.03;

/** @param length how many acts, runs, faults and other steps */
export function writeStory(seed: number | string, length: number, weather: Weather = ROUGH): Story {
  const random = createRandom(`simulation/${String(seed)}`);
  const setup = drawSetup(random.fork('setup'));
  const write = random.fork('steps');
  const undos = random.fork('undos');
  const catalogue = random.fork('catalogue');
  const schema = sometimes(random.fork('schema'), weather.schemas);
  const configuration = sometimes(random.fork('configuration'), weather.configurations);
  const steps: Step[] = [];
  let count = 0;
  let kept = false;
  const restores = write.chance(weather.restores);
  const add = (step: Step, size = 1): void => {
    steps.push(step);
    count += size;
  };
  for (let n = write.int(5, 14); n > 0; n -= 1)
    add({ type: 'act', act: write.pick(['new contact', 'new contact', 'new lead', 'signs up']), dice: diceOf(write) });
  const meanwhile = (): void => {
    if (setup.products.enabled && catalogue.chance(CATALOGUE_SHARE)) add(drawAct(catalogue, CATALOGUE_WEIGHTS), 0);
    if (schema?.chance(SCHEMA_SHARE) === true) add(drawAct(schema, SCHEMA_WEIGHTS), 0);
    if (configuration?.chance(CONFIGURE_SHARE) === true) add({ type: 'configure', dice: diceOf(configuration) }, 0);
  };
  add(drawRun(write, 'align', weather));
  while (count < length) {
    meanwhile();
    const roll = write.next() * 100;
    if (roll < 66) add(drawAct(write, WEIGHTS));
    else if (roll < 76) add({ type: 'wait', ms: drawWait(write) });
    else if (roll < 92) {
      const how = write.pick(['sync', 'sync', 'sync', 'sync', 'sync', 'sync', 'full', 'align', 'plan'] as const);
      const drawn = drawRun(write, how, weather);
      const run = setup.products.enabled ? withCatalogue(drawn, catalogue, weather) : drawn;
      add(run, 1 + run.during.length + run.faults.length + run.mishaps.length);
      if (undos.chance(UNDO_AT_ONCE)) add({ type: 'undo', dice: diceOf(undos) }, 0);
    } else if (roll < 97)
      add({ type: write.pick(['approve', 'approve', 'reject', 'undo', 'decide', 'decide']), dice: diceOf(write) });
    else if (restores && !kept) {
      add({ type: 'keep a copy' });
      kept = true;
    } else if (restores && write.chance(0.5)) add({ type: 'restore the copy' });
  }
  return { seed: String(seed), setup, steps };
}

/** Dice for stories that have such a thing at all. */
function sometimes(random: Random, chance: number): Random | null {
  return random.chance(chance) ? random : null;
}

function diceOf(random: Random): string {
  return random.text(6);
}

function drawAct<A extends AnyAct>(random: Random, weights: { readonly [name in A]: number }): ActStep {
  const names = Object.keys(weights) as A[];
  let roll = random.next() * names.reduce((sum, name) => sum + weights[name], 0);
  for (const act of names) {
    roll -= weights[act];
    if (roll < 0) return { type: 'act', act, dice: diceOf(random) };
  }
  return drawAct(random, weights);
}

function drawWait(random: Random): number {
  if (random.chance(0.03)) return random.int(73, 100) * HOUR;
  return random.chance(0.2) ? random.int(1, 30) * HOUR : random.int(1, 40) * MINUTE;
}

function drawRun(random: Random, how: RunStep['how'], weather: Weather): RunStep {
  const during = random.chance(0.5)
    ? Array.from({ length: random.int(1, 4) }, () => ({ at: random.int(2, 90), step: drawAct(random, WEIGHTS) }))
    : [];
  const rough = random.chance(weather.faults);
  return {
    type: 'run',
    how,
    dice: diceOf(random),
    during,
    faults: rough ? Array.from({ length: random.int(1, 4) }, () => drawFault(random)) : [],
    mishaps: random.chance(weather.faults) ? [{ what: random.pick(MISHAPS) }] : [],
    blow: random.chance(weather.blows) ? drawBlow(random) : null,
  };
}

/** What happens to the catalogue while it runs. */
function withCatalogue(run: RunStep, random: Random, weather: Weather): RunStep {
  const during = random.chance(0.1)
    ? [{ at: random.int(2, 60), step: drawAct(random, CATALOGUE_WEIGHTS) }, ...run.during]
    : run.during;
  const mishaps = random.chance(weather.faults / 3)
    ? [...run.mishaps, { what: random.pick(['catalogue rejected', 'catalogue fails', 'half a catalogue'] as const) }]
    : run.mishaps;
  return { ...run, during, mishaps };
}

const MISHAPS: readonly Mishap['what'][] = [
  'watchdog',
  'job fails',
  'half a job',
  'rows fail',
  'feed twice',
  'feed shuffled',
  'ghost delete',
  'feed objects fail',
  'empty page',
];

function drawFault(random: Random): Fault {
  const fate = random.pick(FATES);
  return {
    service: random.pick(['sell', 'dotdigital']),
    call: random.int(1, 40),
    times: random.chance(0.2) ? random.int(5, 40) : random.int(1, 2),
    fate,
  };
}

function drawBlow(random: Random): Blow {
  const roll = random.next();
  if (roll < 0.35) return { type: 'crash', at: random.int(2, 160), of: 'happening' };
  if (roll < 0.75) return { type: 'crash', at: random.int(1, 60), of: random.pick(['commit-before', 'commit-after']) };
  if (roll < 0.9) return { type: 'interrupt', at: random.int(2, 120) };
  return { type: 'disk full', pages: random.int(0, 12) };
}
