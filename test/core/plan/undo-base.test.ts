// What both sides are taken to agree on after an undo: each as it then stands, so that nothing is pushed again. (decision 27, R4)
import { describe, expect, it } from 'vitest';
import type { Base, Link } from '../../../src/core/model/link.ts';
import type { Action, Effect } from '../../../src/core/model/plan.ts';
import type { Raw } from '../../../src/core/model/value.ts';
import { invertPerson } from '../../../src/core/plan/invert.ts';
import type { PastWrite, UndoView } from '../../../src/core/plan/invert-view.ts';
import { ADA_BASE, aLink, aMailing, aPastWrite, aRecord, settingsOf } from './a-person.ts';

const SETTINGS = settingsOf('recommended', { lead: { enabled: true } });

function wrote(
  system: 'crm' | 'marketing',
  name: string,
  raws: readonly [Raw, Raw],
  more: Partial<Action> = {},
): PastWrite {
  const [from, to] = raws;
  const set = { [name]: to };
  return aPastWrite({
    system,
    changes: { [name]: { from: from as string, to: to as string } },
    crm: system === 'crm' ? { set } : null,
    marketing: system === 'marketing' ? { set } : null,
    replaced: { [name]: from },
    ...more,
  });
}

function undo(
  writes: readonly PastWrite[],
  crm: Record<string, Raw>,
  marketing: Record<string, Raw>,
  more: Partial<UndoView> = {},
) {
  return invertPerson(
    {
      key: 'm:900',
      marketing: aMailing(marketing),
      leadLists: [],
      links: [aLink()],
      records: [aRecord(crm)],
      writes,
      touched: new Set(),
      takenBack: new Set(),
      ...more,
    },
    SETTINGS,
  );
}
const learnt = (effects: readonly Effect[]) =>
  effects.flatMap((effect) =>
    effect.type === 'base'
      ? [{ role: effect.role, fields: effect.fields, unconfirmed: effect.unconfirmed, settled: effect.settled }]
      : [],
  );

const toMarketing = wrote('marketing', 'POSTCODE', ['10115', '20095']);
const toCrm = wrote('crm', 'address.postal_code', ['10115', '20095']);

describe('decision 27: a value that goes back', () => {
  it('in marketing, where both read the same now: is agreed on before it is sent', () => {
    const result = undo([toMarketing], { 'address.postal_code': '20095' }, { POSTCODE: '20095' });
    expect(learnt(result.effects)).toEqual([
      {
        role: 'contact',
        fields: { POSTCODE: { crm: '20095', marketing: '10115', undone: true } },
        unconfirmed: {},
        settled: ['POSTCODE'],
      },
    ]);
    expect(learnt(result.actions[0]?.effects ?? [])).toEqual([]);
  });

  it('in marketing, where they differ: waits to be read back, with what the source says', () => {
    const result = undo([toMarketing], { 'address.postal_code': '30159' }, { POSTCODE: '20095' });
    expect(learnt(result.effects)).toEqual([
      {
        role: 'contact',
        fields: {},
        unconfirmed: { POSTCODE: { from: '20095', to: '10115', crm: '30159', tries: 1, undone: true } },
        settled: ['POSTCODE'],
      },
    ]);
  });

  it('in the CRM, where they differ: is agreed on with the answer', () => {
    const result = undo([toCrm], { 'address.postal_code': '20095' }, { POSTCODE: '30159' });
    expect(result.effects).toEqual([]);
    expect(learnt(result.actions[0]?.effects ?? [])).toEqual([
      {
        role: 'contact',
        fields: { POSTCODE: { crm: '10115', marketing: '30159', undone: true } },
        unconfirmed: {},
        settled: ['POSTCODE'],
      },
    ]);
    expect(result.actions[0]).not.toHaveProperty('otherwise');
  });

  it('in the CRM, where both read the same now: is agreed on before it is sent', () => {
    const result = undo([toCrm], { 'address.postal_code': '20095' }, { POSTCODE: '20095' });
    expect(learnt(result.effects)).toMatchObject([
      { fields: { POSTCODE: { crm: '10115', marketing: '20095', undone: true } } },
    ]);
  });

  it('on both sides: marketing is read back, and where the CRM’s write fails it is told that it stays', () => {
    const result = undo([toMarketing, toCrm], { 'address.postal_code': '20095' }, { POSTCODE: '20095' });
    expect(learnt(result.effects)).toEqual([
      {
        role: 'contact',
        fields: { POSTCODE: { crm: '10115', marketing: '20095', undone: true } },
        unconfirmed: { POSTCODE: { from: '20095', to: '10115', crm: '10115', tries: 1, undone: true } },
        settled: ['POSTCODE', 'POSTCODE'],
      },
    ]);
    const [inMarketing, inCrm] = result.actions;
    expect([inMarketing?.system, inCrm?.system]).toEqual(['marketing', 'crm']);
    expect(inMarketing).not.toHaveProperty('otherwise');
    expect(inCrm?.otherwise).toEqual([
      {
        type: 'base',
        role: 'contact',
        crmId: '11',
        marketingId: '900',
        fields: {},
        unconfirmed: {},
        settled: [],
        crmStays: { POSTCODE: '20095' },
      },
    ]);
  });

  it('beside another one on the other side: each comes with the answer of its own write', () => {
    const named = wrote('crm', 'last_name', ['Lovelace', 'King']);
    const result = undo(
      [toMarketing, named],
      { 'address.postal_code': '30159', last_name: 'King' },
      { POSTCODE: '20095', LASTNAME: 'Byron' },
    );
    expect(learnt(result.effects)).toMatchObject([{ fields: {}, settled: ['POSTCODE'] }]);
    expect(result.actions.map(({ effects }) => learnt(effects))).toMatchObject([
      [],
      [{ fields: { LASTNAME: { crm: 'Lovelace', marketing: 'Byron' } }, settled: ['LASTNAME'] }],
    ]);
  });

  it('that was skipped changes nothing of what is agreed on', () => {
    const result = undo([toMarketing], {}, { POSTCODE: '30159' });
    expect([result.effects, result.actions]).toEqual([[], []]);
  });
});

