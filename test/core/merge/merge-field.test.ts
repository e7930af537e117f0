// The merge of one field: what changed against the base, what counts as the base, and what a set becomes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledField } from '../../../src/core/mapping/compiled-field.ts';
import {
  effectiveBase,
  isRefused,
  isSettled,
  NOTHING_KNOWN,
  sendMark,
} from '../../../src/core/merge/effective-base.ts';
import {
  crmSide,
  type MergedField,
  marketingSide,
  mergeField,
  mergeSets,
  resolveWinner,
} from '../../../src/core/merge/merge-field.ts';
import type { BaseField, Unconfirmed } from '../../../src/core/model/link.ts';
import type { Raw } from '../../../src/core/model/value.ts';
import { agreedOn, aLink, FIELDS } from '../plan/a-person.ts';

describe('what counts as the base', () => {
  const sent: Unconfirmed = { from: 'old', to: 'new', crm: 'new', tries: 1 };
  const link = aLink({ base: agreedOn({ POSTCODE: 'old' }), unconfirmed: { POSTCODE: sent } });

  it('R4: a write counts until the contact is read', () => {
    expect(effectiveBase(link, 'POSTCODE', 'new', true)).toEqual({
      base: { crm: 'new', marketing: 'new' },
      confirmation: 'waiting',
      sent,
    });
  });

  it('R4: read back as written, it is the base', () => {
    expect(effectiveBase(link, 'POSTCODE', 'new', false)).toMatchObject({
      base: { crm: 'new', marketing: 'new' },
      confirmation: 'confirmed',
    });
  });

  it('R4: read back as it was, the old base stands', () => {
    expect(effectiveBase(link, 'POSTCODE', 'old', false)).toMatchObject({
      base: { crm: 'old', marketing: 'old' },
      confirmation: 'not-applied',
    });
  });

  it('R4: read back as something else, it was written and edited since', () => {
    expect(effectiveBase(link, 'POSTCODE', 'other', false)).toMatchObject({
      base: { crm: 'new', marketing: 'new' },
      confirmation: 'confirmed',
    });
  });

  it('C29: a value written to both sides leaves the base until both read it', () => {
    const both = aLink({ base: agreedOn({ POSTCODE: 'old' }), unconfirmed: { POSTCODE: { ...sent, twoSided: true } } });
    expect(effectiveBase(both, 'POSTCODE', 'new', false)).toMatchObject({
      base: { crm: 'old', marketing: 'old' },
      confirmation: 'confirmed',
    });
    expect(effectiveBase(both, 'POSTCODE', 'new', true)).toMatchObject({
      base: { crm: 'old', marketing: 'old' },
      confirmation: 'waiting',
    });
  });

  it('R4: a write that failed was carried out all the same only where its own value is read', () => {
    const doubted = (system: 'crm' | 'marketing') =>
      aLink({ base: agreedOn({ POSTCODE: 'old' }), unconfirmed: { POSTCODE: { ...sent, doubted: system } } });
    const done = { base: { crm: 'new', marketing: 'new' }, confirmation: 'confirmed' };
    const never = { base: { crm: 'old', marketing: 'old' }, confirmation: 'never-sent' };
    const unread = { base: { crm: 'old', marketing: 'old' }, confirmation: 'none', sent: null };
    const inMarketing = doubted('marketing');
    expect(effectiveBase(inMarketing, 'POSTCODE', 'new', false, 'old')).toMatchObject(done);
    for (const read of ['old', 'other', null])
      expect(effectiveBase(inMarketing, 'POSTCODE', read, false, 'new')).toMatchObject(never);
    expect(effectiveBase(inMarketing, 'POSTCODE', 'new', true, 'new')).toEqual(unread);
    const inCrm = doubted('crm');
    expect(effectiveBase(inCrm, 'POSTCODE', 'old', true, 'new')).toMatchObject(done);
    for (const read of ['old', 'other', null])
      expect(effectiveBase(inCrm, 'POSTCODE', 'new', false, read)).toMatchObject(never);
    expect(effectiveBase(inCrm, 'POSTCODE', 'new', false)).toEqual(unread);
    const states = [
      effectiveBase(inCrm, 'POSTCODE', 'new', false, 'new'),
      effectiveBase(inCrm, 'POSTCODE', 'new', false, 'old'),
    ];
    expect([...states, effectiveBase(inCrm, 'POSTCODE', 'new', false)].map((one) => isSettled(one, true))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('R4: where nothing was sent, the base is what was agreed on, if anything', () => {
    expect(effectiveBase(aLink({ base: agreedOn({ POSTCODE: 'old' }) }), 'POSTCODE', 'new', false)).toEqual({
      base: { crm: 'old', marketing: 'old' },
      confirmation: 'none',
      sent: null,
    });
    expect(effectiveBase(aLink({ base: {} }), 'POSTCODE', 'new', false)).toEqual(NOTHING_KNOWN);
  });

  it('decision 27: what an undo wrote stays known as taken back', () => {
    const back = aLink({ base: agreedOn({ POSTCODE: 'old' }), unconfirmed: { POSTCODE: { ...sent, undone: true } } });
    expect(effectiveBase(back, 'POSTCODE', 'new', false).base).toEqual({ crm: 'new', marketing: 'new', undone: true });
  });

  it('R4: a write that took effect or still waits is no failed try, and the next begins from what is read', () => {
    const often = aLink({ unconfirmed: { POSTCODE: { ...sent, tries: 2 } } });
    const confirmed = effectiveBase(often, 'POSTCODE', 'other', false);
    expect(isRefused(confirmed, 'new')).toBe(false);
    expect(isRefused(effectiveBase(often, 'POSTCODE', 'new', true), 'new')).toBe(false);
    expect(sendMark(confirmed, 'other', 'new', 'new')).toEqual({ from: 'other', to: 'new', crm: 'new', tries: 1 });
  });

  it('R4: a second send before the first was read remembers what was read last', () => {
    const waiting = effectiveBase(link, 'POSTCODE', 'new', true);
    expect(sendMark(waiting, 'new', 'newer', 'newer')).toEqual({ from: 'old', to: 'newer', crm: 'newer', tries: 1 });
  });

  it('R4: a value without effect is sent twice, then refused; another value starts afresh', () => {
    expect(isRefused(NOTHING_KNOWN, 'new')).toBe(false);
    const once = effectiveBase(link, 'POSTCODE', 'old', false);
    expect([isRefused(once, 'new'), sendMark(once, 'old', 'new', 'new').tries]).toEqual([false, 2]);
    const twice = effectiveBase(aLink({ unconfirmed: { POSTCODE: { ...sent, tries: 2 } } }), 'POSTCODE', 'old', false);
    expect([isRefused(twice, 'new'), isRefused(twice, 'other')]).toEqual([true, false]);
  });
});

describe('sets', () => {
  const sets = fc.subarray(['a', 'b', 'c', 'd', 'e']).map((items) => (items.length === 0 ? null : [...items].sort()));

  it('C29: base + added on either side - removed on either side', () => {
    const base = { crm: ['a', 'b', 'c'], marketing: ['a', 'b', 'c'] };
    expect(mergeSets(base, ['a', 'c', 'd'], ['b', 'c', 'e'])).toEqual(['c', 'd', 'e']);
    expect(mergeSets(base, null, ['a', 'b', 'c', 'd'])).toEqual(['d']);
    expect(mergeSets(base, ['a'], ['b'])).toBeNull();
    expect(mergeSets({ crm: 'a', marketing: 'a' }, ['b'], ['a', 'b'])).toEqual(['b']);
  });

  it('C29: both sides count alike, one unchanged side takes the other, and merging again changes nothing', () => {
    fc.assert(
      fc.property(sets, sets, sets, (base, crm, marketing) => {
        const known = { crm: base, marketing: base };
        const merged = mergeSets(known, crm, marketing);
        expect(mergeSets(known, marketing, crm)).toEqual(merged);
        expect(mergeSets(known, crm, base)).toEqual(crm);
        expect(mergeSets(known, merged, marketing)).toEqual(merged);
        expect(mergeSets(known, crm, merged)).toEqual(merged);
      }),
    );
  });
});

describe('one field', () => {
  const rules = { targets: 'both', blanksTravel: true, winner: 'fill-blanks' } as const;
  it('R2: spelling is no change: outer spaces and composed letters read the same', () => {
    expect(
      mergeField(
        FIELDS.postcode,
        crmSide(FIELDS.postcode, ' Zoe\u0308 '),
        marketingSide(FIELDS.postcode, 'Zo\u00eb'),
        { crm: 'Zo\u00eb', marketing: 'Zo\u00eb' },
        rules,
      ).outcome,
    ).toBe('nothing');
  });

  it('C28: a value that cannot be read equals nothing but itself', () => {
    const odd = crmSide(FIELDS.size, 'about ten');
    expect(odd.why).toContain('number');
    expect(odd).toEqual(crmSide(FIELDS.size, 'about ten'));
    expect(odd.value).not.toBe(crmSide(FIELDS.size, 'about eleven').value);
    expect(odd.value).not.toBe('');
    expect(mergeField(FIELDS.size, odd, marketingSide(FIELDS.size, null), null, rules).outcome).toBe('write-marketing');
    expect(
      mergeField(FIELDS.size, odd, marketingSide(FIELDS.size, 4), { crm: odd.value, marketing: '4' }, rules).outcome,
    ).toBe('nothing');
  });

  it('4.8: `newest` in alignment goes by the records; an unknown time leaves it to the CRM', () => {
    expect(resolveWinner('newest', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z')).toBe('marketing');
    expect(resolveWinner('newest', '2026-01-02T00:00:00+01:00', '2026-01-01T23:00:00Z')).toBe('crm');
    expect(resolveWinner('newest', '2026-01-01T00:00:00Z', null)).toBe('crm');
    expect(resolveWinner('newest', null, '2026-01-01T00:00:00Z')).toBe('crm');
    expect(resolveWinner('fill-blanks', null, '2026-01-01T00:00:00Z')).toBe('fill-blanks');
  });

  describe('a data field with a default', () => {
    const region = (value: Raw): CompiledField => ({
      ...FIELDS.postcode,
      marketing: { ...FIELDS.postcode.marketing, defaultValue: value },
    });
    const merged = (defaultValue: Raw, crm: Raw, marketing: Raw, base: BaseField | null): MergedField => {
      const field = region(defaultValue);
      return mergeField(field, crmSide(field, crm), marketingSide(field, marketing), base, rules);
    };

    it('C2: the default is a blank where nobody ever gave the contact a value: it does not fill the CRM', () => {
      expect(merged('North', null, 'North', null)).toMatchObject({ outcome: 'agree', marketing: { value: null } });
      expect(merged('North', 'South', 'North', null)).toMatchObject({ outcome: 'write-marketing', result: 'South' });
      expect(merged('North', null, 'North', { crm: null, marketing: null }).outcome).toBe('nothing');
    });

    it('C2: another value than the default fills the CRM', () => {
      expect(merged('North', null, 'East', null)).toMatchObject({ outcome: 'write-crm', result: 'East' });
    });

    it('C26: once both sides agreed on a value, going back to the default is an edit', () => {
      expect(merged('North', 'East', 'North', { crm: 'East', marketing: 'East' })).toMatchObject({
        outcome: 'write-crm',
        result: 'North',
      });
    });

    it('C2: no default leaves every value as it is', () => {
      expect(merged(null, null, 'North', null)).toMatchObject({ outcome: 'write-crm', result: 'North' });
    });
  });
});
