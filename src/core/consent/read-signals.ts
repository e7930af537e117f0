// What a CRM record says about consent, from its tags and its field. Decides nothing about the other side. (P1-P5, S18, S19)
import type { CrmRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { ConsentSignals } from '../model/settings.ts';
import type { Raw } from '../model/value.ts';
import { foldText } from '../normalize/text.ts';

export interface CrmConsent {
  readonly state: 'optedOut' | 'optedIn' | 'unknown';
  /** True when only the default says so: it decides for new contacts and for nobody else. (P4) */
  readonly derived: boolean;
  /** Both kinds of signals at once. (P3) */
  readonly contradiction: boolean;
  readonly row: RowId;
  /** Which signals were found, in words. */
  readonly signal: string;
}

export function readSignals(record: CrmRecord, signals: ConsentSignals): CrmConsent {
  const out = found(record, signals, 'optOut');
  const into = found(record, signals, 'optIn');
  if (out.length > 0) {
    const row = into.length > 0 ? 'P3' : 'P1';
    return {
      state: 'optedOut',
      derived: false,
      contradiction: into.length > 0,
      row,
      signal: [...out, ...into].join(', '),
    };
  }
  if (into.length > 0)
    return { state: 'optedIn', derived: false, contradiction: false, row: 'P2', signal: into.join(', ') };
  const state = signals.default === 'opted-in' ? 'optedIn' : signals.default === 'opted-out' ? 'optedOut' : 'unknown';
  return {
    state,
    derived: state !== 'unknown',
    contradiction: false,
    row: 'P4',
    signal: `no signal; default ${signals.default}`,
  };
}

function found(record: CrmRecord, signals: ConsentSignals, kind: 'optIn' | 'optOut'): readonly string[] {
  const tags = new Set(signals.tags[kind].map(foldText));
  const words = record.tags.filter((tag) => tags.has(foldText(tag))).map((tag) => `tag ${tag}`);
  const { field } = signals;
  if (field === null) return words;
  const values = valuesOf(record.values[field.path] ?? null).filter((value) => hasWord(field[kind], value));
  return [...words, ...values.map((value) => `${field.path} ${value}`)];
}

/** Whatever the case and the spaces. */
export function hasWord(words: readonly string[], value: string): boolean {
  const folded = foldText(value);
  return words.some((word) => foldText(word) === folded);
}

/** The value of a consent field as words; one of several for a multi-select. */
export function valuesOf(raw: Raw): readonly string[] {
  if (raw === null) return [];
  if (Array.isArray(raw)) return raw as readonly string[];
  return typeof raw === 'object' ? [] : [String(raw)];
}

const STRICTNESS: readonly CrmConsent['state'][] = ['optedOut', 'unknown', 'optedIn'];

/** (P5) The strictest of several records wins; records beyond the linked ones count for opt-outs only. */
export function strictest(linked: readonly CrmConsent[], others: readonly CrmConsent[]): CrmConsent | null {
  const out = others.filter((consent) => consent.state === 'optedOut' && !consent.derived);
  const rank = (consent: CrmConsent): number => STRICTNESS.indexOf(consent.state) * 2 + (consent.derived ? 1 : 0);
  return [...linked, ...out].reduce<CrmConsent | null>(
    (best, consent) => (best === null || rank(consent) < rank(best) ? consent : best),
    null,
  );
}
