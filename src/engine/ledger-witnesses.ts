// The heads of the consent ledger that runs kept: what a chain that lost its end is found by. Reads only.
import type { Executor } from '../store/executor.ts';
import type { LedgerHead } from '../store/ledger.ts';
import { listRuns } from '../store/runs.ts';

/** Runs looked at, newest first: one is enough for the end, the others are for what was written anew since. */
const RUNS = 1000;

export async function ledgerWitnesses(ex: Executor, connection: string): Promise<readonly LedgerHead[]> {
  const runs = await listRuns(ex, { connection, limit: RUNS });
  return runs.flatMap(({ counters }) => {
    const kept = counters['ledger'] as Partial<LedgerHead> | undefined;
    return typeof kept?.entries === 'number' && typeof kept.head === 'string'
      ? [{ entries: kept.entries, head: kept.head }]
      : [];
  });
}
