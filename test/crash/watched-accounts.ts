// One busy account pair with consent in both directions, and the two who watch it: for tests that kill processes while people edit.
import { createJudge, type Judge } from '../integration/agreement.ts';
import { BUSY_FIELDS, type BusyAccounts, busySettings, startBusyAccounts } from '../integration/busy-accounts.ts';
import { TAGS } from '../integration/consent-people.ts';
import { openHoldsOf } from '../integration/looking.ts';
import type { Options } from '../integration/two-accounts.ts';
import { createOptOutWitness, type OptOutWitness } from './opt-outs.ts';

export interface WatchedAccounts {
  readonly world: BusyAccounts;
  readonly judge: Judge;
  readonly optOuts: OptOutWitness;
}

/** Nobody is resubscribed: whoever opted out stays out, whatever people write into the other side afterwards. */
const SETTINGS = {
  ...busySettings(),
  consent: {
    enabled: true,
    direction: 'bi-directional',
    contacts: { tags: TAGS, default: 'none' },
    leads: { tags: TAGS, default: 'none' },
    unknownConsentAs: 'subscribed',
    resubscribe: 'hold',
    createSuppressed: true,
  },
  schedule: { every: '1h', verifyAt: null },
};

/** A refused mail says nothing that Sell would have to be told about somebody it does not know. (O13) */
function isBouncing({ emailStatus }: { readonly emailStatus: string }): boolean {
  return emailStatus === 'hardBounced';
}

/** Wrong at any moment, also in the middle of things. */
const NEVER =
  /is gone|was made although|both made|both stand for|opted out|was suppressed|two Sell contacts|living links/;

/** Not aligned yet. */
export async function watchAccounts(
  options: Options & { readonly seed: number; readonly people: number },
): Promise<WatchedAccounts> {
  const world = await startBusyAccounts({ settings: SETTINGS, ...options });
  const [judge, optOuts] = [createJudge(world, BUSY_FIELDS, isBouncing), createOptOutWitness(world)];
  await judge.before();
  optOuts.look();
  return { world, judge, optOuts };
}

/** @throws Error when the alignment does not go through */
export async function alignUndisturbed({ world }: WatchedAccounts): Promise<void> {
  const { state, message } = await world.cycle('align');
  if (state !== 'ok' && state !== 'ok_with_holds')
    throw new Error(`The alignment of ${world.connection} ended ${state}: ${String(message)}`);
}

/** People do so many things, whatever is under way. */
export async function letEdit({ world, judge, optOuts }: WatchedAccounts, steps: number): Promise<void> {
  world.edit(steps);
  optOuts.look();
  await judge.before(world.made);
}

/** What must not even be for a moment, in words. */
export async function wrongAnyTime({ judge }: WatchedAccounts): Promise<readonly string[]> {
  return (await judge.after()).filter((words) => NEVER.test(words));
}

/** What must not be once nothing is left to do, in words. */
export async function wrongInTheEnd({ world, judge, optOuts }: WatchedAccounts): Promise<readonly string[]> {
  const asked = (await openHoldsOf(world)).filter(({ code }) => code === 'CONSENT_CONFLICT');
  const unheard = optOuts.wrongs(new Set(asked.flatMap(({ marketingId }) => marketingId ?? [])));
  return [...(await judge.after()), ...unheard];
}

/** Closes our own hold on the database: who opens it next finds it as a dead process left it. */
export function letGo({ world }: WatchedAccounts): Promise<void> {
  return world.configure(SETTINGS);
}
