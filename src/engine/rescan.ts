// Reads both sides completely. What a complete scan did not see is noted, never acted upon here. (R8, D19)
import { finishScan, beginScan } from '../store/scans.ts';
import { upsertCrm } from '../store/crm-records.ts';
import { upsertMarketing } from '../store/marketing-records.ts';
import type { Cycle } from './engine.ts';
import { crmItem, marketingItem } from './mirror-items.ts';

export async function rescan(cycle: Cycle): Promise<void> {
  await Promise.all([scanCrm(cycle), scanMarketing(cycle)]);
}

async function scanCrm(cycle: Cycle): Promise<void> {
  let done = 0;
  for (const role of cycle.crmSelection.roles) {
    const scan = await beginScan(cycle.store, cycle.name, `crm:${role}`, cycle.now());
    for await (const page of cycle.crm.scan(role, cycle.crmSelection)) {
      cycle.signal.throwIfAborted();
      await cycle.store.transaction((tx) => upsertCrm(tx, cycle.name, page.map(crmItem), cycle.now(), { scan: scan.generation }));
      done += page.length;
      cycle.progress({ connection: cycle.name, phase: 'pull-crm', done, total: null });
    }
    await finishScan(cycle.store, cycle.name, `crm:${role}`, scan.generation, cycle.now());
  }
}

async function scanMarketing(cycle: Cycle): Promise<void> {
  let done = 0;
  const scan = await beginScan(cycle.store, cycle.name, 'marketing', cycle.now());
  for await (const page of cycle.marketing.scan(cycle.marketingSelection)) {
    cycle.signal.throwIfAborted();
    await cycle.store.transaction((tx) => upsertMarketing(tx, cycle.name, page.map(marketingItem), cycle.now(), { scan: scan.generation }));
    done += page.length;
    cycle.progress({ connection: cycle.name, phase: 'pull-marketing', done, total: null });
  }
  await finishScan(cycle.store, cycle.name, 'marketing', scan.generation, cycle.now());
}
