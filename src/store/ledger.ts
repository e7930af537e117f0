// The consent ledger: append only, each entry chained to the one before by its hash. No entry is ever removed; only an erasure
// takes something out of one, and the chain names what it took.
import { createHash, randomBytes } from 'node:crypto';
import type { System } from '../core/model/identity.ts';
import type { RowId } from '../core/model/row.ts';
import type { Executor, Tx } from './executor.ts';
import { canonicalJson } from './json.ts';
import { batches } from './keys.ts';
import type { LedgerRow } from './schema.ts';

/** One consent fact or decision. (4.5) */
export interface LedgerEntry {
  readonly seq: number;
  /** When it was recorded, ISO UTC. */
  readonly at: string;
  readonly emailKey: string | null;
  readonly crmId: string | null;
  readonly marketingId: string | null;
  readonly system: System;
  readonly state: string;
  /** What said so. */
  readonly signal: string;
  /** When it took effect, as far as anybody could tell. */
  readonly effectiveAt: string | null;
  readonly row: RowId;
  /** What was written because of it, in words. */
  readonly written: string | null;
  readonly runId: string | null;
  /** Hash of the entry before. */
  readonly previous: string;
  /** Of address and ids; null on entries of the first format, whose hash is of them itself. */
  readonly digest: string | null;
  readonly hash: string;
  /** Keyed hash of the address where the person was erased; null otherwise. */
  readonly person: string | null;
  /** The erasure that took address and ids out of the entry; null = it is whole. */
  readonly erasureId: string | null;
}

export type NewLedgerEntry = Pick<
  LedgerEntry,
  'emailKey' | 'crmId' | 'marketingId' | 'system' | 'state' | 'signal' | 'effectiveAt' | 'row' | 'written'
> & {
  /** On the entry of an erasure: whose entries it redacts, by keyed hash, and which. */
  readonly redacts?: Redaction;
};

export interface Redaction {
  readonly person: string;
  readonly seqs: readonly number[];
}

const FIRST = '';

/** Appends entries in the order given, within the caller's transaction: the chain never forks. */
export async function appendLedger(
  tx: Tx,
  connection: string,
  entries: readonly NewLedgerEntry[],
  runId: string | null,
  now: string,
): Promise<void> {
  if (entries.length === 0) return;
  const last = await tx.db
    .selectFrom('ledger')
    .select(['seq', 'hash'])
    .where('connection', '=', connection)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  let seq = last === undefined ? 0 : Number(last.seq);
  let previous = last?.hash ?? FIRST;
  const rows = entries.map((entry): LedgerRow => {
    seq += 1;
    const personal = { email_key: entry.emailKey, crm_id: entry.crmId, marketing_id: entry.marketingId };
    const salt = randomBytes(16).toString('hex');
    const row = {
      ...personal,
      connection,
      seq,
      at: now,
      system: entry.system,
      state: entry.state,
      signal: entry.signal,
      effective_at: entry.effectiveAt,
      row_id: entry.row,
      written: entry.written,
      run_id: runId,
      previous,
      salt,
      digest: digestOf(salt, personal),
      person: entry.redacts?.person ?? null,
      erasure_id: null,
      redacts: entry.redacts === undefined ? null : canonicalJson(entry.redacts),
    };
    previous = hashOf(row);
    return { ...row, hash: previous };
  });
  for (const batch of batches(rows)) await tx.db.insertInto('ledger').values(batch).execute();
}

type Personal = Pick<LedgerRow, 'email_key' | 'crm_id' | 'marketing_id'>;

/** The salt goes with the data: without it nobody can find out by trying whose digest it is. */
function digestOf(salt: string, { email_key, crm_id, marketing_id }: Personal): string {
  return sha256(canonicalJson({ salt, email_key, crm_id, marketing_id }));
}

