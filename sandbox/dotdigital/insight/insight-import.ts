// Bulk import of insight records: each is stored whole or rejected with a reason. Never merges into an existing record.

import { findHolder } from '../domain/identifiers.ts';
import { isObject, type JsonObject } from '../domain/write-shape.ts';
import { isLive } from '../model/contact-row.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import type { Job } from '../state/job-board.ts';
import { checkRecord, type RecordProblem } from './check-record.ts';
import { learn } from './inferred-schema.ts';
import type { CollectionScope, CollectionType } from './insight-store.ts';

/** A well-formed import request. */
export interface InsightImport {
  readonly collectionName: string;
  readonly scope: CollectionScope;
  readonly type: CollectionType;
  readonly records: readonly JsonObject[];
}

/** The result of an insight import. */
export interface InsightResult {
  readonly failed: boolean;
  readonly collectionName: string;
  readonly summary: { readonly totalRecords: number; readonly totalImported: number; readonly totalRejected: number };
  readonly failures: readonly object[];
}

type Owner = { readonly id: number | undefined } | { readonly problem: RecordProblem };

function findOwner(account: DotdigitalAccount, scope: CollectionScope, record: JsonObject): Owner {
  if (scope === 'account') return { id: undefined };
  const identity = record['contactIdentity'];
  const name = isObject(identity) ? identity['identifier'] : undefined;
  const value = isObject(identity) ? identity['value'] : undefined;
  if (typeof name !== 'string' || (typeof value !== 'string' && typeof value !== 'number')) {
    return { problem: { reason: 'InvalidContactIdentifier', details: ['contactIdentity is missing or invalid'] } };
  }
  const row = findHolder(account, name, String(value));
  if (isLive(row)) return { id: row.contactId };
  const reason = name === 'contactId' ? 'ContactIdDoesNotExist' : 'ContactEmailDoesNotExist';
  return { problem: { reason, details: [`No contact with ${name} '${value}'`] } };
}

/** Carries out an accepted import; the collection is made when it is missing. */
export function runInsightImport(
  account: DotdigitalAccount,
  job: Job,
  request: InsightImport,
  at: number,
): InsightResult {
  const { collectionName, scope, type, records } = request;
  const failed = job.plan.status === 'Failed';
  const collection = account.insight.get(collectionName) ?? account.insight.create(collectionName, scope, type);
  const failures: object[] = [];
  const seen = new Set<string>();
  const planned = (job.plan.failRows ?? []).map(({ pattern, code }) => ({ pattern: new RegExp(pattern), code }));
  let imported = 0;
  const reject = (record: JsonObject, failureReason: string, details: readonly string[]): void => {
    const identity = record['contactIdentity'];
    failures.push({
      collectionOwner: { ownerType: scope, ...(identity !== undefined && { contactIdentity: identity }) },
      failureReason,
      details,
      key: record['key'],
      json: record['json'],
    });
  };
  const todo = collection === undefined ? [] : failed ? records.slice(0, job.plan.applyRows ?? 0) : records;
  for (const record of todo) {
    const hit = planned.find(({ pattern }) => pattern.test(JSON.stringify(record)));
    // The documented example sends a number as key.
    const key = typeof record['key'] === 'number' ? String(record['key']) : record['key'];
    const { json } = record;
    const problem = checkRecord(key, json);
    const owner = findOwner(account, scope, record);
    if (hit) reject(record, hit.code, ['The record could not be imported']);
    else if (problem) reject(record, problem.reason, problem.details);
    else if (seen.has(key as string)) reject(record, 'DuplicateKey', [`The key '${String(key)}' is there twice`]);
    else if ('problem' in owner) reject(record, owner.problem.reason, owner.problem.details);
    else if (collection) {
      seen.add(key as string);
      const misfits = learn(collection.schema, json as JsonObject);
      if (misfits.length > 0) reject(record, 'JsonValueIncompatibleWithSchema', misfits);
      else {
        account.insight.put(collection, key as string, json as JsonObject, at, owner.id);
        imported += 1;
      }
    }
  }
  return {
    failed: failed || collection === undefined,
    collectionName,
    summary: { totalRecords: records.length, totalImported: imported, totalRejected: failures.length },
    failures,
  };
}
