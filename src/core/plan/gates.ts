// What a write must satisfy before it is planned: names, prospect-or-customer mark, address rule. (S6, S25)
import type { CompiledField } from '../mapping/compiled-field.ts';
import type { CrmRecord } from '../model/record.ts';
import type { RoleSettings } from '../model/settings.ts';
import type { Raw } from '../model/value.ts';

/** The record as it would stand after the write. */
function afterWrite(record: CrmRecord | null, set: Readonly<Record<string, Raw>>, path: string): Raw {
  const written = set[path];
  return written === undefined ? (record?.values[path] ?? null) : written;
}

/** Which of the two names would be missing, in words; null when both are there. (C10, C11, S14) */
export function missingNames(
  record: CrmRecord | null,
  set: Readonly<Record<string, Raw>>,
  fields: readonly CompiledField[],
): string | null {
  const first = isNamed('first-name', record?.firstName ?? null, set, fields);
  const last = isNamed('last-name', record?.lastName ?? null, set, fields);
  if (first && last) return null;
  if (!first && !last) return 'first and last name';
  return first ? 'last name' : 'first name';
}

/** A name that would be blank is written as null. */
function isNamed(
  meaning: 'first-name' | 'last-name',
  now: string | null,
  set: Readonly<Record<string, Raw>>,
  fields: readonly CompiledField[],
): boolean {
  for (const field of fields) {
    if (field.crm.meaning !== meaning) continue;
    const written = set[field.crm.path];
    if (written !== undefined) return written !== null;
  }
  return now !== null && now.trim() !== '';
}

/** Whether the record would be marked as prospect or customer. Always true where the role has no such mark. (C14) */
export function qualifies(
  record: CrmRecord | null,
  set: Readonly<Record<string, Raw>>,
  settings: RoleSettings,
): boolean {
  const rule = settings.qualification;
  if (rule === null) return true;
  return rule.paths.some((path) => {
    const value = afterWrite(record, set, path);
    return value !== null && value !== rule.none;
  });
}

/** The paths written that the CRM refuses on a record that is neither prospect nor customer. (C16, decision 4) */
export function refusedAddressPaths(
  record: CrmRecord | null,
  set: Readonly<Record<string, Raw>>,
  settings: RoleSettings,
): readonly string[] {
  if (qualifies(record, set, settings)) return [];
  return settings.fields
    .filter((field) => field.crm.needsQualified === true && (set[field.crm.path] ?? null) !== null)
    .map((field) => field.crm.path);
}
