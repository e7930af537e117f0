import { describe, expect, test } from 'vitest';
import {
  actionHistory,
  countActions,
  discardPlanned,
  insertActions,
  lastActionSeq,
  listActions,
  markSent,
  moveActions,
  nextActions,
  setActionJob,
  settleActions,
  unsettledActions,
} from '../../src/store/actions.ts';
import type { Executor } from '../../src/store/executor.ts';
import { insertNotes, notesAbout, notesOfRun } from '../../src/store/notes.ts';
import {
  getRun,
  insertRun,
  interruptRunning,
  lastSuccessfulRun,
  listRuns,
  purgeRuns,
  type StoredRun,
  updateRun,
} from '../../src/store/runs.ts';
import { action, at, C, newStore, refusal } from './store-fixtures.ts';

function run(id: string, over: Partial<StoredRun> = {}): StoredRun {
  return {
    id,
    connection: C,
    kind: 'sync',
    state: 'running',
    startedAt: at(0),
    finishedAt: null,
    counters: {},
    apiCalls: {},
    error: null,
    options: {},
    ...over,
  };
}

function planned(seq: number, over: Parameters<typeof action>[1] = {}) {
  return {
    seq,
    personKey: `m:${seq}`,
    emailKey: 'a@example.com',
    state: 'planned' as const,
    action: action(`a${seq}`, over),
  };
}

const UPDATES = { lane: 'update', system: 'marketing', kind: 'update' } as const;
const seqs = (actions: readonly { readonly seq: number }[]) => actions.map((one) => one.seq);

async function withRun(count: number): Promise<{ store: Executor & { close(): Promise<void> } }> {
  const store = await newStore();
  await insertRun(store, run('r1'));
  await insertActions(
    store,
    C,
    'r1',
    Array.from({ length: count }, (_, n) => planned(n)),
    at(1),
  );
  return { store };
}

describe('runs (4.10)', () => {
  test('come back as they were given and changed', async () => {
    const store = await newStore();
    const started = run('r1', { options: { only: ['leads'] }, counters: { a: 1 } });
    await insertRun(store, started);
    expect(await getRun(store, 'r1')).toEqual(started);
    await updateRun(store, 'r1', { state: 'partial', finishedAt: at(5), counters: { b: 2 }, error: 'one row failed' });
    await updateRun(store, 'r1', {});
    expect(await getRun(store, 'r1')).toEqual({
      ...started,
      state: 'partial',
      finishedAt: at(5),
      counters: { b: 2 },
      error: 'one row failed',
    });
    expect(await getRun(store, 'r2')).toBeNull();
  });

  test('are listed newest first, in pages', async () => {
    const store = await newStore();
    for (const [id, minute] of [
      ['a', 1],
      ['b', 3],
      ['c', 3],
      ['d', 2],
    ] as const) {
      await insertRun(store, run(id, { startedAt: at(minute) }));
    }
    await insertRun(store, run('z', { connection: 'other', startedAt: at(9) }));
    const ids = async (filter: Parameters<typeof listRuns>[1]) => (await listRuns(store, filter)).map((one) => one.id);
    expect(await ids({ connection: C, limit: 2 })).toEqual(['c', 'b']);
    expect(await ids({ connection: C, before: { startedAt: at(3), id: 'b' } })).toEqual(['d', 'a']);
    expect(await ids({ kinds: ['align'] })).toEqual([]);
    expect(await ids({})).toEqual(['z', 'c', 'b', 'd', 'a']);
  });

  test('the last successful one is known, and a dead one is told from a running one', async () => {
    const store = await newStore();
    await insertRun(store, run('r1', { state: 'ok', startedAt: at(1) }));
    await insertRun(store, run('r2', { state: 'ok_with_holds', startedAt: at(2) }));
    await insertRun(store, run('r3', { state: 'partial', startedAt: at(3) }));
    await insertRun(store, run('r4', { state: 'running', startedAt: at(4) }));
    expect((await lastSuccessfulRun(store, C, ['sync', 'align']))?.id).toBe('r2');
    expect(await lastSuccessfulRun(store, C, ['align'])).toBeNull();
    expect(await interruptRunning(store, C, at(9))).toEqual(['r4']);
    expect(await getRun(store, 'r4')).toMatchObject({ state: 'interrupted', finishedAt: at(9) });
  });
});

