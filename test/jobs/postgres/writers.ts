// Notes in the database itself which process wrote to a connection, and who held its lease in that moment. Knows nothing of how
// the store keeps stale writers out; that nobody but the holder ever wrote is what it proves. (R16)
import pg from 'pg';
import type { Crowd } from './crowd.ts';

export interface Writers {
  /** Writes by anybody who did not hold the connection, in words; empty = there were none. */
  strangers(): Promise<readonly string[]>;
  /** Runs of which a write was noted. */
  count(): Promise<number>;
  /** Cuts so many sessions of workers, those with the given places in their list. @returns number cut */
  cut(places: (sessions: number) => readonly number[]): Promise<number>;
  /** Process ids that hold a connection now. */
  holders(): Promise<ReadonlySet<number>>;
  close(): Promise<void>;
}

/** Everything that only a run writes. */
const OF_RUNS = [
  'crm_records',
  'marketing_records',
  'links',
  'holds',
  'runs',
  'actions',
  'notes',
  'ledger',
  'suppressions',
  'scans',
  'lead_lists',
  'list_members',
];

export async function watchWriters(crowd: Crowd, database: string): Promise<Writers> {
  const pool = new pg.Pool({ connectionString: database, max: 2, application_name: 'witness' });
  pool.on('error', () => undefined);
  await pool.query(`
    create table seen_writers (writer text, holder text, connection text, about text, primary key (writer, holder, connection, about));
    create function see_writer() returns trigger language plpgsql as $$
    begin
      insert into seen_writers
        select current_setting('application_name'), coalesce(holder, 'nobody'), name, tg_table_name from leases
        where name = case tg_op when 'DELETE' then old.connection else new.connection end
        on conflict do nothing;
      return null;
    end $$;`);
  for (const table of OF_RUNS)
    await pool.query(
      `create trigger see_writer after insert or update or delete on ${table} for each row execute function see_writer()`,
    );
  return {
    async strangers() {
      const { rows } = await pool.query<{ writer: string; holder: string; connection: string; about: string }>(
        'select * from seen_writers',
      );
      return rows.flatMap(({ writer, holder, connection, about }) => {
        const pid = crowd.pids.get(writer);
        const holding = holder === 'nobody' ? null : (JSON.parse(holder) as { readonly pid: number }).pid;
        return pid !== undefined && pid === holding
          ? []
          : [`${writer} (${pid ?? '?'}) wrote ${about} of ${connection}, which ${holding ?? 'nobody'} held`];
      });
    },
    async count() {
      const { rows } = await pool.query<{ n: string }>('select count(distinct holder) as n from seen_writers');
      return Number(rows[0]?.n);
    },
    async cut(places) {
      const { rows } = await pool.query<{ pid: number }>(
        "select pid from pg_stat_activity where application_name like 'worker-%' order by backend_start, pid",
      );
      const chosen = places(rows.length).flatMap((place) => rows[place]?.pid ?? []);
      for (const pid of chosen) await pool.query('select pg_terminate_backend($1)', [pid]);
      return chosen.length;
    },
    async holders() {
      const { rows } = await pool.query<{ holder: string }>('select holder from leases where holder is not null');
      return new Set(rows.map(({ holder }) => (JSON.parse(holder) as { readonly pid: number }).pid));
    },
    close: () => pool.end(),
  };
}
