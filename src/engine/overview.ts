// How one connection is, at a glance: health of both sides, lag, drift, what waits, what the services allow. Only reads the store.
import type { ServiceTier } from '../connectors/connector.ts';
import type { ErrorKind, Service } from '../connectors/error.ts';
import type { System } from '../core/model/identity.ts';
import { getConnection } from '../store/connections.ts';
import type { Store } from '../store/executor.ts';
import { countParked, type RunFigure, recentOptOuts, runFigures } from '../store/figures.ts';
import { listRuns, type StoredRun } from '../store/runs.ts';
import { type ConnectionStatus, connectionStatus } from './connection-status.ts';
import type { Quota, RunFigures } from './run.ts';

export type Health = 'ok' | 'refused' | 'unreachable' | 'unknown';

export interface SideOverview {
  readonly health: Health;
  readonly account: string | null;
  readonly records: number;
  readonly calls24h: number;
  readonly quota: readonly (ServiceTier & { readonly at: string })[];
}

export interface Overview {
  readonly status: ConnectionStatus;
  readonly lagSeconds: number | null;
  readonly optOutLatencySeconds: number | null;
  readonly drift: { readonly at: string; readonly differences: number; readonly people: number } | null;
  readonly parked: number;
  readonly sides: { readonly [S in System]: SideOverview };
}

const DAY_MS = 24 * 3_600_000;
/** Opt-outs that the latency is taken of. */
const OPT_OUTS = 50;
const REFUSED: readonly ErrorKind[] = ['unauthorized', 'forbidden', 'not-found', 'conflict', 'rejected', 'malformed'];

/** @param now milliseconds since the epoch */
export async function overviewOf(store: Store, connection: string, now: number): Promise<Overview> {
  const iso = new Date(now).toISOString();
  const status = await connectionStatus(store, connection, iso);
  const stored = await getConnection(store, connection);
  const day = await runFigures(store, new Date(now - DAY_MS).toISOString(), connection);
  const [verified] = await listRuns(store, {
    connection,
    kinds: ['verify'],
    states: ['ok', 'ok_with_holds'],
    limit: 1,
  });
  const [newest] = await listRuns(store, { connection, limit: 1, states: ENDED });
  const drift = (verified?.counters as RunFigures | undefined)?.drift;
  const side = (system: System, account: string | null, records: number): SideOverview => ({
    health: healthOf(newest, system),
    account,
    records,
    calls24h: day.reduce((sum, run) => sum + callsOf(run, system), 0),
    quota: quotaOf(newest, system),
  });
  const present = (rows: readonly { readonly state: string; readonly total: number }[]): number =>
    rows.reduce((sum, row) => sum + (row.state === 'present' ? row.total : 0), 0);
  return {
    status,
    lagSeconds:
      status.alignedAt === null || status.lastSuccess === null
        ? null
        : Math.max(0, Math.round((now - Date.parse(status.lastSuccess.startedAt)) / 1000)),
    optOutLatencySeconds: median(
      (await recentOptOuts(store, connection, OPT_OUTS)).flatMap(({ effectiveAt, at }) =>
        // Who left before the two were in step did not wait for us.
        Date.parse(effectiveAt) > Date.parse(status.alignedAt ?? iso)
          ? [Math.max(0, Math.round((Date.parse(at) - Date.parse(effectiveAt)) / 1000))]
          : [],
      ),
    ),
    drift:
      verified === undefined || drift === undefined
        ? null
        : { at: verified.finishedAt ?? verified.startedAt, differences: drift.differences, people: drift.pairs },
    parked: await countParked(store, connection),
    sides: {
      crm: side('crm', stored?.crmAccountId ?? null, present(status.crm)),
      marketing: side('marketing', stored?.marketingAccountId ?? null, present(status.marketing)),
    },
  };
}

const ENDED = ['ok', 'ok_with_holds', 'partial', 'parked', 'aborted', 'failed'] as const;

/** A run that got through asked both; one that a service refused says which. */
function healthOf(run: StoredRun | undefined, system: Service): Health {
  if (run === undefined) return 'unknown';
  const { fault } = run.counters as RunFigures;
  if (run.state === 'failed' || (run.state === 'aborted' && fault === undefined)) return 'unknown';
  if (fault?.service !== system) return fault === undefined ? 'ok' : 'unknown';
  return REFUSED.includes(fault.kind) ? 'refused' : 'unreachable';
}

function quotaOf(run: StoredRun | undefined, system: System): SideOverview['quota'] {
  const { quota } = (run?.apiCalls ?? {}) as { readonly quota?: Quota };
  const at = run?.finishedAt ?? run?.startedAt ?? '';
  return (quota?.[system] ?? []).map((tier) => ({ ...tier, at }));
}

/** @internal Calls of one run to one side. */
export function callsOf({ apiCalls }: Pick<RunFigure, 'apiCalls'>, system: System): number {
  const calls = (apiCalls as { readonly [S in System]?: { readonly reads: number; readonly writes: number } })[system];
  return calls === undefined ? 0 : calls.reads + calls.writes;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