/** Of everything that never changes: the personal part counts by its digest. */
function hashOf(row: Omit<LedgerRow, 'hash'>): string {
  const { connection, seq, at, system, state, signal, effective_at, row_id, written, run_id, previous } = row;
  const fixed = { connection, seq, at, system, state, signal, effective_at, row_id, written, run_id, previous };
  if (row.digest === null) {
    const { email_key, crm_id, marketing_id } = row;
    return sha256(canonicalJson({ ...fixed, email_key, crm_id, marketing_id }));
  }
  return sha256(canonicalJson({ ...fixed, digest: row.digest, redacts: row.redacts }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The consent history of a person, oldest first. */
export async function ledgerOf(
  ex: Executor,
  connection: string,
  of: {
    readonly emailKeys: readonly string[];
    readonly marketingIds: readonly string[];
    /** Keyed hashes, for what an erasure left. */
    readonly persons?: readonly string[];
  },
): Promise<readonly LedgerEntry[]> {
  const persons = of.persons ?? [];
  if (of.emailKeys.length + of.marketingIds.length + persons.length === 0) return [];
  const rows = await ex.db
    .selectFrom('ledger')
    .selectAll()
    .where('connection', '=', connection)
    .where((eb) =>
      eb.or([
        ...(of.emailKeys.length > 0 ? [eb('email_key', 'in', of.emailKeys)] : []),
        ...(of.marketingIds.length > 0 ? [eb('marketing_id', 'in', of.marketingIds)] : []),
        ...(persons.length > 0 ? [eb('person', 'in', persons)] : []),
      ]),
    )
    .orderBy('seq')
    .execute();
  return rows.map(toEntry);
}

/** The whole ledger of a connection in order, page by page. */
export async function* wholeLedger(
  ex: Executor,
  connection: string,
  pageSize = 1000,
): AsyncGenerator<readonly LedgerEntry[]> {
  for (let after = 0; ; ) {
    const rows = await ex.db
      .selectFrom('ledger')
      .selectAll()
      .where('connection', '=', connection)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(pageSize)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    after = Number(last.seq);
    yield rows.map(toEntry);
  }
}

/**
 * Takes address and ids out of these entries and puts a keyed hash in their place. What was said, when and by which rule stays,
 * and so does the chain. The caller appends the entry that names them, in the same transaction.
 */
export async function redactLedger(
  tx: Tx,
  connection: string,
  { seqs, person }: Redaction,
  erasureId: string,
): Promise<void> {
  for (const batch of batches(seqs)) {
    await tx.db
      .updateTable('ledger')
      .set({
        email_key: null,
        crm_id: null,
        marketing_id: null,
        salt: null,
        person,
        erasure_id: erasureId,
      })
      .where('connection', '=', connection)
      .where('seq', 'in', batch)
      .execute();
  }
}

/** The chain as it stands: how many entries, and the hash of the last. Kept with each run, so that a tail cut off is found. */
export async function ledgerHead(ex: Executor, connection: string): Promise<LedgerHead> {
  const last = await ex.db
    .selectFrom('ledger')
    .select(['seq', 'hash'])
    .where('connection', '=', connection)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last === undefined ? { entries: 0, head: FIRST } : { entries: Number(last.seq), head: last.hash };
}

export interface LedgerHead {
  readonly entries: number;
  readonly head: string;
}

export type ChainCheck =
  /** `redacted`: entries whose personal part an erasure took out. */
  | { readonly type: 'sound'; readonly entries: number; readonly head: string; readonly redacted: number }
  /** The first entry whose content, place or chain is not what it was. */
  | { readonly type: 'broken'; readonly seq: number; readonly why: string };

/**
 * Recomputes every hash: an entry that was changed, removed, inserted or moved breaks the chain.
 * @param witnesses the chain's head as runs kept it: each must still be there
 */
export async function verifyLedger(
  ex: Executor,
  connection: string,
  witnesses: readonly LedgerHead[] = [],
  pageSize = 1000,
): Promise<ChainCheck> {
  const kept = new Map(witnesses.filter(({ entries }) => entries > 0).map(({ entries, head }) => [entries, head]));
  const longest = Math.max(0, ...kept.keys());
  /** By number: the keyed hash that stands in the entry, and the one that an erasure says belongs there. */
  const redacted = new Map<number, string | null>();
  const named = new Map<number, string>();
  let previous = FIRST;
  let seq = 0;
  for (;;) {
    const rows = await ex.db
      .selectFrom('ledger')
      .selectAll()
      .where('connection', '=', connection)
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(pageSize)
      .execute();
    for (const row of rows) {
      seq += 1;
      const { hash, ...content } = { ...row, seq: Number(row.seq) };
      if (content.seq !== seq) return { type: 'broken', seq, why: 'an entry is missing' };
      if (content.previous !== previous)
        return { type: 'broken', seq, why: 'the entry does not follow the one before' };
      if (row.erasure_id !== null) redacted.set(seq, row.person);
      if (!isWhole(content, hash)) return { type: 'broken', seq, why: 'the entry was changed' };
      if (row.redacts !== null) {
        const { seqs, person } = JSON.parse(row.redacts) as Redaction;
        for (const taken of seqs) named.set(taken, person);
      }
      if ((kept.get(seq) ?? hash) !== hash)
        return { type: 'broken', seq, why: 'the entry is not the one a run recorded here' };
      previous = hash;
    }
    if (rows.length < pageSize && seq < longest)
      return { type: 'broken', seq: seq + 1, why: `${longest - seq} entries are missing at the end` };
    if (rows.length < pageSize) {
      const [unnamed] = [...redacted.keys()].filter((taken) => named.get(taken) !== redacted.get(taken));
      if (unnamed !== undefined)
        return { type: 'broken', seq: unnamed, why: 'no erasure accounts for what was taken out' };
      return { type: 'sound', entries: seq, head: previous, redacted: redacted.size };
    }
  }
}

/** A redacted entry of the first format is held by its place in the chain alone: its hash was of the personal part too. */
function isWhole(row: Omit<LedgerRow, 'hash'>, hash: string): boolean {
  if (row.digest === null && row.erasure_id !== null) return true;
  if (hashOf(row) !== hash) return false;
  if (row.erasure_id !== null) return row.email_key === null && row.crm_id === null && row.marketing_id === null;
  return row.digest === null || (row.salt !== null && digestOf(row.salt, row) === row.digest);
}

function toEntry(row: LedgerRow): LedgerEntry {
  return {
    seq: Number(row.seq),
    at: row.at,
    emailKey: row.email_key,
    crmId: row.crm_id,
    marketingId: row.marketing_id,
    system: row.system,
    state: row.state,
    signal: row.signal,
    effectiveAt: row.effective_at,
    row: row.row_id,
    written: row.written,
    runId: row.run_id,
    previous: row.previous,
    digest: row.digest,
    hash: row.hash,
    person: row.person,
    erasureId: row.erasure_id,
  };
}
