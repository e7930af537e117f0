import { describe, expect, test } from 'vitest';
import type { Hold, RecordRef } from '../../src/core/model/hold.ts';
import { decidedHolds, decisionOfHold, putDecision } from '../../src/store/decisions.ts';
import type { Store } from '../../src/store/executor.ts';
import { openHolds, type PlannedPerson, reconcileHolds } from '../../src/store/hold-reconcile.ts';
import {
  countHoldsByCode,
  getHolds,
  holdRecordRefs,
  holdsNaming,
  listHolds,
  purgeHolds,
  setHoldState,
} from '../../src/store/holds.ts';
import { at, C, hold, newStore } from './store-fixtures.ts';

const crmRef = (id: string): RecordRef => ({ system: 'crm', entity: 'contact', id });
const marketingRef = (id: string): RecordRef => ({ system: 'marketing', entity: 'contact', id });

function person(key: string, records: readonly RecordRef[], holds: readonly Hold[]): PlannedPerson {
  return { key, records, holds };
}

function reconcile(store: Store, minute: number, ...persons: PlannedPerson[]) {
  return store.transaction((tx) => reconcileHolds(tx, C, persons, at(minute)));
}

const ADA = [crmRef('1'), marketingRef('2')];

describe('holds of a planned person (4.9, S25)', () => {
  test('are opened, repeated with the words of now, and fixed when the plan has them no more', async () => {
    const store = await newStore();
    const first = await reconcile(store, 1, person('m:2', ADA, [hold()]));
    expect(first).toMatchObject({ opened: [expect.any(String)], repeated: [], fixed: [] });
    const id = first.opened[0] ?? '';
    expect(await reconcile(store, 2, person('m:2', ADA, [hold({ message: 'No first name.' })]))).toEqual({
      opened: [],
      repeated: [id],
      fixed: [],
    });
    const { refs: _, ...shown } = hold({ message: 'No first name.' });
    expect(await listHolds(store)).toEqual([
      {
        ...shown,
        id,
        connection: C,
        severity: 'action',
        subject: 'm:2',
        state: 'open',
        firstSeen: at(1),
        lastSeen: at(2),
        attempts: 2,
      },
    ]);
    expect((await reconcile(store, 3, person('m:2', ADA, []))).fixed).toEqual([id]);
    expect(await listHolds(store)).toEqual([]);
    expect((await getHolds(store, [id]))[0]).toMatchObject({ state: 'fixed', lastSeen: at(3) });
  });

  test('decision 18, C21: a hold that is back for another reason is no longer the one that was decided', async () => {
    const store = await newStore();
    const offers = [{ choice: 'keep-apart', means: 'Both stay.' }] as const;
    const asked = hold({ asks: { key: 'address-taken contact 1 2 3', choices: offers } });
    const [id = ''] = (await reconcile(store, 1, person('m:2', ADA, [asked]))).opened;
    await putDecision(store, {
      connection: C,
      question: 'address-taken contact 1 2 3',
      choice: 'keep-apart',
      holdId: id,
      entity: 'contact',
      crmId: '1',
      marketingId: '2',
      decidedAt: at(2),
      decidedBy: 'Ada',
    });
    const answered = async () => {
      const [now] = await getHolds(store, [id]);
      return [await decidedHolds(store, C), now === undefined ? null : await decisionOfHold(store, now)];
    };
    expect(await answered()).toEqual([[id], { choice: 'keep-apart', decidedAt: at(2), decidedBy: 'Ada' }]);
    await reconcile(store, 3, person('m:2', ADA, [hold()]));
    expect(await answered()).toEqual([[], null]);
    const another = hold({ asks: { key: 'address-taken contact 1 2 4', choices: offers } });
    await reconcile(store, 4, person('m:2', ADA, [another]));
    expect(await answered()).toEqual([[], null]);
  });

  test('the same problem come back is the same hold, open anew, with its first time and count', async () => {
    const store = await newStore();
    const [id] = (await reconcile(store, 1, person('m:2', ADA, [hold()]))).opened;
    await reconcile(store, 2, person('m:2', ADA, []));
    expect((await reconcile(store, 3, person('m:2', ADA, [hold()]))).opened).toEqual([id]);
    expect(await listHolds(store)).toMatchObject([
      { id, firstSeen: at(1), lastSeen: at(3), attempts: 2, state: 'open' },
    ]);
  });

  test.each([
    ['code', { code: 'EMAIL_TAKEN' }],
    ['CRM record', { crmId: '9' }],
    ['contact', { marketingId: null }],
    ['field', { field: 'CITY' }],
    ['entity', { entity: 'lead' }],
  ] as const)('another %s is another problem', async (_, other) => {
    const store = await newStore();
    await reconcile(store, 1, person('m:2', ADA, [hold(), hold(other)]));
    expect(await listHolds(store)).toHaveLength(2);
  });

  test('other persons keep theirs, also where they name this person as the other side of a collision', async () => {
    const store = await newStore();
    const taken = hold({ code: 'EMAIL_TAKEN', crmId: '7', marketingId: '8', refs: [marketingRef('2')] });
    await reconcile(store, 1, person('m:8', [crmRef('7'), marketingRef('8')], [taken]), person('m:2', ADA, [hold()]));
    expect((await reconcile(store, 2, person('m:2', ADA, []))).fixed).toHaveLength(1);
    expect((await listHolds(store)).map((one) => one.code)).toEqual(['EMAIL_TAKEN']);
  });

  test('follow the records when the person has another key by now', async () => {
    const store = await newStore();
    await reconcile(store, 1, person('e:a@example.com', [crmRef('1')], [hold({ marketingId: null })]));
    const next = await reconcile(store, 2, person('m:2', ADA, [hold()]));
    expect([next.opened.length, next.fixed.length]).toEqual([1, 1]);
  });

  test('follow the key when they name no record', async () => {
    const store = await newStore();
    const nameless = (email: string) => hold({ crmId: null, marketingId: null, email });
    await reconcile(store, 1, person('e:a', [], [nameless('a')]), person('e:b', [], [nameless('b')]));
    expect(await listHolds(store)).toHaveLength(2);
    await reconcile(store, 2, person('e:a', [], []));
    expect((await listHolds(store)).map((one) => one.email)).toEqual(['b']);
  });

  test('stand beside what a service refused afterwards', async () => {
    const store = await newStore();
    const [planned = ''] = (await reconcile(store, 1, person('m:2', ADA, [hold()]))).opened;
    const refused = { key: 'm:2', holds: [hold({ code: 'REMOTE_REJECTED' }), hold()] };
    const { opened, repeated } = await store.transaction((tx) => openHolds(tx, C, [refused], at(2)));
    expect([opened.length, repeated]).toEqual([1, [planned]]);
    await store.transaction((tx) => openHolds(tx, C, [{ key: 'm:2', holds: [] }], at(3)));
    expect((await listHolds(store)).map((one) => [one.code, one.attempts])).toEqual([
      ['NAME_MISSING', 2],
      ['REMOTE_REJECTED', 1],
    ]);
  });

  test('a lead and a contact of one number are not mixed up', async () => {
    const store = await newStore();
    await reconcile(store, 1, person('c:lead:1', [], [hold({ entity: 'lead', marketingId: null })]));
    expect((await reconcile(store, 2, person('c:contact:1', [crmRef('1')], []))).fixed).toEqual([]);
  });

  test('an ignored one stays ignored while it lasts', async () => {
    const store = await newStore();
    const [id = ''] = (await reconcile(store, 1, person('m:2', ADA, [hold()]))).opened;
    expect(await setHoldState(store, [id], 'ignored', at(2))).toBe(1);
    expect((await reconcile(store, 3, person('m:2', ADA, [hold()]))).repeated).toEqual([id]);
    expect((await getHolds(store, [id]))[0]).toMatchObject({ state: 'ignored', attempts: 2 });
    expect(await setHoldState(store, [id], 'open', at(4))).toBe(1);
    expect(await listHolds(store)).toHaveLength(1);
  });

  test('are repeated as often as planned and once per batch', async () => {
    const store = await newStore();
    const persons = Array.from({ length: 600 }, (_, n) =>
      person(`m:${n}`, [crmRef(String(n))], [hold({ crmId: String(n), marketingId: String(n) })]),
    );
    expect((await reconcile(store, 1, ...persons)).opened).toHaveLength(600);
    expect((await reconcile(store, 2, ...persons)).repeated).toHaveLength(600);
    expect((await reconcile(store, 3, ...persons.map((one) => ({ ...one, holds: [] })))).fixed).toHaveLength(600);
  });
});

