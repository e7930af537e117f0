// What to keep in step and how: one question a setting, each with what the profile offers. Writes nothing.
import type { ProposedField } from '../../config/propose-fields.ts';
import { needed, type Questions } from './questions.ts';

const PARTS = ['contacts', 'leads', 'consent', 'products'] as const;
export type Part = (typeof PARTS)[number];
const PROFILES = ['recommended', 'classic'] as const;
const DIRECTIONS = ['bi-directional', 'sell-to-dotdigital', 'dotdigital-to-sell'] as const;
const MATCHES = ['email-and-names', 'email', 'do-not-update'] as const;
const CONSENTS = ['unsubscribed', 'subscribed'] as const;
const DEFAULTS = ['none', 'opted-in', 'opted-out'] as const;

/** Given on the command line; undefined = asked, or what is proposed. */
export interface Given {
  readonly profile?: (typeof PROFILES)[number] | undefined;
  readonly sync?: readonly Part[] | undefined;
  readonly direction?: (typeof DIRECTIONS)[number] | undefined;
  readonly consentDirection?: (typeof DIRECTIONS)[number] | undefined;
  readonly multipleMatch?: (typeof MATCHES)[number] | undefined;
  readonly unknownConsentAs?: (typeof CONSENTS)[number] | undefined;
  readonly optInTags?: readonly string[] | undefined;
  readonly optOutTags?: readonly string[] | undefined;
  readonly consentDefault?: (typeof DEFAULTS)[number] | undefined;
}

export const WORDS = {
  profile: PROFILES,
  sync: PARTS,
  direction: DIRECTIONS,
  consentDirection: DIRECTIONS,
  multipleMatch: MATCHES,
  unknownConsentAs: CONSENTS,
  consentDefault: DEFAULTS,
} as const;

export interface Proposals {
  readonly contact: readonly ProposedField[];
  readonly lead: readonly ProposedField[];
}

/** The connection's settings besides its accounts. */
export async function settingsFrom(
  questions: Questions,
  given: Given,
  proposals: Proposals,
  asks: boolean,
): Promise<{ readonly [key: string]: unknown }> {
  const profile = given.profile ?? (await questions.one('Which defaults?', PROFILE_CHOICES, 'recommended'));
  const sync: ReadonlySet<Part> = new Set<Part>(
    given.sync ?? (await questions.many('What is kept in step?', PART_CHOICES, ['contacts', 'leads'])),
  );
  if (sync.size === 0) throw needed('at least one of contacts, leads, consent, products');
  const people = sync.has('contacts') || sync.has('leads');
  const direction = !people
    ? undefined
    : (given.direction ??
      (await questions.one('Which way do contacts and leads travel?', DIRECTION_CHOICES, 'bi-directional')));
  // The article has no default for these two, so classic offers none either. (4.11)
  const unchosen = (value: string | undefined): boolean => profile === 'classic' && !asks && value === undefined;
  if (people && unchosen(given.multipleMatch)) throw needed('--multiple-match');
  if (people && sync.has('consent') && unchosen(given.consentDefault)) throw needed('--consent-default');
  const multipleMatch = !people
    ? undefined
    : (given.multipleMatch ??
      (await questions.one(
        'Several Sell records share an address: which one is the person?',
        MATCH_CHOICES,
        'email-and-names',
      )));
  const role = async (part: 'contacts' | 'leads') =>
    sync.has(part)
      ? { [part]: { enabled: true, direction, multipleMatch, ...(await fieldsFor(questions, part, proposals)) } }
      : {};
  return {
    profile,
    ...(await role('contacts')),
    ...(await role('leads')),
    ...(await consentOf(questions, given, sync, { profile, direction, asks })),
    ...(sync.has('products') ? { products: { enabled: true } } : {}),
  };
}

/** Left out where nothing but the default mapping is wanted. */
async function fieldsFor(questions: Questions, part: 'contacts' | 'leads', proposals: Proposals): Promise<object> {
  const proposed = proposals[part === 'contacts' ? 'contact' : 'lead'];
  const choices = proposed.map(({ sell, dotdigital, usual }) => ({
    value: sell,
    label: `${sell} ↔ ${dotdigital}`,
    hint: usual ? 'default mapping' : 'the same name on both sides',
  }));
  const taken = new Set(
    await questions.many(
      `Which fields of ${part} are mapped? E-mail always is.`,
      choices,
      proposed.map(({ sell }) => sell),
    ),
  );
  const chosen = proposed.filter(({ sell }) => taken.has(sell));
  if (chosen.every(({ usual }) => usual) && chosen.length === proposed.filter(({ usual }) => usual).length) return {};
  return { fields: chosen.map(({ usual: _, ...line }) => line) };
}

