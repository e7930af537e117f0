// A first mapping for somebody who has none: the default one, and fields that have the same name on both sides. Never a guess.
import { findNameFault } from '../core/mapping/data-field-name.ts';
import { TYPE_PAIRS } from '../core/mapping/type-pairs.table.ts';
import type { CrmRoleSchema, MarketingSchema } from '../core/model/schema.ts';
import type { FieldConfig } from './config-schema.ts';
import { DEFAULT_FIELDS } from './default-fields.table.ts';

export interface ProposedField extends FieldConfig {
  /** Part of the default mapping; the others are an offer. */
  readonly usual: boolean;
}

/** Default lines first, then same names in the order of the CRM's fields; each data field once. */
export function proposeFields(crm: CrmRoleSchema, marketing: MarketingSchema): readonly ProposedField[] {
  const known = new Set(crm.fields.map(({ path }) => path));
  const usual = DEFAULT_FIELDS[crm.role].filter(({ sell }) => known.has(sell));
  const taken = new Set(usual.flatMap(({ sell, dotdigital }) => [sell, dotdigital]));
  const same = crm.fields.flatMap((field): readonly ProposedField[] => {
    const name = wordsOf(field.path.replace(/^custom_fields\./, ''));
    const target = marketing.fields.find((other) => wordsOf(other.name) === name && !taken.has(other.name));
    if (target === undefined || taken.has(field.path) || TYPE_PAIRS[field.type][target.type] === null) return [];
    if (field.path === 'email' || findNameFault(target.name) !== null) return [];
    taken.add(target.name);
    const oneWay = field.writable ? {} : ({ direction: 'sell-to-dotdigital' } as const);
    return [{ sell: field.path, dotdigital: target.name, ...oneWay, usual: false }];
  });
  return [...usual.map((line) => ({ ...line, usual: true })), ...same];
}

/** `Job title` and `JOB_TITLE` are one name. */
function wordsOf(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}]/gu, '').toUpperCase();
}
