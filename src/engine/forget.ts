// Forgets what was kept long enough, once a day: runs with their journal, settled holds, tombstones. Never an open hold, a parked run or the ledger.
import { getConnection, updateConnection } from '../store/connections.ts';
import { purgeHolds } from '../store/holds.ts';
import { purgeTombstones } from '../store/links.ts';
import { purgeRuns } from '../store/runs.ts';
import type { Engine } from './engine.ts';

const FORGOTTEN = 'forgotten';
const DAY_MS = 24 * 60 * 60 * 1000;

export async function forgetOld(engine: Engine): Promise<void> {
  const { store, name, retention } = engine;
  const now = Date.parse(engine.now());
  const last = (await getConnection(store, name))?.watermarks[FORGOTTEN];
  if (last !== undefined && now - Date.parse(last) < DAY_MS) return;
  const before = (keptMs: number): string => new Date(now - keptMs).toISOString();
  await store.transaction(async (tx) => {
    if (retention.historyMs !== null) {
      await purgeRuns(tx, name, before(retention.historyMs));
      await purgeHolds(tx, name, before(retention.historyMs));
    }
    if (retention.tombstonesMs !== null) await purgeTombstones(tx, name, before(retention.tombstonesMs));
    await updateConnection(tx, name, { watermarks: { [FORGOTTEN]: engine.now() } });
  });
}
