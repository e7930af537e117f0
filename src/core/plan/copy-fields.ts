// One side's values converted for a record that is about to be made on the other; what does not fit is named, never guessed.

import type { CompiledField } from '../mapping/compiled-field.ts';
import { writeCrm, writeMarketing } from '../mapping/convert.ts';
import { unmappable, writeAs } from '../mapping/reading.ts';
import { crmSide, marketingSide } from '../merge/merge-field.ts';
import { allowsWriteTo, narrowDirection, type System } from '../model/identity.ts';
import type { RoleSettings } from '../model/settings.ts';
import type { Raw, Value } from '../model/value.ts';
import type { Draft } from './draft.ts';
import { directionOf, holdDefaulted, holdUnmappable } from './role-rules.ts';

interface Copied {
  readonly values: readonly { readonly field: CompiledField; readonly value: Value; readonly raw: Raw }[];
  /** The fields that could not be copied; the caller holds them when it comes that far. */
  readonly unfit: readonly { readonly field: CompiledField; readonly why: string }[];
}

/** Converts all of one side's values for the other; what does not fit is named, never guessed. (C12, C13, C28) */
export function copyFields(
  draft: Draft,
  role: RoleSettings,
  target: System,
  source: Readonly<Record<string, Raw>>,
  crmId: string | null,
  email: string | null,
): Copied {
  const direction = directionOf(draft, role);
  const values: { field: CompiledField; value: Value; raw: Raw }[] = [];
  const unfit: { field: CompiledField; why: string }[] = [];
  for (const field of role.fields) {
    const allowed = direction === null ? null : narrowDirection(direction, field.direction);
    if (allowed === null || !allowsWriteTo(allowed, target) || (target === 'crm' && !field.crm.writable)) continue;
    const side =
      target === 'marketing'
        ? crmSide(field, source[field.crm.path] ?? null)
        : marketingSide(field, source[field.marketing.name] ?? null);
    const writing =
      side.why !== null
        ? unmappable(side.why)
        : side.value === null
          ? writeAs(null)
          : target === 'marketing'
            ? writeMarketing(field, side.value)
            : writeCrm(field, side.value);
    if (side.defaulted) holdDefaulted(draft, role, field, crmId, email);
    if (writing.type === 'unmappable') {
      unfit.push({ field, why: writing.why });
      continue;
    }
    values.push({ field, value: side.value, raw: writing.raw });
  }
  return { values, unfit };
}

/** (C28) Holds each value that does not fit; true when there was one. */
export function holdUnfit(
  draft: Draft,
  role: RoleSettings,
  target: System,
  copied: Copied,
  crmId: string | null,
  email: string | null,
): boolean {
  for (const { field, why } of copied.unfit) holdUnmappable(draft, role, field, target, why, crmId, email);
  return copied.unfit.length > 0;
}
