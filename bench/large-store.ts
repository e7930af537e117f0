// A database with very many people on both sides and a thousand runs, for what is measured on the dashboard. Measures nothing itself.
import { randomUUID } from 'node:crypto';
import type { CrmRecord, MarketingRecord } from '../src/core/model/record.ts';
import { ensureConnection, updateConnection } from '../src/store/connections.ts';
import { upsertCrm } from '../src/store/crm-records.ts';
import type { Store } from '../src/store/executor.ts';
import { insertLinks } from '../src/store/links.ts';
import { upsertMarketing } from '../src/store/marketing-records.ts';
import { insertRun } from '../src/store/runs.ts';

export const RUNS = 1000;
const BATCH = 5000;
const now = new Date().toISOString();

/** The address of the n-th of so many people. */
export function address(n: number, people: number): string {
  return `${((n * 7919) % people).toString(36)}.person@example${n % 97}.com`;
}

function crm(n: number, people: number): CrmRecord {
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
    email: address(n, people),
    ...names,
    values,
    ...rest,
    state: 'present',
  };
}

function marketing(n: number, people: number): MarketingRecord {
  const channel = { state: 'subscribed', reason: 'subscribed', optInType: 'single' } as const;
  const values = { FIRSTNAME: 'Given', LASTNAME: `Family ${n}`, POSTCODE: 'AB1 2CD' };
  return {
    id: String(30_000_000 + n),
    email: address(n, people),
    values,
    channel,
    lists: null,
    createdAt: now,
    updatedAt: now,
    state: 'present',
    assumed: false,
  };
}

/** Fills the connection `acme`, aligned. */
export async function fill(store: Store, people: number): Promise<void> {
  await ensureConnection(store, { name: 'acme', replica: randomUUID(), now });
  await updateConnection(store, 'acme', { alignedAt: now });
  for (let start = 0; start < people; start += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, people - start) }, (_, i) => start + i);
    await store.transaction(async (tx) => {
      await upsertCrm(
        tx,
        'acme',
        numbers.map((n) => ({ record: crm(n, people), emailKey: address(n, people) })),
        now,
      );
      await upsertMarketing(
        tx,
        'acme',
        numbers.map((n) => ({ record: marketing(n, people), emailKey: address(n, people) })),
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
