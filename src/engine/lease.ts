// One run per connection: takes the lease, renews it while the work goes on, gives it back. (R16)
import { acquireLease, dropHolder, type Lease, leaseHolder, releaseLease, renewLease } from '../store/leases.ts';
import { type Engine, RunStopped } from './engine.ts';
import { isGone, newHolder } from './holder.ts';

const TTL_MS = 60_000;
const RENEW_MS = 15_000;

/** What a killed process of this machine left behind is taken over at once; any other holder is waited for. */
async function take(engine: Engine): Promise<Lease | null> {
  const holder = newHolder(engine.newId());
  const acquire = () => acquireLease(engine.store, engine.name, holder, TTL_MS, engine.now());
  const lease = await acquire();
  if (lease !== null) return lease;
  const other = await leaseHolder(engine.store, engine.name, engine.now());
  if (other === null || !isGone(other.holder)) return null;
  await dropHolder(engine.store, engine.name, other.holder);
  return acquire();
}

/**
 * Runs `work` while this process holds the connection.
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
  const lost = new AbortController();
  const signal = AbortSignal.any([engine.signal, lost.signal]);
  const timer = setInterval(() => {
    renewLease(engine.store, engine.name, lease.token, TTL_MS, engine.now()).then(
      (kept) => {
        if (!kept)
          lost.abort(new RunStopped('aborted', `The connection ${engine.name} was taken over by another run.`));
      },
      (error: unknown) => lost.abort(error),
    );
  }, RENEW_MS);
  timer.unref();
  try {
    return await work({ ...engine, signal });
  } finally {
    clearInterval(timer);
    await releaseLease(engine.store, engine.name, lease.token);
  }
}
