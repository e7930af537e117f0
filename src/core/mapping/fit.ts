// How well sampled records fit a mapping: what a check shows before anything is written. Only counts and quotes.
import { allowsWriteTo } from '../model/identity.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { Raw, Value } from '../model/value.ts';
import type { CompiledField } from './compiled-field.ts';
import { readCrm, readMarketing, writeCrm, writeMarketing } from './convert.ts';
import type { Reading, Writing } from './reading.ts';

/** Examples kept per reason. */
const EXAMPLES = 5;
/** Longest quotation of a value, in characters. */
const QUOTE = 60;

/** A value that does not fit. `value` is quoted from the record and may be personal. */
export interface MisfitExample {
  readonly id: string;
  readonly value: string;
}

export interface Misfit {
  /** Finishes the sentence "The value …". */
  readonly why: string;
  readonly count: number;
  readonly examples: readonly MisfitExample[];
}

/** `total` = `blank` + `fits` + `defaulted` + all misfits. */
export interface SideFit {
  readonly total: number;
  readonly blank: number;
  readonly fits: number;
  /** Statuses that would become the fallback. (C12, C13) */
  readonly defaulted: number;
  /** Most frequent first. */
  readonly misfits: readonly Misfit[];
}

export interface FieldFit {
  readonly key: string;
  readonly path: string;
  /** Values of the CRM on their way to the marketing system. */
  readonly crm: SideFit;
  /** Values of the marketing system on their way to the CRM. */
  readonly marketing: SideFit;
}

/**
 * Counts for every field of a mapping, in its order. A value fits when it can be read and, where the direction allows,
 * written to the other side. (C28)
 */
export function measureFit(
  fields: readonly CompiledField[],
  records: { readonly crm: readonly CrmRecord[]; readonly marketing: readonly MarketingRecord[] },
): readonly FieldFit[] {
  return fields.map((field) => {
    const toMarketing = allowsWriteTo(field.direction, 'marketing');
    const toCrm = allowsWriteTo(field.direction, 'crm');
    return {
      key: field.key,
      path: field.crm.path,
      crm: measureSide(
        records.crm.map(({ id, values }) => ({ id, raw: values[field.crm.path] ?? null })),
        (raw) => readCrm(field, raw),
        (value) => (toMarketing ? writeMarketing(field, value) : null),
      ),
      marketing: measureSide(
        records.marketing.map(({ id, values }) => ({ id, raw: values[field.key] ?? null })),
        (raw) => readMarketing(field, raw),
        (value) => (toCrm ? writeCrm(field, value) : null),
      ),
    };
  });
}

function measureSide(
  samples: readonly { readonly id: string; readonly raw: Raw }[],
  read: (raw: Raw) => Reading,
  write: Write,
): SideFit {
  const counts = { blank: 0, fits: 0, defaulted: 0 };
  const misfits = new Map<string, { count: number; readonly examples: MisfitExample[] }>();
  for (const { id, raw } of samples) {
    const judged = judge(read(raw), write);
    if (typeof judged === 'string') {
      counts[judged] += 1;
      continue;
    }
    const misfit = misfits.get(judged.why) ?? { count: 0, examples: [] };
    misfit.count += 1;
    if (misfit.examples.length < EXAMPLES) misfit.examples.push({ id, value: quote(raw) });
    misfits.set(judged.why, misfit);
  }
  const ordered = [...misfits].map(([why, misfit]) => ({ why, ...misfit })).sort((a, b) => b.count - a.count);
  return { total: samples.length, ...counts, misfits: ordered };
}

/** What a value becomes on the other side; null where the direction lets none travel. */
type Write = (value: Exclude<Value, null>) => Writing | null;

function judge(reading: Reading, write: Write): 'blank' | 'fits' | 'defaulted' | { readonly why: string } {
  if (reading.type === 'unmappable') return reading;
  if (reading.value === null) return 'blank';
  const writing = write(reading.value);
  if (writing?.type === 'unmappable') return writing;
  return reading.defaulted === true ? 'defaulted' : 'fits';
}

function quote(raw: Raw): string {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  const characters = Array.from(text);
  return characters.length > QUOTE ? `${characters.slice(0, QUOTE - 1).join('')}…` : text;
}
