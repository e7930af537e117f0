// Insight records: pages, one by one, and deletion of many at once. Records come in the order they were first stored.

import type { FastifyInstance } from 'fastify';
import { isObject } from '../domain/write-shape.ts';
import { queryParam, v3Limit } from '../http/query.ts';
import { checkRecord } from '../insight/check-record.ts';
import { learn } from '../insight/inferred-schema.ts';
import type { CollectionScope, InsightRecord } from '../insight/insight-store.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { parseSinceFilter } from '../wire/dates.ts';
import { pageLinks } from '../wire/page-links.ts';
import { type Refusal, refuseV3 } from '../wire/refusal.ts';
import {
  type ByCollection,
  collectionName,
  getCollection,
  requireInsight,
  writeCollection,
  writeRecord,
} from './insight-parts.ts';
import type { SandboxParts } from './sandbox-parts.ts';

interface ByRecord {
  Params: { name: string; recordId: string };
}

const MAX_KEYS = 5000;

function refuseUnknownRecord(account: DotdigitalAccount, name: string, key: string): Refusal {
  const scope = account.insight.get(name)?.scope ?? 'account';
  return refuseV3(404, 'insightData:recordNotFound', 'The Insight data record could not be found', [
    { item: key, description: `Not found in the ${scope} collection '${name}'` },
  ]);
}

function readMarker(text: string): number | undefined {
  const match = /^r\|(\d+)$/.exec(Buffer.from(text, 'base64').toString('utf8'));
  return match ? Number(match[1]) : undefined;
}

function registerPages(app: FastifyInstance, parts: SandboxParts): void {
  const { account } = parts;
  const scopes: readonly (readonly [string, CollectionScope])[] = [
    ['account', 'account'],
    ['contacts', 'contact'],
  ];
  for (const [path, scope] of scopes) {
    app.get(`/insightData/v3/${path}`, { config: { tier: 'high' } }, () => {
      requireInsight(account);
      return account.insight
        .all()
        .filter((collection) => collection.scope === scope)
        .map(writeCollection);
    });

    app.get<ByCollection>(`/insightData/v3/${path}/:name`, { config: { tier: 'low' } }, (request, reply) => {
      requireInsight(account);
      const collection = getCollection(account, collectionName(request), scope);
      const limit = v3Limit(request, 'insightData');
      const filter = queryParam(request, '~modified');
      const since = filter === undefined ? Number.NEGATIVE_INFINITY : parseSinceFilter(filter);
      if (since === undefined) {
        throw refuseV3(400, 'insightData:invalidFilter', `The filter value '${filter ?? ''}' is invalid`);
      }
      const marker = queryParam(request, 'marker') || undefined;
      const after = marker === undefined ? 0 : readMarker(marker);
      if (after === undefined) throw refuseV3(400, 'insightData:badRequest', `The marker '${marker ?? ''}' is invalid`);
      const found: InsightRecord[] = [];
      for (const record of collection.records.values()) {
        if (record.sequence > after && record.updated >= since) found.push(record);
        if (found.length > limit) break;
      }
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      const next = last && Buffer.from(`r|${last.sequence}`).toString('base64');
      const links = pageLinks(parts.endpointOf(request), request.url, marker, next);
      const body = JSON.stringify({ _links: links, _items: page.map((record) => writeRecord(account, record)) });
      return reply.type('application/json; charset=utf-8').send(body);
    });
  }
}

function registerOne(app: FastifyInstance, account: DotdigitalAccount): void {
  const path = '/insightData/v3/account/:name/:recordId';
  const medium = { config: { tier: 'medium' } } as const;

  app.get<ByRecord>(path, { config: { tier: 'high' } }, (request) => {
    requireInsight(account);
    const collection = getCollection(account, collectionName(request), 'account');
    const record = collection.records.get(request.params.recordId);
    if (!record) throw refuseUnknownRecord(account, collection.name, request.params.recordId);
    return writeRecord(account, record);
  });

  app.put<ByRecord>(path, medium, (request, reply) => {
    requireInsight(account);
    const collection = getCollection(account, collectionName(request), 'account');
    const { recordId } = request.params;
    const { body } = request;
    const problem = checkRecord(recordId, body);
    const misfits = problem?.details ?? learn(collection.schema, body as Readonly<Record<string, unknown>>);
    const [first] = misfits;
    if (first !== undefined) {
      const reason = problem?.reason ?? 'JsonValueIncompatibleWithSchema';
      throw refuseV3(400, 'insightData:badRequest', first, [{ item: recordId, description: reason }]);
    }
    const json = body as Readonly<Record<string, unknown>>;
    const isNew = account.insight.put(collection, recordId, json, account.clock.now());
    return reply.code(isNew ? 201 : 204).send();
  });

  app.delete<ByRecord>(path, medium, (request, reply) => {
    requireInsight(account);
    const collection = getCollection(account, collectionName(request), 'account');
    const { recordId } = request.params;
    if (!collection.records.delete(recordId)) throw refuseUnknownRecord(account, collection.name, recordId);
    return reply.code(204).send();
  });
}

function registerBulkDelete(app: FastifyInstance, account: DotdigitalAccount): void {
  for (const word of ['accounts', 'account'] as const) {
    const path = `/insightData/v3/${word}/:name/deleteRecords`;
    app.delete<ByCollection>(path, { config: { tier: 'low' } }, (request, reply) => {
      const { deleteRecordsPath } = account.switches;
      if (deleteRecordsPath !== 'both' && deleteRecordsPath !== word) {
        reply.callNotFound();
        return reply;
      }
      requireInsight(account);
      const name = collectionName(request);
      const keys = isObject(request.body) ? request.body['keys'] : undefined;
      const fits = Array.isArray(keys) && keys.length >= 1 && keys.length <= MAX_KEYS;
      if (!fits || !keys.every((key) => typeof key === 'string')) {
        const text = `You must specify the keys (1 to ${MAX_KEYS}) for the records to be deleted from the collection.`;
        throw refuseV3(400, 'insightData:noRecordsSpecified', text);
      }
      const collection = getCollection(account, name, 'account');
      const notFound = (keys as readonly string[]).filter((key) => !collection.records.delete(key));
      return {
        summary: {
          totalRecords: keys.length,
          totalDeleted: keys.length - notFound.length,
          totalNotFound: notFound.length,
        },
        notFound,
      };
    });
  }
}

/** Adds the calls about insight records. */
export function registerInsightRecords(app: FastifyInstance, parts: SandboxParts): void {
  registerPages(app, parts);
  registerOne(app, parts.account);
  registerBulkDelete(app, parts.account);
}