async function consentOf(
  questions: Questions,
  given: Given,
  sync: ReadonlySet<Part>,
  {
    profile,
    direction,
    asks,
  }: { readonly profile: string; readonly direction: string | undefined; readonly asks: boolean },
): Promise<object> {
  const makesContacts = direction !== undefined && direction !== 'dotdigital-to-sell';
  // Silence would be consent: nobody but the owner of the data may choose that. (O16)
  if (makesContacts && !asks && given.unknownConsentAs === undefined) throw needed('--unknown-consent-as');
  const unknownConsentAs = !makesContacts
    ? undefined
    : (given.unknownConsentAs ??
      (await questions.one(
        'A new Dotdigital contact of whom nobody knows whether they want mail is made as:',
        CONSENT_CHOICES,
        profile === 'classic' ? 'subscribed' : 'unsubscribed',
      )));
  const unknown = unknownConsentAs === undefined ? {} : { unknownConsentAs };
  if (!sync.has('consent')) return unknownConsentAs === undefined ? {} : { consent: unknown };
  const way =
    given.consentDirection ??
    (await questions.one('Which way do opt-ins and opt-outs travel?', CONSENT_DIRECTION_CHOICES, 'sell-to-dotdigital'));
  const words = async (own: readonly string[] | undefined, what: string): Promise<readonly string[]> =>
    own ?? split(await questions.maybe(`Sell tags that mean ${what}, separated by commas`));
  const tags = { optIn: await words(given.optInTags, 'opted in'), optOut: await words(given.optOutTags, 'opted out') };
  const fallback =
    given.consentDefault ?? (await questions.one('A Sell record that says neither is:', DEFAULT_CHOICES, 'none'));
  const signals = { tags, default: fallback };
  return {
    consent: {
      enabled: true,
      direction: way,
      ...(sync.has('contacts') ? { contacts: signals } : {}),
      ...(sync.has('leads') ? { leads: signals } : {}),
      ...unknown,
    },
  };
}

export function split(words: string): readonly string[] {
  return words
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

const PROFILE_CHOICES = [
  { value: 'recommended', label: 'recommended', hint: 'more careful and quicker' },
  { value: 'classic', label: 'classic', hint: 'what the original integration did' },
] as const;
const PART_CHOICES = [
  { value: 'contacts', label: 'contacts' },
  { value: 'leads', label: 'leads', hint: 'as lists, one per lead status' },
  { value: 'consent', label: 'opt-ins and opt-outs' },
  { value: 'products', label: 'product catalogue', hint: 'Sell to Dotdigital, once a day' },
] as const;
const DIRECTION_CHOICES = [
  { value: 'bi-directional', label: 'both ways' },
  { value: 'sell-to-dotdigital', label: 'Sell to Dotdigital' },
  { value: 'dotdigital-to-sell', label: 'Dotdigital to Sell' },
] as const;
const CONSENT_DIRECTION_CHOICES = [
  { value: 'sell-to-dotdigital', label: 'Sell to Dotdigital', hint: 'sales people record consent' },
  { value: 'bi-directional', label: 'both ways', hint: 'an unsubscribe in a mail is shown in Sell too' },
  { value: 'dotdigital-to-sell', label: 'Dotdigital to Sell' },
] as const;
const MATCH_CHOICES = [
  { value: 'email-and-names', label: 'the first whose names match too' },
  { value: 'email', label: 'the first' },
  { value: 'do-not-update', label: 'none: they wait for a decision' },
] as const;
const CONSENT_CHOICES = [
  { value: 'unsubscribed', label: 'unsubscribed', hint: 'no mail until somebody says yes' },
  { value: 'subscribed', label: 'subscribed', hint: 'mail until somebody says no' },
] as const;
const DEFAULT_CHOICES = [
  { value: 'none', label: 'unknown' },
  { value: 'opted-in', label: 'opted in' },
  { value: 'opted-out', label: 'opted out' },
] as const;
