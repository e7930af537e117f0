import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LinkState } from '../../src/core/model/link.ts';
import {
  countLinks,
  getLinks,
  insertLinks,
  iterateLinks,
  linksByCrm,
  linksByEmailHash,
  linksByMarketing,
  loseBaseFields,
  purgeTombstones,
  updateLinkBase,
  updateLinkBases,
  updateLinkEmailHash,
  updateLinkState,
} from '../../src/store/links.ts';
import { at, C, link, newStore, refusal } from './store-fixtures.ts';

const LIVING: readonly LinkState[] = ['active', 'paused', 'held'];

describe('links (4.1)', () => {
  test('come back as they were given, by either side and by the hash of the address', async () => {
    const store = await newStore();
    const one = link('l1', '10', '20', {
      base: { FIRSTNAME: { crm: 'A', marketing: 'A' }, TAGS: { crm: ['a', 'b'], marketing: null } },
      unconfirmed: { X: { from: null, to: 'b', crm: 'b', tries: 1 } },
      emailHash: 'h1',
      because: 'C33',
      state: 'paused',
    });
    await insertLinks(store, [one], at(1));
    const stored = { ...one, createdAt: at(1), updatedAt: at(1) };
    expect(await linksByCrm(store, C, 'contact', ['10', '11'])).toEqual([stored]);
    expect(await linksByMarketing(store, C, ['20'])).toEqual([stored]);
    expect(await linksByEmailHash(store, C, ['h1'])).toEqual([stored]);
    expect(await getLinks(store, ['l1'])).toEqual([stored]);
    expect(await linksByCrm(store, C, 'lead', ['10'])).toEqual([]);
    expect(await linksByCrm(store, 'other', 'contact', ['10'])).toEqual([]);
  });

  test('a CRM record has at most one link that is not severed', async () => {
    const states = fc.constantFrom<LinkState>('active', 'paused', 'held', 'shadow', 'severed');
    const store = await newStore();
    let n = 0;
    await fc.assert(
      fc.asyncProperty(states, states, fc.boolean(), async (first, second, sameContact) => {
        n += 1;
        await insertLinks(store, [link(`a${n}`, String(n), `${n}1`, { state: first })], at(1));
        const next = link(`b${n}`, String(n), sameContact ? `${n}1` : `${n}2`, { state: second });
        const refused = await insertLinks(store, [next], at(2)).then(
          () => false,
          () => true,
        );
        expect(refused).toBe(first !== 'severed' && second !== 'severed');
      }),
      { numRuns: 60 },
    );
  });

  test('a contact has at most one living link per role, any number of shadows, and both roles at once', async () => {
    const store = await newStore();
    await insertLinks(
      store,
      [
        link('l1', '1', '50'),
        link('l2', '2', '50', { state: 'shadow' }),
        link('l3', '3', '50', { state: 'shadow' }),
        link('l4', '1', '50', { role: 'lead' }),
        link('l5', '4', '50', { state: 'severed' }),
      ],
      at(1),
    );
    for (const state of LIVING) {
      expect(await refusal(insertLinks(store, [link('x', '9', '50', { state })], at(2)))).toBe('constraint');
      expect(await refusal(updateLinkState(store, 'l2', state, null, at(2)))).toBe('constraint');
    }
    await updateLinkState(store, 'l1', 'severed', 'D1', at(3));
    await updateLinkState(store, 'l2', 'active', 'D4', at(3));
    expect((await linksByMarketing(store, C, ['50'])).map((one) => [one.role, one.crmId, one.state])).toEqual([
      ['contact', '1', 'severed'],
      ['contact', '2', 'active'],
      ['contact', '3', 'shadow'],
      ['contact', '4', 'severed'],
      ['lead', '1', 'active'],
    ]);
  });

  test('connections do not meet', async () => {
    const store = await newStore();
    await insertLinks(store, [link('l1', '1', '50'), link('l2', '1', '50', { connection: 'other' })], at(1));
    expect(await countLinks(store, C)).toEqual([{ role: 'contact', state: 'active', total: 1 }]);
  });

  test('what was learnt is merged into the base field by field (R1, R4)', async () => {
    const store = await newStore();
    const same = (value: string) => ({ crm: value, marketing: value });
    const waits = (to: string) => ({ from: null, to, crm: to, tries: 1 });
    await insertLinks(
      store,
      [
        link('l1', '1', '50', { base: { A: same('1'), B: same('1') }, unconfirmed: { A: waits('x'), B: waits('x') } }),
        link('l2', '2', '51', { base: { A: same('9') } }),
      ],
      at(1),
    );
    await store.transaction((tx) =>
      updateLinkBases(
        tx,
        [
          {
            linkId: 'l1',
            fields: { A: same('2'), C: same('3') },
            unconfirmed: { C: waits('3') },
            settledKeys: ['A', 'Z'],
          },
          { linkId: 'unknown', fields: { A: same('2') }, unconfirmed: {}, settledKeys: [] },
          { linkId: 'l1', fields: { A: same('4') }, unconfirmed: { B: waits('y') }, settledKeys: ['B', 'C'] },
        ],
        at(2),
      ),
    );
    const [first, second] = await getLinks(store, ['l1', 'l2']);
    expect(first?.base).toEqual({ A: same('4'), B: same('1'), C: same('3') });
    expect(first?.unconfirmed).toEqual({ B: waits('y') });
    expect([first?.updatedAt, second?.updatedAt, second?.base]).toEqual([at(2), at(1), { A: same('9') }]);
    await store.transaction((tx) =>
      updateLinkBase(tx, { linkId: 'l2', fields: {}, unconfirmed: {}, settledKeys: [] }, at(3)),
    );
    expect((await getLinks(store, ['l2']))[0]?.base).toEqual({ A: same('9') });
  });

  test('a doubted write is remembered where no other of that field waits to be read back (R4)', async () => {
    const store = await newStore();
    const sent = { from: 'old', to: 'new', crm: 'new', tries: 1 };
    const doubted = { ...sent, to: 'other', doubted: 'marketing' as const };
    await insertLinks(store, [link('l1', '10', '20', { unconfirmed: { A: sent } })], at(1));
    const learn = (unconfirmed: { readonly [key: string]: typeof sent }, settledKeys: readonly string[]) =>
      store.transaction((tx) => updateLinkBase(tx, { linkId: 'l1', fields: {}, unconfirmed, settledKeys }, at(2)));
    await learn({ A: doubted, B: doubted }, []);
    expect((await getLinks(store, ['l1']))[0]?.unconfirmed).toEqual({ A: sent, B: doubted });
    await learn({ A: doubted, B: sent }, ['A']);
    expect((await getLinks(store, ['l1']))[0]?.unconfirmed).toEqual({ A: doubted, B: sent });
  });

  test('a field that an account lost is blank there in every base, and a write of it waits no more (C26)', async () => {
    const store = await newStore();
    const one = link('l1', '10', '20', {
      base: { TIER: { crm: 'Gold', marketing: 'Gold' }, CITY: { crm: 'Ulm', marketing: 'Ulm' } },
      unconfirmed: { TIER: { from: 'Gold', to: 'Silver', crm: 'Silver', tries: 1 } },
    });
    const undone = link('l2', '11', '21', { base: { TIER: { crm: 'Gold', marketing: null, undone: true } } });
    const without = link('l3', '12', '22', { base: { CITY: { crm: 'Ulm', marketing: 'Ulm' } } });
    const lead = link('l4', '10', '20', { role: 'lead', base: { TIER: { crm: 'Gold', marketing: 'Gold' } } });
    await insertLinks(store, [one, undone, without, lead], at(1));
    const lost = new Map([['TIER', 'marketing'] as const]);
    for (const minute of [2, 3])
      await loseBaseFields(store, C, 'contact', lost, at(minute), (_, field) => field.undone === true);
    const found = await getLinks(store, ['l1', 'l2', 'l3', 'l4']);
    expect(found.map(({ base, unconfirmed }) => [base['TIER'] ?? null, unconfirmed])).toEqual([
      [{ crm: 'Silver', marketing: null, lost: 'marketing' }, {}],
      [undone.base['TIER'], {}],
      [null, {}],
      [lead.base['TIER'], {}],
    ]);
    expect(found[0]?.base['CITY']).toEqual(one.base['CITY']);
  });

  test('are walked through in pages while they change', async () => {
    const store = await newStore();
    const all = Array.from({ length: 25 }, (_, n) => link(`l${String(n).padStart(2, '0')}`, String(n), String(n)));
    await insertLinks(store, [...all, link('m1', '99', '99', { role: 'lead' })], at(1));
    const seen: string[] = [];
    for await (const page of iterateLinks(store, C, { role: 'contact', states: ['active'] }, 10)) {
      for (const one of page) {
        seen.push(one.id);
        await updateLinkState(store, one.id, 'paused', 'C32', at(2));
      }
    }
    expect(seen).toEqual(all.map((one) => one.id));
    expect(await countLinks(store, C)).toEqual([
      { role: 'contact', state: 'paused', total: 25 },
      { role: 'lead', state: 'active', total: 1 },
    ]);
  });

  test('tombstones are remembered by the hash of the address until their time is over (decision 12)', async () => {
    const store = await newStore();
    await insertLinks(store, [link('l1', '1', '50'), link('l2', '2', '51')], at(1));
    await updateLinkEmailHash(store, 'l1', 'h1', at(2));
    await updateLinkState(store, 'l1', 'severed', 'D11', at(3));
    expect(await purgeTombstones(store, C, at(3))).toBe(0);
    expect((await linksByEmailHash(store, C, ['h1'])).map((one) => one.state)).toEqual(['severed']);
    expect(await purgeTombstones(store, C, at(4))).toBe(1);
    expect(await countLinks(store, C)).toEqual([{ role: 'contact', state: 'active', total: 1 }]);
  });
});
