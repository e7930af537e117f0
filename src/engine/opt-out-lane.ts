// The opt-out lane: one cheap call asks who left marketing, and whoever is linked gets the opt-out at once. Plans and applies
// nothing else: whatever more there is to do about these people waits for the next cycle, which finds them marked. (O8, decision 8)
import type { Action } from '../core/model/plan.ts';
import { countActions } from '../store/actions.ts';
import { getConnection, type StoredConnection, updateConnection } from '../store/connections.ts';
import { leaseHolder } from '../store/leases.ts';
import { getMarketingByEmail, setMarketingDirty } from '../store/marketing-records.ts';
import { getRun } from '../store/runs.ts';
import { suppressionsByEmail } from '../store/suppressions.ts';
import { applyCrm } from './apply-crm.ts';
import { applyBrakes } from './brake.ts';
import type { Cycle, Engine } from './engine.ts';
import { hasFeedGap } from './feed-gap.ts';
import { guardEngine } from './guard.ts';
import { identify } from './identity.ts';
import { liveAccounts } from './live.ts';
import { marketingClock } from './marketing-clock.ts';
import { planRun } from './plan-run.ts';
import { optOutsOf, pullSuppressions, suppressionsFrom } from './pull.ts';
import { recover } from './recover.ts';
import type { RunReport } from './report.ts';
import { startOptOuts, type WorkResult, withRun } from './run.ts';

export type OptOutPoll =
  /** Nobody left since; nothing was written anywhere but when this was. */
  | { readonly type: 'quiet' }
  /** A run has the connection, and looks for opt-outs itself. */
  | { readonly type: 'busy' }
  /** A whole cycle has to come first. */
  | { readonly type: 'not-now'; readonly why: string }
  | { readonly type: 'ran'; readonly report: RunReport };

/** Watermark that says when the lane last looked. */
export const OPT_OUTS_POLLED = 'opt-outs-polled';
/** Times a person whose record moved meanwhile is planned again. */
const PASSES = 3;

/** One call while nobody leaves. Throws ConnectorError when the service does not answer. */
export async function pollOptOuts(engine: Engine): Promise<OptOutPoll> {
  if ((await leaseHolder(engine.store, engine.name, engine.now())) !== null) return { type: 'busy' };
  const connection = await getConnection(engine.store, engine.name);
  const why = whyNot(engine, connection);
  if (connection === null || why !== null) return { type: 'not-now', why: why ?? 'not set up yet' };
  const polledAt = engine.now();
  if (!(await somebodyLeft(engine, connection))) {
    await updateConnection(engine.store, engine.name, { watermarks: { [OPT_OUTS_POLLED]: polledAt } });
    return { type: 'quiet' };
  }
  const report = await withRun(engine, 'opt-outs', {}, ({ engine: held, runId }) => optOut(held, runId));
  // Refused the lease in that moment: there is no such run.
  if (report.state === 'aborted' && (await getRun(engine.store, report.id)) === null) return { type: 'busy' };
  await updateConnection(engine.store, engine.name, { watermarks: { [OPT_OUTS_POLLED]: polledAt } });
  return { type: 'ran', report };
}

function whyNot(engine: Engine, connection: StoredConnection | null): string | null {
  if (connection === null || connection.alignedAt === null) return 'not aligned yet';
  if (connection.fingerprint !== engine.fingerprint) return 'the configuration changed';
  if (connection.marketingLoadedAt === null || connection.crmLoadedAt === null) return 'not read yet';
  return hasFeedGap(connection, engine.now()) ? 'changes may have been missed' : null;
}

/** Whether the service names an opt-out that is not known here, of a contact that is. */
async function somebodyLeft(engine: Engine, connection: StoredConnection): Promise<boolean> {
  const { engine: guarded } = await guardEngine(engine);
  for await (const page of guarded.marketing.suppressedSince(suppressionsFrom(connection))) {
    const events = await optOutsOf(engine, page);
    const addresses = [...new Set(events.map(({ emailKey }) => emailKey))];
    const known = new Map(
      (await suppressionsByEmail(engine.store, engine.name, addresses)).map(({ emailKey, at }) => [emailKey, at]),
    );
    const news = events.filter(({ emailKey, at }) => at > (known.get(emailKey) ?? ''));
    const contacts = await getMarketingByEmail(
      engine.store,
      engine.name,
      news.map(({ emailKey }) => emailKey),
    );
    if (contacts.length > 0) return true;
  }
  return false;
}

async function optOut(engine: Engine, runId: string): Promise<WorkResult> {
  const { connection, marketing } = await identify(engine);
  const live = await liveAccounts(engine, connection, false);
  const clock = await marketingClock(engine, connection, marketing.serverTime);
  const cycle = startOptOuts(engine, runId, live);
  await recover(cycle);
  const read = { startedAt: cycle.now(), serverTime: clock.now };
  const left = await pullSuppressions(cycle, suppressionsFrom(connection), read);
  for (let pass = 1; pass <= PASSES; pass += 1) {
    const seeds = { marketingIds: left, crm: [] };
    const totals = await planRun(cycle, { preview: true, approved: [seeds], keep: goesToCrm });
    if (totals.actions === 0) break;
    await applyBrakes(cycle, ['unsubscribe']);
    await applyCrm(cycle, 'opt-out', 'set-consent');
    if (!(await someMoved(cycle))) break;
  }
  // The rest of their news, and what the rules have to say beside the opt-out, is for the next cycle.
  await cycle.store.transaction((tx) => setMarketingDirty(tx, cycle.name, left, true));
  return { message: cycle.notices.length === 0 ? null : cycle.notices.join('\n') };
}

/** What marketing said goes to the CRM. The other way round is for a cycle, which reads the CRM first and has the brakes of O17. */
function goesToCrm({ lane, system }: Action): boolean {
  return lane === 'opt-out' && system === 'crm';
}

async function someMoved(cycle: Cycle): Promise<boolean> {
  return (await countActions(cycle.store, cycle.runId)).some(({ state }) => state === 'dropped');
}
