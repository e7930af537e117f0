// The table of type pairs is complete and its new field types are compatible.
import { describe, expect, it } from 'vitest';
import { compatibleTypes, NEW_FIELD_TYPE, TYPE_PAIRS } from '../../../src/core/mapping/type-pairs.table.ts';
import type { CrmFieldType, MarketingFieldType } from '../../../src/core/model/schema.ts';

const CRM = Object.keys(TYPE_PAIRS) as CrmFieldType[];
const MARKETING: readonly MarketingFieldType[] = ['string', 'numeric', 'date', 'boolean'];

describe('TYPE_PAIRS', () => {
  it('C28: pairs exactly these types', () => {
    const pairs = CRM.flatMap((crm) =>
      MARKETING.map((marketing) => `${crm} × ${marketing} = ${TYPE_PAIRS[crm][marketing]}`),
    );
    expect(pairs.filter((pair) => !pair.endsWith('null'))).toEqual([
      'text × string = text',
      'text × numeric = decimal',
      'text × date = date',
      'text × boolean = boolean',
      'email × string = text',
      'phone × string = text',
      'url × string = text',
      'choice × string = text',
      'choice × numeric = decimal',
      'choice × boolean = boolean',
      'status × string = status',
      'id × string = text',
      'id × numeric = decimal',
      'number × string = decimal',
      'number × numeric = decimal',
      'boolean × string = boolean',
      'boolean × numeric = boolean',
      'boolean × boolean = boolean',
      'date × string = date',
      'date × date = date',
      'datetime × string = datetime',
      'datetime × date = datetime',
      'set × string = set',
    ]);
    expect(pairs).toHaveLength(12 * 4);
  });

  it.each(CRM)('C28: a data field created for %s fits it', (crm) => {
    expect(TYPE_PAIRS[crm][NEW_FIELD_TYPE[crm]]).not.toBeNull();
    expect(compatibleTypes(crm)[0]).toBe(NEW_FIELD_TYPE[crm]);
    for (const type of compatibleTypes(crm)) expect(TYPE_PAIRS[crm][type]).not.toBeNull();
  });
});
