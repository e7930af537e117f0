// Insight data: records of the account in collections (the product catalogue). Never touches contact data.
import { z } from 'zod';
import { ConnectorError } from '../error.ts';
import type { AccountCalls } from './account-calls.ts';
import { awaitJob, isGoneJob, submitWhenFree } from './await-job.ts';
import { markedPages } from './marked-pages.ts';
import { collectionRow, importAccepted, insightDeleted, insightFailure, insightRecord, insightStatus } from './wire.ts';

export type JsonValue = null | string | number | boolean | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A record replaces the one of the same key as a whole. Keep the type of each property the same for ever. */
export interface InsightRecord {
  readonly key: string;
  readonly json: { readonly [property: string]: JsonValue };
}

/** A record as it is read back: whoever wrote it. */
export interface StoredRecord {
  readonly key: string;
  readonly json: { readonly [property: string]: unknown };
}

export interface InsightCollection {
  readonly name: string;
  readonly type: string;
  readonly scope: string;
  readonly records: number;
}

export type InsightOutcome =
  | { readonly key: string; readonly type: 'done' }
  | { readonly key: string; readonly type: 'failed'; readonly code: string; readonly message: string }
  /** The import ended without saying which records it took. */
  | { readonly key: string; readonly type: 'unknown'; readonly message: string };

export interface InsightData {
  /** Most records worth sending in one import. */
  readonly recordsPerImport: number;
  collections(): Promise<readonly InsightCollection[]>;
  /** Every record as it is now; none where the collection is not there. Complete when it ends without an error. */
  records(collection: string): AsyncIterable<readonly StoredRecord[]>;
  /** Makes the collection if there is none (scope account, type catalog). Returns the import's id. (K1) */
  submitRecords(collection: string, records: readonly InsightRecord[]): Promise<string>;
  awaitRecords(importId: string, records: readonly InsightRecord[]): Promise<readonly InsightOutcome[]>;
  /** Keys that are not there, and a collection that is not there, count as deleted. (K6) */
  deleteRecords(collection: string, keys: readonly string[]): Promise<void>;
}

const RECORDS_LIMIT = 5000;
/** The documents name two limits of a page; this one holds in both. */
const PAGE_LIMIT = 1000;
const NAME = /^[-A-Za-z_][-A-Za-z0-9_]{1,254}$/;
const PROPERTY = /^[-A-Za-z0-9_]+$/;
const ENDS: ReadonlyMap<string, 'finished' | 'failed'> = new Map<string, 'finished' | 'failed'>([
  ['finished', 'finished'],
  ['complete', 'finished'],
  ['completed', 'finished'],
  ['failed', 'failed'],
]);

