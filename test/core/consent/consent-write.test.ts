// What is written onto a CRM record so that it says yes or no: nothing else of it is touched.
import { describe, expect, it } from 'vitest';
import { consentWrite } from '../../../src/core/consent/consent-write.ts';
import { readSignals } from '../../../src/core/consent/read-signals.ts';
import type { ConsentSignals } from '../../../src/core/model/settings.ts';
import type { Raw } from '../../../src/core/model/value.ts';
import { aRecord } from '../plan/a-person.ts';

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
