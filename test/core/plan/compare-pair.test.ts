// What the nightly look compares of a linked pair, and what explains a difference. (R20)
import { describe, expect, it } from 'vitest';
import type { Raw } from '../../../src/core/model/value.ts';
import { comparePair, type Pair, type Verdict } from '../../../src/core/plan/compare-pair.ts';
import { aLink, aMailing, aRecord, CONTACT_FIELDS, FIELDS, LEAD_FIELDS, settingsOf } from './a-person.ts';

const SETTINGS = settingsOf('recommended');
const LISTS = {
  enforceSingle: false,
  lists: [
    { listId: '70', status: 'New', known: true },
    { listId: '71', status: 'Working', known: true },
  ],
};

function pairOf(
  crm: Readonly<Record<string, Raw>> = {},
  marketing: Readonly<Record<string, Raw>> = {},
  more: Partial<Pair> = {},
): Pair {
  return {
    link: aLink(),
    record: aRecord(crm),
    marketing: aMailing(marketing),
    leadLists: [],
    holds: [],
    alsoContact: false,
    ...more,
  };
}

function leadOf(more: Partial<Pair> = {}, status: string | null = 'New'): Pair {
  const values = { organization_name: 'Engines' };
  return pairOf(
    {},
    {},
    {
      link: aLink({ role: 'lead', crmId: '51' }),
      record: aRecord(values, { role: 'lead', id: '51', status }),
      marketing: aMailing({ ORGANISATION: 'Engines' }),
      ...more,
    },
  );
}

/** The verdict on one field. */
function on(field: string, pair: Pair, settings = SETTINGS): Verdict | undefined {
  return comparePair(pair, settings).find((compared) => compared.field === field)?.verdict;
}

const withPostcode = (rules: Partial<(typeof CONTACT_FIELDS)[number]>) =>
  settingsOf('recommended', {
    contact: { fields: CONTACT_FIELDS.map((field) => (field.key === 'POSTCODE' ? { ...field, ...rules } : field)) },
  });

describe('R20: a pair as it stands', () => {
  it('is equal in every mapped field and in its address, however the two sides spell it', () => {
    const pair = pairOf({}, { POSTCODE: ' 10115 ' }, { record: aRecord({}, { email: ' ADA@Example.org' }) });
    expect(comparePair(pair, SETTINGS)).toEqual([
      { field: 'FIRSTNAME', verdict: 'equal', crm: 'Ada', marketing: 'Ada' },
      { field: 'LASTNAME', verdict: 'equal', crm: 'Lovelace', marketing: 'Lovelace' },
      { field: 'POSTCODE', verdict: 'equal', crm: '10115', marketing: '10115' },
      { field: 'CUSTOMER_STATUS', verdict: 'equal', crm: 'current', marketing: 'current' },
      { field: 'PROSPECT_STATUS', verdict: 'equal', crm: 'none', marketing: 'none' },
      { field: 'email', verdict: 'equal', crm: 'ada@example.org', marketing: 'ada@example.org' },
    ]);
  });

  it('differs where nothing explains it, whatever both sides once agreed on', () => {
    const pair = pairOf(
      { 'address.postal_code': '20095' },
      {},
      { marketing: aMailing({}, { email: 'eva@example.org' }) },
    );
    const differing = comparePair(pair, SETTINGS).filter(({ verdict }) => verdict !== 'equal');
    expect(differing).toEqual([
      { field: 'POSTCODE', verdict: 'differ', crm: '20095', marketing: '10115' },
      { field: 'email', verdict: 'differ', crm: 'ada@example.org', marketing: 'eva@example.org' },
    ]);
    // A value that is missing on one side differs too, unless blanks stay.
    expect(on('POSTCODE', pairOf({}, { POSTCODE: null }))).toBe('differ');
    expect(on('POSTCODE', pairOf({ 'address.postal_code': null }))).toBe('differ');
  });

  it('C19: an address that is none is told as it stands', () => {
    const pair = pairOf({}, {}, { record: aRecord({}, { email: 'ada at example.org' }) });
    expect(comparePair(pair, SETTINGS).at(-1)).toMatchObject({ verdict: 'differ', crm: 'ada at example.org' });
  });
});

