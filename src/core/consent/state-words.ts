// Both sides' consent as words that can be remembered in a link's base and compared. Decides nothing. (4.5)
import type { BaseField } from '../model/link.ts';
import type { Effect } from '../model/plan.ts';
import type { ChannelState, MarketingRecord } from '../model/record.ts';
import type { ConsentFacts } from './consent.table.ts';
import type { CrmConsent } from './read-signals.ts';

/** Key of the consent in a link's base: what the person's CRM records say together, and the marketing contact. */
export const CONSENT_KEY = '(consent)';
/** Key of what the linked record alone said, with the time from which its opt-in counts. (O3) */
export const EVIDENCE_KEY = '(consent evidence)';

/** Key of the person's records without a link of their own whose no was heard, `role:id` one after the other. (P5, C35) */
export const OTHERS_KEY = '(consent others)';

/** Keys that belong to one record's own history and never go over to another record. (D4, O15) */
export const CONSENT_KEYS: readonly string[] = [CONSENT_KEY, EVIDENCE_KEY, OTHERS_KEY];

export function crmWord(consent: CrmConsent): ConsentFacts['crm'] {
  if (consent.state === 'unknown') return 'unknown';
  const word = consent.state === 'optedOut' ? 'out' : 'in';
  return consent.derived ? `derived-${word}` : word;
}

const MARKETING: { readonly [S in ChannelState]: ConsentFacts['marketing'] } = {
  subscribed: 'in',
  unsubscribed: 'out',
  suppressed: 'out',
  pending: 'pending',
  // No change by itself: the next mailing decides.
  'soft-bounced': 'in',
  'hard-bounced': 'blocked',
  blocked: 'blocked',
  none: 'none',
};

/** @param optedOutAt when the address left, where the service said so: an opt-out without a channel is still one. (O6) */
export function marketingWord(record: MarketingRecord, optedOutAt: string | null): ConsentFacts['marketing'] {
  const word = MARKETING[record.channel.state];
  return word === 'none' && optedOutAt !== null ? 'out' : word;
}

/** Marketing says no, for whatever reason. */
export function isOut(word: ConsentFacts['marketing']): boolean {
  return word === 'out' || word === 'blocked';
}

/** An opt-out that was written and not read back yet: until then it proves nothing. (R4) */
const SENT = 'sent';
/** Made as unsubscribed because nothing was known of the person: nobody's no. (O16) */
const MADE = 'made';
const UNKNOWN = '?';

/** The marketing side's consent as it stands against what is remembered of it. */
export interface MarketingConsent {
  readonly word: ConsentFacts['marketing'];
  readonly news: ConsentFacts['marketingNews'];
  /** Whose no it is, where it is one. */
  readonly optOutBy: ConsentFacts['optOutBy'];
  /** When the present opt-out took effect; null when nobody is opted out or the time is not known. */
  readonly optedOutAt: string | null;
  /** What to remember of it. */
  readonly remembered: string;
}

/**
 * @param base as remembered before; null at a first look
 * @param known the last time the address left, by the service: of an opt-out that is over too, so that one alone dates nothing
 */
export function marketingConsent(record: MarketingRecord, base: string | null, known: string | null): MarketingConsent {
  const word = marketingWord(record, known);
  const before = base === null ? null : parse(base);
  const waits = before?.word === SENT;
  if (waits && record.assumed && word === 'out' && before.known === known) {
    return { word, news: 'same', optOutBy: 'somebody', optedOutAt: null, remembered: format(SENT, null, known) };
  }
  const optedOutAt = isOut(word) ? optOutTime(before, known) : null;
  const now = { word, optOutBy: 'somebody', optedOutAt, remembered: format(word, optedOutAt, known) } as const;
  if (before === null) return { ...now, news: 'first' };
  if (waits) return { ...now, news: word === 'out' ? 'same' : 'changed' };
  const wasMade = before.word === MADE;
  const wasOut = wasMade || before.word === 'out';
  if ((wasOut ? 'out' : before.word) !== word)
    return { ...now, news: wasOut && (word === 'in' || word === 'pending') ? 'returned' : 'changed' };
  const later = before.at !== null && optedOutAt !== null && optedOutAt > before.at;
  // The first time that is told of a contact made so is the one of its making; the account's users suppress by another word.
  if (wasMade && !later && record.channel.state === 'unsubscribed')
    return { ...now, news: 'same', optOutBy: 'setting', remembered: format(MADE, optedOutAt, known) };
  return { ...now, news: later || wasMade ? 'changed' : 'same' };
}

