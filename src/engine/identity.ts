// The sentinel: both accounts must be the ones this connection was set up with, before anything is read or planned. (R13)
import { ConnectorError } from '../connectors/error.ts';
import type { AccountIdentity } from '../connectors/connector.ts';
import { ensureConnection, type StoredConnection, updateConnection } from '../store/connections.ts';
import { type Engine, RunStopped } from './engine.ts';

export interface Identified {
  readonly connection: StoredConnection;
  readonly crm: AccountIdentity;
  readonly marketing: AccountIdentity;
}

/**
 * One call to each service. The first identities seen are remembered; later ones are compared.
 * @throws RunStopped `aborted` for another account, a refused credential or an unreachable service. Nothing was written.
 */
export async function identify(engine: Engine): Promise<Identified> {
  engine.progress({ connection: engine.name, phase: 'identify', done: 0, total: 2 });
  const connection = await ensureConnection(engine.store, { name: engine.name, replica: engine.newId(), now: engine.now() });
  const [crm, marketing] = await Promise.all([reach(() => engine.crm.identify()), reach(() => engine.marketing.identify())]);
  compare(engine, engine.crm.label, connection.crmAccountId, connection.crmRegion, crm);
  compare(engine, engine.marketing.label, connection.marketingAccountId, connection.marketingRegion, marketing);
  if (connection.crmAccountId === null || connection.marketingAccountId === null) {
    await updateConnection(engine.store, engine.name, {
      crmAccountId: crm.accountId,
      crmRegion: crm.region,
      marketingAccountId: marketing.accountId,
      marketingRegion: marketing.region,
    });
  }
  return { connection, crm, marketing };
}

async function reach<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ConnectorError && error.kind !== 'cancelled') throw new RunStopped('aborted', error.message, error);
    throw error;
  }
}

function compare(engine: Engine, label: string, accountId: string | null, region: string | null, now: AccountIdentity): void {
  if (accountId === null || (accountId === now.accountId && region === now.region)) return;
  throw new RunStopped(
    'aborted',
    `Wrong ${label} account connected: ${engine.name} was set up with account ${accountId} at ${region ?? 'an unknown place'}, ` +
      `but the credentials now lead to account ${now.accountId} at ${now.region}. Nothing was read or written. ` +
      'Put the right credentials back, or set the other account up as a connection of its own.',
  );
}