describe('R20: a difference that a rule explains is muted', () => {
  const apart = pairOf(
    { 'address.postal_code': '20095' },
    {},
    { record: aRecord({ 'address.postal_code': '20095' }, { email: 'eva@example.org' }) },
  );
  const scoped = (scope: Partial<(typeof SETTINGS)['roles']['contact']['scope']>) =>
    settingsOf('recommended', { contact: { scope: { ...SETTINGS.roles.contact.scope, ...scope } } });

  it.each<[string, Pair, typeof SETTINGS]>([
    ['C32: the link is paused', { ...apart, link: aLink({ state: 'paused' }) }, SETTINGS],
    ['C33: the record carries the pause tag', { ...apart, record: { ...apart.record, tags: ['no-sync'] } }, SETTINGS],
    [
      'C33: the contact is on the pause list',
      { ...apart, marketing: aMailing({}, { lists: ['9'] }) },
      scoped({ pauseList: '9' }),
    ],
    ['S2: only marketing is written', apart, settingsOf('recommended', { contact: { direction: 'to-marketing' } })],
    ['S2: only the CRM is written', apart, settingsOf('recommended', { contact: { direction: 'to-crm' } })],
  ])('%s', (_, pair, settings) => {
    expect([on('POSTCODE', pair, settings), on('email', pair, settings)]).toEqual(['muted', 'muted']);
    // What is equal is equal all the same.
    expect(on('LASTNAME', pair, settings)).toBe('equal');
  });

  it('S2: one field that goes one way, and not the address', () => {
    const settings = withPostcode({ direction: 'to-crm' });
    expect([on('POSTCODE', apart, settings), on('email', apart, settings)]).toEqual(['muted', 'differ']);
  });

  it('C30: a value that only the CRM may set', () => {
    const settings = settingsOf('recommended', { contact: { fields: [FIELDS.owner] } });
    expect(on('OWNER', pairOf({ 'owner.name': 'Grace' }, { OWNER: 'Edith' }), settings)).toBe('muted');
  });

  it('C26: a blank that stays, on either side; two values do not', () => {
    const settings = withPostcode({ blank: 'ignore' });
    expect(on('POSTCODE', pairOf({ 'address.postal_code': null }), settings)).toBe('muted');
    expect(on('POSTCODE', pairOf({}, { POSTCODE: null }), settings)).toBe('muted');
    expect(on('POSTCODE', apart, settings)).toBe('differ');
  });

  it('L16: what a lead shares with the contact of the same person, its address too', () => {
    const lead = (alsoContact: boolean) =>
      leadOf({
        alsoContact,
        record: aRecord(
          { 'address.postal_code': '20095', organization_name: 'Looms' },
          { role: 'lead', email: 'eva@example.org' },
        ),
      });
    const verdicts = (alsoContact: boolean) =>
      ['POSTCODE', 'ORGANISATION', 'email'].map((field) => on(field, lead(alsoContact)));
    expect(verdicts(true)).toEqual(['muted', 'differ', 'muted']);
    expect(verdicts(false)).toEqual(['differ', 'differ', 'differ']);
    // A contact shares nothing with itself.
    expect(on('POSTCODE', { ...apart, alsoContact: true })).toBe('differ');
    expect(on('email', { ...apart, alsoContact: true })).toBe('differ');
  });
});

describe('R20, 4.9: a difference that an open hold explains is held', () => {
  const apart = (holds: Pair['holds']) =>
    pairOf({ 'address.postal_code': '20095', first_name: 'Augusta' }, {}, { holds });
  const both = (holds: Pair['holds'], settings = SETTINGS) => [
    on('POSTCODE', apart(holds), settings),
    on('FIRSTNAME', apart(holds), settings),
  ];

  it('every field, where it is about the record', () => {
    expect(both([{ field: null }])).toEqual(['held', 'held']);
  });

  it('C28: its own field alone where parts may be written, by either name', () => {
    expect(both([{ field: 'POSTCODE' }])).toEqual(['held', 'differ']);
    expect(both([{ field: 'address.postal_code' }])).toEqual(['held', 'differ']);
    expect(both([{ field: 'TIER' }])).toEqual(['differ', 'differ']);
    const classic = settingsOf('classic');
    expect(both([{ field: 'TIER' }], classic)).toEqual(['held', 'held']);
    expect(both([], classic)).toEqual(['differ', 'differ']);
  });

  it('C21: the address, by its name', () => {
    const pair = (field: string) =>
      pairOf({}, {}, { record: aRecord({}, { email: 'eva@example.org' }), holds: [{ field }] });
    expect([on('email', pair('email')), on('email', pair('POSTCODE'))]).toEqual(['held', 'differ']);
  });
});

describe("L3, L5: a lead's status and its lists", () => {
  const settings = settingsOf('recommended', { lead: { enabled: true, fields: LEAD_FIELDS, statusLists: LISTS } });
  const at = (...ids: string[]): Partial<Pair> => ({ leadLists: ids.map((listId) => ({ listId, since: null })) });
  const status = (pair: Pair, own = settings) => comparePair(pair, own).filter(({ field }) => field === 'lead status');

  it('are equal, or differ', () => {
    expect(status(leadOf(at('70')))).toEqual([
      { field: 'lead status', verdict: 'equal', crm: 'New', marketing: 'New' },
    ]);
    expect(status(leadOf(at('71')))).toEqual([
      { field: 'lead status', verdict: 'differ', crm: 'New', marketing: 'Working' },
    ]);
  });

  it('4.9: are held with the record, or by their name', () => {
    expect(status(leadOf({ ...at('71'), holds: [{ field: 'lead status' }] }))).toMatchObject([{ verdict: 'held' }]);
    expect(status(leadOf({ ...at('71'), holds: [{ field: 'POSTCODE' }] }))).toMatchObject([{ verdict: 'differ' }]);
  });

  it.each<[string, Pair, typeof settings]>([
    ['L8: on no list any more', leadOf(at()), settings],
    ['L8: on lists of no status', leadOf(at('99')), settings],
    ['C32: paused', leadOf({ ...at('71'), link: aLink({ role: 'lead', state: 'paused' }) }), settings],
    [
      'S2: only marketing is written',
      leadOf(at('71')),
      settingsOf('recommended', { lead: { direction: 'to-marketing', statusLists: LISTS } }),
    ],
    [
      'S2: only the CRM is written',
      leadOf(at('71')),
      settingsOf('recommended', { lead: { direction: 'to-crm', statusLists: LISTS } }),
    ],
  ])('%s: muted', (_, pair, own) => {
    expect(status(pair, own)).toMatchObject([{ verdict: 'muted' }]);
  });

  it('are not compared where there are none', () => {
    expect(status(leadOf(at('70'), null))).toEqual([]);
    expect(status(leadOf(at('70')), settingsOf('recommended', { lead: { enabled: true } }))).toEqual([]);
    expect(status(pairOf())).toEqual([]);
  });
});
