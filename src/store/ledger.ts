// The consent ledger: append only, each entry chained to the one before by its hash. Nothing here changes or removes an entry.
import { createHash } from 'node:crypto';
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
  readonly hash: string;
}

export type NewLedgerEntry = Pick<
  LedgerEntry,
  'emailKey' | 'crmId' | 'marketingId' | 'system' | 'state' | 'signal' | 'effectiveAt' | 'row' | 'written'
>;

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
    const content = {
      connection,
      seq,
      at: now,
      email_key: entry.emailKey,
      crm_id: entry.crmId,
      marketing_id: entry.marketingId,
      system: entry.system,
      state: entry.state,
      signal: entry.signal,
      effective_at: entry.effectiveAt,
      row_id: entry.row,
      written: entry.written,
      run_id: runId,
      previous,
    };
    previous = hashOf(content);
    return { ...content, hash: previous };
  });
  for (const batch of batches(rows)) await tx.db.insertInto('ledger').values(batch).execute();
}

function hashOf(content: Omit<LedgerRow, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

/** The consent history of a person, oldest first. */
export async function ledgerOf(
  ex: Executor,
  connection: string,
  of: { readonly emailKeys: readonly string[]; readonly marketingIds: readonly string[] },
): Promise<readonly LedgerEntry[]> {
  if (of.emailKeys.length + of.marketingIds.length === 0) return [];
  const rows = await ex.db
    .selectFrom('ledger')
    .selectAll()
    .where('connection', '=', connection)
    .where((eb) =>
      eb.or([
        ...(of.emailKeys.length > 0 ? [eb('email_key', 'in', of.emailKeys)] : []),
        ...(of.marketingIds.length > 0 ? [eb('marketing_id', 'in', of.marketingIds)] : []),
      ]),
    )
    .orderBy('seq')
    .execute();
  return rows.map(toEntry);
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
  | { readonly type: 'sound'; readonly entries: number; readonly head: string }
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
      if (hashOf(content) !== hash) return { type: 'broken', seq, why: 'the entry was changed' };
      if ((kept.get(seq) ?? hash) !== hash)
        return { type: 'broken', seq, why: 'the entry is not the one a run recorded here' };
      previous = hash;
    }
    if (rows.length < pageSize && seq < longest)
      return { type: 'broken', seq: seq + 1, why: `${longest - seq} entries are missing at the end` };
    if (rows.length < pageSize) return { type: 'sound', entries: seq, head: previous };
  }
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
    hash: row.hash,
  };
}
