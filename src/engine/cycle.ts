// One cycle: identify, recover, pull, plan, apply, and once more for whoever moved meanwhile. Previews stop after the plan.
import type { Role } from '../core/model/identity.ts';
import { type ActionKind, LANES, type Lane } from '../core/model/plan.ts';
import type { Settings } from '../core/model/settings.ts';
import { type StoredConnection, updateConnection } from '../store/connections.ts';
import { markAllCrmDirty } from '../store/crm-records.ts';
import { decidedHolds, decisionsOf } from '../store/decisions.ts';
import { markAllMarketingDirty } from '../store/marketing-records.ts';
import { applyCrm } from './apply-crm.ts';
import { applyMarketing } from './apply-marketing.ts';
import { applyBrakes } from './brake.ts';
import { confirmGone, withGrace } from './confirm-gone.ts';
import { confirmRecords } from './confirm-records.ts';
import { deleteContacts } from './delete-contacts.ts';
import { type Cycle, type Engine, type LiveAccounts, RunStopped } from './engine.ts';
import {
  confirmMissing,
  hasFeedGap,
  isInDoubt,
  keepMissing,
  noteFeedRead,
  OUT_OF_DOUBT,
  withQueuedDeletes,
} from './feed-gap.ts';
import { forgetOld } from './forget.ts';
import { identify } from './identity.ts';
import { statusLists } from './lead-lists.ts';
import { knownStatuses } from './lead-statuses.ts';
import { leaveLists } from './leave-lists.ts';
import { liveAccounts } from './live.ts';
import { forgetLost, keepLost, lostFields } from './lost-fields.ts';
import { marketingClock } from './marketing-clock.ts';
import { noticeConversions } from './notice-conversions.ts';
import { capOptOutRecords } from './opt-out-records.ts';
import type { Seeds } from './persons.ts';
import { planRun } from './plan-run.ts';
import { confirmDisplaced, confirmTargets, sweepContacts } from './presence.ts';
import { type ProductPart, withProducts } from './products-cycle.ts';
import { pull } from './pull.ts';
import { recover } from './recover.ts';
import { heedRenamedLists } from './renamed-lists.ts';
import type { RunReport } from './report.ts';
import { rescan } from './rescan.ts';
import { applyOptIns } from './resubscribe.ts';
import { startCycle, startOptOuts, type WorkResult, withRun } from './run.ts';
import { seedsByAddress } from './seeds-by-address.ts';
import { sweepLists } from './sweep-lists.ts';
import { together } from './together.ts';
import { checkClearedFields } from './vanished-fields.ts';
import { wakeAll, wakeByNews, wakeThese } from './wake-holds.ts';

export interface CycleOptions extends ProductPart {
  /** `preview` and `plan` write to neither service. */
  readonly kind: 'sync' | 'plan' | 'align' | 'preview';
  /** Null = every role that is switched on. */
  readonly only: readonly Role[] | null;
  /** Read both sides completely and compare everything. */
  readonly full: boolean;
  /** Plan at most so many persons ("try ten first"). */
  readonly limit?: number;
  /** Plan only whoever has one of these addresses, as another way to try. */
  readonly addresses?: readonly string[];
}

/** Times a person whose record moved under us is planned again before the next cycle takes over. */
const PASSES = 3;
const RETRY_MS = 24 * 60 * 60 * 1000;
const KINDS: { readonly [L in Lane]: readonly ActionKind[] } = {
  'opt-out': ['set-consent'],
  create: ['create'],
  update: ['update'],
  list: ['list-add', 'list-remove'],
  'opt-in': ['set-consent'],
  delete: ['delete'],
};

/** Runs one cycle and reports it. */
export function runCycle(engine: Engine, options: CycleOptions): Promise<RunReport> {
  const { kind, only, full, limit, addresses } = options;
  // How many, and not who: what is kept with a run is about nobody.
  return withRun(engine, kind, { only, full, limit: limit ?? addresses?.length ?? null }, ({ engine: held, runId }) =>
    withProducts(held, runId, options, () => work(held, runId, options)),
  );
}

async function work(engine: Engine, runId: string, options: CycleOptions): Promise<WorkResult> {
  const aligning = options.kind === 'align' || options.kind === 'preview';
  const dry = options.kind === 'plan' || options.kind === 'preview';
  const cycle = await prepare(engine, runId, { ...options, aligning, dry });
  if (dry) {
    const totals = await planRun(cycle, { preview: true, ...(await triedOf(cycle, options)) });
    await capOptOutRecords(cycle, true);
    await checkClearedFields(cycle, true);
    const { holds, persons: people, links, held } = totals;
    return { holds, outlook: { people, links, held }, message: wordsOf(cycle) };
  }
  await planAndApply(cycle, options);
  const whole = isWhole(options);
  const everybody = whole && options.only === null;
  await updateConnection(cycle.store, cycle.name, {
    // Whoever this run left out is still to be looked at anew under the configuration of now. (R12)
    ...(everybody ? { fingerprint: engine.fingerprint } : {}),
    ...(aligning && whole ? { alignedAt: cycle.now() } : {}),
    // An alignment and a re-baseline delete nobody, so what is in doubt waits for the run that may. (R11, R12)
    ...(everybody && cycle.settings.mode === 'sync' ? { watermarks: OUT_OF_DOUBT } : {}),
  });
  await forgetOld(cycle);
  return { message: wordsOf(cycle) };
}

