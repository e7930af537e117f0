// How quickly the API answers what people wait for: the search for somebody among very many, and the overview of a large connection.
// Prints figures; asserts nothing. `node bench/dashboard.bench.ts [people]`
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CrmRecord, MarketingRecord } from '../src/core/model/record.ts';
import { activity } from '../src/engine/activity.ts';
import { overviewOf } from '../src/engine/overview.ts';
import { ensureConnection } from '../src/store/connections.ts';
import { upsertCrm } from '../src/store/crm-records.ts';
import { insertLinks } from '../src/store/links.ts';
import { upsertMarketing } from '../src/store/marketing-records.ts';
import { openStore } from '../src/store/open-store.ts';
import { findByAddress } from '../src/store/people-search.ts';
import { insertRun } from '../src/store/runs.ts';

const people = Number(process.argv[2] ?? 100_000);
const RUNS = 1000;
const BATCH = 5000;
const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
const store = await openStore(`sqlite:${join(folder, 'bench.db')}`);
const now = new Date().toISOString();

function address(n: number): string {
  return `${((n * 7919) % people).toString(36)}.person@example${n % 97}.com`;
}

function crm(n: number): CrmRecord {
  const values = { first_name: 'Given', last_name: `Family ${n}`, 'address.postal_code': 'AB1 2CD' };
  const names = { firstName: 'Given', lastName: `Family ${n}` };
  const rest = {
    tags: [],
    status: null,
    ownerId: '1',
    isOrganisation: false,
    createdAt: now,
    updatedAt: now,
    revision: n,
  };
  return {
    role: 'contact',
    id: String(100_000_000 + n),
    email: address(n),
    ...names,
    values,
    ...rest,
    state: 'present',
  };
}

function marketing(n: number): MarketingRecord {
  const channel = { state: 'subscribed', reason: 'subscribed', optInType: 'single' } as const;
  const values = { FIRSTNAME: 'Given', LASTNAME: `Family ${n}`, POSTCODE: 'AB1 2CD' };
  return {
    id: String(30_000_000 + n),
    email: address(n),
    values,
    channel,
    lists: null,
    createdAt: now,
    updatedAt: now,
    state: 'present',
    assumed: false,
  };
}

async function fill(): Promise<void> {
  await ensureConnection(store, { name: 'acme', replica: randomUUID(), now });
  for (let start = 0; start < people; start += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, people - start) }, (_, i) => start + i);
    await store.transaction(async (tx) => {
      await upsertCrm(
        tx,
        'acme',
        numbers.map((n) => ({ record: crm(n), emailKey: address(n) })),
        now,
      );
      await upsertMarketing(
        tx,
        'acme',
        numbers.map((n) => ({ record: marketing(n), emailKey: address(n) })),
        now,
      );
      const link = {
        connection: 'acme',
        role: 'contact',
        state: 'active',
        because: null,
        base: {},
        unconfirmed: {},
        emailHash: null,
      } as const;
      await insertLinks(
        tx,
        numbers.map((n) => ({
          ...link,
          id: randomUUID(),
          crmId: String(100_000_000 + n),
          marketingId: String(30_000_000 + n),
        })),
        now,
      );
    });
  }
  await store.db.updateTable('crm_records').set({ dirty: 0 }).execute();
  await store.db.updateTable('marketing_records').set({ dirty: 0 }).execute();
  const byKind = { create: 1, update: 5, delete: 0, 'set-consent': 0, 'list-add': 0, 'list-remove': 0 };
  for (let n = 0; n < RUNS; n += 1) {
    const at = new Date(Date.now() - n * 900_000).toISOString();
    const frame = {
      id: randomUUID(),
      connection: 'acme',
      kind: 'sync',
      state: 'ok',
      startedAt: at,
      finishedAt: at,
    } as const;
    const counters = { total: 6, byKind, bySystem: { crm: 2, marketing: 4 }, holds: { total: 0, byCode: {} } };
    const apiCalls = { crm: { reads: 2, writes: 2 }, marketing: { reads: 3, writes: 1 } };
    await insertRun(store, { ...frame, counters, apiCalls, error: null, options: {} });
  }
}

/** Milliseconds of the first and of the slowest and middle one of twenty. */
async function measure(what: string, work: (n: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const begun = performance.now();
    await work(n);
    times.push(performance.now() - begun);
  }
  const sorted = [...times].sort((a, b) => a - b);
  const ms = (value: number | undefined): string => `${(value ?? 0).toFixed(1)} ms`;
  console.log(`${what.padEnd(44)} first ${ms(times[0])}, median ${ms(sorted[10])}, slowest ${ms(sorted.at(-1))}`);
}

try {
  const begun = performance.now();
  await fill();
  console.log(
    `${people.toLocaleString('en-GB')} people on both sides, ${RUNS} runs (filled in ${((performance.now() - begun) / 1000).toFixed(0)} s)`,
  );
  await measure('search, one character, all connections', (n) => findByAddress(store, n.toString(36), { limit: 21 }));
  await measure('search, whole address, one connection', (n) =>
    findByAddress(store, address(n * 31), { connection: 'acme', limit: 21 }),
  );
  await measure('search, nobody', (n) => findByAddress(store, `zzzz-nobody-${n}`, { limit: 21 }));
  await measure('overview', () => overviewOf(store, 'acme', Date.now()));
  await measure('activity of 90 days', () => activity(store, { days: 90, now: Date.now() }));
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}