/** An old time met again says nothing about an opt-out that came after it. (O4) */
function optOutTime(before: Remembered | null, known: string | null): string | null {
  if (before === null) return known;
  const fresh = known === before.known ? null : known;
  return (fresh ?? '') > (before.at ?? '') ? fresh : before.at;
}

/** What is remembered right after an opt-out was written: not yet that it holds. */
export function rememberedSent(known: string | null): string {
  return format(SENT, null, known);
}

/** What is remembered of a contact that is made as unsubscribed because nothing is known of the person. (O16) */
export function rememberedMade(known: string | null): string {
  return format(MADE, null, known);
}

/** The effects of a create that met a contact somebody else had made meanwhile: how that one is, is its own word. (O16) */
export function metInstead(effects: readonly Effect[]): readonly Effect[] {
  return effects.map((effect) => {
    if (effect.type !== 'base' || effect.fields[CONSENT_KEY] === undefined) return effect;
    const { [CONSENT_KEY]: _made, ...fields } = effect.fields;
    return { ...effect, fields };
  });
}

interface Remembered {
  readonly word: string;
  /** Of an opt-out only. */
  readonly at: string | null;
  readonly known: string | null;
}

function format(word: string, at: string | null, known: string | null): string {
  if (known === null) return at === null ? word : `${word} ${at}`;
  return `${word} ${at ?? UNKNOWN} ${known}`;
}

function parse(text: string): Remembered {
  const [word = '', at, known] = text.split(' ');
  const time = (part: string | undefined): string | null => (part === undefined || part === UNKNOWN ? null : part);
  return { word, at: time(at), known: time(known) };
}

/** How a record was looked at this time. */
export interface Look {
  /** False where a change may come from the configuration and not from a person. */
  readonly witnessed: boolean;
  /** Whether it is as it is after the opt-out in marketing for sure; null = nothing new is known of that. */
  readonly afterOptOut: boolean | null;
}

/**
 * What one record says now, and since when its opt-in counts as somebody's choice: from the edit that brought it, seen
 * against a version of the record that did not say so after the opt-out. The CRM tells one time of a record, and its news may
 * come late: an older opt-in must not borrow the time of a later edit. Times are compared with the CRM's own only: the two
 * services' clocks need not agree. (O3, O4, O6)
 */
export function recordEvidence(
  before: BaseField | null,
  consent: CrmConsent,
  editedAt: string | null,
  { witnessed, afterOptOut }: Look,
): BaseField {
  const word = ownWord(consent);
  const seen = seenVersion(before);
  if (word !== 'in') return { crm: word, marketing: (afterOptOut ?? seen !== null) ? seenAfter(editedAt) : null };
  if (before?.crm === 'in') return before;
  // Where yes stood beside no, taking the no away says nothing new.
  const counts = before !== null && before.crm !== BOTH && seen !== null && witnessed;
  // A version from before the one that said nothing comes late: it is nobody's answer to it.
  const isLater = editedAt !== null && (seen ?? '') <= editedAt;
  return { crm: word, marketing: counts && isLater ? editedAt : null };
}

const SEEN = 'seen';

/** Mark of a version without an opt-in that is known to be from after the opt-out in marketing. (O3) */
export function seenAfter(editedAt: string | null): string {
  return `${SEEN} ${editedAt ?? ''}`;
}

/** When the version that was seen after the opt-out was last edited; blank where that is not known, null when none was. */
export function seenVersion(evidence: BaseField | null): string | null {
  const mark = evidence?.marketing;
  return typeof mark === 'string' && mark.startsWith(SEEN) ? mark.slice(SEEN.length + 1) : null;
}

/**
 * The effects of an opt-out that was written to the CRM, with the time of the record it answered with: an older version that the
 * feed brings afterwards is nobody's answer to it.
 */
export function answeredAt(effects: readonly Effect[], editedAt: string | null): readonly Effect[] {
  return effects.map((effect) => {
    const evidence = effect.type === 'base' ? effect.fields[EVIDENCE_KEY] : undefined;
    if (effect.type !== 'base' || evidence === undefined || seenVersion(evidence) === null) return effect;
    return { ...effect, fields: { ...effect.fields, [EVIDENCE_KEY]: { ...evidence, marketing: seenAfter(editedAt) } } };
  });
}

const BOTH = 'out-and-in';

export function ownWord(consent: CrmConsent): string {
  return consent.contradiction ? BOTH : crmWord(consent);
}

/** Whether the record says no now and did not when it was last looked at. */
export function isNewlyOut(before: BaseField | null, consent: CrmConsent): boolean {
  return before !== null && before.crm !== 'out' && before.crm !== BOTH && saysOut(consent);
}

/** Says no itself, not by a default. */
export function saysOut({ state, derived }: CrmConsent): boolean {
  return state === 'optedOut' && !derived;
}
