// Two services on one database: each shows how the other's runs are getting on, and can break them off.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EventData } from '../../../src/api/contract/runs.ts';
import { type App, openApp, type Service, startService } from '../../../src/app.ts';
import { createLog } from '../../../src/jobs/log.ts';
import { wantNow } from '../../../src/store/job-times.ts';
import { listRuns } from '../../../src/store/runs.ts';
import { type Dashboard, Person, startDashboard } from '../../api/dashboard.ts';
import { giveBack, lendPostgres } from '../../postgres/databases.ts';
import { until } from './one-worker.ts';

type RunEvent = EventData<'run'>;

let database: string;
let dashboard: Dashboard;
let app: App;
let other: Service;
let stop: AbortController;
let bearer: string;
/** Log lines of the other service. */
let said: string[];

beforeEach(async () => {
  said = [];
  database = await lendPostgres();
  dashboard = await startDashboard({ database });
  const { world, admin } = dashboard;
  world.sell.world.createContact({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' });
  await world.cycle('align');
  // Long enough to look at.
  world.sell.faults.add({ service: 'zendesk-sell', match: {}, effect: { type: 'delay', ms: 3_000 } });
  app = await openApp((await world.app()).config);
  stop = new AbortController();
  other = await startService(app, {
    host: '127.0.0.1',
    port: 0,
    signal: stop.signal,
    version: '1.2.3',
    only: null,
    letIn: 'nobody',
    log: createLog({ write: (line) => void said.push(line) }, 'info'),
    dashboard: `${world.folder}/nothing-built`,
  });
  bearer = (await admin.get('createToken', { body: { name: 'test', role: 'operator' } })).secret;
});
afterEach(async () => {
  stop.abort();
  await other.done;
  await app.close();
  await dashboard.stop();
  await giveBack(database);
});

/** Everything that the stream of one service tells of runs. */
async function watch(url: string): Promise<readonly RunEvent[]> {
  const heard: RunEvent[] = [];
  const headers = { authorization: `Bearer ${bearer}` };
  const { body } = await fetch(`${url}/api/events`, { headers, signal: stop.signal });
  let text = '';
  const read = async (): Promise<void> => {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^event: run\ndata: (.*)$/s.exec(event)?.[1];
        if (data !== undefined) heard.push(JSON.parse(data) as RunEvent);
      }
    }
  };
  read().catch(() => undefined);
  return heard;
}

it('show the runs of each other as they go on, and break them off where they are', async () => {
  const { world } = dashboard;
  const services = await Promise.all(
    [dashboard.url, other.url].map(async (url) => {
      const person = new Person(url);
      person.bearer = bearer;
      return { person, heard: await watch(url) };
    }),
  );
  const { store } = app;
  await until(() => wantNow(store, 'acme', 'sync', new Date().toISOString()));
  const moving = ({ state, kind, progress }: RunEvent): boolean =>
    state === 'running' && kind === 'sync' && progress !== null;
  await until(() => services.every(({ heard }) => heard.some(moving)));
  const id = services[0]?.heard.find(moving)?.id ?? '';
  const details = await Promise.all(services.map(({ person }) => person.get('getRun', { params: { run: id } })));
  expect(details.map(({ cancellable }) => cancellable)).toEqual([true, true]);
  // Only the one that has it knows how far it is without waiting for the next word.
  const onlooker = services[details.findIndex(({ progress }) => progress === null)];
  expect((await onlooker?.person.call('cancelRun', { params: { run: id } }))?.status).toBe(202);
  await until(() => services.every(({ heard }) => heard.some((run) => run.id === id && run.state === 'interrupted')));
  world.sell.faults.clear();
  const due = async (): Promise<string> =>
    (await store.db.selectFrom('job_times').select('due_at').where('work', '=', 'sync').executeTakeFirst())?.due_at ??
    '';
  // What somebody ended is no failure: it waits for its next time.
  await until(async () => (await due()) > new Date().toISOString());
  expect((await listRuns(store, { connection: 'acme', kinds: ['sync'] })).map((run) => [run.id, run.state])).toEqual([
    [id, 'interrupted'],
  ]);
  expect(await store.db.selectFrom('job_failures').selectAll().execute()).toEqual([]);
  expect((await onlooker?.person.call('cancelRun', { params: { run: id } }))?.status).toBe(409);

  // What a log says of a run names it, however it ended.
  world.sell.faults.add({ service: 'zendesk-sell', match: {}, effect: { type: 'status', status: 401 } });
  const since = new Date().toISOString();
  await until(() => wantNow(store, 'acme', 'sync', since));
  await until(async () => (await listRuns(store, { connection: 'acme', states: ['aborted'] })).length > 0);
  const lines = (): readonly { readonly msg: string; readonly run?: string; readonly connection?: string }[] =>
    [...said, ...dashboard.logged].map((line) => JSON.parse(line) as { readonly msg: string });
  const told = () => lines().filter(({ msg }) => /synchronised|broken off|failed/.test(msg));
  await until(() => told().length >= 2);
  const runs = await listRuns(store, { connection: 'acme', kinds: ['sync'] });
  expect(told().map(({ run }) => run)).toEqual(expect.arrayContaining(runs.map((run) => run.id)));
  expect(told().every(({ connection, run }) => connection === 'acme' && typeof run === 'string')).toBe(true);
});
