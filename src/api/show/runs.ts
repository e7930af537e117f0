// Runs as they are shown: counted, grouped by rule, with what can be decided about them.
import { ACTION_KINDS, type ActionKind } from '../../core/model/plan.ts';
import { estimateOf } from '../../engine/estimate.ts';
import { countRun, failuresOf, storedReport } from '../../engine/report.ts';
import { type AskedWork, kindOfAsked } from '../../jobs/asked-work.ts';
import type { LiveRun, Unrecorded } from '../../jobs/live-runs.ts';
import { groupActions } from '../../store/action-groups.ts';
import { type AskedRun, askedRun } from '../../store/asked-runs.ts';
import type { RunKind, StoredRun } from '../../store/runs.ts';
import type { Run, RunDetail } from '../contract/runs.ts';
import type { ApiHost } from '../host.ts';

const DRY: readonly RunKind[] = ['plan', 'preview'];

export function isDry(kind: RunKind): boolean {
  return DRY.includes(kind);
}

export function isOver({ state }: Pick<StoredRun, 'state'>): boolean {
  return state !== 'running';
}

export async function runOf({ store, say }: ApiHost, stored: StoredRun): Promise<Run> {
  const { failures: _, message, ...report } = await storedReport(store, stored);
  return {
    ...report,
    message: message === null ? null : say.text(message),
    holds: { ...report.holds, byCode: { ...report.holds.byCode } },
  };
}

export async function runDetail(host: ApiHost, stored: StoredRun): Promise<RunDetail> {
  const { store, runs, book, say } = host;
  const live = runs.get(stored.id);
  const { failed, parked } = await countRun(store, stored.id);
  const groups = await groupActions(store, stored.id);
  const dry = isDry(stored.kind);
  const { undoes, approves } = stored.options;
  return {
    ...(await runOf(host, stored)),
    progress: live?.progress ?? null,
    cancellable:
      live !== null ||
      (await askedRun(store, stored.id)) !== null ||
      (store.backend.bulletin !== null && !isOver(stored)),
    parked,
    failed,
    groups: groups.map((group) => ({ ...group, why: say.row(group.row) })),
    failures: [...(await failuresOf(store, stored.id))],
    outlook: dry ? outlookOf(stored) : null,
    estimate: dry ? estimateOf(groups, (await book.get(stored.connection))?.crmPerSecond ?? 0) : null,
    about: { undoes: textOf(undoes), approves: textOf(approves) },
    may: {
      approve: parked > 0 && live === null,
      undo: !dry && stored.kind !== 'verify' && isOver(stored) && groups.some(({ state }) => state === 'done'),
    },
  };
}

/** What the plan of a preview found out besides its writes. */
function outlookOf({ counters }: StoredRun): RunDetail['outlook'] {
  const { outlook } = counters as { readonly outlook?: RunDetail['outlook'] };
  return outlook ?? null;
}

/** A run that never got as far as a record: why. */
export function unrecordedDetail(run: Unrecorded): RunDetail {
  return blankDetail(run, 'aborted', false);
}

/** A run that no worker has begun yet. */
export function waitingDetail({ id, connection, askedAt, what }: AskedRun): RunDetail {
  const run = { id, connection, kind: kindOfAsked(what as AskedWork), startedAt: askedAt };
  return blankDetail({ ...run, message: 'It begins as soon as a worker is free.' }, 'running', true);
}

function blankDetail(
  { id, connection, kind, startedAt, message }: Unrecorded,
  state: 'aborted' | 'running',
  cancellable: boolean,
): RunDetail {
  const none = { reads: 0, writes: 0 };
  return {
    id,
    connection,
    kind,
    state,
    startedAt,
    finishedAt: state === 'running' ? null : startedAt,
    actions: { total: 0, byKind: noKinds(), bySystem: { crm: 0, marketing: 0 } },
    holds: { total: 0, byCode: {} },
    apiCalls: { crm: none, marketing: none },
    message,
    progress: null,
    cancellable,
    parked: 0,
    failed: 0,
    groups: [],
    failures: [],
    outlook: null,
    estimate: null,
    about: { undoes: null, approves: null },
    may: { approve: false, undo: false },
  };
}

function noKinds(): { [K in ActionKind]: number } {
  return Object.fromEntries(ACTION_KINDS.map((kind) => [kind, 0])) as { [K in ActionKind]: number };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** As the stream of events tells a run. */
export function eventOf(
  run: LiveRun,
  state: Run['state'],
): { id: string; connection: string; kind: RunKind; state: Run['state']; progress: RunDetail['progress'] } {
  const { id, connection, kind, progress } = run;
  return { id, connection, kind, state, progress };
}
