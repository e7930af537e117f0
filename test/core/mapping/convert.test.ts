// Conversions by example, pair by pair: what is read, what is written, what is refused and why.
import { describe, expect, it } from 'vitest';
import { readCrm, readMarketing, writeCrm, writeMarketing } from '../../../src/core/mapping/convert.ts';
import { aField } from './a-field.ts';

const ok = (value: unknown): unknown => ({ type: 'ok', value });
const raw = (value: unknown): unknown => ({ type: 'ok', raw: value });
const no = (why: string): unknown => ({ type: 'unmappable', why: expect.stringContaining(why) as unknown });

describe('blank', () => {
  const pairs = [
    aField('text', 'string'),
    aField('choice', 'string', { crm: { choices: ['a'] } }),
    aField('status', 'string', { crm: { choices: ['none'], fallback: 'none' } }),
    aField('number', 'numeric'),
    aField('boolean', 'boolean'),
    aField('date', 'date'),
    aField('datetime', 'string'),
    aField('set', 'string'),
    aField('text', 'numeric'),
    aField('text', 'date'),
    aField('choice', 'boolean', { crm: { choices: ['Yes', 'No'] } }),
  ];
  it.each(pairs)(
    'C26: null, empty text, white space and empty lists are blank for $crm.type and $marketing.type',
    (field) => {
      for (const blank of [null, '', '  \n', [], ['', ' ']]) {
        expect(readCrm(field, blank)).toEqual(ok(null));
        expect(readMarketing(field, blank)).toEqual(ok(null));
      }
      expect(writeMarketing(field, null)).toEqual(raw(null));
    },
  );

  it('C26: a blank is written as the type wants it, never into a mandatory field', () => {
    expect(writeCrm(aField('text', 'string'), null)).toEqual(raw(null));
    expect(writeCrm(aField('set', 'string'), null)).toEqual(raw([]));
    expect(writeCrm(aField('text', 'string', { crm: { mandatory: true } }), null)).toEqual(no('is blank'));
  });

  it('C26: false and zero are values', () => {
    expect(readMarketing(aField('boolean', 'boolean'), false)).toEqual(ok(false));
    expect(readMarketing(aField('number', 'numeric'), 0)).toEqual(ok('0'));
  });
});

describe('free text beside a stricter data field', () => {
  it('C28: text × numeric: plain numbers travel; what would lose its form is held', () => {
    const field = aField('text', 'numeric');
    expect(readCrm(field, ' 12.50 ')).toEqual(ok('12.5'));
    expect(readMarketing(field, 12.5)).toEqual(ok('12.5'));
    expect(writeCrm(field, '12.5')).toEqual(raw('12.5'));
    expect(writeMarketing(field, '12.5')).toEqual(raw(12.5));
    for (const text of ['01234', '+5', '1e3', '.5', '1,000', '£5', 'five'])
      expect(readCrm(field, text)).toEqual(no('is not a plain number'));
  });

  it('C28: text × date: dates without a time; text × boolean: yes and no in either language', () => {
    const date = aField('text', 'date');
    expect(readCrm(date, '2026-01-31')).toEqual(ok('2026-01-31'));
    expect(writeMarketing(date, '2026-01-31')).toEqual(raw('2026-01-31T00:00:00Z'));
    for (const text of ['31/01/2026', '1/31/2026', '2026-01-31 10:00', '2026-02-30', 'soon'])
      expect(readCrm(date, text)).toEqual(no('date'));
    expect(readCrm(date, '31/01/2026')).toEqual(no('is not a plain date such as 2026-01-31'));
    const yes = aField('text', 'boolean');
    expect(['yes', 'TRUE', '1'].map((text) => readCrm(yes, text))).toEqual([ok(true), ok(true), ok(true)]);
    expect([writeCrm(yes, true), writeCrm(yes, false)]).toEqual([raw('Yes'), raw('No')]);
    expect(readCrm(yes, 'perhaps')).toEqual(no('neither yes nor no'));
  });

  it('C28: choice × boolean and choice × numeric: the one choice that says it', () => {
    const choices = { crm: { choices: ['Yes', 'No', 'Ask'] } };
    expect(readCrm(aField('choice', 'boolean', choices), 'No')).toEqual(ok(false));
    expect(writeCrm(aField('choice', 'boolean', choices), true)).toEqual(raw('Yes'));
    expect(readCrm(aField('choice', 'boolean', choices), 'Ask')).toEqual(no('neither yes nor no'));
    const twice = { crm: { choices: ['Yes', '1', 'No'] } };
    expect(writeCrm(aField('choice', 'boolean', twice), true)).toEqual(no('choices'));
    const sizes = { crm: { choices: ['5', '7.50', '010'] } };
    expect(writeCrm(aField('choice', 'numeric', sizes), '7.5')).toEqual(raw('7.50'));
    expect(writeCrm(aField('choice', 'numeric', sizes), '10')).toEqual(no('choices'));
    expect(readCrm(aField('choice', 'numeric', { crm: { choices: ['5 '] } }), 5)).toEqual(ok('5'));
  });

  it('C28: boolean × numeric: one and nought', () => {
    const field = aField('boolean', 'numeric');
    expect([writeMarketing(field, true), writeMarketing(field, false)]).toEqual([raw(1), raw(0)]);
    expect([readMarketing(field, 1), readMarketing(field, 0)]).toEqual([ok(true), ok(false)]);
    expect(readMarketing(field, 2)).toEqual(no('neither yes nor no'));
  });

  it('C28: a value of another type is refused by name', () => {
    expect(writeMarketing(aField('number', 'numeric'), true)).toEqual(no('is not a number'));
    expect(writeMarketing(aField('number', 'numeric'), ['5'])).toEqual(no('is not a number'));
    expect(writeMarketing(aField('date', 'date'), true)).toEqual(no('is not a date'));
    expect(writeMarketing(aField('date', 'date'), ['2026-01-31'])).toEqual(no('is not a date'));
  });
});