describe('what a hold names (decision 18)', () => {
  test('a record that collides leads back to the hold while it is open', async () => {
    const store = await newStore();
    const taken = hold({
      code: 'EMAIL_TAKEN',
      crmId: '7',
      marketingId: '8',
      refs: [{ system: 'marketing', entity: 'lead', id: '2' }, crmRef('2')],
    });
    const [id = ''] = (await reconcile(store, 1, person('m:8', [crmRef('7')], [taken]))).opened;
    const naming = async (ref: RecordRef) => (await holdsNaming(store, C, [ref])).map((one) => one.id);
    expect(await naming(marketingRef('2'))).toEqual([id]);
    expect(await naming(crmRef('2'))).toEqual([id]);
    expect(await naming(crmRef('7'))).toEqual([id]);
    expect(await naming({ system: 'crm', entity: 'lead', id: '2' })).toEqual([]);
    expect(await holdRecordRefs(store, [id])).toEqual(
      expect.arrayContaining([crmRef('7'), marketingRef('8'), marketingRef('2'), crmRef('2')]),
    );
    await reconcile(store, 2, person('m:8', [crmRef('7')], [{ ...taken, refs: [] }]));
    expect(await naming(marketingRef('2'))).toEqual([]);
    await reconcile(store, 3, person('m:8', [crmRef('7')], []));
    expect(await naming(crmRef('7'))).toEqual([]);
  });
});

