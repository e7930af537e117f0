// Judges the two simulated accounts after a cycle from behind their APIs: agreement, no doubles, nobody lost, no opt-out undone.
// Reads no value through Lockstep's own code; of its database only links and open holds are asked for, as an operator would.
import type { WorldContact } from '../../sandbox/dotdigital/world-view.ts';
import type { StoredHold } from '../../src/store/holds.ts';
import { linksByCrm } from '../../src/store/links.ts';
import { fold, type Kind, plain } from '../plain-values.ts';
import type { BusyAccounts } from './busy-accounts.ts';
import { openHoldsOf } from './looking.ts';
import type { SellRecord, TwoAccounts } from './two-accounts.ts';

export interface MappedField {
  /** Path in a Sell record as the API shows it. */
  readonly sell: string;
  readonly dotdigital: string;
  readonly kind: Kind;
}

export interface Judge {
  /**
   * Call right before a cycle: whoever is there and new was put there by people.
   * @param made while cycles run all the time: what people made; what else is new was not made by them
   */
  before(made?: BusyAccounts['made']): Promise<void>;
  /** Call right after a cycle. @returns everything that is wrong, in words; empty = all is well */
  after(): Promise<readonly string[]>;
  /** Addresses, in lower case, that people subscribed again themselves. */
  allowSubscribed(email: string): void;
  /** Ids of records people deleted since, on either side. */
  forget(ids: { readonly sell?: readonly number[]; readonly dotdigital?: readonly number[] }): void;
}

/** What Dotdigital calls people who must not be mailed. */
export const OUT: ReadonlySet<string> = new Set([
  'unsubscribed',
  'suppressed',
  'ispComplained',
  'directComplaint',
  'hardBounced',
  'spamTrap',
  'sharedsuppression',
  'domainSuppressed',
]);

/**
 * @param fields the mapping of contacts, both directions, the same winner on both sides
 * @param stays contacts that nothing is made of in Sell
 */
export function createJudge(
  world: TwoAccounts,
  fields: readonly MappedField[],
  stays: (contact: WorldContact) => boolean = () => false,
): Judge {
  /** Dotdigital contacts. */
  const byPeople = new Set<number>();
  const known = { sell: new Set<number>(), dotdigital: new Set<number>() };
  const optedOut = new Set<number>();
  const optedOutAddresses = new Set<string>();
  const madeFor = new Map<number, string>();
  let heldBySell = new Map<string, number>();

  return {
    async before(made) {
      const records = await individuals(world);
      heldBySell = new Map();
      for (const record of records) {
        if (made !== undefined && !known.sell.has(record.id) && !made.sell.has(record.id)) continue;
        known.sell.add(record.id);
        const address = fold(record.email);
        if (address !== null) heldBySell.set(address, (heldBySell.get(address) ?? 0) + 1);
      }
      for (const { contactId, emailStatus } of world.dotdigital.world.contacts()) {
        if (OUT.has(emailStatus)) optedOut.add(contactId);
        if (made !== undefined && !known.dotdigital.has(contactId) && !made.dotdigital.has(contactId)) continue;
        if (!known.dotdigital.has(contactId)) byPeople.add(contactId);
        known.dotdigital.add(contactId);
      }
      for (const { email } of world.dotdigital.world.suppressions()) optedOutAddresses.add(email.toLowerCase());
    },

    async after() {
      const wrong: string[] = [];
      const records = await individuals(world);
      const contacts = [...world.dotdigital.world.contacts()];
      const recordIds = new Set(records.map(({ id }) => id));
      const contactIds = new Set(contacts.map(({ contactId }) => contactId));

      // Nobody lost.
      for (const id of known.sell) if (!recordIds.has(id)) wrong.push(`Sell contact ${String(id)} is gone`);
      for (const id of known.dotdigital)
        if (!contactIds.has(id)) wrong.push(`Dotdigital contact ${String(id)} is gone`);

      // Nobody doubled.
      for (const record of records) {
        if (known.sell.has(record.id)) continue;
        known.sell.add(record.id);
        const address = fold(record.email) ?? '';
        madeFor.set(record.id, address);
        if ((heldBySell.get(address) ?? 0) > 0)
          wrong.push(`Sell contact ${String(record.id)} was made although ${address} was there`);
      }
      const made = new Map<string, number>();
      for (const [id, address] of madeFor) {
        if (!recordIds.has(id)) continue;
        const twin = made.get(address);
        if (twin !== undefined)
          wrong.push(`Sell contacts ${String(twin)} and ${String(id)} were both made for ${address}`);
        made.set(address, id);
      }
      for (const { contactId } of contacts) known.dotdigital.add(contactId);
      wrong.push(...sharedIds(contacts));

      // No opt-out undone.
      for (const { contactId, email, emailStatus } of contacts) {
        if (emailStatus !== 'subscribed') continue;
        if (optedOut.has(contactId))
          wrong.push(`${email ?? '?'} (${String(contactId)}) had opted out and is subscribed`);
        else if (!byPeople.has(contactId) && optedOutAddresses.has(email?.toLowerCase() ?? ''))
          wrong.push(`${email ?? '?'} was suppressed and is subscribed`);
      }

      wrong.push(...(await disagreements(world, fields, records, contacts, stays)));
      return wrong;
    },

    allowSubscribed(email) {
      optedOutAddresses.delete(email);
      for (const { contactId, email: address } of world.dotdigital.world.contacts())
        if (address?.toLowerCase() === email) optedOut.delete(contactId);
    },
    forget({ sell = [], dotdigital = [] }) {
      for (const id of sell) known.sell.delete(id);
      for (const id of dotdigital) known.dotdigital.delete(id);
    },
  };
}

