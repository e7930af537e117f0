// The time the next cycle reads on from: the clock that the marketing system stamps its records with. (R7)
import { ConnectorError } from '../connectors/error.ts';
import { type StoredConnection, updateConnection } from '../store/connections.ts';
import type { Engine } from './engine.ts';

export interface MarketingClock {
  readonly now: string;
  /** Whether the time that comes with every answer is that clock's. */
  readonly trusted: boolean;
}

const AGREE_MS = 5_000;
const MARK = 'marketing-clock';

/**
 * Every answer carries a time, but of the machine that sent it: it is trusted once it agreed with the service's own call,
 * so that a quiet cycle costs no call for it. Where the two disagree, the call is made in every cycle.
 * @param answered the time that came with the identity, ISO UTC
 */
export async function marketingClock(
  engine: Engine,
  connection: StoredConnection,
  answered: string,
): Promise<MarketingClock> {
  if (connection.watermarks[MARK] === 'answers') return { now: answered, trusted: true };
  const told = await engine.marketing.serverTime().catch((error: unknown) => {
    // A service that does not tell the time leaves only the answers' own.
    if (
      error instanceof ConnectorError &&
      (error.kind === 'not-found' || error.kind === 'forbidden' || error.kind === 'malformed')
    )
      return null;
    throw error;
  });
  const trusted = told === null || Math.abs(Date.parse(told) - Date.parse(answered)) <= AGREE_MS;
  await updateConnection(engine.store, engine.name, { watermarks: { [MARK]: trusted ? 'answers' : 'own call' } });
  return { now: told ?? answered, trusted };
}
