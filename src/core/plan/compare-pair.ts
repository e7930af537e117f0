// Compares a linked pair as it stands, field by field, without what was remembered of it. Decides nothing. (R20)
import { countingList } from '../lifecycle/lead-lists.ts';
import { crmSide, marketingSide } from '../merge/merge-field.ts';
import { narrowDirection } from '../model/identity.ts';
import type { Link } from '../model/link.ts';
import type { PersonView } from '../model/person.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { RoleSettings, Settings } from '../model/settings.ts';
import { isBlank, sameValue, type Value } from '../model/value.ts';
import { emailKey } from '../normalize/email.ts';
import { crmParticipation, marketingParticipation } from './scope.ts';

/** `held`: a hold explains the difference; `muted`: a direction, a blank rule or a pause does. */
export type Verdict = 'equal' | 'differ' | 'held' | 'muted';

export interface ComparedField {
  /** The data field, `email`, or `lead status`. */
  readonly field: string;
  readonly verdict: Verdict;
  readonly crm: Value;
  readonly marketing: Value;
}

/** An open hold of one of the pair's records. */
export interface PairHold {
  /** Null = about the record. */
  readonly field: string | null;
}

export interface Pair {
  readonly link: Link;
  readonly record: CrmRecord;
  readonly marketing: MarketingRecord;
  readonly leadLists: PersonView['leadLists'];
  readonly holds: readonly PairHold[];
  /** The person is linked as a contact too: then the contact's values are the ones shown in marketing. (L16) */
  readonly alsoContact: boolean;
}

export function comparePair(pair: Pair, settings: Settings): readonly ComparedField[] {
  const role = settings.roles[pair.link.role];
  const paused =
    pair.link.state !== 'active' ||
    crmParticipation(pair.record, role).type === 'out' ||
    marketingParticipation(pair.marketing, role).type === 'out';
  const fields = role.fields.map((field): ComparedField => {
    const crm = crmSide(field, pair.record.values[field.crm.path] ?? null).value;
    const marketing = marketingSide(field, pair.marketing.values[field.marketing.name] ?? null).value;
    const shared =
      role.role === 'lead' &&
      pair.alsoContact &&
      settings.roles.contact.fields.some((other) => other.key === field.key);
    const oneWay = narrowDirection(role.direction, field.direction) !== 'both' || !field.crm.writable;
    const blankStays = field.blank === 'ignore' && (isBlank(crm) || isBlank(marketing));
    return verdict(
      pair,
      settings,
      [field.key, field.crm.path],
      { field: field.key, crm, marketing },
      paused || shared || oneWay || blankStays,
    );
  });
  return [...fields, addressOf(pair, settings, role, paused), ...statusOf(pair, settings, role, paused)];
}

function addressOf(pair: Pair, settings: Settings, role: RoleSettings, paused: boolean): ComparedField {
  const [crm, marketing] = [keyOf(pair.record.email), keyOf(pair.marketing.email)];
  const muted = paused || role.direction !== 'both' || (role.role === 'lead' && pair.alsoContact);
  return verdict(pair, settings, ['email'], { field: 'email', crm, marketing }, muted);
}

/** (L3, L5) A lead on no list at all was taken off by somebody, which leaves its status alone. (L8) */
function statusOf(pair: Pair, settings: Settings, role: RoleSettings, paused: boolean): readonly ComparedField[] {
  const { statusLists } = role;
  if (statusLists === null || pair.record.status === null) return [];
  const marketing = countingList(pair.leadLists, statusLists, pair.record.status)?.list.status ?? null;
  const muted = paused || marketing === null || role.direction !== 'both';
  return [
    verdict(pair, settings, ['lead status'], { field: 'lead status', crm: pair.record.status, marketing }, muted),
  ];
}

function verdict(
  pair: Pair,
  settings: Settings,
  names: readonly string[],
  values: Omit<ComparedField, 'verdict'>,
  muted: boolean,
): ComparedField {
  if (sameValue(values.crm, values.marketing)) return { ...values, verdict: 'equal' };
  if (muted) return { ...values, verdict: 'muted' };
  // Unless parts of a record may be written, one value that does not fit holds them all. (C28)
  const held = pair.holds.some(({ field }) => field === null || !settings.partialWrite || names.includes(field));
  return { ...values, verdict: held ? 'held' : 'differ' };
}

function keyOf(email: string | null): string | null {
  const reading = emailKey(email);
  return reading.type === 'ok' ? reading.key : email;
}
