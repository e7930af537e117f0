// What an operator could read of Lockstep's database: who is linked with whom, and who waits for a person. Reads only.
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

export interface LinkRow {
  readonly role: 'contact' | 'lead';
  readonly crm_id: string;
  readonly marketing_id: string;
  readonly state: 'active' | 'paused' | 'held' | 'shadow' | 'severed';
  readonly because: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly email_hash: string | null;
}

export interface Hold {
  readonly code: string;
  /** Null = about the record. */
  readonly field: string | null;
}

export interface Known {
  readonly links: readonly LinkRow[];
  /** Record key → the open holds that name it. */
  readonly held: ReadonlyMap<string, readonly Hold[]>;
  /** Keys of the records that somebody said are another person than the one they were asked about, or are to stay out of Sell as a contact. */
  readonly apart: ReadonlySet<string>;
}

/** What `read` finds; `nothing` where there is no database yet. */
function readDatabase<T>(file: string, nothing: T, read: (db: DatabaseSync) => T): T {
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(file, { readOnly: true });
  } catch {
    return nothing;
  }
  try {
    return read(db);
  } finally {
    db.close();
  }
}

export function readKnown(file: string): Known {
  return readDatabase<Known>(file, { links: [], held: new Map(), apart: new Set() }, (db) => {
    const links = db
      .prepare(
        'select role, crm_id, marketing_id, state, because, created_at, updated_at, email_hash from links order by id',
      )
      .all() as unknown as readonly LinkRow[];
    const named = db
      .prepare(
        `select r.system, r.entity, r.record_id, h.code, h.field from hold_refs r join holds h on h.id = r.hold_id where h.state in ('open', 'waiting')
         union select 'crm', entity, crm_id, code, field from holds where state in ('open', 'waiting') and crm_id is not null
         union select 'marketing', 'contact', marketing_id, code, field from holds where state in ('open', 'waiting') and marketing_id is not null`,
      )
      .all() as unknown as readonly {
      readonly system: string;
      readonly entity: string;
      readonly record_id: string;
      readonly code: string;
      readonly field: string | null;
    }[];
    const held = new Map<string, readonly Hold[]>();
    for (const { system, entity, record_id, code, field } of named) {
      const key = system === 'crm' ? crmKey(entity, record_id) : marketingKey(record_id);
      held.set(key, [...(held.get(key) ?? []), { code, field }]);
    }
    const apart = db
      .prepare("select entity, crm_id, marketing_id from decisions where choice = 'keep-apart'")
      .all() as unknown as readonly {
      readonly entity: string;
      readonly crm_id: string | null;
      readonly marketing_id: string | null;
    }[];
    const keys = apart.flatMap(({ entity, crm_id, marketing_id }) => {
      if (crm_id !== null) return [crmKey(entity, crm_id)];
      return entity === 'contact' && marketing_id !== null ? [marketingKey(marketing_id)] : [];
    });
    return { links, held, apart: new Set(keys) };
  });
}

/** Hash of the configuration that a run recorded after it had done all it planned; null where nothing was recorded or something is left to do. */
export function readBaseline(file: string): string | null {
  return readDatabase(file, null, (db) => {
    const row = db
      .prepare(
        `select fingerprint from connections where not exists (
           select 1 from actions a join runs r on r.id = a.run_id where a.state = 'planned' and r.kind not in ('plan', 'preview'))`,
      )
      .get() as { readonly fingerprint: string | null } | undefined;
    return row?.fingerprint ?? null;
  });
}

export function crmKey(role: string, id: string): string {
  return `sell ${role} ${id}`;
}

export function marketingKey(id: string): string {
  return `dotdigital contact ${id}`;
}

/** As a severed link remembers an address. (decision 12) */
export function hashOf(address: string): string {
  return createHash('sha256').update(address).digest('hex');
}
