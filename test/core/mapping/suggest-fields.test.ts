// Which fields are proposed for each other: by name, by meaning and by type, each once, and a new data field where there is none.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNameFault } from '../../../src/core/mapping/data-field-name.ts';
import { type SuggestedField, suggestFields } from '../../../src/core/mapping/suggest-fields.ts';
import type { CrmField, MarketingField } from '../../../src/core/model/schema.ts';
import { crmField, marketingField } from './a-field.ts';

function suggest(crm: readonly CrmField[], marketing: readonly MarketingField[] = []): readonly SuggestedField[] {
  return suggestFields({ role: 'contact', statuses: null, fields: crm }, { fields: marketing });
}

/** The data field that is proposed for the one CRM field, or null where it would be a new one. */
function partner(path: string, ...names: string[]): string | null {
  const [first] = suggest(
    [crmField(path, 'text')],
    names.map((name) => marketingField(name, 'string')),
  );
  return first?.isNew === false ? first.marketing : null;
}

describe('S5: a data field that means the same', () => {
  it('has the same name, however each side spells it', () => {
    for (const [path, name] of [
      ['first_name', 'FIRSTNAME'],
      ['last_name', 'LAST_NAME'],
      ['custom_fields.Shoe size', 'SHOE_SIZE'],
      ['custom_fields.shoeSize', 'SHOE-SIZE'],
    ] as const)
      expect([path, partner(path, 'POSTCODE', name)]).toEqual([path, name]);
    expect(suggest([crmField('first_name', 'text')], [marketingField('FIRSTNAME', 'string')])).toEqual([
      { crm: 'first_name', marketing: 'FIRSTNAME', isNew: false, likeness: 1, why: 'They have the same name.' },
    ]);
  });

  it.each([
    ['first_name', 'GIVENNAME'],
    ['first_name', 'FORENAME'],
    ['last_name', 'SURNAME'],
    ['last_name', 'FAMILY_NAME'],
    ['address.postal_code', 'POSTCODE'],
    ['address.postal_code', 'ZIP'],
    ['address.postal_code', 'ZIPCODE'],
    ['organization_name', 'COMPANY'],
    ['organization_name', 'EMPLOYER'],
    ['organization_name', 'BUSINESS_NAME'],
    ['organization_name', 'ORGANISATION'],
    ['phone', 'TELEPHONE'],
    ['phone', 'TEL'],
    ['mobile', 'CELLPHONE'],
    ['mobile', 'MOBILEPHONE'],
    ['title', 'JOBTITLE'],
    ['title', 'JOB_TITLE'],
    ['mobile', 'MOBILE_TEL'],
    ['custom_fields.Birthday', 'DATE_OF_BIRTH'],
    ['custom_fields.Street', 'ADDRESS_LINE_1'],
    ['title', 'POSITION'],
    ['website', 'URL'],
    ['website', 'HOMEPAGE'],
    ['address.city', 'TOWN'],
    ['address.state', 'COUNTY'],
    ['address.state', 'PROVINCE'],
    ['address.line1', 'STREET'],
    ['address.line1', 'ADDRESS1'],
    ['custom_fields.Birthday', 'DATEOFBIRTH'],
    ['custom_fields.Birthday', 'DOB'],
    ['custom_fields.Sex', 'GENDER'],
  ])('has another word for it: %s and %s', (path, name) => {
    expect(partner(path, 'UNRELATED', name)).toBe(name);
    const [first] = suggest([crmField(path, 'text')], [marketingField(name, 'string')]);
    expect(first?.why).toBe('Their names are alike.');
    expect(first?.likeness).toBeGreaterThan(0.7);
    expect(first?.likeness).toBeLessThan(1);
  });

  it('is spelt a little otherwise, which counts less than another word for the same', () => {
    expect(partner('custom_fields.Newsletter', 'NEWSLETER')).toBe('NEWSLETER');
    expect(partner('custom_fields.Newsletter', 'NEWSLET')).toBe('NEWSLET');
    expect(partner('custom_fields.Department', 'DEPARTMENTS', 'DEPT')).toBe('DEPARTMENTS');
    const slip = suggest([crmField('custom_fields.Newsletter', 'text')], [marketingField('NEWSLETER', 'string')])[0];
    const word = suggest([crmField('phone', 'text')], [marketingField('TELEPHONE', 'string')])[0];
    expect(slip?.likeness).toBeLessThan(word?.likeness ?? 0);
    expect(partner('organization_name', 'ORGANISATIONS', 'COMPANY')).toBe('COMPANY');
  });

  it.each([
    ['custom_fields.Newsletter', 'LETTERBOX'],
    ['custom_fields.Tier', 'SCORE'],
    // Short words are alike by chance.
    ['custom_fields.Fax', 'TAX'],
    // Too far apart.
    ['custom_fields.Newsletter', 'NEWSLE'],
    ['custom_fields.Renamed', 'RED'],
    // Neither says anything.
    ['custom_fields.Name', 'FIELD'],
    ['custom_fields.(Name)', '_FIELD'],
    ['custom_fields.***', '___'],
  ])('is not proposed for names that merely look alike: %s and %s', (path, name) => {
    expect(partner(path, name)).toBeNull();
  });

  it('is not one of a type that no value can travel to', () => {
    const known = [marketingField('SINCE', 'boolean')];
    expect(suggest([crmField('custom_fields.Since', 'date')], known)).toEqual([]);
    expect(suggest([crmField('custom_fields.Since', 'date')], [marketingField('SINCE', 'date')])).toMatchObject([
      { isNew: false },
    ]);
  });
});