export function createInsightData(calls: AccountCalls): InsightData {
  /** The documents spell the path in two ways; the first that is known is kept. (U12) */
  let plural: boolean | null = null;

  async function deleteSome(collection: string, keys: readonly string[]): Promise<void> {
    const attempts = plural === null ? [true, false] : [plural];
    for (const way of attempts) {
      try {
        await calls.send({
          method: 'DELETE',
          path: `/insightData/v3/${way ? 'accounts' : 'account'}/${encodeURIComponent(collection)}/deleteRecords`,
          scope: 'insight-delete',
          body: { json: { keys } },
          read: (reply) => (reply.text.trim() === '' ? null : insightDeleted.parse(reply.json())),
        });
        plural = way;
        return;
      } catch (error) {
        const unknownPath = error instanceof ConnectorError && (error.kind === 'not-found' || error.status === 405);
        if (!unknownPath) throw error;
        // A missing collection has its own code: then there is nothing to delete.
        if (/collectionNotFound|recordNotFound/i.test(error.code ?? '')) return;
        if (way === attempts.at(-1) && plural !== null) return;
        if (way === attempts.at(-1) && (await collections()).some((each) => each.name === collection)) throw error;
      }
    }
  }

  async function collections(): Promise<readonly InsightCollection[]> {
    const rows = await calls.send({
      method: 'GET',
      path: '/insightData/v3/collections',
      scope: 'insight-collections',
      read: (reply) => z.array(z.unknown()).parse(reply.json()),
    });
    return rows.flatMap((row) => {
      const parsed = collectionRow.safeParse(row);
      if (!parsed.success) return [];
      const { collectionName: name, collectionType: type, collectionScope: scope, recordCount: records } = parsed.data;
      return [{ name, type, scope, records }];
    });
  }

  async function* records(collection: string): AsyncGenerator<readonly StoredRecord[]> {
    const route = { path: `/insightData/v3/account/${encodeURIComponent(collection)}`, scope: 'insight-records' };
    try {
      for await (const items of markedPages(calls, route, {}, PAGE_LIMIT))
        yield items.flatMap((item) => insightRecord.safeParse(item).data ?? []);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.kind !== 'not-found') throw error;
    }
  }

  async function submitRecords(collection: string, records: readonly InsightRecord[]): Promise<string> {
    const problem = problemWith(collection, records);
    if (problem !== null) throw new ConnectorError(problem, { kind: 'rejected', outcome: 'not-sent' });
    return submitWhenFree(calls, () =>
      calls.send({
        method: 'PUT',
        path: '/insightData/v3/import',
        scope: 'insight-import',
        // Records are replaced whole and by key: a second copy changes nothing.
        idempotent: true,
        body: { json: { collectionName: collection, collectionScope: 'account', collectionType: 'catalog', records } },
        read: (reply) => importAccepted.parse(reply.json()).importId,
      }),
    );
  }

  async function awaitRecords(importId: string, records: readonly InsightRecord[]): Promise<readonly InsightOutcome[]> {
    const result = await awaitJob(calls, `insight import ${importId}`, async () => {
      try {
        const answer = await calls.send({
          method: 'GET',
          path: `/insightData/v3/import/${encodeURIComponent(importId)}`,
          name: '/insightData/v3/import/…',
          scope: 'insight-import-status',
          read: (reply) => insightStatus.parse(reply.json()),
        });
        return ENDS.has(answer.status.toLowerCase()) ? answer : 'pending';
      } catch (error) {
        if (isGoneJob(error)) return null;
        throw error;
      }
    });
    if (result === null) {
      return records.map(({ key }) => ({ key, type: 'unknown', message: 'Dotdigital no longer knows the import' }));
    }
    return insightOutcomes(result, records);
  }

  return {
    recordsPerImport: RECORDS_LIMIT,
    collections,
    records,
    submitRecords,
    awaitRecords,
    async deleteRecords(collection, keys) {
      for (let at = 0; at < keys.length; at += RECORDS_LIMIT)
        await deleteSome(collection, keys.slice(at, at + RECORDS_LIMIT));
    },
  };
}

/** Only failures are named; a record that is not among them was taken, unless the counts say otherwise. */
function insightOutcomes(
  result: z.infer<typeof insightStatus>,
  records: readonly InsightRecord[],
): readonly InsightOutcome[] {
  const failures = new Map<string, { readonly code: string; readonly message: string }>();
  for (const item of result.failures ?? []) {
    const failure = insightFailure.safeParse(item).data;
    if (failure === undefined) continue;
    const message = [failure.failureReason, ...(failure.details ?? [])].join(': ');
    failures.set(failure.key, { code: failure.failureReason, message });
  }
  const failed = ENDS.get(result.status.toLowerCase()) === 'failed';
  const rejected = result.summary?.totalRejected ?? 0;
  const unnamed = rejected > failures.size;
  return records.map(({ key }) => {
    const failure = failures.get(key);
    if (failure !== undefined) return { key, type: 'failed', ...failure };
    if (failed) return { key, type: 'failed', code: 'Failed', message: 'Dotdigital could not carry out the import' };
    return unnamed
      ? { key, type: 'unknown', message: 'the import rejected records without naming all of them' }
      : { key, type: 'done' };
  });
}

function problemWith(collection: string, records: readonly InsightRecord[]): string | null {
  if (!NAME.test(collection))
    return `"${collection}" cannot be the name of an insight collection: letters, digits, - and _, no digit first`;
  for (const record of records) {
    const property = Object.keys(record.json).find((name) => !PROPERTY.test(name));
    if (property !== undefined)
      return `the property "${property}" of record ${record.key}: only letters, digits, - and _ are allowed`;
  }
  return null;
}
