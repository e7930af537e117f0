// What is remembered of both sides' consent, and what of it counts as news or as somebody's choice.
import { describe, expect, it } from 'vitest';
import type { CrmConsent } from '../../../src/core/consent/read-signals.ts';
import {
  answeredAt,
  CONSENT_KEY,
  isNewlyOut,
  type Look,
  marketingConsent,
  metInstead,
  recordEvidence,
  rememberedMade,
  rememberedSent,
  seenAfter,
} from '../../../src/core/consent/state-words.ts';
import type { BaseField } from '../../../src/core/model/link.ts';
import type { Effect } from '../../../src/core/model/plan.ts';
import type { ChannelState } from '../../../src/core/model/record.ts';
import { aMailing } from '../plan/a-person.ts';

const T1 = '2026-03-01T08:00:00.000Z';
const T2 = '2026-03-02T08:00:00.000Z';
const mailing = (state: ChannelState, assumed = false) =>
  aMailing({}, { assumed, channel: { state, reason: state, optInType: 'unknown' } });
const consent = (state: CrmConsent['state'], more: Partial<CrmConsent> = {}): CrmConsent => ({
  state,
  derived: false,
  contradiction: false,
  row: 'P1',
  signal: '',
  ...more,
});

describe('the marketing side', () => {
  it('O4: an opt-out is dated by its own event, never by one that is over', () => {
    const back = marketingConsent(mailing('subscribed'), `out ${T1} ${T1}`, T1);
    expect(back).toMatchObject({ word: 'in', news: 'returned', optedOutAt: null });
    const gone = marketingConsent(mailing('unsubscribed'), back.remembered, T1);
    expect(gone).toMatchObject({ news: 'changed', optedOutAt: null });
    expect(marketingConsent(mailing('unsubscribed'), gone.remembered, T1)).toMatchObject({
      news: 'same',
      optedOutAt: null,
    });
    expect(marketingConsent(mailing('unsubscribed'), gone.remembered, T2)).toMatchObject({ optedOutAt: T2 });
  });

  it('O4: another opt-out, later than the one remembered, is news', () => {
    expect(marketingConsent(mailing('unsubscribed'), `out ${T1} ${T1}`, T2)).toMatchObject({
      news: 'changed',
      optedOutAt: T2,
    });
    expect(marketingConsent(mailing('unsubscribed'), `out ${T2} ${T2}`, T1)).toMatchObject({
      news: 'same',
      optedOutAt: T2,
    });
  });

  it('R4: an opt-out that was sent and reads as subscribed was lost; nobody came back', () => {
    expect(marketingConsent(mailing('subscribed'), rememberedSent(null), null).news).toBe('changed');
    expect(marketingConsent(mailing('unsubscribed', true), rememberedSent(null), null)).toMatchObject({
      news: 'same',
      remembered: rememberedSent(null),
    });
    expect(marketingConsent(mailing('unsubscribed'), rememberedSent(null), T1)).toMatchObject({
      news: 'same',
      remembered: `out ${T1} ${T1}`,
    });
  });

  it('R4: what contradicts an opt-out that was sent is heard before that is read back', () => {
    expect(marketingConsent(mailing('subscribed', true), rememberedSent(null), null).news).toBe('changed');
    expect(marketingConsent(mailing('unsubscribed', true), rememberedSent(null), T1)).toMatchObject({
      optedOutAt: T1,
      remembered: `out ${T1} ${T1}`,
    });
  });

  it('O4: the time of an opt-out that is learnt later is no other opt-out', () => {
    expect(marketingConsent(mailing('unsubscribed'), 'out', T1)).toMatchObject({ news: 'same', optedOutAt: T1 });
  });

  it('O4: a time that the service no longer tells stays known, and met again is no news', () => {
    const silent = marketingConsent(mailing('unsubscribed'), `out ${T1} ${T1}`, null);
    expect(silent).toMatchObject({ word: 'out', news: 'same', optedOutAt: T1, remembered: `out ${T1}` });
    expect(marketingConsent(mailing('unsubscribed'), silent.remembered, T1)).toMatchObject({
      word: 'out',
      news: 'same',
      optedOutAt: T1,
      remembered: `out ${T1} ${T1}`,
    });
    expect(marketingConsent(mailing('unsubscribed'), 'out', null).remembered).toBe('out');
  });

  it('O4, O5: a blocked address has the time of its opt-out too', () => {
    expect(marketingConsent(mailing('hard-bounced'), null, T1)).toMatchObject({ word: 'blocked', optedOutAt: T1 });
    expect(marketingConsent(mailing('hard-bounced'), `blocked ${T1} ${T1}`, T1)).toMatchObject({
      news: 'same',
      optedOutAt: T1,
    });
    expect(marketingConsent(mailing('hard-bounced'), `blocked ${T1} ${T1}`, T2)).toMatchObject({
      news: 'changed',
      optedOutAt: T2,
    });
  });

  it('O7: whoever asked to come back and has not confirmed yet returned as well', () => {
    expect(marketingConsent(mailing('pending'), 'out', null)).toMatchObject({ word: 'pending', news: 'returned' });
  });

  it('O5, O9: a bounce or complaint that is over is nobody coming back', () => {
    expect(marketingConsent(mailing('subscribed'), 'blocked', null).news).toBe('changed');
  });

  it('O16, C31: a contact made as unsubscribed for want of any word has nobody’s no, until somebody says it', () => {
    const made = marketingConsent(mailing('unsubscribed'), rememberedMade(null), T1);
    expect(made).toMatchObject({ word: 'out', news: 'same', optOutBy: 'setting', optedOutAt: T1 });
    expect(marketingConsent(mailing('unsubscribed'), made.remembered, T1)).toEqual(made);
    expect(marketingConsent(mailing('unsubscribed'), made.remembered, null).optOutBy).toBe('setting');
    const left = { news: 'changed', optOutBy: 'somebody' };
    expect(marketingConsent(mailing('unsubscribed'), made.remembered, T2)).toMatchObject({ ...left, optedOutAt: T2 });
    expect(marketingConsent(mailing('suppressed'), made.remembered, T1)).toMatchObject(left);
    expect(marketingConsent(mailing('blocked'), made.remembered, T1)).toMatchObject({ ...left, word: 'blocked' });
    expect(marketingConsent(mailing('subscribed'), made.remembered, T1).news).toBe('returned');
  });

  it('O16: where somebody had made the contact meanwhile, nothing is taken for made so', () => {
    const base = {
      type: 'base',
      role: 'contact',
      crmId: '11',
      marketingId: null,
      unconfirmed: {},
      settled: [],
    } as const;
    const name = { crm: 'Ada', marketing: 'Ada' };
    const made = { crm: 'unknown', marketing: rememberedMade(null) };
    const told = { ...base, fields: { LASTNAME: name } };
    expect(metInstead([{ ...base, fields: { LASTNAME: name, [CONSENT_KEY]: made } }, told])).toEqual([told, told]);
  });

  it('O16, O4: of an address that left before, the time of that is not the one of its making', () => {
    const made = marketingConsent(mailing('unsubscribed'), rememberedMade(T1), T1);
    expect(made).toMatchObject({ optOutBy: 'setting', optedOutAt: null });
    expect(marketingConsent(mailing('unsubscribed'), made.remembered, T2)).toMatchObject({
      optOutBy: 'setting',
      optedOutAt: T2,
    });
  });

  it('O6: an address that left and has no subscription now is opted out', () => {
    expect(marketingConsent(mailing('none'), null, T1)).toMatchObject({ word: 'out', news: 'first' });
    expect(marketingConsent(mailing('none'), null, null)).toMatchObject({ word: 'none', news: 'first' });
  });
});

