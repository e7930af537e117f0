// One run per connection: takes the lease, renews it while the work goes on, gives it back. (R16)
import { fencedStore } from '../store/fence.ts';
import {
  acquireLease,
  dropHolder,
  type Lease,
  leaseHolder,
  leaseTime,
  releaseLease,
  renewLease,
} from '../store/leases.ts';
import { type Engine, RunStopped } from './engine.ts';
import { isGone, newHolder } from './holder.ts';

/** A holder that died on another machine is waited for so long. */
const TTL_MS = 30_000;
const RENEW_MS = 8_000;
/** Calls end so long before the lease does: an answer may take its time. */
const MARGIN_MS = 5_000;

/** What a killed process of this machine left behind is taken over at once; any other holder is waited for. */
async function take(engine: Engine): Promise<Lease | null> {
  const holder = newHolder(engine.newId());
  const acquire = async () =>
    acquireLease(engine.store, engine.name, holder, TTL_MS, await leaseTime(engine.store, engine.now()));
  const lease = await acquire();
  if (lease !== null) return lease;
  const other = await leaseHolder(engine.store, engine.name, engine.now());
  if (other === null || !isGone(other.holder)) return null;
  await dropHolder(engine.store, engine.name, other.holder);
  return acquire();
}

/**
 * Runs `work` while this process holds the connection. What it stores counts only while it does: a run that was paused, and
 * whose connection was taken over meanwhile, changes nothing any more and calls nobody.
 * @throws RunStopped `aborted` when another run holds it, or when the lease was lost meanwhile.
 */
export async function withLease<T>(engine: Engine, work: (engine: Engine) => Promise<T>): Promise<T> {
  const lease = await take(engine);
  if (lease === null) {
    const other = await leaseHolder(engine.store, engine.name, engine.now());
    throw new RunStopped(
      'aborted',
      `Another run holds the connection ${engine.name}${other === null ? '' : ` until ${other.expiresAt} at the latest`}. Wait for it to end, then run again.`,
    );
  }
  engine.tenure.prolong(TTL_MS - MARGIN_MS);
  const lost = new AbortController();
  const renewing = keepRenewing(engine, lease, lost);
  try {
    return await work({
      ...engine,
      store: fencedStore(engine.store, engine.name, lease.token),
      signal: AbortSignal.any([engine.signal, lost.signal]),
    });
  } finally {
    renewing.stop();
    // What cannot be given back runs out by itself.
    await releaseLease(engine.store, engine.name, lease.token).catch(() => undefined);
  }
}

/** A database that is away for a moment costs nobody the lease: nobody else can take it then. */
function keepRenewing(engine: Engine, lease: Lease, lost: AbortController): { stop(): void } {
  let stopTimer = (): void => {};
  let stopped = false;
  const taken = new RunStopped('aborted', `The connection ${engine.name} was taken over by another run.`);
  const renew = async (): Promise<void> => {
    try {
      const kept = await renewLease(
        engine.store,
        engine.name,
        lease.token,
        TTL_MS,
        await leaseTime(engine.store, engine.now()),
      );
      if (kept) engine.tenure.prolong(TTL_MS - MARGIN_MS);
      else if (!stopped) lost.abort(taken);
    } catch (error) {
      if (!engine.tenure.holds() && !stopped) lost.abort(error);
    }
    if (!stopped && !lost.signal.aborted) next();
  };
  const next = (): void => {
    stopTimer = engine.startTimer(RENEW_MS, () => void renew());
  };
  next();
  return {
    stop() {
      stopped = true;
      stopTimer();
    },
  };
}
