// Which CRM type goes with which marketing type, and what both mean in common. Holds no conversion.
import type { CrmFieldType, MarketingFieldType } from '../model/schema.ts';
import type { CanonicalType } from './compiled-field.ts';

/**
 * Canonical type of each pair; null = the pair cannot be mapped, because next to no value of one side means anything on the
 * other. Where only some texts are numbers, dates or yes and no, those travel and each other one is held. (C28)
 */
export const TYPE_PAIRS: { readonly [C in CrmFieldType]: { readonly [M in MarketingFieldType]: CanonicalType | null } } = {
  text: { string: 'text', numeric: 'decimal', date: 'date', boolean: 'boolean' },
  email: { string: 'text', numeric: null, date: null, boolean: null },
  phone: { string: 'text', numeric: null, date: null, boolean: null },
  url: { string: 'text', numeric: null, date: null, boolean: null },
  choice: { string: 'text', numeric: 'decimal', date: null, boolean: 'boolean' },
  status: { string: 'status', numeric: null, date: null, boolean: null },
  id: { string: 'text', numeric: 'decimal', date: null, boolean: null },
  number: { string: 'decimal', numeric: 'decimal', date: null, boolean: null },
  boolean: { string: 'boolean', numeric: 'boolean', date: null, boolean: 'boolean' },
  date: { string: 'date', numeric: null, date: 'date', boolean: null },
  datetime: { string: 'datetime', numeric: null, date: 'datetime', boolean: null },
  set: { string: 'set', numeric: null, date: null, boolean: null },
};

/** Type of a data field that is created for a CRM field; always a compatible one. */
export const NEW_FIELD_TYPE: { readonly [C in CrmFieldType]: MarketingFieldType } = {
  text: 'string',
  email: 'string',
  phone: 'string',
  url: 'string',
  choice: 'string',
  status: 'string',
  id: 'string',
  number: 'numeric',
  boolean: 'boolean',
  date: 'date',
  datetime: 'date',
  set: 'string',
};

/** Marketing types that a CRM type can be mapped to, best first. */
export function compatibleTypes(type: CrmFieldType): readonly MarketingFieldType[] {
  const best = NEW_FIELD_TYPE[type];
  const others = (['string', 'numeric', 'date', 'boolean'] as const).filter((m) => m !== best && TYPE_PAIRS[type][m] !== null);
  return [best, ...others];
}