describe('text × string', () => {
  const field = aField('text', 'string', { crm: { maxLength: 10 }, maxLength: 5 });

  it('R1: only spelling differs', () => {
    expect(readCrm(field, ' Zoe\u0308\r\n')).toEqual(readMarketing(field, 'Zo\u00eb'));
    expect(readMarketing(field, 12.5)).toEqual(ok('12.5'));
    expect(readMarketing(field, true)).toEqual(ok('true'));
  });

  it('C28: is never cut', () => {
    expect(writeMarketing(field, '12345')).toEqual(raw('12345'));
    expect(writeMarketing(field, '123456')).toEqual(no('longer than the 5 characters'));
    expect(writeCrm(field, '1234567890')).toEqual(raw('1234567890'));
    expect(writeCrm(field, '12345678901')).toEqual(no('longer than the 10 characters'));
  });

  it('C28: refuses what no text can carry', () => {
    expect(readCrm(field, 'a\ud83d')).toEqual(no('surrogate'));
    expect(writeMarketing(field, 'a\0')).toEqual(no('NUL'));
    for (const list of [
      ['a', 'b'],
      ['', 'b'],
    ])
      expect(readMarketing(field, list)).toEqual(no('is a list'));
    expect(readCrm(field, { line1: 'x', city: null })).toEqual(no('group of values'));
    expect(readCrm(field, { line1: null })).toEqual(ok(null));
    expect(writeMarketing(field, ' a')).toEqual(no('would come back from the marketing system as another value'));
    expect(writeMarketing(field, ' ')).toEqual(no('would be blank in the marketing system'));
    expect(writeCrm(field, ' a')).toEqual(no('would come back from the CRM as another value'));
    expect(writeCrm(field, 'a\0')).toEqual(no('NUL'));
  });

  it('C30: a field that the CRM keeps to itself is only read', () => {
    const owner = aField('text', 'string', { crm: { writable: false } });
    expect(readCrm(owner, 'Jo')).toEqual(ok('Jo'));
    expect(writeMarketing(owner, 'Jo')).toEqual(raw('Jo'));
    expect(writeCrm(owner, 'Jo')).toEqual(no('does not let us write'));
  });
});

describe('id', () => {
  it('keeps every digit', () => {
    const text = aField('id', 'string', { crm: { writable: false } });
    expect(readCrm(text, '9007199254740993')).toEqual(ok('9007199254740993'));
    expect(readCrm(text, 135906739)).toEqual(ok('135906739'));
    expect(readCrm(text, 2 ** 60)).toEqual(no('lost digits'));
    const numeric = aField('id', 'numeric', { crm: { writable: false } });
    expect(writeMarketing(numeric, '135906739')).toEqual(raw(135906739));
    expect(writeMarketing(numeric, '9007199254740993')).toEqual(raw('9007199254740993'));
  });
});

