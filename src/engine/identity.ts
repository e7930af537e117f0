// The sentinel: both accounts must be the ones this connection was set up with, before anything is read or planned. (R13)

import type { AccountIdentity } from '../connectors/connector.ts';
import { ConnectorError } from '../connectors/error.ts';
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
  const connection = await ensureConnection(engine.store, {
    name: engine.name,
    replica: engine.newId(),
    now: engine.now(),
  });
  const [crm, marketing] = await Promise.all([
    reach(() => engine.crm.identify()),
    reach(() => engine.marketing.identify()),
  ]);
  const wrong =
    wrongAccount(
      engine.name,
      engine.crm.label,
      { accountId: connection.crmAccountId, region: connection.crmRegion },
      crm,
    ) ??
    wrongAccount(
      engine.name,
      engine.marketing.label,
      { accountId: connection.marketingAccountId, region: connection.marketingRegion },
      marketing,
    );
  if (wrong !== null) throw new RunStopped('aborted', wrong);
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
    if (error instanceof ConnectorError && error.kind !== 'cancelled')
      throw new RunStopped('aborted', error.message, { cause: error });
    throw error;
  }
}

/** Words when the credentials lead to another account than the remembered one; null when all is well. (R13) */
export function wrongAccount(
  connection: string,
  label: string,
  remembered: { readonly accountId: string | null; readonly region: string | null },
  now: AccountIdentity,
): string | null {
  const { accountId, region } = remembered;
  if (accountId === null || (accountId === now.accountId && region === now.region)) return null;
  return (
    `Wrong ${label} account connected: ${connection} was set up with account ${accountId} at ${region ?? 'an unknown place'}, ` +
    `but the credentials now lead to account ${now.accountId} at ${now.region}. Nothing was read or written. ` +
    'Put the right credentials back, or set the other account up as a connection of its own.'
  );
}
