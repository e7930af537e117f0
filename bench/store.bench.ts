// Rows per second and memory of the store's bulk paths, on a real file in a temporary folder. Asserts nothing.
// Usage: node bench/store.bench.ts [ROWS]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Action } from '../src/core/model/plan.ts';
import { insertActions, markSent, nextActions, settleActions } from '../src/store/actions.ts';
import { type CrmItem, dirtyCrmIds, getCrm, getCrmByEmail, setCrmDirty, upsertCrm } from '../src/store/crm-records.ts';
import type { Store } from '../src/store/executor.ts';
import { insertLinks, linksByMarketing, updateLinkBases } from '../src/store/links.ts';
import { type MarketingItem, upsertMarketing } from '../src/store/marketing-records.ts';
import { openStore } from '../src/store/open-store.ts';
import { insertRun } from '../src/store/runs.ts';

const ROWS = Number(process.argv[2] ?? 200_000);
const BATCH = 1000;
const NOW = '2026-01-01T00:00:00.000Z';
const LINK_FIELDS = { FIRSTNAME: { crm: 'Ada', marketing: 'Ada' }, LASTNAME: { crm: 'L', marketing: 'L' } };

const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
const store = await openStore(`sqlite:${join(folder, 'bench.db')}`);
try {
  await bench(store);
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}

async function bench(on: Store): Promise<void> {
  await measure('crm upsert, new', (from, to) => crmPage(on, from, to, 'a'));
  await measure('crm upsert, unchanged', (from, to) => crmPage(on, from, to, 'a'));
  await measure('crm upsert, changed', (from, to) => crmPage(on, from, to, 'b'));
  await measure('marketing upsert, new', async (from, to) => {
    await on.transaction((tx) => upsertMarketing(tx, 'c', range(from, to).map(marketingItem), NOW));
  });
  await measure('crm by id', async (from, to) => {
    await getCrm(on, 'c', 'contact', range(from, to).map(idOf));
  });
  await measure('crm by e-mail', async (from, to) => {
    await getCrmByEmail(on, 'c', range(from, to).map(emailOf));
  });
  let after: string | null = null;
  await measure('dirty stream and clear', async () => {
    const ids: readonly string[] = await dirtyCrmIds(on, 'c', 'contact', after, BATCH);
    after = ids.at(-1) ?? after;
    await on.transaction((tx) => setCrmDirty(tx, 'c', 'contact', ids, false));
  });
  await measure('links insert', async (from, to) => {
    await on.transaction((tx) => insertLinks(tx, range(from, to).map(linkOf), NOW));
  });
  await measure('links by contact', async (from, to) => {
    await linksByMarketing(on, 'c', range(from, to).map(idOf));
  });
  await measure('links base update', async (from, to) => {
    const patches = range(from, to).map((n) => ({
      linkId: linkOf(n).id,
      fields: { TIER: { crm: 'x', marketing: 'x' } },
      unconfirmed: {},
      settledKeys: [],
    }));
    await on.transaction((tx) => updateLinkBases(tx, patches, NOW));
  });
  await insertRun(on, {
    id: 'r',
    connection: 'c',
    kind: 'sync',
    state: 'running',
    startedAt: NOW,
    finishedAt: null,
    counters: {},
    apiCalls: {},
    error: null,
    options: {},
  });
  await measure('actions insert', async (from, to) => {
    const items = range(from, to).map((n) => ({
      seq: n,
      personKey: `m:${n}`,
      emailKey: emailOf(n),
      state: 'planned' as const,
      action: actionOf(n),
    }));
    await on.transaction((tx) => insertActions(tx, 'c', 'r', items, NOW));
  });
  let seq = -1;
  await measure('actions next, sent, settled', async () => {
    const next = await nextActions(on, 'r', { lane: 'update', system: 'marketing', kind: 'update' }, seq, BATCH);
    const seqs = next.map((action) => action.seq);
    seq = seqs.at(-1) ?? seq;
    await on.transaction((tx) => markSent(tx, 'r', seqs, 'job', NOW));
    await on.transaction((tx) =>
      settleActions(
        tx,
        'r',
        seqs.map((s) => ({ seq: s, state: 'done', error: null, outcome: { id: 'x' } })),
        NOW,
      ),
    );
  });
}

async function measure(name: string, page: (from: number, to: number) => Promise<void>): Promise<void> {
  const start = performance.now();
  for (let at = 0; at < ROWS; at += BATCH) await page(at, Math.min(at + BATCH, ROWS));
  const rate = Math.round(ROWS / ((performance.now() - start) / 1000));
  const memory = Math.round(process.memoryUsage.rss() / 1_048_576);
  console.log(`${name.padEnd(30)} ${String(rate).padStart(8)} rows/s ${String(memory).padStart(6)} MB`);
}

async function crmPage(on: Store, from: number, to: number, tier: string): Promise<void> {
  await on.transaction((tx) =>
    upsertCrm(
      tx,
      'c',
      range(from, to).map((n) => crmItem(n, tier)),
      NOW,
    ),
  );
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function idOf(n: number): string {
  return String(3_000_000_000 + n);
}

function emailOf(n: number): string {
  return `person.${n}@example.com`;
}

function crmItem(n: number, tier: string): CrmItem {
  return {
    emailKey: emailOf(n),
    record: {
      role: 'contact',
      id: idOf(n),
      email: `Person.${n}@example.com`,
      firstName: 'Ada',
      lastName: `Lovelace ${n}`,
      values: {
        first_name: 'Ada',
        last_name: `Lovelace ${n}`,
        'address.postal_code': 'N1 7AA',
        customer_status: 'current',
        prospect_status: 'none',
        'custom_fields.Tier': tier,
        phone: null,
        title: 'Countess',
        'custom_fields.Score': 12,
      },
      tags: ['newsletter', 'vip'],
      status: null,
      ownerId: '77',
      isOrganisation: false,
      createdAt: NOW,
      updatedAt: NOW,
      revision: null,
      state: 'present',
    },
  };
}

function marketingItem(n: number): MarketingItem {
  return {
    emailKey: emailOf(n),
    record: {
      id: idOf(n),
      email: emailOf(n),
      values: {
        FIRSTNAME: 'Ada',
        LASTNAME: `Lovelace ${n}`,
        POSTCODE: 'N1 7AA',
        CUSTOMER_STATUS: 'current',
        TIER: null,
      },
      channel: { state: 'subscribed', reason: 'subscribed', optInType: 'single' },
      lists: ['12'],
      createdAt: NOW,
      updatedAt: NOW,
      state: 'present',
      assumed: false,
    },
  };
}

function linkOf(n: number) {
  return {
    id: `link-${String(n).padStart(9, '0')}`,
    connection: 'c',
    role: 'contact' as const,
    crmId: idOf(n),
    marketingId: idOf(n),
    state: 'active' as const,
    because: null,
    base: LINK_FIELDS,
    unconfirmed: {},
    emailHash: null,
  };
}

function actionOf(n: number): Action {
  return {
    id: `m:${n}|marketing|update`,
    row: 'C5',
    rows: ['C5'],
    lane: 'update',
    kind: 'update',
    system: 'marketing',
    entity: 'contact',
    email: emailOf(n),
    crmId: idOf(n),
    marketingId: idOf(n),
    changes: { FIRSTNAME: { from: 'Ada', to: 'Augusta' } },
    clears: false,
    crm: null,
    marketing: { set: { FIRSTNAME: 'Augusta' } },
    effects: [],
  };
}
