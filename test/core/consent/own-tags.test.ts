// R19: tags of consent in a mapped list of tags are neither added, removed nor taken along by any field rule.
import { describe, expect, it } from 'vitest';
import { keepConsentTags, withoutConsentTags } from '../../../src/core/consent/own-tags.ts';
import type { ConsentSettings } from '../../../src/core/model/settings.ts';
import { settingsOf } from '../plan/a-person.ts';

const consent = (more: Partial<ConsentSettings> = {}): ConsentSettings => {
  const signals = (optIn: string, optOut: string) =>
    ({ tags: { optIn: [optIn], optOut: [optOut] }, field: null, default: 'none' }) as const;
  const both = { contact: signals('Newsletter', 'Unsubscribed'), lead: signals('Lead mail', 'No lead mail') };
  return { ...settingsOf('classic').consent, enabled: true, signals: both, ...more };
};
const silent = consent({
  signals: {
    contact: { tags: { optIn: [], optOut: [] }, field: null, default: 'none' },
    lead: { tags: { optIn: ['x'], optOut: [] }, field: null, default: 'none' },
  },
});

describe('R19: a mapped list of tags that is to be written', () => {
  it('keeps those of consent that are there, whatever their case, and brings none along', () => {
    expect(keepConsentTags(consent(), 'contact', ['vip', 'newsletter', 'a'], ['UNSUBSCRIBED', 'old'])).toEqual([
      'UNSUBSCRIBED',
      'a',
      'vip',
    ]);
  });

  it('goes by the words of its own kind of record', () => {
    expect(keepConsentTags(consent(), 'lead', ['Newsletter', 'lead mail'], ['No lead mail'])).toEqual([
      'Newsletter',
      'No lead mail',
    ]);
  });

  it('is blank where nothing is left, and holds nothing twice', () => {
    expect(keepConsentTags(consent(), 'contact', ['Newsletter'], ['old'])).toBeNull();
    expect(keepConsentTags(consent(), 'contact', null, null)).toBeNull();
    expect(keepConsentTags(consent(), 'contact', ['a', 'a'], ['Newsletter', 'Newsletter'])).toEqual([
      'Newsletter',
      'a',
    ]);
  });

  it('is left as it is where consent is off, or no tag says anything of it', () => {
    const wanted = ['vip', 'Newsletter', 'a'];
    expect(keepConsentTags(consent({ enabled: false }), 'contact', wanted, ['Unsubscribed'])).toBe(wanted);
    expect(keepConsentTags(silent, 'contact', wanted, ['Unsubscribed'])).toBe(wanted);
  });
});

describe('R19: tags of a new record', () => {
  it('are without those of consent, in the order they had', () => {
    expect(withoutConsentTags(consent(), 'contact', ['vip', 'newsLETTER', 'a', 'Unsubscribed'])).toEqual(['vip', 'a']);
    expect(withoutConsentTags(consent(), 'lead', ['Newsletter'])).toEqual(['Newsletter']);
  });

  it('are left as they are where consent is off, no tag says anything of it, or they are no list', () => {
    const tags = ['vip', 'Newsletter'];
    expect(withoutConsentTags(consent({ enabled: false }), 'contact', tags)).toBe(tags);
    expect(withoutConsentTags(silent, 'contact', tags)).toBe(tags);
    expect(withoutConsentTags(consent(), 'contact', null)).toBeNull();
    expect(withoutConsentTags(consent(), 'contact', 'Newsletter')).toBe('Newsletter');
  });
});