function wordsOf({ notices }: Cycle): string | null {
  return notices.length === 0 ? null : notices.join('\n');
}

/** Watermark of records read without a field that did not fit: `yes` until both sides were read completely again. */
const READ_WITHOUT = 'read-without-fields';

export interface Preparation {
  readonly only: readonly Role[] | null;
  readonly full: boolean;
  readonly aligning: boolean;
  /** Nothing is made in either service, lists included. */
  readonly dry: boolean;
  /** Only the present is wanted: nobody is planned, so neither an alignment nor another configuration matters. (decision 27) */
  readonly presentOnly?: true;
}

/** Everything before the plan: accounts checked, leftovers settled, both feeds read, holds woken. */
export async function prepare(engine: Engine, runId: string, how: Preparation): Promise<Cycle> {
  const { connection, marketing } = await identify(engine);
  if (!how.aligning && how.presentOnly !== true && connection.alignedAt === null) {
    throw new RunStopped(
      'parked',
      `${engine.name} was not aligned yet, so nothing is written. Run "lockstep align" first; it shows its plan before anything happens.`,
    );
  }
  const plans = how.presentOnly !== true;
  const lost = lostFields(connection).length > 0;
  const changed = plans && connection.fingerprint !== null && connection.fingerprint !== engine.fingerprint;
  const gap = hasFeedGap(connection, engine.now());
  const owed = connection.watermarks[READ_WITHOUT] === 'yes';
  const compares = how.full || gap || changed || owed || (plans && lost);
  const live = await liveAccounts(engine, connection, how.full || how.aligning || gap || owed || lost);
  const mode: Settings['mode'] = how.aligning ? 'align' : changed ? 'rebaseline' : 'sync';
  const clock = await marketingClock(engine, connection, marketing.serverTime);
  let started: Cycle;
  try {
    started = startCycle(engine, runId, live, mode, how.only);
  } catch (misfit) {
    if (misfit instanceof RunStopped && plans && !how.dry && !how.aligning)
      await carryOptOuts(startOptOuts(engine, runId, live), connection, clock.now, misfit);
    throw misfit;
  }
  const cycle = await withDecisions(started);
  await recover(cycle);
  await pull(cycle, connection, clock.now);
  if (plans) await confirmMissing(cycle, connection);
  if (!how.full && !gap) await sweepContacts(cycle, connection);
  await confirmDisplaced(cycle);
  await readAgain(cycle, connection, { compares, gap, aligning: how.aligning });
  if (owed) await updateConnection(cycle.store, cycle.name, { watermarks: { [READ_WITHOUT]: '' } });
  await (plans ? forgetLost(cycle, compares) : keepLost(cycle));
  const doubt = gap || (await isInDoubt(cycle));
  const careful = withGrace(doubt ? await withQueuedDeletes(cycle) : cycle, doubt);
  await confirmGone(careful);
  await noticeConversions(careful, { complete: compares, aligning: how.aligning });
  await noteFeedRead(cycle, connection, gap);
  const ready = await withLeadLists(careful, connection, live, how.dry);
  await wake(ready, connection);
  return ready;
}

/**
 * (decision 8) What stops a run for a mapped field stops nobody's no, in either direction. Nothing else is learnt or written, and
 * everybody with news stays marked. The field is missing from what is read, so the run that goes through reads both sides completely.
 */
async function carryOptOuts(
  started: Cycle,
  connection: StoredConnection,
  serverTime: string,
  misfit: RunStopped,
): Promise<void> {
  const { enabled } = started.settings.consent;
  if (!enabled || connection.crmLoadedAt === null || connection.marketingLoadedAt === null) return;
  const cycle = await withDecisions(started);
  await updateConnection(cycle.store, cycle.name, { watermarks: { [READ_WITHOUT]: 'yes' } });
  await recover(cycle);
  await pull(cycle, connection, serverTime);
  await keepLost(cycle);
  await planRun(cycle, { preview: true, keep: ({ lane }) => lane === 'opt-out' });
  await applyBrakes(cycle, ['unsubscribe', 'unsubscribeStop']);
  await applyLanes(cycle, () => Promise.reject(misfit));
}