describe('O3, O4, O6: an opt-in counts from the edit that brought it', () => {
  const said = (word: string, since: string | null = null) => ({ crm: word, marketing: since });

  const SEEN = seenAfter(T1);
  const look = (afterOptOut: boolean | null = null, witnessed = true): Look => ({ witnessed, afterOptOut });

  it('against a record seen without it after the opt-out, and later edits move nothing', () => {
    const first = recordEvidence(said('unknown', SEEN), consent('optedIn'), T1, look());
    expect(first).toEqual(said('in', T1));
    expect(recordEvidence(first, consent('optedIn'), T2, look())).toEqual(said('in', T1));
    expect(recordEvidence(said('out', SEEN), consent('optedIn'), T1, look())).toEqual(said('in', T1));
  });

  it('O4: not against a record that may have said yes before the opt-out', () => {
    expect(recordEvidence(said('unknown'), consent('optedIn'), T2, look())).toEqual(said('in'));
    expect(recordEvidence(said('unknown', SEEN), consent('unknown'), T1, look(false))).toEqual(said('unknown'));
    expect(recordEvidence(said('unknown'), consent('unknown'), T1, look(true))).toEqual(said('unknown', SEEN));
    expect(recordEvidence(said('out', SEEN), consent('unknown'), T1, look())).toEqual(said('unknown', SEEN));
  });

  it('O4: not by an older version that comes late, also after a write of ours', () => {
    const seen = said('unknown', seenAfter(T2));
    expect(recordEvidence(seen, consent('optedIn'), T1, look())).toEqual(said('in'));
    expect(recordEvidence(seen, consent('optedIn'), T2, look())).toEqual(said('in', T2));
    const written = {
      type: 'base',
      role: 'contact',
      crmId: '1',
      marketingId: '2',
      fields: { '(consent evidence)': said('out', seenAfter(T1)) },
      unconfirmed: {},
      settled: [],
    } as const;
    expect(answeredAt([written], T2)).toMatchObject([{ fields: { '(consent evidence)': said('out', seenAfter(T2)) } }]);
  });

  it('O4: a write of ours dates nothing but a version seen after the opt-out', () => {
    const base = (fields: Readonly<Record<string, BaseField>>) =>
      ({ type: 'base', role: 'contact', crmId: '1', marketingId: '2', fields, unconfirmed: {}, settled: [] }) as const;
    const effects: readonly Effect[] = [
      { type: 'membership', marketingId: '2', listId: '3', member: true },
      base({ POSTCODE: said('10115', '10115') }),
      base({ '(consent evidence)': said('in', T1) }),
    ];
    expect(answeredAt(effects, T2)).toEqual(effects);
  });

  it('against a version whose time is not known, from any edit that is', () => {
    const seen = said('unknown', seenAfter(null));
    expect(recordEvidence(seen, consent('optedIn'), T1, look())).toEqual(said('in', T1));
    expect(recordEvidence(seen, consent('optedIn'), null, look())).toEqual(said('in'));
  });

  it('never at a first look, and never where the configuration may have made it', () => {
    expect(recordEvidence(null, consent('optedIn'), T1, look())).toEqual(said('in'));
    const made = recordEvidence(said('unknown', SEEN), consent('optedIn'), T1, look(null, false));
    expect(made).toEqual(said('in'));
    expect(recordEvidence(made, consent('optedIn'), T2, look())).toEqual(said('in'));
  });

  it('P3: never by taking away the no that stood beside it', () => {
    const both = recordEvidence(said('unknown', SEEN), consent('optedOut', { contradiction: true }), T1, look(true));
    expect(recordEvidence(both, consent('optedIn'), T2, look())).toEqual(said('in'));
  });

  it('P4: a default is nobody’s choice', () => {
    expect(recordEvidence(said('unknown'), consent('optedIn', { derived: true }), T1, look())).toEqual(
      said('derived-in'),
    );
    expect(isNewlyOut(said('unknown'), consent('optedOut', { derived: true }))).toBe(false);
    expect(isNewlyOut(said('unknown'), consent('optedOut'))).toBe(true);
    expect(isNewlyOut(said('out'), consent('optedOut'))).toBe(false);
    expect(isNewlyOut(null, consent('optedOut'))).toBe(false);
    expect(isNewlyOut(said('out-and-in'), consent('optedOut'))).toBe(false);
  });
});