describe('S5: each field is proposed once', () => {
  it('with its likest partner, the likest pair first', () => {
    const chosen = suggest(
      [crmField('phone', 'phone'), crmField('mobile', 'phone'), crmField('custom_fields.Telephone', 'text')],
      [marketingField('TELEPHONE', 'string'), marketingField('CELL', 'string'), marketingField('PHONE', 'string')],
    );
    expect(chosen.map(({ crm, marketing, likeness }) => [crm, marketing, likeness])).toEqual([
      ['custom_fields.Telephone', 'TELEPHONE', 1],
      ['phone', 'PHONE', 1],
      ['mobile', 'CELL', 0.95],
    ]);
  });

  it('of two data fields that are equally like one CRM field, the first is its own', () => {
    for (const names of [
      ['TELEPHONE', 'TEL'],
      ['TEL', 'TELEPHONE'],
    ])
      expect(partner('phone', ...names)).toBe(names[0]);
  });

  it('signs around a word count for nothing', () => {
    const fields = [crmField('custom_fields.(Telephone) at work', 'text')];
    expect(suggest(fields, [marketingField('PHONE-AT__WORK', 'string')])).toMatchObject([{ likeness: 0.95 }]);
  });

  it('of two CRM fields that are equally like one data field, the first by name has it', () => {
    const fields = [crmField('custom_fields.zip', 'text'), crmField('address.postal_code', 'text')];
    const chosen = suggest(fields, [marketingField('POSTCODE', 'string')]);
    expect(chosen.map(({ crm, marketing, isNew }) => [crm, marketing, isNew])).toEqual([
      ['address.postal_code', 'POSTCODE', false],
      ['custom_fields.zip', 'ZIP', true],
    ]);
    expect(suggest(fields.toReversed(), [marketingField('POSTCODE', 'string')])).toEqual(chosen);
  });
});

describe('S5: where there is no data field like it', () => {
  it('one of its own name and of the fitting type is proposed', () => {
    expect(suggest([crmField('custom_fields.Shoe size (EU)', 'number'), crmField('address.city', 'text')])).toEqual([
      {
        crm: 'custom_fields.Shoe size (EU)',
        marketing: 'SHOE_SIZE_EU',
        isNew: true,
        likeness: 0,
        why: 'There is no data field like it: one of type numeric would be made.',
      },
      {
        crm: 'address.city',
        marketing: 'ADDRESS_CITY',
        isNew: true,
        likeness: 0,
        why: 'There is no data field like it: one of type string would be made.',
      },
    ]);
  });

  it('none is, where its name is taken, by a field of another type or by one just proposed', () => {
    const twins = [crmField('custom_fields.Tier', 'text'), crmField('tier', 'text')];
    expect(suggest(twins).map(({ crm, marketing }) => [crm, marketing])).toEqual([['custom_fields.Tier', 'TIER']]);
    expect(suggest([crmField('custom_fields.Since', 'date')], [marketingField('SINCE', 'numeric')])).toEqual([]);
  });

  it('none is, where no name can be made of it', () => {
    expect(suggest([crmField('custom_fields.名前', 'text'), crmField('custom_fields.***', 'text')])).toEqual([]);
  });

  it('a long name is cut to what the service takes', () => {
    const [first] = suggest([crmField('custom_fields.Name of the favourite football club', 'text')]);
    expect(first?.marketing).toBe('NAME_OF_THE_FAVOURIT');
  });
});

it('decision 11: addresses, statuses, tags and ids are not proposed: they have ways of their own', () => {
  const fields = [
    crmField('email', 'email'),
    crmField('status', 'text'),
    crmField('tags', 'set'),
    crmField('id', 'id'),
    crmField('owner_id', 'id'),
  ];
  const names = ['EMAIL', 'STATUS', 'TAGS', 'ID', 'OWNER_ID'].map((name) => marketingField(name, 'string'));
  expect(suggest(fields, names)).toEqual([]);
  expect(suggest(fields)).toEqual([]);
});

it('whatever the two accounts have: no field twice, and no name that cannot be made', () => {
  const word = fc.constantFrom(
    'first',
    'name',
    'Zip',
    'postal code',
    'Shoe',
    'größe',
    'fields',
    '--',
    'Email',
    'x'.repeat(30),
  );
  const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('_'));
  const types = fc.constantFrom('text' as const, 'number' as const, 'date' as const);
  const crm = fc.uniqueArray(fc.tuple(name, types), { selector: ([path]) => path, maxLength: 8 });
  const marketing = fc.uniqueArray(fc.tuple(name, fc.constantFrom('string' as const, 'numeric' as const)), {
    selector: ([own]) => own.toUpperCase(),
    maxLength: 8,
  });
  fc.assert(
    fc.property(crm, marketing, (ours, theirs) => {
      const known = theirs.map(([own, type]) => marketingField(own.toUpperCase(), type));
      const chosen = suggest(
        ours.map(([path, type]) => crmField(path, type)),
        known,
      );
      expect(new Set(chosen.map((one) => one.crm)).size).toBe(chosen.length);
      expect(new Set(chosen.map((one) => one.marketing)).size).toBe(chosen.length);
      for (const { marketing: proposed, isNew } of chosen) {
        expect(known.some((field) => field.name === proposed)).toBe(!isNew);
        if (isNew) expect(findNameFault(proposed)).toBeNull();
      }
    }),
    { numRuns: 300 },
  );
});
