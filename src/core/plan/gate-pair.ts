// What the merge of a pair wants, and the part of it that may be sent. Merges nothing and writes nothing. (C10, C14, C16, C28)
import type { EffectiveBase } from '../merge/effective-base.ts';
import type { MergedField } from '../merge/merge-field.ts';
import type { BaseField } from '../model/link.ts';
import type { RoleSettings } from '../model/settings.ts';
import type { Raw, Value } from '../model/value.ts';
import { addHold, type Draft } from './draft.ts';
import { missingNames, qualifies, refusedAddressPaths } from './gates.ts';
import { holdWords } from './hold-words.ts';
import type { Pair } from './pair.ts';

/** One field to write on one side. */
export interface Wanted {
  readonly merged: MergedField;
  readonly value: Value;
  readonly raw: Raw;
  /** What was known of the field, with the write that still waits to be read back. */
  readonly known: EffectiveBase;
}

/** What the merge of all fields wants, before the gates. */
export interface Wishes {
  readonly crm: Wanted[];
  marketing: Wanted[];
  readonly agreed: Record<string, BaseField>;
  readonly settled: string[];
  /** Keys of values that are new to both sides: written to both or to neither, so that no half of a merge is taken for an edit. (C29) */
  readonly twoSided: Set<string>;
  /** A value that the target cannot hold: in record-wise mode it holds the whole update of that target. (C28) */
  crmUnfit: boolean;
  marketingUnfit: boolean;
}

/** The part of the CRM wishes that may be sent; null when nothing may. (C10, C14, C16, C28) */
export function gateCrm(
  draft: Draft,
  role: RoleSettings,
  pair: Pair,
  wishes: Wishes,
  more: boolean,
): readonly Wanted[] | null {
  const { partialWrite, allowNonCustomer, labels } = draft.settings;
  if (wishes.crm.length === 0 && !more) return null;
  const base = { crmId: pair.record.id, email: pair.marketing.email };
  let sent: readonly Wanted[] = wishes.crm;
  let refusedOne = wishes.crmUnfit;

  const missing = missingNames(pair.record, rawsOf(sent), role.fields);
  if (missing !== null) {
    addHold(draft, role.role, {
      code: 'NAME_MISSING',
      row: role.role === 'contact' ? 'C10' : 'L14',
      ...base,
      ...holdWords.nameMissing(missing, labels),
    });
    return null;
  }
  const qualifying = role.qualification?.paths ?? [];
  const touchesMark = sent.some((wanted) => qualifying.includes(wanted.merged.field.crm.path));
  if (touchesMark && !allowNonCustomer && !qualifies(pair.record, rawsOf(sent), role)) {
    addHold(draft, role.role, {
      code: 'NOT_PROSPECT_OR_CUSTOMER',
      row: 'C14',
      ...base,
      ...holdWords.notQualified(labels),
    });
    refusedOne = true;
    sent = sent.filter((wanted) => !qualifying.includes(wanted.merged.field.crm.path));
  }
  const refused = refusedAddressPaths(pair.record, rawsOf(sent), role);
  if (refused.length > 0) {
    addHold(draft, role.role, {
      code: 'ADDRESS_INVALID',
      row: 'C16',
      ...base,
      field: refused[0] ?? null,
      ...holdWords.addressRefused(refused, labels),
    });
    refusedOne = true;
    sent = sent.filter((wanted) => !refused.includes(wanted.merged.field.crm.path));
  }
  return refusedOne && !partialWrite ? null : sent;
}

/** Drops each half of a two-sided write whose other half cannot be sent; the reason for that is held already. */
export function joinHalves(wishes: Wishes, sent: readonly Wanted[]): readonly Wanted[] {
  const has = (part: readonly Wanted[], key: string): boolean => part.some((wanted) => wanted.merged.field.key === key);
  const lone = [...wishes.twoSided].filter((key) => !has(sent, key) || !has(wishes.marketing, key));
  const whole = (wanted: Wanted): boolean => !lone.includes(wanted.merged.field.key);
  wishes.marketing = wishes.marketing.filter(whole);
  return sent.filter(whole);
}

/** The values as they are written, by path. */
export function rawsOf(sent: readonly Wanted[]): Record<string, Raw> {
  return Object.fromEntries(sent.map((wanted) => [wanted.merged.field.crm.path, wanted.raw]));
}
