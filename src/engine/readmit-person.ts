// Lets a person in again who was erased and came back by their own will. An opt-out that was known then still stands.
import { updateConnection } from '../store/connections.ts';
import { liftGuard } from '../store/erasures.ts';
import { appendLedger } from '../store/ledger.ts';
import { upsertSuppressions } from '../store/suppressions.ts';
import type { Engine } from './engine.ts';
import { guardHash, guardWord } from './guard.ts';
import { withLease } from './lease.ts';
import { SUPPRESSED_FROM_THE_START } from './pull.ts';

export interface Readmitted {
  /** The erasure that had kept the address out. */
  readonly erasureId: string;
  readonly erasedAt: string;
  readonly optedOut: boolean;
}

/**
 * Lifts the guard of one address; the next complete compare (`sync --full`) takes up what is there. Whoever had said no before
 * the erasure starts as opted out: only a new and explicit yes changes that. (O6)
 * @returns null when the address was not kept out
 */
export function readmitPerson(engine: Engine, email: string): Promise<Readmitted | null> {
  return withLease(engine, async (held) => {
    const now = held.now();
    const hash = guardHash(held.secretKey(), held.name, email);
    return held.store.transaction(async (tx) => {
      const lifted = await liftGuard(tx, held.name, hash, now);
      if (lifted === null) return null;
      const { optedOut, erasedAt, erasureId } = lifted;
      // Who left while the address was kept out was not heard: everybody who ever left is read once more.
      await updateConnection(tx, held.name, { watermarks: SUPPRESSED_FROM_THE_START });
      if (optedOut) {
        const event = {
          emailKey: guardWord(email),
          marketingId: null,
          reason: 'opted out before the erasure',
          at: erasedAt,
        };
        await upsertSuppressions(tx, held.name, [event], now);
      }
      const entry = {
        emailKey: null,
        crmId: null,
        marketingId: null,
        system: 'marketing',
        state: optedOut ? 'optedOut' : 'unknown',
        signal: `erasure ${erasureId}`,
        effectiveAt: null,
        row: 'O15',
        written: 'let in again',
        redacts: { person: hash, seqs: [] },
      } as const;
      await appendLedger(tx, held.name, [entry], null, now);
      return { erasureId, erasedAt, optedOut };
    });
  });
}
