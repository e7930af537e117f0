// How well sampled records fit a mapping: what a check shows before anything is written. Only counts and quotes.
import { allowsWriteTo } from '../model/identity.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { Raw } from '../model/value.ts';
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
  write: (value: string | boolean | readonly string[]) => Writing | null,
): SideFit {
  let blank = 0;
  let fits = 0;
  let defaulted = 0;
  const misfits = new Map<string, { count: number; readonly examples: MisfitExample[] }>();
  for (const { id, raw } of samples) {
    const reading = read(raw);
    const fault = faultOf(reading, write);
    if (fault !== null) {
      const misfit = misfits.get(fault) ?? { count: 0, examples: [] };
      misfit.count += 1;
      if (misfit.examples.length < EXAMPLES) misfit.examples.push({ id, value: quote(raw) });
      misfits.set(fault, misfit);
    } else if (reading.type === 'ok' && reading.value === null) blank += 1;
    else if (reading.type === 'ok' && reading.defaulted === true) defaulted += 1;
    else fits += 1;
  }
  const ordered = [...misfits].map(([why, misfit]) => ({ why, ...misfit })).sort((a, b) => b.count - a.count);
  return { total: samples.length, blank, fits, defaulted, misfits: ordered };
}

function faultOf(
  reading: Reading,
  write: (value: string | boolean | readonly string[]) => Writing | null,
): string | null {
  if (reading.type === 'unmappable') return reading.why;
  if (reading.value === null) return null;
  const writing = write(reading.value);
  return writing?.type === 'unmappable' ? writing.why : null;
}

function quote(raw: Raw): string {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return text.length > QUOTE
    ? `${Array.from(text)
        .slice(0, QUOTE - 1)
        .join('')}…`
    : text;
}