describe('choice × string', () => {
  const field = aField('choice', 'string', { crm: { choices: ['Small', 'Large', 'vip', 'VIP', 'Groß'] } });

  it('C28: takes the spelling of the list, exact first', () => {
    expect(readMarketing(field, ' small ')).toEqual(ok('Small'));
    expect(readMarketing(field, 'VIP')).toEqual(ok('VIP'));
    expect(readMarketing(field, 'vip')).toEqual(ok('vip'));
    expect(readMarketing(field, 'GROSS')).toEqual(ok('Groß'));
    expect(readCrm(field, 'LARGE')).toEqual(ok('Large'));
  });

  it('C28: what is not in the list, or only almost and twice, is not written to the CRM', () => {
    expect(readMarketing(field, 'Huge')).toEqual(ok('Huge'));
    expect(writeCrm(field, 'Huge')).toEqual(no('not one of the choices'));
    expect(readMarketing(field, 'Vip')).toEqual(ok('Vip'));
    expect(writeCrm(field, 'Vip')).toEqual(no('not one of the choices'));
    expect(writeCrm(field, 'Small')).toEqual(raw('Small'));
  });

  it('R1: a choice that was removed from the list still reads and travels as it stands', () => {
    expect(readCrm(field, 'Retired')).toEqual(ok('Retired'));
    expect(writeMarketing(field, 'Retired')).toEqual(raw('Retired'));
  });

  it('C28: a list entry with outer space keeps its own spelling', () => {
    const spaced = aField('choice', 'string', { crm: { choices: ['Gold ', 'Silver'] } });
    expect(readCrm(spaced, 'Gold ')).toEqual(ok('Gold '));
    expect(readMarketing(spaced, 'gold')).toEqual(ok('Gold '));
    expect(writeCrm(spaced, 'Gold ')).toEqual(raw('Gold '));
    expect(writeMarketing(spaced, 'Gold ')).toEqual(raw('Gold '));
  });
});

describe('status × string', () => {
  const crm = { choices: ['none', 'current', 'past'], fallback: 'none' };
  const field = aField('status', 'string', { crm });
  const mapped = aField('status', 'string', {
    crm,
    values: [
      { marketing: 'vip', crm: 'current' },
      { marketing: 'Gone', crm: 'past' },
    ],
  });

  it.each([
    ['current', 'current'],
    [' Current ', 'current'],
    ['PAST', 'past'],
    ['none', 'none'],
  ])('C12: %j is %s', (text, value) => {
    expect(readMarketing(field, text)).toEqual(ok(value));
  });

  it.each(['lost', 'customer', '???', '1'])('C12, C13: %j cannot be mapped and defaults', (text) => {
    expect(readMarketing(field, text)).toEqual({ type: 'ok', value: 'none', defaulted: true });
  });

  it('C13: blank stays blank', () => {
    expect(readMarketing(field, ' ')).toEqual(ok(null));
  });

  it('C12: the value map comes first, in any case', () => {
    for (const text of ['vip', 'VIP', ' Vip ', 'current']) expect(readMarketing(mapped, text)).toEqual(ok('current'));
    expect(readMarketing(mapped, 'gone')).toEqual(ok('past'));
    expect(writeMarketing(mapped, 'current')).toEqual(raw('vip'));
    expect(writeMarketing(mapped, 'none')).toEqual(raw('none'));
    expect(readMarketing(mapped, 'other')).toEqual({ type: 'ok', value: 'none', defaulted: true });
  });

  it('C12: the word of the CRM is never replaced, and never written where it would default', () => {
    expect(readCrm(field, 'prospective')).toEqual(ok('prospective'));
    expect(readCrm(field, 'Current')).toEqual(ok('current'));
    expect(writeMarketing(field, 'prospective')).toEqual(no('another value'));
    expect(writeCrm(field, 'prospective')).toEqual(no('not one of the choices'));
  });

  it('C12: of two that differ by case alone each is its own', () => {
    const twins = aField('status', 'string', { crm: { choices: ['none', 'vip', 'VIP'], fallback: 'none' } });
    expect(['vip', 'VIP'].map((text) => readMarketing(twins, text))).toEqual([ok('vip'), ok('VIP')]);
    expect(readMarketing(twins, 'Vip')).toEqual({ type: 'ok', value: 'none', defaulted: true });
  });

  it('C28: without a fallback an unknown status is a value that the CRM refuses', () => {
    const strict = aField('status', 'string', { crm: { choices: ['New', 'Working'] } });
    expect(readMarketing(strict, 'new')).toEqual(ok('New'));
    expect(readMarketing(strict, 'Old')).toEqual(ok('Old'));
    expect(writeCrm(strict, 'Old')).toEqual(no('not one of the choices'));
    expect(readMarketing(aField('status', 'string', { crm: { fallback: 'none' } }), 'New')).toEqual(ok('New'));
  });
});

