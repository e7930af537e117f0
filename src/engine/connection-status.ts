// How one connection stands: what is linked, what waits, what ran, whether something runs now. Only reads the store.
import { getConnection } from '../store/connections.ts';
import { type CrmCount, countCrm } from '../store/crm-records.ts';
import type { Store } from '../store/executor.ts';
import { countHoldsByCode, type HoldCount } from '../store/holds.ts';
import { type DeadLetter, deadLetters } from '../store/job-failures.ts';
import { leaseHolder } from '../store/leases.ts';
import { countLinks, type LinkCount } from '../store/links.ts';
import { countMarketing, type MarketingCount } from '../store/marketing-records.ts';
import { listRuns, type RunKind, type StoredRun } from '../store/runs.ts';
import { OPT_OUTS_POLLED } from './opt-out-lane.ts';

export interface ConnectionStatus {
  readonly connection: string;
  /** ISO UTC of the first complete alignment; null before it. (decision 13) */
  readonly alignedAt: string | null;
  /** When the opt-out lane of `serve` last looked; null where it never did. ISO UTC. */
  readonly optOutsPolledAt: string | null;
  /** A run holds the connection now, until `until` unless it renews. (R16) */
  readonly underWay: { readonly until: string; readonly run: StoredRun | null } | null;
  /** The newest run that writes, previews and plans left out. */
  readonly lastRun: StoredRun | null;
  readonly lastSuccess: StoredRun | null;
  /** The newest complete comparison of both sides; its message names the drift. (R20) */
  readonly lastVerify: StoredRun | null;
  readonly links: readonly LinkCount[];
  readonly crm: readonly CrmCount[];
  readonly marketing: readonly MarketingCount[];
  readonly holds: readonly HoldCount[];
  /** Work that failed again and again by errors nobody expected. */
  readonly deadLetters: readonly DeadLetter[];
}

/** Runs that change something; what only looks tells nothing about how the connection stands. */
const WRITING_RUNS: readonly RunKind[] = ['sync', 'align', 'undo'];

/** @param now ISO UTC */
export async function connectionStatus(store: Store, connection: string, now: string): Promise<ConnectionStatus> {
  const stored = await getConnection(store, connection);
  const lease = await leaseHolder(store, connection, now);
  const [lastRun] = await listRuns(store, { connection, kinds: WRITING_RUNS, limit: 1 });
  const [lastSuccess] = await listRuns(store, {
    connection,
    kinds: WRITING_RUNS,
    states: ['ok', 'ok_with_holds'],
    limit: 1,
  });
  const [lastVerify] = await listRuns(store, { connection, kinds: ['verify'], limit: 1 });
  const [running] = lease === null ? [] : await listRuns(store, { connection, states: ['running'], limit: 1 });
  return {
    connection,
    alignedAt: stored?.alignedAt ?? null,
    optOutsPolledAt: stored?.watermarks[OPT_OUTS_POLLED] ?? null,
    underWay: lease === null ? null : { until: lease.expiresAt, run: running ?? null },
    lastRun: lastRun ?? null,
    lastSuccess: lastSuccess ?? null,
    lastVerify: lastVerify ?? null,
    links: await countLinks(store, connection),
    crm: await countCrm(store, connection),
    marketing: await countMarketing(store, connection),
    holds: await countHoldsByCode(store, connection),
    deadLetters: await deadLetters(store, connection),
  };
}