describe('actions: intent before the call, outcome after it', () => {
  test('come back whole, in order, by group and page', async () => {
    const store = await newStore();
    await insertRun(store, run('r1'));
    const items = [
      planned(2),
      planned(0),
      planned(1, { lane: 'create', kind: 'create', clears: true }),
      planned(3, { system: 'crm' }),
    ];
    await insertActions(store, C, 'r1', items, at(1));
    const [first] = await nextActions(store, 'r1', UPDATES, -1, 1);
    expect(first).toEqual({
      ...planned(0),
      runId: 'r1',
      connection: C,
      crmId: '1',
      marketingId: '2',
      jobId: null,
      attempts: 0,
      error: null,
      outcome: null,
      plannedAt: at(1),
      sentAt: null,
      settledAt: null,
    });
    expect(seqs(await nextActions(store, 'r1', UPDATES, 0, 10))).toEqual([2]);
    expect(seqs(await listActions(store, 'r1'))).toEqual([0, 1, 2, 3]);
    expect(await lastActionSeq(store, 'r1')).toBe(3);
    expect(await lastActionSeq(store, 'r9')).toBe(-1);
    expect(await countActions(store, 'r1')).toEqual([
      {
        kind: 'create',
        system: 'marketing',
        entity: 'contact',
        lane: 'create',
        state: 'planned',
        clears: true,
        total: 1,
      },
      { kind: 'update', system: 'crm', entity: 'contact', lane: 'update', state: 'planned', clears: false, total: 1 },
      {
        kind: 'update',
        system: 'marketing',
        entity: 'contact',
        lane: 'update',
        state: 'planned',
        clears: false,
        total: 2,
      },
    ]);
  });

  test('a plan cannot be written twice, nor without its run', async () => {
    const { store } = await withRun(2);
    expect(await refusal(insertActions(store, C, 'r1', [planned(1)], at(2)))).toBe('constraint');
    expect(await refusal(insertActions(store, C, 'r1', [{ ...planned(7), action: action('a1') }], at(2)))).toBe(
      'constraint',
    );
    expect(await refusal(insertActions(store, C, 'r9', [planned(1)], at(2)))).toBe('constraint');
  });

  test('are sent, carried by a job, and settled with what the outcome brought', async () => {
    const { store } = await withRun(4);
    await markSent(store, 'r1', [0, 1, 2], null, at(2));
    await setActionJob(store, 'r1', [0, 1, 2], 'job-7');
    expect(seqs(await nextActions(store, 'r1', UPDATES, -1, 10))).toEqual([3]);
    await settleActions(
      store,
      'r1',
      [
        { seq: 0, state: 'done', error: null, outcome: { created: true }, marketingId: '900' },
        { seq: 1, state: 'failed', error: 'INVALID', outcome: null },
      ],
      at(3),
    );
    const all = await listActions(store, 'r1');
    expect(
      all.map((one) => [one.state, one.attempts, one.jobId, one.error, one.outcome, one.sentAt, one.settledAt]),
    ).toEqual([
      ['done', 1, 'job-7', null, { created: true }, at(2), at(3)],
      ['failed', 1, 'job-7', 'INVALID', null, at(2), at(3)],
      ['sent', 1, 'job-7', null, null, at(2), null],
      ['planned', 0, null, null, null, null, null],
    ]);
    expect(seqs(await actionHistory(store, C, { marketingIds: ['900'] }))).toEqual([0]);
    await markSent(store, 'r1', [2], 'job-8', at(4));
    expect((await listActions(store, 'r1', { states: ['sent'] }))[0]).toMatchObject({ attempts: 2, jobId: 'job-8' });
  });

  test('writes of a dead run whose answer is not known are found', async () => {
    const { store } = await withRun(3);
    await markSent(store, 'r1', [0, 2], 'job-1', at(2));
    await settleActions(store, 'r1', [{ seq: 0, state: 'done', error: null, outcome: null }], at(3));
    expect(seqs(await unsettledActions(store, C, 'r2'))).toEqual([2]);
    await settleActions(store, 'r1', [{ seq: 2, state: 'unknown', error: 'lost', outcome: null }], at(4));
    expect(seqs(await unsettledActions(store, C, 'r2'))).toEqual([2]);
    expect(await unsettledActions(store, C, 'r1')).toEqual([]);
    expect(await unsettledActions(store, 'other', 'r2')).toEqual([]);
  });

  test('are parked by kind, and discarded only when never sent', async () => {
    const { store } = await withRun(3);
    await insertActions(store, C, 'r1', [planned(3, { kind: 'delete', lane: 'delete' })], at(1));
    expect(await moveActions(store, 'r1', ['planned'], 'parked', { kind: 'delete', system: 'marketing' })).toBe(1);
    await markSent(store, 'r1', [0], null, at(2));
    expect(await discardPlanned(store, 'r1')).toBe(2);
    expect((await listActions(store, 'r1')).map((one) => [one.seq, one.state])).toEqual([
      [0, 'sent'],
      [3, 'parked'],
    ]);
    expect(await moveActions(store, 'r1', ['parked'], 'dropped')).toBe(1);
  });

  test('tell a person’s history by address and by records, newest first', async () => {
    const { store } = await withRun(2);
    await insertRun(store, run('r2'));
    await insertActions(
      store,
      C,
      'r2',
      [
        { ...planned(0, { crmId: '1', marketingId: null, entity: 'lead' }), emailKey: null },
        { ...planned(1, { crmId: '1', marketingId: '44' }), emailKey: 'new@example.com' },
      ],
      at(9),
    );
    const history = async (of: Parameters<typeof actionHistory>[2], page = {}) =>
      (await actionHistory(store, C, of, page)).map((one) => `${one.runId}/${one.seq}`);
    expect(await history({ emailKeys: ['a@example.com'] })).toEqual(['r1/1', 'r1/0']);
    expect(await history({ crm: [{ role: 'lead', id: '1' }] })).toEqual(['r2/0']);
    expect(await history({ emailKeys: ['a@example.com'], marketingIds: ['44'] })).toEqual(['r2/1', 'r1/1', 'r1/0']);
    expect(await history({ crm: [{ role: 'contact', id: '1' }] }, { offset: 1, limit: 1 })).toEqual(['r1/1']);
    expect(await history({})).toEqual([]);
  });
});

