// What is written onto a CRM record so that it says yes or no: nothing else of it is touched.
import { describe, expect, it } from 'vitest';
import { consentWrite, optOutSignal } from '../../../src/core/consent/consent-write.ts';
import { readSignals } from '../../../src/core/consent/read-signals.ts';
import type { ConsentSignals } from '../../../src/core/model/settings.ts';
import type { Raw } from '../../../src/core/model/value.ts';
import { aRecord, settingsOf } from '../plan/a-person.ts';

const TAGS = { optIn: ['newsletter'], optOut: ['unsubscribed'] };
const field = (writeIn: Raw, writeOut: Raw): ConsentSignals['field'] => ({
  path: 'custom_fields.Mail',
  optIn: ['Yes'],
  optOut: ['No'],
  writeIn,
  writeOut,
  whole: null,
});
const signals = (more: Partial<ConsentSignals>): ConsentSignals => ({
  tags: { optIn: [], optOut: [] },
  field: null,
  default: 'none',
  ...more,
});

describe('O7, O9: writing consent', () => {
  it('adds the first tag and takes the opposite ones, whatever their case', () => {
    const record = aRecord({}, { tags: ['vip', 'NewsLetter'] });
    expect(consentWrite(signals({ tags: TAGS }), record, 'optOut')).toEqual({
      set: {},
      addTags: ['unsubscribed'],
      removeTags: ['NewsLetter'],
    });
  });

  it('adds no more than the first tag, and none that is there in another case', () => {
    const two = signals({ tags: { optIn: ['newsletter', 'news'], optOut: ['unsubscribed'] } });
    expect(consentWrite(two, aRecord(), 'optIn')).toEqual({ set: {}, addTags: ['newsletter'] });
    expect(consentWrite(two, aRecord({}, { tags: ['Newsletter'] }), 'optIn')).toBeNull();
  });

  it('sends a field that is written whole along only when it is written', () => {
    const whole = { ...field('Yes', 'No'), whole: 'address' } as ConsentSignals['field'];
    const both = signals({ tags: TAGS, field: whole });
    expect(consentWrite(both, aRecord({ 'custom_fields.Mail': 'Ask' }), 'optIn')).toEqual({
      set: { 'custom_fields.Mail': 'Yes' },
      addTags: ['newsletter'],
      whole: ['address'],
    });
    expect(consentWrite(both, aRecord({ 'custom_fields.Mail': 'yes' }), 'optIn')).toEqual({
      set: {},
      addTags: ['newsletter'],
    });
  });

  it('leaves the other values where the opposite one is taken and no word can be said', () => {
    const noWord = signals({ field: field(['Yes'], null) });
    expect(consentWrite(noWord, aRecord({ 'custom_fields.Mail': ['Blue', 'yes'] }), 'optOut')).toEqual({
      set: { 'custom_fields.Mail': ['Blue'] },
    });
  });

  it('a word that is there already beside its opposite is not written twice', () => {
    const set = signals({ field: field(['Yes'], ['No']) });
    expect(consentWrite(set, aRecord({ 'custom_fields.Mail': ['no', 'Yes'] }), 'optOut')).toEqual({
      set: { 'custom_fields.Mail': ['no'] },
    });
  });

  it('takes an opt-in away where no opt-out can be said', () => {
    const record = aRecord({}, { tags: ['newsletter'] });
    const only = signals({ tags: { optIn: ['newsletter'], optOut: [] } });
    expect(consentWrite(only, record, 'optOut')).toEqual({ set: {}, removeTags: ['newsletter'] });
    expect(consentWrite(only, aRecord(), 'optOut')).toBeNull();
  });

  it('of several values only the ones that speak of consent change', () => {
    const record = aRecord({ 'custom_fields.Mail': ['Blue', 'yes'] });
    const set = signals({ field: field(['Yes'], ['No']) });
    expect(consentWrite(set, record, 'optOut')).toEqual({ set: { 'custom_fields.Mail': ['Blue', 'No'] } });
    expect(consentWrite(set, aRecord({ 'custom_fields.Mail': ['Blue', 'no'] }), 'optOut')).toBeNull();
  });

  it('a value that says nothing of consent is never blanked', () => {
    const noWord = signals({ field: { ...field('Yes', null), optOut: [] } as ConsentSignals['field'] });
    expect(consentWrite(noWord, aRecord({ 'custom_fields.Mail': 'Ask' }), 'optOut')).toBeNull();
    expect(consentWrite(noWord, aRecord({ 'custom_fields.Mail': 'Yes' }), 'optOut')).toEqual({
      set: { 'custom_fields.Mail': null },
    });
  });

  it('P1, P2: what was written reads as what was meant', () => {
    for (const kind of ['optIn', 'optOut'] as const) {
      for (const tags of [[], ['newsletter'], ['unsubscribed'], ['Newsletter', 'UNSUBSCRIBED', 'vip']]) {
        for (const value of [null, 'Yes', 'No', 'Ask']) {
          const both = signals({ tags: TAGS, field: field('Yes', 'No') });
          const record = aRecord({ 'custom_fields.Mail': value }, { tags });
          const write = consentWrite(both, record, kind);
          const removed = new Set(write?.removeTags ?? []);
          const after = aRecord(
            { ...record.values, ...write?.set },
            { tags: [...tags, ...(write?.addTags ?? [])].filter((tag) => !removed.has(tag)) },
          );
          expect(readSignals(after, both)).toMatchObject({
            state: kind === 'optIn' ? 'optedIn' : 'optedOut',
            contradiction: false,
          });
        }
      }
    }
  });
});

describe('O11, L19: a new record of somebody who said no', () => {
  const of = (role: 'contact' | 'lead', own: Partial<ConsentSignals>) => {
    const { consent } = settingsOf('classic');
    return optOutSignal({ ...consent, signals: { ...consent.signals, [role]: signals(own) } }, role);
  };

  it('carries the first tag and the word of the field of its own kind', () => {
    const tags = { optIn: ['newsletter'], optOut: ['unsubscribed', 'gone'] };
    expect(of('lead', { tags, field: field('Yes', 'No') })).toEqual({
      set: { 'custom_fields.Mail': 'No' },
      tags: ['unsubscribed'],
    });
  });

  it('carries nothing where nothing says no', () => {
    expect(of('contact', {})).toEqual({ set: {}, tags: [] });
    expect(of('contact', { field: field('Yes', null) })).toEqual({ set: {}, tags: [] });
  });
});
