// What one CRM record says of consent, and which of several records is believed.
import { describe, expect, it } from 'vitest';
import { type CrmConsent, readSignals, strictest } from '../../../src/core/consent/read-signals.ts';
import type { ConsentSignals } from '../../../src/core/model/settings.ts';
import { aRecord } from '../plan/a-person.ts';

const SIGNALS: ConsentSignals = {
  tags: { optIn: ['Newsletter'], optOut: ['Unsubscribed'] },
  field: { path: 'mail', optIn: ['Yes'], optOut: ['No'], writeIn: 'Yes', writeOut: 'No', whole: null },
  default: 'none',
};

describe('a record', () => {
  it.each([
    ['P1', 'a tag, whatever its case', { mail: null }, ['unsubscribed '], 'optedOut', 'tag unsubscribed '],
    ['P1', 'a word of the field', { mail: 'no' }, [], 'optedOut', 'mail no'],
    ['P2', 'a tag among others', { mail: 'Ask' }, ['vip', 'newsletter'], 'optedIn', 'tag newsletter'],
    ['P2', 'one of several values', { mail: ['Blue', 'yes'] }, [], 'optedIn', 'mail yes'],
    ['P3', 'both at once', { mail: 'Yes' }, ['Unsubscribed'], 'optedOut', 'tag Unsubscribed, mail Yes'],
    ['P4', 'nothing', { mail: null }, ['vip'], 'unknown', 'no signal; default none'],
  ] as const)('%s: says so by %s', (row, _, values, tags, state, signal) => {
    const contradiction = row === 'P3';
    const record = aRecord(values, { tags: [...tags] });
    expect(readSignals(record, SIGNALS)).toEqual({ state, derived: false, contradiction, row, signal });
  });

  it('P2: a field of yes and no is read as a word, and a group of values says nothing', () => {
    const words = { ...SIGNALS, field: { ...SIGNALS.field, path: 'mail', optIn: ['true'] } } as ConsentSignals;
    expect(readSignals(aRecord({ mail: true }), words).state).toBe('optedIn');
    expect(readSignals(aRecord({ mail: { line1: 'true' } }), words).state).toBe('unknown');
  });

  it.each([
    ['opted-in', 'optedIn'],
    ['opted-out', 'optedOut'],
  ] as const)('P4: without a signal the default %s counts, and is known to be one', (fallback, state) => {
    const signals = { ...SIGNALS, field: null, default: fallback };
    const expected = {
      state,
      derived: true,
      contradiction: false,
      row: 'P4',
      signal: `no signal; default ${fallback}`,
    };
    expect(readSignals(aRecord(), signals)).toEqual(expected);
  });
});

describe('P5: of several records', () => {
  const says = (state: CrmConsent['state'], derived = false): CrmConsent => ({
    state,
    derived,
    contradiction: false,
    row: 'P4',
    signal: `${state} ${derived}`,
  });

  it.each([
    ['a no before a yes', [says('optedIn'), says('optedOut')], 1],
    ['nothing known before a yes', [says('optedIn'), says('unknown')], 1],
    ['a no before nothing known', [says('unknown'), says('optedOut')], 1],
    ['what was said before the same by default', [says('optedOut', true), says('optedOut')], 1],
    ['a no by default before nothing known', [says('unknown'), says('optedOut', true)], 1],
    ['the first of equals', [says('optedIn'), says('optedIn')], 0],
  ])('it is %s', (_, linked, index) => {
    expect(strictest(linked, [])).toBe(linked[index]);
    expect(strictest([...linked].reverse(), [])?.signal).toBe(linked[index]?.signal);
  });

  it('those that are not linked count only when somebody said no on them', () => {
    const yes = says('optedIn');
    const no = says('optedOut');
    expect(strictest([yes], [says('unknown'), says('optedIn'), says('optedOut', true)])).toBe(yes);
    expect(strictest([yes], [no])).toBe(no);
    expect(strictest([], [says('optedIn')])).toBeNull();
    expect(strictest([], [no])).toBe(no);
  });
});
