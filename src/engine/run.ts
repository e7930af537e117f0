// The frame of every run: lease, run record, what to do when it breaks off, the report. (R16, 4.10)
import type { ServiceTier } from '../connectors/connector.ts';
import { ConnectorError, type ErrorKind, type Service } from '../connectors/error.ts';
import type { Role } from '../core/model/identity.ts';
import type { Settings } from '../core/model/settings.ts';
import { ensureConnection } from '../store/connections.ts';
import { StoreError } from '../store/error.ts';
import { ledgerHead } from '../store/ledger.ts';
import { insertRun, interruptRunning, type RunKind, type RunState, updateRun } from '../store/runs.ts';
import { type Compiled, type Cycle, type Engine, type LiveAccounts, type RunFrame, RunStopped } from './engine.ts';
import { guardEngine } from './guard.ts';
import { withLease } from './lease.ts';
import type { Outlook } from './plan-run.ts';
import { abandon } from './recover.ts';
import { countRun, failuresOf, openHolds, type RunReport } from './report.ts';
import { crmSelection, marketingSelection } from './selection.ts';

export interface RunContext {
  readonly engine: Engine;
  readonly runId: string;
}

/** What the work of a run may say about its end; null = what was counted decides. */
export interface WorkResult {
  /** Holds of a plan that is not applied; otherwise the stored ones count. */
  readonly holds?: ReadonlyMap<string, number>;
  /** What else such a plan found out. */
  readonly outlook?: Outlook;
  /** What a comparison of both sides found. (R20) */
  readonly drift?: { readonly pairs: number; readonly differences: number };
  /** The refusal that ended it, for whoever asks how the services are. */
  readonly fault?: Fault;
  /** Something the reader must know of a run that went through. */
  readonly message?: string | null;
  /** How it ended, where that is not for the counted writes to say. */
  readonly state?: RunState;
}

export interface Fault {
  readonly service: Service | null;
  readonly kind: ErrorKind;
}

/** What is kept with a run beside its report. */
export interface RunFigures {
  readonly outlook?: Outlook;
  readonly drift?: WorkResult['drift'];
  readonly fault?: Fault;
  readonly failed?: number;
}

/** What each service said of its limits, by the time the run ended. */
export type Quota = { readonly [S in Service]: readonly ServiceTier[] };

/** Runs `work` under the lease and reports it. Errors become the report's state; only bugs and interruptions are thrown. */
export async function withRun(
  engine: Engine,
  kind: RunKind,
  options: { readonly [key: string]: unknown },
  work: (context: RunContext) => Promise<WorkResult>,
): Promise<RunReport> {
  const startedAt = engine.now();
  const before = calls(engine);
  const runId = engine.nextRunId ?? engine.newId();
  const frame = { id: runId, connection: engine.name, kind, startedAt };
  try {
    return await withLease(engine, async (held) => {
      await ensureConnection(held.store, { name: engine.name, replica: engine.newId(), now: startedAt });
      for (const dead of await interruptRunning(held.store, engine.name, startedAt)) await abandon(held, dead);
      await insertRun(held.store, {
        ...frame,
        state: 'running',
        finishedAt: null,
        counters: {},
        apiCalls: {},
        error: null,
        options,
      });
      engine.watch?.started(frame);
      let ended: RunReport | null = null;
      try {
        ended = await carryOut(held, frame, before, work);
        return ended;
      } finally {
        engine.watch?.ended(frame, ended?.state ?? null);
      }
    });
  } catch (error) {
    // The lease itself was refused: there is no run to record.
    if (error instanceof RunStopped) return refusedReport(engine, frame, error);
    // Whoever has the connection now has told this run from a living one.
    if (error instanceof StoreError && error.kind === 'fenced')
      return refusedReport(engine, frame, new RunStopped('aborted', error.message, error));
    throw error;
  }
}

/** The work itself and its end, whatever that is. */
async function carryOut(
  held: Engine,
  frame: RunFrame,
  before: RunReport['apiCalls'],
  work: (context: RunContext) => Promise<WorkResult>,
): Promise<RunReport> {
  let stop: Stop | null = null;
  let result: WorkResult = {};
  try {
    const { engine: guarded, words } = await guardEngine(held);
    result = await work({ engine: guarded, runId: frame.id });
    result = withWords(result, words());
  } catch (error) {
    if (error instanceof StoreError && (error.kind === 'fenced' || error.kind === 'unavailable')) throw error;
    stop = stopped(held, error);
    const refusal = error instanceof RunStopped ? error.cause : error;
    if (refusal instanceof ConnectorError) result = { fault: { service: refusal.service, kind: refusal.kind } };
    if (stop.state === 'failed' || stop.state === 'interrupted') {
      await close(held, frame, before, stop, result);
      throw error;
    }
  }
  return close(held, frame, before, stop, result);
}

function withWords(result: WorkResult, words: string | null): WorkResult {
  if (words === null) return result;
  return { ...result, message: [result.message, words].filter((text) => text != null).join('\n') };
}

