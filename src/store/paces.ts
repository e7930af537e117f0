// The state of limits that several processes share: read and replaced as a whole, by whoever is first. One statement each.
import { sql } from 'kysely';
import type { Store } from './executor.ts';
import { decodeJson, encodeJson } from './json.ts';
import { again } from './patience.ts';

/** How long a database that is busy or away is waited for: as a transaction waits. Milliseconds. */
const PATIENCE_MS = 60_000;
/** Nobody asks for a limit so old: another token took its place. Milliseconds. */
const FORGOTTEN_MS = 30 * 86_400_000;

export interface StoredPace {
  readonly state: unknown;
  /** 0 = there is none. */
  readonly version: number;
  /** Milliseconds since the epoch, by the database's clock. */
  readonly now: number;
}

/** @throws StoreError */
export async function readPace(store: Store, key: string): Promise<StoredPace> {
  const { nowMs } = store.backend;
  const { rows } = await patiently(() =>
    sql<{ state: string | null; version: number | string | null; now: number | string }>`
      select paces.state, paces.version, clock.now
      from (select ${nowMs} as now) as clock left join paces on paces.limit_key = ${key}`.execute(store.db),
  );
  const [row] = rows;
  return {
    state: row?.state == null ? null : decodeJson<unknown>(row.state),
    version: Number(row?.version ?? 0),
    now: Number(row?.now),
  };
}

/** Replaces the version that was read. @returns `now` as above, or null when somebody else did so before @throws StoreError */
export async function writePace(store: Store, key: string, version: number, state: unknown): Promise<number | null> {
  const { nowMs } = store.backend;
  const { rows } = await patiently(() =>
    sql<{ now: number | string }>`
      insert into paces (limit_key, version, state, used_at)
      values (${key}, cast(${version + 1} as bigint), ${encodeJson(state)}, ${nowMs})
      on conflict (limit_key) do update
        set version = excluded.version, state = excluded.state, used_at = excluded.used_at
        where paces.version = ${version}
      returning used_at as now`.execute(store.db),
  );
  const [row] = rows;
  if (row === undefined) return null;
  const now = Number(row.now);
  if (version === 0)
    await store.db
      .deleteFrom('paces')
      .where('used_at', '<', now - FORGOTTEN_MS)
      .execute();
  return now;
}

function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  return again(PATIENCE_MS, ({ kind }) => kind === 'busy' || kind === 'unavailable', attempt);
}
