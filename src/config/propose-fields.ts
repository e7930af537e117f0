// A first mapping for somebody who has none: the default one, and fields that have the same name on both sides. Never a guess.
import { suggestFields } from '../core/mapping/suggest-fields.ts';
import type { CrmRoleSchema, MarketingSchema } from '../core/model/schema.ts';
import type { FieldConfig } from './config-schema.ts';
import { DEFAULT_FIELDS } from './default-fields.table.ts';

export interface ProposedField extends FieldConfig {
  /** Part of the default mapping; the others are an offer. */
  readonly usual: boolean;
}

/** Default lines first, then same names; each field of either side once. */
export function proposeFields(crm: CrmRoleSchema, marketing: MarketingSchema): readonly ProposedField[] {
  const known = new Map(crm.fields.map((field) => [field.path, field]));
  const usual = DEFAULT_FIELDS[crm.role].filter(({ sell }) => known.has(sell));
  const taken = new Set(usual.flatMap(({ sell, dotdigital }) => [sell, dotdigital]));
  const same = suggestFields(crm, marketing)
    .filter((one) => one.likeness === 1 && !taken.has(one.crm) && !taken.has(one.marketing))
    .map((one): ProposedField => {
      const oneWay = known.get(one.crm)?.writable === true ? {} : ({ direction: 'sell-to-dotdigital' } as const);
      return { sell: one.crm, dotdigital: one.marketing, ...oneWay, usual: false };
    });
  return [...usual.map((line) => ({ ...line, usual: true })), ...same];
}