async function close(
  engine: Engine,
  frame: RunFrame,
  before: RunReport['apiCalls'],
  stop: Stop | null,
  result: WorkResult,
): Promise<RunReport> {
  const counted = await countRun(engine.store, frame.id);
  const open = await openHolds(engine.store, engine.name);
  const holds =
    result.holds === undefined ? open.holds : { total: sum(result.holds), byCode: Object.fromEntries(result.holds) };
  const applied = frame.kind !== 'preview' && frame.kind !== 'plan';
  if (applied) await abandon(engine, frame.id);
  const state =
    stop?.state ??
    result.state ??
    // What waits for approval shows even where records failed: `approve` takes this run's id. (decision 26)
    (counted.parked > 0
      ? 'parked'
      : counted.failed > 0
        ? 'partial'
        : open.action > 0 && applied
          ? 'ok_with_holds'
          : 'ok');
  const report: RunReport = {
    ...frame,
    state,
    finishedAt: engine.now(),
    actions: counted.actions,
    holds,
    apiCalls: since(before, calls(engine)),
    failures: await failuresOf(engine.store, frame.id),
    message: stop?.message ?? result.message ?? null,
    problems: stop?.problems ?? [],
  };
  const { actions, apiCalls, finishedAt } = report;
  const ledger = await ledgerHead(engine.store, engine.name);
  await updateRun(engine.store, frame.id, {
    state,
    finishedAt,
    counters: { ...actions, holds, ledger, ...figuresOf(result, counted.failed) },
    apiCalls: { ...apiCalls, quota: { crm: engine.crm.tiers(), marketing: engine.marketing.tiers() } satisfies Quota },
    error: report.message,
  });
  return report;
}

/** How a run was ended before its work was done. */
interface Stop {
  readonly state: RunState;
  readonly message: string;
  readonly problems?: RunReport['problems'];
}

function figuresOf({ outlook, drift, fault }: WorkResult, failed: number): RunFigures {
  return {
    failed,
    ...(outlook === undefined ? {} : { outlook }),
    ...(drift === undefined ? {} : { drift }),
    ...(fault === undefined ? {} : { fault }),
  };
}

/** What an error means for the run. (contract 2, 6) */
function stopped(engine: Engine, error: unknown): Stop {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RunStopped) return error;
  if (engine.signal.aborted) {
    const { reason } = engine.signal as { reason: unknown };
    return reason instanceof RunStopped ? reason : { state: 'interrupted', message: 'Interrupted.' };
  }
  if (error instanceof ConnectorError) return { state: 'aborted', message };
  return { state: 'failed', message };
}

function refusedReport(engine: Engine, frame: RunFrame, error: RunStopped): RunReport {
  const none = { reads: 0, writes: 0 };
  return {
    ...frame,
    state: error.state,
    finishedAt: engine.now(),
    actions: {
      total: 0,
      byKind: { create: 0, update: 0, delete: 0, 'set-consent': 0, 'list-add': 0, 'list-remove': 0 },
      bySystem: { crm: 0, marketing: 0 },
    },
    holds: { total: 0, byCode: {} },
    apiCalls: { crm: none, marketing: none },
    failures: [],
    message: error.message,
    problems: error.problems,
  };
}

function calls(engine: Engine): RunReport['apiCalls'] {
  return { crm: { ...engine.crm.calls }, marketing: { ...engine.marketing.calls } };
}

function since(before: RunReport['apiCalls'], now: RunReport['apiCalls']): RunReport['apiCalls'] {
  const part = (system: 'crm' | 'marketing') => ({
    reads: now[system].reads - before[system].reads,
    writes: now[system].writes - before[system].writes,
  });
  return { crm: part('crm'), marketing: part('marketing') };
}

function sum(holds: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of holds.values()) total += count;
  return total;
}

/** What of the configuration does not fit the accounts as they are; null = it fits. */
function misfit({ name }: Engine, { problems: all }: Compiled): RunStopped | null {
  const problems = all.flatMap(({ path, message, severity }) => (severity === 'error' ? [{ path, message }] : []));
  if (problems.length === 0) return null;
  const lines = problems.map(({ path, message }) => `${path}: ${message}`);
  return new RunStopped('aborted', `The configuration of ${name} does not fit the accounts:\n${lines.join('\n')}`, {
    problems,
  });
}

/**
 * The settings of a run, checked against the live accounts, for all roles or only some.
 * @throws RunStopped where they do not fit
 */
export function startCycle(
  engine: Engine,
  runId: string,
  live: LiveAccounts,
  mode: Settings['mode'],
  only: readonly Role[] | null,
): Cycle {
  const compiled = engine.compile(live, mode);
  const stop = misfit(engine, compiled);
  if (stop !== null) throw stop;
  return cycleOf(engine, runId, compiled, only);
}

/**
 * (decision 8) A cycle that carries nothing but opt-outs: they need no mapped field, so none that does not fit keeps them.
 * @throws RunStopped where the consent's own settings do not fit
 */
export function startOptOuts(engine: Engine, runId: string, live: LiveAccounts): Cycle {
  const compiled = engine.compile(live, 'sync');
  const stop = misfit(engine, compiled);
  if (stop?.problems.some(({ path }) => path.startsWith('consent')) === true) throw stop;
  return cycleOf(engine, runId, compiled, null);
}

function cycleOf(engine: Engine, runId: string, compiled: Compiled, only: readonly Role[] | null): Cycle {
  const all = compiled.settings;
  const part = (role: Role): Settings['roles'][Role] =>
    all.roles[role].enabled && only !== null && !only.includes(role)
      ? { ...all.roles[role], enabled: false, leftOut: true }
      : all.roles[role];
  return {
    ...engine,
    runId,
    settings: { ...all, roles: { contact: part('contact'), lead: part('lead') } },
    missingFields: compiled.missingFields,
    notices: [],
    createdFields: new Set(),
    blanked: new Map(),
    unread: new Set(),
    news: new Set(),
    // The mirror keeps every enabled role, whatever part of it this run plans.
    crmSelection: crmSelection(all),
    marketingSelection: marketingSelection(all, compiled.missingFields),
  };
}