describe('decision 27: whose base it is', () => {
  const both = (links: readonly Link[], more: Partial<UndoView> = {}) =>
    undo([toMarketing], { 'address.postal_code': '20095' }, { POSTCODE: '20095' }, { links, ...more });

  it('every living link of the contact, in either role', () => {
    const lead = aRecord({ 'address.postal_code': '40213' }, { role: 'lead', id: '51' });
    const result = both([aLink(), aLink({ id: 'link-2', role: 'lead', crmId: '51' })], {
      records: [aRecord({ 'address.postal_code': '20095' }), lead],
    });
    expect(
      result.effects.map((effect) =>
        effect.type === 'base'
          ? [effect.role, effect.crmId, Object.keys(effect.fields), Object.keys(effect.unconfirmed)]
          : [],
      ),
    ).toEqual([
      ['contact', '11', ['POSTCODE'], []],
      ['lead', '51', [], ['POSTCODE']],
    ]);
  });

  it.each<[string, readonly Link[]]>([
    ['of an extra record', [aLink({ state: 'shadow' })]],
    ['of another contact', [aLink({ marketingId: '901' })]],
    ['of a record that nobody knows', [aLink({ crmId: '77' })]],
  ])('not that %s', (_, links) => {
    const result = both(links);
    expect([result.effects, result.actions.length]).toEqual([[], 1]);
  });

  it('none where the contact itself is not known', () => {
    const result = undo([toCrm], { 'address.postal_code': '20095' }, {}, { marketing: null });
    expect([result.effects, result.actions.map(({ effects }) => effects)]).toEqual([[], [[]]]);
  });
});

describe('decision 27: consent beside fields', () => {
  const base: Base = { ...ADA_BASE, '(consent)': { crm: 'in', marketing: 'in' } };
  const optIn = (system: 'crm' | 'marketing'): PastWrite => ({
    action: {
      ...toCrm.action,
      system,
      lane: 'opt-in',
      kind: 'set-consent',
      changes: { consent: { from: 'unknown', to: 'optedIn' } },
      crm: system === 'crm' ? { set: {}, addTags: ['in'] } : null,
      marketing: system === 'marketing' ? { set: {}, channel: { state: 'subscribed' } } : null,
    },
    crmId: '11',
    marketingId: '900',
    made: true,
  });

  it('what waits for the CRM’s answer comes with the fields, not with the opt-in that goes back before them', () => {
    const record = aRecord({ 'address.postal_code': '20095' }, { tags: ['in'] });
    const result = undo(
      [optIn('crm'), toCrm],
      {},
      { POSTCODE: '30159' },
      { records: [record], links: [aLink({ base })] },
    );
    expect(result.actions.map(({ kind, effects }) => [kind, learnt(effects).length])).toEqual([
      ['set-consent', 0],
      ['update', 1],
    ]);
    expect(learnt(result.effects)).toMatchObject([{ fields: { '(consent)': { crm: 'unknown', marketing: 'in' } } }]);
  });

  it('both sides’ words are learnt at once', () => {
    const record = aRecord({}, { tags: ['in'] });
    const result = undo([optIn('crm'), optIn('marketing')], {}, {}, { records: [record], links: [aLink({ base })] });
    expect(learnt(result.effects)).toEqual([
      {
        role: 'contact',
        fields: { '(consent)': { crm: 'unknown', marketing: 'out' } },
        unconfirmed: {},
        settled: ['(consent)'],
      },
    ]);
  });
});
