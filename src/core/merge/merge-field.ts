// Merges one mapped field of one link: reads both sides in canonical form, asks the tables, names the result.
import type { CompiledField } from '../mapping/compiled-field.ts';
import { readCrm, readMarketing } from '../mapping/convert.ts';
import type { Direction } from '../model/identity.ts';
import type { BaseField } from '../model/link.ts';
import type { RowId } from '../model/row.ts';
import type { AlignmentWinner } from '../model/settings.ts';
import { isBlank, type Raw, sameValue, type Value } from '../model/value.ts';
import { ALIGNMENT_TABLE } from './alignment.table.ts';
import { FIELD_TABLE, type FieldOutcome } from './field.table.ts';

/** A side's value; `why` is set when it cannot be read as the field's type and must never be copied. */
export interface SideValue {
  readonly value: Value;
  readonly why: string | null;
  /** An unmappable status that counts as the fallback. (C12, C13) */
  readonly defaulted: boolean;
}

export interface MergedField {
  readonly field: CompiledField;
  readonly row: RowId;
  readonly because: string;
  readonly outcome: FieldOutcome;
  readonly crm: SideValue;
  readonly marketing: SideValue;
  /** What both sides should read; meaningful for writes and `merge-sets`. */
  readonly result: Value;
}

export interface MergeRules {
  /** Which sides may be written for this field in this run; null = none. */
  readonly targets: Direction | null;
  /** False in runs that forbid clears. (R12) */
  readonly blanksTravel: boolean;
  /** Rule for a field without a base; `newest` already resolved to a side. (4.8) */
  readonly winner: 'crm' | 'marketing' | 'fill-blanks';
}

/** Reads the CRM's value; a value that does not fit stands for itself only, so it differs from everything else. */
export function crmSide(field: CompiledField, raw: Raw): SideValue {
  return side(readCrm(field, raw), raw);
}

export function marketingSide(field: CompiledField, raw: Raw): SideValue {
  return side(readMarketing(field, raw), raw);
}

function side(reading: ReturnType<typeof readCrm>, raw: Raw): SideValue {
  return reading.type === 'ok'
    ? { value: reading.value, why: null, defaulted: reading.defaulted === true }
    : { value: `\u0000${JSON.stringify(raw)}`, why: reading.why, defaulted: false };
}

/** @param base what both sides last agreed on, or null when nothing is known. (R1, R11) */
export function mergeField(
  field: CompiledField,
  crm: SideValue,
  shown: SideValue,
  base: BaseField | null,
  rules: MergeRules,
): MergedField {
  const targets = rules.targets ?? 'none';
  const marketing = withoutDefault(field, shown, base);
  const equal = sameValue(crm.value, marketing.value) ? 'yes' : 'no';
  if (base === null) {
    const row = ALIGNMENT_TABLE.decide({
      crm: isBlank(crm.value) ? 'blank' : 'value',
      marketing: isBlank(marketing.value) ? 'blank' : 'value',
      equal,
      targets,
      winner: rules.winner,
    });
    return {
      field,
      row: row.id,
      because: row.because,
      outcome: row.then,
      crm,
      marketing,
      result: resultOf(row.then, crm, marketing),
    };
  }
  const row = FIELD_TABLE.decide({
    crm: change(base.crm, crm.value),
    marketing: change(base.marketing, marketing.value),
    equal,
    targets,
    blank: field.blank === 'propagate' && rules.blanksTravel ? 'travels' : 'stays',
    winner: field.type === 'set' ? 'merge' : field.conflict,
  });
  const result =
    row.then === 'merge-sets' ? mergeSets(base, crm.value, marketing.value) : resultOf(row.then, crm, marketing);
  return { field, row: row.id, because: row.because, outcome: row.then, crm, marketing, result };
}

/**
 * Whether an alignment, which is asked for, decides the field anew: the two sides were left different, and nobody touched them since. An
 * edit is news to it as to any sync, whoever is to win. What was cleared where blanks do not travel stays cleared. (4.8, C26, decision 27)
 * @param aligning false in a sync, which carries on with what an alignment could not write yet
 */
export function isDecidedAnew(
  field: CompiledField,
  crm: SideValue,
  shown: SideValue,
  base: BaseField | null,
  aligning: boolean,
): boolean {
  if (base === null) return false;
  const marketing = withoutDefault(field, shown, base);
  if (!sameValue(base.crm, crm.value) || !sameValue(base.marketing, marketing.value)) return false;
  if (base.asked === true || !aligning) return base.asked === true;
  const stays = field.blank === 'ignore' && (isBlank(crm.value) || isBlank(marketing.value));
  return base.undone === true || (!stays && !sameValue(crm.value, marketing.value));
}

/** Whether the account lost the field and still shows no value in it: the other side's is to be filled in, as where nothing is known. (C26, R11) */
export function isEmptied(field: CompiledField, crm: SideValue, shown: SideValue, base: BaseField | null): boolean {
  if (base?.lost === undefined) return false;
  return isBlank(base.lost === 'crm' ? crm.value : withoutDefault(field, shown, null).value);
}

/** A data field's default, where nobody ever gave the contact a value, is a blank: it never fills the CRM. (C2, C26) */
function withoutDefault(field: CompiledField, shown: SideValue, base: BaseField | null): SideValue {
  const { defaultValue } = field.marketing;
  if (defaultValue === undefined || defaultValue === null || (base !== null && base.marketing !== null)) return shown;
  return sameValue(shown.value, marketingSide(field, defaultValue).value) ? { ...shown, value: null } : shown;
}

function resultOf(outcome: FieldOutcome, crm: SideValue, marketing: SideValue): Value {
  return outcome === 'write-crm' ? marketing.value : crm.value;
}

function change(base: Value, now: Value): 'same' | 'changed' | 'cleared' {
  if (sameValue(base, now)) return 'same';
  return isBlank(now) ? 'cleared' : 'changed';
}

/** (C29) base + added on either side − removed on either side, sorted; blank when nothing is left. */
export function mergeSets(base: BaseField, crm: Value, marketing: Value): Value {
  const all = new Set<string>();
  const crmBase = listOf(base.crm);
  const marketingBase = listOf(base.marketing);
  const inCrm = listOf(crm);
  const inMarketing = listOf(marketing);
  for (const item of [...crmBase, ...marketingBase, ...inCrm, ...inMarketing]) {
    const removed =
      (crmBase.includes(item) && !inCrm.includes(item)) ||
      (marketingBase.includes(item) && !inMarketing.includes(item));
    if (!removed) all.add(item);
  }
  return all.size === 0 ? null : [...all].sort();
}

function listOf(value: Value): readonly string[] {
  if (value === null) return [];
  return Array.isArray(value) ? (value as readonly string[]) : [String(value)];
}

/** (4.8) The alignment winner with `newest` resolved by the records' own times; unknown times fall to the CRM. */
export function resolveWinner(
  winner: AlignmentWinner,
  crmUpdatedAt: string | null,
  marketingUpdatedAt: string | null,
): MergeRules['winner'] {
  if (winner !== 'newest') return winner;
  if (crmUpdatedAt === null || marketingUpdatedAt === null) return 'crm';
  return Date.parse(marketingUpdatedAt) > Date.parse(crmUpdatedAt) ? 'marketing' : 'crm';
}
