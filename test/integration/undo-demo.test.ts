// The demo's world of messy people, aligned and taken back: both accounts field by field, and a name for each difference that is left.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningSandbox, startSandbox } from '../../sandbox/start.ts';
import { type App, approve, openApp, type RunReport, runCycle, type Undone, undo } from '../../src/app.ts';
import { createWorkspace, type Workspace } from '../../src/cli/demo/workspace.ts';
import { getRun } from '../../src/store/runs.ts';

let sandbox: RunningSandbox;
let workspace: Workspace;
let app: App;
beforeAll(async () => {
  const dotdigital = { importDelayMs: 0, deleteDelayMs: 0, listJobDelayMs: 0, insightDelayMs: 0 };
  sandbox = await startSandbox({ people: 220, seed: 1, limits: 'off', switches: { dotdigital } });
  workspace = await createWorkspace(sandbox);
  app = await openApp(workspace.config, { poll: { firstMs: 1, longestMs: 20 } });
});
afterAll(async () => {
  await app.close();
  await workspace.remove();
  await sandbox.stop();
});

const engine = () => app.engine(workspace.connection, { signal: new AbortController().signal });
const cycle = async (kind: 'align' | 'sync'): Promise<RunReport> =>
  runCycle(await engine(), { kind, only: null, full: false });
/** With what it would delete above the limit approved. @returns what stays as it is */
const takeBack = async (id: string): Promise<Undone['skipped']> => {
  const run = await getRun(app.store, id);
  if (run === null) throw new Error(`There is no run ${id}.`);
  const { report, skipped } = await undo(await engine(), run, { preview: false });
  expect(report.failures).toEqual([]);
  if (report.state === 'parked') expect((await approve(await engine(), report.id)).failures).toEqual([]);
  return skipped;
};

type Fields = { readonly [name: string]: unknown };

/** Everything a person could see in both accounts, by record; times left out. */
function snapshot(): ReadonlyMap<string, Fields> {
  const { state } = sandbox.sellSandbox.world;
  const seen = new Map<string, Fields>();
  for (const contact of state.contacts.values()) seen.set(`Sell contact ${contact.id}`, flat(contact));
  for (const lead of state.leads.values()) seen.set(`Sell lead ${lead.id}`, flat(lead));
  for (const contact of sandbox.dotdigitalSandbox.world.contacts()) {
    const { contactId, email, mobile, emailStatus, optInType, fields, lists, consentRecords, deletedAt } = contact;
    if (deletedAt > 0) continue;
    const on = lists.map(({ name, status }) => `${name} (${status})`).sort();
    seen.set(`Dotdigital contact ${contactId}`, {
      email,
      mobile,
      emailStatus,
      optInType,
      ...fields,
      on,
      consentRecords,
    });
  }
  const { world } = sandbox.dotdigitalSandbox;
  seen.set('Dotdigital set-up', {
    lists: world.lists().map(({ name }) => name),
    dataFields: world.dataFields().map(({ name }) => name),
    products: world.records(workspace.connection.products.collection),
  });
  return seen;
}

function flat(record: object): Fields {
  return JSON.parse(
    JSON.stringify(Object.fromEntries(Object.entries(record).filter(([name]) => !/_at$/.test(name)))),
  ) as Fields;
}

interface Difference {
  readonly record: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

function differences(before: ReadonlyMap<string, Fields>, after: ReadonlyMap<string, Fields>): readonly Difference[] {
  const found: Difference[] = [];
  for (const record of new Set([...before.keys(), ...after.keys()])) {
    const [one = {}, other = {}] = [before.get(record), after.get(record)];
    for (const field of new Set([...Object.keys(one), ...Object.keys(other)]))
      if (JSON.stringify(one[field]) !== JSON.stringify(other[field]))
        found.push({ record, field, before: one[field], after: other[field] });
  }
  return found;
}

/** All that an opt-out does to a record, in the words of either service. */
function isOptOut({ record, field, before, after }: Difference): boolean {
  const gone = (before as readonly string[]).filter?.((one) => !(after as readonly string[]).includes(one));
  if (record.startsWith('Sell'))
    return (
      field === 'tags' &&
      (after as readonly string[]).includes('unsubscribed') &&
      gone.every((tag) => tag.toLowerCase() === 'newsletter')
    );
  if (field === 'emailStatus') return after === 'unsubscribed';
  const without = (on: unknown): readonly string[] =>
    (on as readonly string[]).map((one) => one.replace(/ \([a-z]+\)$/u, ''));
  return field === 'on' && JSON.stringify(without(before)) === JSON.stringify(without(after));
}

it('R17, decision 27: the first sync and the alignment taken back, both accounts are as they were but for opt-outs, each of them named, and set-up', {
  timeout: 240_000,
}, async () => {
  const before = snapshot();
  const aligned = await cycle('align');
  const synced = await cycle('sync');
  expect(aligned.actions).toMatchObject({ bySystem: { crm: expect.toSatisfy((n: number) => n > 10) } });
  expect(synced.actions.byKind['list-remove']).toBeGreaterThan(0);
  expect(differences(before, snapshot()).length).toBeGreaterThan(150);
  const skipped = [...(await takeBack(synced.id)), ...(await takeBack(aligned.id))];
  const left = differences(before, snapshot());
  const setUp = left.filter(({ record }) => record === 'Dotdigital set-up');
  const people = left.filter(({ record }) => record !== 'Dotdigital set-up');
  // Lists and data fields that the alignment needed are there now, and what was there before still is. (L1, decision 15)
  expect(setUp.map(({ field }) => field).sort()).toEqual(['dataFields', 'lists']);
  for (const { before: was, after: is } of setUp) expect(is).toEqual(expect.arrayContaining(was as unknown[]));
  expect(people.filter((difference) => !isOptOut(difference))).toEqual([]);
  const named = skipped.map(({ system, entity, crmId, marketingId }) =>
    system === 'crm' ? `Sell ${entity} ${crmId}` : `Dotdigital contact ${marketingId}`,
  );
  expect(new Set(people.map(({ record }) => record))).toEqual(new Set(named));
  expect(new Set(skipped.map(({ field }) => field))).toEqual(new Set(['consent']));
  expect((await cycle('sync')).actions.total).toBe(0);
});
