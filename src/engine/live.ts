// Reads both accounts' schemas, and keeps them so that a quiet cycle costs no call for them.
import type { StoredConnection } from '../store/connections.ts';
import { updateConnection } from '../store/connections.ts';
import type { Engine, LiveAccounts } from './engine.ts';
import { lostSince, rememberLost } from './lost-fields.ts';

const KEEP_MS = 24 * 60 * 60 * 1000;

/** The accounts as last read; read again when asked to, after a day, or when the configuration changed. */
export async function liveAccounts(
  engine: Engine,
  connection: StoredConnection,
  refresh: boolean,
): Promise<LiveAccounts> {
  const fresh =
    connection.liveAt !== null &&
    connection.fingerprint === engine.fingerprint &&
    Date.parse(engine.now()) - Date.parse(connection.liveAt) < KEEP_MS;
  const kept = connection.live as LiveAccounts | null;
  if (!refresh && fresh && kept !== null) return kept;
  const [crm, marketing, lists, users] = await Promise.all([
    engine.crm.schema(),
    engine.marketing.schema(),
    engine.marketing.lists(),
    engine.needsUsers ? engine.crm.users() : undefined,
  ]);
  const live: LiveAccounts = {
    crm,
    marketing,
    lists: lists.map(({ id, name, reserved }) => ({ id, name, ...(reserved === true ? { reserved } : {}) })),
    ...(users === undefined ? {} : { users }),
  };
  await engine.store.transaction(async (tx) => {
    await updateConnection(tx, engine.name, { live, liveAt: engine.now() });
    if (kept !== null)
      await rememberLost(tx, engine.name, lostSince(engine.compile(kept, 'sync').settings, kept, live));
  });
  return live;
}