describe('lists of holds', () => {
  test('filter, count, page and forget', async () => {
    const store = await newStore();
    await reconcile(store, 1, person('m:1', [], [hold({ crmId: '1' }), hold({ crmId: '1', code: 'RATE_BUDGET' })]));
    await reconcile(
      store,
      2,
      person('m:3', [], [hold({ crmId: '3', email: 'c@example.com' }), hold({ crmId: '3', code: 'DUP_SHADOWED' })]),
    );
    expect(await countHoldsByCode(store, C)).toEqual([
      { code: 'DUP_SHADOWED', severity: 'info', total: 1 },
      { code: 'NAME_MISSING', severity: 'action', total: 2 },
      { code: 'RATE_BUDGET', severity: 'waiting', total: 1 },
    ]);
    expect(await listHolds(store, { codes: ['NAME_MISSING'] })).toHaveLength(2);
    expect(await listHolds(store, { severities: ['info'] })).toHaveLength(1);
    expect((await listHolds(store, { states: ['waiting'] })).map((one) => one.code)).toEqual(['RATE_BUDGET']);
    expect(await listHolds(store, { email: 'c@example.com' })).toHaveLength(1);
    expect(await listHolds(store, { connection: 'other' })).toEqual([]);
    const paged: string[] = [];
    for (let after: { firstSeen: string; id: string } | undefined; ; ) {
      const page = await listHolds(store, { limit: 1, ...(after === undefined ? {} : { after }) });
      const last = page[0];
      if (last === undefined) break;
      paged.push(last.id);
      after = { firstSeen: last.firstSeen, id: last.id };
    }
    expect(paged).toEqual((await listHolds(store)).map((one) => one.id));
    await reconcile(store, 3, person('m:1', [], []));
    expect(await purgeHolds(store, C, at(3))).toBe(0);
    expect(await purgeHolds(store, C, at(4))).toBe(2);
    expect(await listHolds(store)).toHaveLength(2);
  });
});
