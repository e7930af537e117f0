// Fields for tests of the mapping: a compiled field from the few facts a test is about.
import type { CanonicalType, CompiledField } from '../../../src/core/mapping/compiled-field.ts';
import { TYPE_PAIRS } from '../../../src/core/mapping/type-pairs.table.ts';
import type { CrmField, CrmFieldType, MarketingField, MarketingFieldType } from '../../../src/core/model/schema.ts';

export function crmField(path: string, type: CrmFieldType, more: Partial<CrmField> = {}): CrmField {
  return { path, type, writable: true, mandatory: false, fieldClass: 'sales', ...more };
}

export function marketingField(name: string, type: MarketingFieldType, maxLength = 1000): MarketingField {
  return { name, type, maxLength, fieldClass: 'sales' };
}

function canonicalOf(crm: CrmFieldType, marketing: MarketingFieldType): CanonicalType {
  const type = TYPE_PAIRS[crm][marketing];
  if (type === null) throw new Error(`${crm} and ${marketing} do not go together`);
  return type;
}

export function aField(
  crm: CrmFieldType,
  marketing: MarketingFieldType,
  more: {
    readonly crm?: Partial<CrmField>;
    readonly maxLength?: number;
    readonly values?: CompiledField['values'];
  } = {},
): CompiledField {
  return {
    key: 'FIELD',
    crm: crmField('field', crm, more.crm),
    marketing: marketingField('FIELD', marketing, more.maxLength),
    type: canonicalOf(crm, marketing),
    direction: 'both',
    conflict: 'crm',
    blank: 'propagate',
    values: more.values ?? [],
  };
}