async function individuals(world: TwoAccounts): Promise<readonly SellRecord[]> {
  return (await world.sellRecords('contacts')).filter((record) => !record.is_organization);
}

/** Two contacts that both say they are the same Sell contact. */
function sharedIds(contacts: readonly WorldContact[]): readonly string[] {
  const owners = new Map<string, number>();
  return contacts.flatMap(({ contactId, fields }) => {
    const id = fields['SELL_CONTACT_ID'];
    if (id === undefined || id === null || id === '') return [];
    const other = owners.get(String(id));
    owners.set(String(id), contactId);
    return other === undefined
      ? []
      : [`Dotdigital contacts ${String(other)} and ${String(contactId)} both stand for Sell contact ${String(id)}`];
  });
}

async function disagreements(
  world: TwoAccounts,
  fields: readonly MappedField[],
  records: readonly SellRecord[],
  contacts: readonly WorldContact[],
  stays: (contact: WorldContact) => boolean,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const holds = await openHoldsOf(world);
  const byId = new Map(contacts.map((contact) => [String(contact.contactId), contact]));
  const byAddress = new Map(
    contacts.flatMap((contact) => (contact.email === null ? [] : [[contact.email.toLowerCase(), contact] as const])),
  );
  const { store } = await world.app();
  const links = Map.groupBy(
    await linksByCrm(
      store,
      world.connection,
      'contact',
      records.map(({ id }) => String(id)),
    ),
    (link) => link.crmId,
  );
  const paired = new Set<number>();
  for (const record of records) {
    const living = (links.get(String(record.id)) ?? []).filter((link) => link.state !== 'severed');
    if (living.length > 1) wrong.push(`Sell contact ${String(record.id)} has ${String(living.length)} living links`);
    const [link] = living;
    if (link !== undefined) {
      const contact = byId.get(link.marketingId);
      if (contact === undefined) {
        wrong.push(`Sell contact ${String(record.id)} is linked to ${link.marketingId}, who does not exist`);
        continue;
      }
      if (link.state === 'shadow' || link.state === 'paused') continue;
      if (paired.has(contact.contactId))
        wrong.push(`Dotdigital contact ${String(contact.contactId)} has two Sell contacts`);
      paired.add(contact.contactId);
      // What the service keeps from us cannot be merged.
      if (isHidden(world, contact)) continue;
      for (const difference of differences(fields, record, contact)) {
        if (!excused(holds, record.id, contact.contactId)) wrong.push(`${describe(record, contact)}: ${difference}`);
      }
      continue;
    }
    const address = fold(record.email);
    if (record.tags.includes('no-sync') || excused(holds, record.id, null)) continue;
    if (address === null) wrong.push(`Sell contact ${String(record.id)} without an address is not held`);
    else if (byAddress.has(address))
      wrong.push(`Sell contact ${String(record.id)} and the contact ${address} are not linked`);
    else wrong.push(`Sell contact ${String(record.id)} <${record.email ?? ''}> is nowhere in Dotdigital and not held`);
  }
  for (const contact of contacts) {
    const { contactId, email } = contact;
    if (paired.has(contactId) || excused(holds, null, contactId)) continue;
    if (isHidden(world, contact) || stays(contact)) continue;
    wrong.push(`Dotdigital contact ${String(contactId)} <${email ?? ''}> is nowhere in Sell and not held`);
  }
  return wrong;
}

function isHidden(world: TwoAccounts, contact: WorldContact): boolean {
  return !world.dotdigital.switches.suppressedShown && contact.emailStatus !== 'subscribed';
}

function excused(holds: readonly StoredHold[], sellId: number | null, dotdigitalId: number | null): boolean {
  return holds.some(
    (hold) =>
      (sellId !== null && hold.crmId === String(sellId)) ||
      (dotdigitalId !== null && hold.marketingId === String(dotdigitalId)),
  );
}

function describe(record: SellRecord, contact: WorldContact): string {
  return `Sell contact ${String(record.id)} and Dotdigital contact ${String(contact.contactId)} <${contact.email ?? ''}>`;
}

function differences(fields: readonly MappedField[], record: SellRecord, contact: WorldContact): readonly string[] {
  const address = [fold(record.email), fold(contact.email)];
  const found = address[0] === address[1] ? [] : [`address ${String(address[0])} against ${String(address[1])}`];
  for (const field of fields) {
    const [sell, dotdigital] = [
      plain(field.kind, valueAt(record, field.sell)),
      plain(field.kind, contact.fields[field.dotdigital]),
    ];
    if (sell !== dotdigital) found.push(`${field.dotdigital} "${sell}" in Sell against "${dotdigital}"`);
  }
  return found;
}

function valueAt(record: SellRecord, path: string): unknown {
  const custom = path.startsWith('custom_fields.') ? path.slice('custom_fields.'.length) : null;
  if (custom !== null) return record.custom_fields[custom];
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at as { readonly [key: string]: unknown } | null)?.[key], record);
}
