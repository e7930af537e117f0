// What the insight routes share: the feature gate, names of collections, and how a record looks. Holds no state.

import type { FastifyRequest } from 'fastify';
import type { InsightCollection, InsightRecord } from '../insight/insight-store.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { formatDate } from '../wire/dates.ts';
import { refuseV3 } from '../wire/refusal.ts';

/** Form of a collection's name. */
export const COLLECTION_NAME = /^[-A-Za-z_][-A-Za-z0-9_]{1,254}$/;

export interface ByCollection {
  Params: { name: string };
}

/** Throws the 403 of an account without insight data. */
export function requireInsight(account: DotdigitalAccount): void {
  if (!account.switches.insightEnabled) {
    throw refuseV3(403, 'insightData:forbidden', 'Insight data is not enabled for this account');
  }
}

/** A collection's name out of the path. Throws the refusal when it cannot be one. */
export function collectionName(request: FastifyRequest<ByCollection>): string {
  const { name } = request.params;
  if (COLLECTION_NAME.test(name)) return name;
  throw refuseV3(400, 'insightData:invalidId', `The collectionName value '${name}' is invalid`);
}

/** A collection that exists, of any scope or of one. Throws the refusal. */
export function getCollection(
  account: DotdigitalAccount,
  name: string,
  scope?: InsightCollection['scope'],
): InsightCollection {
  const collection = account.insight.get(name);
  if (collection && (scope === undefined || collection.scope === scope)) return collection;
  throw refuseV3(404, 'insightData:collectionNotFound', 'The collection could not be found', [
    { item: name, description: 'Not found' },
  ]);
}

/** A collection as the lists show it. */
export function writeCollection(collection: InsightCollection): object {
  return {
    collectionName: collection.name,
    collectionType: collection.type,
    collectionScope: collection.scope,
    recordCount: collection.records.size,
  };
}

/** A record. */
export function writeRecord(account: DotdigitalAccount, record: InsightRecord): object {
  return {
    key: record.key,
    json: record.json,
    created: formatDate(record.created, account.switches.v3Dates),
    updated: formatDate(record.updated, account.switches.v3Dates),
    ...(record.ownerContactId !== undefined && { ownerContactId: record.ownerContactId }),
  };
}