describe('number', () => {
  const numeric = aField('number', 'numeric');
  const text = aField('number', 'string');

  it.each(['0123.4500', '123.45', 123.45, '1.2345e2'])('C28: %j is 123.45', (value) => {
    for (const field of [numeric, text]) {
      expect(readCrm(field, value)).toEqual(ok('123.45'));
      expect(readMarketing(field, value)).toEqual(ok('123.45'));
    }
  });

  it('C28: goes out as a JSON number only where that is exact', () => {
    expect(writeMarketing(numeric, '123.45')).toEqual(raw(123.45));
    expect(writeMarketing(numeric, '123456789012345678')).toEqual(raw('123456789012345678'));
    expect(writeMarketing(numeric, '0.000000001')).toEqual(raw('0.000000001'));
    expect(writeMarketing(text, '123.45')).toEqual(raw('123.45'));
    expect(writeCrm(numeric, '123.45')).toEqual(raw('123.45'));
  });

  it('C28: is never rounded', () => {
    expect(writeMarketing(numeric, '1234567890123456789')).toEqual(no('18 digits before'));
    expect(writeMarketing(numeric, '0.1234567891')).toEqual(no('9 digits after'));
    expect(readMarketing(numeric, 2 ** 60)).toEqual(no('lost digits'));
    expect(readMarketing(numeric, 0.1 + 0.2)).toEqual(no('lost digits'));
  });

  it.each(['1,234', '£12', 'about 5', '12 %', 'NaN'])('C28: %j is no number', (value) => {
    expect(readMarketing(text, value)).toEqual(no('not a plain number'));
  });

  it('C28: a boolean is no number', () => {
    expect(readMarketing(numeric, true)).toEqual(no('not a number'));
  });
});

describe('boolean', () => {
  const typed = aField('boolean', 'boolean');
  const text = aField('boolean', 'string');

  it.each([true, 'true', 'True', 'Yes', '1', 1])('C28: %j is yes', (value) => {
    for (const field of [typed, text]) expect(readMarketing(field, value)).toEqual(ok(true));
    expect(readCrm(typed, value)).toEqual(ok(true));
  });

  it('C28: an unknown word is not no', () => {
    expect(readMarketing(text, 'maybe')).toEqual(no('neither yes nor no'));
    expect(readMarketing(typed, 2)).toEqual(no('neither yes nor no'));
  });

  it('C28: is written natively where there is a type for it', () => {
    expect(writeMarketing(typed, false)).toEqual(raw(false));
    expect(writeMarketing(text, false)).toEqual(raw('false'));
    expect(writeCrm(text, true)).toEqual(raw(true));
    expect(writeMarketing(typed, 'true')).toEqual(no('neither'));
  });

  it('C28: a value map names yes and no', () => {
    const words = aField('boolean', 'string', {
      values: [
        { marketing: 'Ja', crm: 'true' },
        { marketing: 'Nein', crm: 'false' },
      ],
    });
    expect(readMarketing(words, 'JA')).toEqual(ok(true));
    expect(writeMarketing(words, false)).toEqual(raw('Nein'));
    expect(readMarketing(words, 'yes')).toEqual(ok(true));
  });
});

describe('date and datetime', () => {
  it.each(['2016-04-27', '4/27/2016', '2016-04-27T00:00:00Z', '2016-04-27T23:00:00-05:00'])(
    'C28: CRM date %s',
    (value) => {
      expect(readCrm(aField('date', 'date'), value)).toEqual(ok('2016-04-27'));
    },
  );

  it.each([
    '2016-04-27T00:00:00Z',
    '2016-04-27 00:00:00',
    '2016-04-27T00:00:00.0000000',
    '2016-04-26T22:00:00-05:00',
    '2016-04-27',
  ])('C28: marketing date %s', (value) => {
    expect(readMarketing(aField('date', 'date'), value)).toEqual(ok('2016-04-27'));
  });

  it('C28: dates go out as midnight UTC or as plain text', () => {
    expect(writeMarketing(aField('date', 'date'), '2016-04-27')).toEqual(raw('2016-04-27T00:00:00Z'));
    expect(writeMarketing(aField('date', 'string'), '2016-04-27')).toEqual(raw('2016-04-27'));
    expect(writeCrm(aField('date', 'date'), '2016-04-27')).toEqual(raw('2016-04-27'));
  });

  it('C28: date-times keep the second and lose the fraction', () => {
    const field = aField('datetime', 'date');
    expect(readMarketing(field, '2021-11-19T11:24:08.94976Z')).toEqual(ok('2021-11-19T11:24:08Z'));
    expect(readCrm(field, '4/28/2016 6:00')).toEqual(ok('2016-04-28T06:00:00Z'));
    expect(writeMarketing(field, '2016-04-28T06:00:00Z')).toEqual(raw('2016-04-28T06:00:00Z'));
    expect(writeCrm(field, '2016-04-28T06:00:00Z')).toEqual(raw('2016-04-28T06:00:00Z'));
  });

  it('C28: a marketing text that could be day first or month first is not guessed', () => {
    for (const field of [aField('date', 'string'), aField('date', 'date'), aField('datetime', 'string')]) {
      const what = field.type === 'date' ? 'a date' : 'a time';
      expect(readMarketing(field, '4/5/2016')).toEqual(no(`is not ${what} that can be read without guessing`));
    }
    expect(readMarketing(aField('date', 'date'), '2019-02-29')).toEqual(no('without guessing'));
    for (const type of ['date', 'datetime'] as const)
      expect(readMarketing(aField(type, 'date'), 1461715200)).toEqual(no('is not a date'));
    expect(writeMarketing(aField('date', 'date'), 'soon')).toEqual(no('another value'));
  });
});

