// Contacts as the marketing system shows them, before they are stored: what one answer left out is no blank while something is
// known to stand there. Asks once more for that contact; never asks where nothing would be cleared. (C26)
import type { MarketingSelection, ShownContact } from '../connectors/connector.ts';
import type { MarketingRecord } from '../core/model/record.ts';
import type { Raw } from '../core/model/value.ts';
import { getMarketing } from '../store/marketing-records.ts';
import { askEach } from './ask-each.ts';
import type { Engine } from './engine.ts';

/** Contacts asked for once more before the rest is believed: where all of them lack the same twice, blanks are spelt like that here. */
const SAMPLE = 50;

/** The same contacts, each part either said or left out twice. A contact that cannot be read by itself keeps what was known. */
export async function shownContacts(
  engine: Pick<Engine, 'store' | 'name' | 'marketing'>,
  selection: MarketingSelection,
  page: readonly ShownContact[],
): Promise<readonly MarketingRecord[]> {
  const lacking = page.filter((contact) => contact.lacking !== undefined);
  if (lacking.length === 0) return page.map(recordOf);
  const ids = lacking.map(({ id }) => id);
  const known = new Map((await getMarketing(engine.store, engine.name, ids)).map(({ record }) => [record.id, record]));
  const doubtful = lacking.filter((contact) => wouldClear(known.get(contact.id), contact)).map(({ id }) => id);
  const second = await askAgain(engine, selection, [...new Set(doubtful)]);
  return page.map((contact) => {
    const left = contact.lacking ?? [];
    const first = recordOf(contact);
    const answer = second.get(contact.id);
    if (answer === undefined) return first;
    if (answer === 'missing') return together(first, left, known.get(contact.id) ?? first);
    return together(recordOf(answer), answer.lacking ?? [], first, left);
  });
}

/** Without what only the answer says. */
function recordOf({ lacking: _, otherChannel: __, ...record }: ShownContact): MarketingRecord {
  return record;
}

async function askAgain(
  engine: Pick<Engine, 'marketing'>,
  selection: MarketingSelection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ShownContact | 'missing'>> {
  const ask = async (some: readonly string[]) =>
    (await askEach(some, (id) => engine.marketing.readOne({ id }, selection))).map(
      ({ id, answer }) => [id, answer] as const,
    );
  const sample = await ask(ids.slice(0, SAMPLE));
  const isSpelling = sample.every(([, answer]) => answer !== 'missing' && answer.lacking !== undefined);
  return new Map([...sample, ...(isSpelling ? [] : await ask(ids.slice(SAMPLE)))]);
}

/** Whether a part that the answer left out would make something of what is known go. */
function wouldClear(known: MarketingRecord | undefined, { lacking = [], ...shown }: ShownContact): boolean {
  return known !== undefined && lacking.some((part) => hasValue(partOf(known, part)) && differs(known, shown, part));
}

function differs(known: MarketingRecord, shown: MarketingRecord, part: string): boolean {
  return JSON.stringify(partOf(known, part)) !== JSON.stringify(partOf(shown, part));
}

/** A field by its name, in upper case; everything else in lower case. */
function partOf(record: MarketingRecord, part: string): unknown {
  switch (part) {
    case 'email':
      return record.email;
    case 'lists':
      return record.lists;
    case 'channel':
      return record.channel;
    default:
      return record.values[part];
  }
}

/** The record, with the parts it lacks as the other one has them, unless that lacks them, too. */
function together(
  record: MarketingRecord,
  lacking: readonly string[],
  other: MarketingRecord,
  otherLacking: readonly string[] = [],
): MarketingRecord {
  const taken = lacking.filter((part) => !otherLacking.includes(part));
  const values: Record<string, Raw> = { ...record.values };
  for (const part of taken) if (part in values) values[part] = other.values[part] ?? null;
  return {
    ...record,
    values,
    email: taken.includes('email') ? other.email : record.email,
    lists: taken.includes('lists') ? other.lists : record.lists,
    channel: taken.includes('channel') ? other.channel : record.channel,
  };
}

function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