describe('notes and retention', () => {
  test('notes are kept with their run and found by address and by person', async () => {
    const { store } = await withRun(0);
    const note = (n: number, emailKey: string | null) => ({
      runId: 'r1',
      connection: C,
      personKey: `m:${n}`,
      row: 'C12' as const,
      text: 'STATUS_DEFAULTED',
      emailKey,
      at: at(n),
    });
    await insertNotes(store, [note(1, 'a@example.com'), note(2, null), note(3, 'a@example.com')]);
    expect((await notesOfRun(store, 'r1', { offset: 1 })).map((one) => one.personKey)).toEqual(['m:2', 'm:3']);
    const about = (emailKeys: readonly string[], personKeys: readonly string[] = []) =>
      notesAbout(store, C, { emailKeys, personKeys });
    expect(await about(['a@example.com'])).toEqual([note(3, 'a@example.com'), note(1, 'a@example.com')]);
    expect(await about([], ['m:2'])).toEqual([note(2, null)]);
    expect(await about(['a@example.com'], ['m:1', 'm:2'])).toEqual([
      note(3, 'a@example.com'),
      note(2, null),
      note(1, 'a@example.com'),
    ]);
    expect(await refusal(insertNotes(store, [{ ...note(1, null), runId: 'r9' }]))).toBe('constraint');
  });

  test('old runs go with all that is theirs; undecided and unsettled ones stay', async () => {
    const store = await newStore();
    for (const [id, state] of [
      ['old', 'ok'],
      ['parked', 'parked'],
      ['unsettled', 'interrupted'],
      ['new', 'ok'],
    ] as const) {
      await insertRun(store, run(id, { state, finishedAt: id === 'new' ? at(50) : at(5) }));
      await insertActions(store, C, id, [planned(0)], at(1));
      await insertNotes(store, [
        { runId: id, connection: C, personKey: 'm:1', row: 'C5', text: id, emailKey: 'a@example.com', at: at(1) },
      ]);
    }
    await markSent(store, 'unsettled', [0], null, at(2));
    expect(await purgeRuns(store, C, at(10))).toBe(1);
    expect((await listRuns(store)).map((one) => one.id).sort()).toEqual(['new', 'parked', 'unsettled']);
    expect(await listActions(store, 'old')).toEqual([]);
    expect(await notesAbout(store, C, { emailKeys: ['a@example.com'], personKeys: [] })).toHaveLength(3);
  });
});
