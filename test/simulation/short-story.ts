// The words in which a story about one thing is written out by hand.
import type { Accounts } from './accounts.ts';
import { type MappedField, type ObjectSetup, PLAIN, type Setup } from './setup.ts';
import type { RunStep, Step } from './story.ts';
import { type Told, tell } from './tell.ts';
import type { Seen, Side } from './witness.ts';

export const people = (act: (accounts: Accounts) => void): Step => ({ type: 'script', act });

export const aRun = (
  how: RunStep['how'],
  during: RunStep['during'] = [],
  mishaps: RunStep['mishaps'] = [],
): RunStep => ({
  type: 'run',
  how,
  dice: how,
  during,
  faults: [],
  mishaps,
  blow: null,
});

export const run = (...how: Parameters<typeof aRun>): Step => aRun(...how);

/** A copy that does not know it is one, unlike a backup: whoever works with it is told nothing anew. (D20) */
export const snapshot: Step = { type: 'keep a copy', by: 'hand' };

/** A record as the witness shows it, by itself: p1@example.org, subscribed where that can be. */
export function seenAs(side: Side, id: string, more: Partial<Seen> = {}): Seen {
  const { kind = 'contact' } = more;
  const [fields, tags, lists, channel] = [{}, [], [], side === 'sell' ? null : 'subscribed'];
  const plain = { email: 'p1@example.org', fields, tags, lists, channel, hidden: false };
  return { key: `${side} ${kind} ${id}`, side, kind, id, ...plain, ...more };
}

/** @param lookAt is shown the database file before it is thrown away */
export const story = (
  steps: readonly Step[],
  setup: Partial<Setup> = {},
  lookAt?: (file: string) => void,
): Promise<Told> => tell({ seed: 'regression', setup: { ...PLAIN, ...setup }, steps }, lookAt);

export const withField = (field: MappedField): ObjectSetup => ({
  ...PLAIN.contacts,
  fields: [...PLAIN.contacts.fields, field],
});

export const ann = { first_name: 'Ann', last_name: 'Lee', customer_status: 'current' } as const;
export const inDotdigital = { FIRSTNAME: 'Ann', LASTNAME: 'Lee', CUSTOMER_STATUS: 'current' } as const;
export const hiddenOnceOut = { dotdigitalSwitches: { suppressedShown: false } } as const;

export function onlyContact({ sell }: Accounts): number {
  const [one] = sell.world.state.contacts.values();
  if (one === undefined) throw new Error('Sell has a contact.');
  return one.id;
}