/** The cycle with the lead lists it works with; what people did to them since is among the news. (L1, L6) */
async function withLeadLists(
  cycle: Cycle,
  connection: StoredConnection,
  read: LiveAccounts,
  dry: boolean,
): Promise<Cycle> {
  if (cycle.leadLists === null) return cycle;
  const { live, statuses } = await knownStatuses(cycle, connection, read);
  if (!dry) await heedRenamedLists(cycle, live);
  const found = await statusLists(cycle, live, statuses, !dry);
  const lists = await sweepLists(cycle, live, found, { firstLook: connection.alignedAt === null, create: !dry });
  const { roles } = cycle.settings;
  return {
    ...cycle,
    settings: { ...cycle.settings, roles: { ...roles, lead: { ...roles.lead, statusLists: lists } } },
  };
}

/** (4.4) What people decided counts before any rule. */
async function withDecisions(cycle: Cycle): Promise<Cycle> {
  return { ...cycle, settings: { ...cycle.settings, decided: await decisionsOf(cycle.store, cycle.name) } };
}

/** (R12) Another configuration may need values the mirror never kept, and decides everybody anew. */
async function readAgain(
  cycle: Cycle,
  connection: StoredConnection,
  { compares, gap, aligning }: { readonly compares: boolean; readonly gap: boolean; readonly aligning: boolean },
): Promise<void> {
  const loadedBefore = connection.crmLoadedAt !== null && connection.marketingLoadedAt !== null;
  if (loadedBefore && compares) await keepMissing(cycle, { afterGap: gap, records: await rescan(cycle) });
  if (compares || aligning) {
    await markAllMarketingDirty(cycle.store, cycle.name);
    for (const role of cycle.crmSelection.roles) await markAllCrmDirty(cycle.store, cycle.name, role);
  }
}

async function wake(cycle: Cycle, connection: StoredConnection): Promise<void> {
  // Decided while another cycle was planning: that one may have taken the mark off without knowing.
  await wakeThese(cycle.store, await decidedHolds(cycle.store, cycle.name));
  await wakeByNews(cycle.store, cycle.name);
  const last = connection.watermarks['holds-retried'];
  if (last !== undefined && Date.parse(cycle.now()) - Date.parse(last) < RETRY_MS) return;
  await wakeAll(cycle.store, cycle.name);
  await updateConnection(cycle.store, cycle.name, { watermarks: { 'holds-retried': cycle.now() } });
}

async function planAndApply(cycle: Cycle, options: CycleOptions): Promise<void> {
  for (let pass = 1; pass <= PASSES; pass += 1) {
    const totals = await planRun(cycle, { preview: false, repeated: pass > 1, ...(await triedOf(cycle, options)) });
    if (totals.persons === 0) return;
    const waiting = await capOptOutRecords(cycle, false);
    if (totals.actions > 0 && totals.actions === waiting) return;
    // Alignment is approved as a whole. (R14)
    if (options.kind === 'sync') await applyBrakes(cycle);
    await applyLanes(cycle, checkClearedFields);
    if (!isWhole(options)) return;
  }
}

/**
 * Sends what is planned, lane by lane.
 * @param check may still stop everything but the opt-outs, which wait for nothing (decision 8)
 */
export async function applyLanes(cycle: Cycle, check?: (cycle: Cycle) => Promise<void>): Promise<void> {
  await confirmTargets(cycle);
  for (const lane of LANES) {
    if (lane === 'create') {
      await check?.(cycle);
      await confirmRecords(cycle);
    }
    for (const kind of KINDS[lane]) await together([sendToMarketing(cycle, lane, kind), applyCrm(cycle, lane, kind)]);
  }
}

function sendToMarketing(cycle: Cycle, lane: Lane, kind: ActionKind): Promise<void> {
  if (kind === 'list-remove') return leaveLists(cycle, lane, kind);
  if (lane === 'opt-in') return applyOptIns(cycle, lane);
  return kind === 'delete' ? deleteContacts(cycle, lane) : applyMarketing(cycle, lane, kind);
}

function isWhole({ limit, addresses }: CycleOptions): boolean {
  return limit === undefined && addresses === undefined;
}

/** Whom a try is about. Told by name: an address that neither side knows. */
async function triedOf(
  cycle: Cycle,
  { limit, addresses }: CycleOptions,
): Promise<{ readonly limit?: number; readonly chosen?: Seeds }> {
  if (addresses === undefined) return limit === undefined ? {} : { limit };
  const { seeds, unknown } = await seedsByAddress(cycle.store, cycle.name, addresses);
  if (unknown.length > 0) cycle.notices.push(`Nobody has the address ${unknown.join(', ')}.`);
  return { chosen: seeds };
}