describe('set × string', () => {
  const tags = aField('set', 'string', { maxLength: 12 });

  it('C29: has no order and no repeats', () => {
    expect(readCrm(tags, ['', 'b', ' a', 'b', ' '])).toEqual(ok(['a', 'b']));
    expect(readMarketing(tags, ';b; a;b ;; ')).toEqual(ok(['a', 'b']));
    expect(writeMarketing(tags, ['a', 'b'])).toEqual(raw('a; b'));
    expect(writeCrm(tags, ['a', 'b'])).toEqual(raw(['a', 'b']));
  });

  it('C28: an item with the separator, or a list too long, is not written as text', () => {
    expect(readCrm(tags, ['a;b', 'c'])).toEqual(ok(['a;b', 'c']));
    expect(writeMarketing(tags, ['a;b', 'c'])).toEqual(no('separates items'));
    expect(writeMarketing(aField('text', 'string'), 'a;b')).toEqual(raw('a;b'));
    expect(writeMarketing(tags, ['aaaaaa', 'bbbbbb'])).toEqual(no('longer than the 12'));
    expect(writeCrm(tags, ['b', 'a'])).toEqual(no('another value'));
  });

  it('C28: refuses what no text can carry, in any of its items', () => {
    expect(readCrm(tags, ['a', 'b\0'])).toEqual(no('NUL'));
    expect(writeMarketing(tags, ['a', 'b\0'])).toEqual(no('NUL'));
    expect(writeCrm(tags, ['a', 'b\0'])).toEqual(no('NUL'));
  });

  it('C28: items follow the value map and the closed list', () => {
    const field = aField('set', 'string', {
      crm: { choices: ['Red', 'Blue'] },
      values: [{ marketing: 'rot', crm: 'Red' }],
    });
    expect(readMarketing(field, 'ROT; blue')).toEqual(ok(['Blue', 'Red']));
    expect(writeMarketing(field, ['Blue', 'Red'])).toEqual(raw('Blue; rot'));
    expect(readMarketing(field, 'green; rot')).toEqual(ok(['Red', 'green']));
    expect(writeCrm(field, ['Red', 'green'])).toEqual(no('not one of the choices'));
  });

  it('C28: something else is no list', () => {
    expect(readCrm(tags, true)).toEqual(no('is not a list'));
    expect(readMarketing(tags, 5)).toEqual(no('is not a list'));
    expect(readCrm(tags, 'single; one')).toEqual(ok(['single; one']));
  });
});

describe('value map', () => {
  const field = aField('text', 'string', {
    values: [
      { marketing: 'A', crm: 'Alpha' },
      { marketing: 'First', crm: 'Alpha' },
      { marketing: 'Beta', crm: 'Gamma' },
    ],
  });

  it('C28: several marketing spellings are one value; the first is written', () => {
    expect(readMarketing(field, 'first')).toEqual(ok('Alpha'));
    expect(readMarketing(field, 'a')).toEqual(ok('Alpha'));
    expect(readMarketing(field, 'alpha')).toEqual(ok('alpha'));
    expect(writeMarketing(field, 'Alpha')).toEqual(raw('A'));
  });

  it('C28: a text that the map gives another meaning is not written', () => {
    expect(writeMarketing(field, 'Beta')).toEqual(no('another meaning'));
    expect(writeMarketing(field, 'beta')).toEqual(no('another meaning'));
    expect(writeMarketing(field, 'Gamma')).toEqual(raw('Beta'));
    expect(writeMarketing(field, 'Delta')).toEqual(raw('Delta'));
  });
});
