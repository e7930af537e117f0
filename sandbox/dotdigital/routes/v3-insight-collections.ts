// Insight collections and jobs: import, status, list, create, empty, delete, schema. Records one by one are elsewhere.

import type { FastifyInstance } from 'fastify';
import { findJob, isJobId } from '../domain/find-job.ts';
import { isObject, type JsonObject } from '../domain/write-shape.ts';
import { queryParam } from '../http/query.ts';
import { describeSchema } from '../insight/inferred-schema.ts';
import { type InsightImport, type InsightResult, runInsightImport } from '../insight/insight-import.ts';
import { COLLECTION_SCOPES, COLLECTION_TYPES, type InsightCollection } from '../insight/insight-store.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { type Refusal, refuseV3 } from '../wire/refusal.ts';
import {
  type ByCollection,
  COLLECTION_NAME,
  collectionName,
  getCollection,
  requireInsight,
  writeCollection,
} from './insight-parts.ts';
import type { SandboxParts } from './sandbox-parts.ts';

const badRequest = (description: string): Refusal => refuseV3(400, 'insightData:badRequest', description);

function readImport(account: DotdigitalAccount, body: unknown): InsightImport {
  if (!isObject(body)) throw refuseV3(400, 'insightData:badJson', 'The request JSON is badly formed');
  const { collectionName: name, records } = body;
  if (typeof name !== 'string' || !COLLECTION_NAME.test(name)) {
    throw refuseV3(400, 'insightData:invalidId', `The collectionName value '${String(name)}' is invalid`);
  }
  const scope = COLLECTION_SCOPES.find((known) => known === body['collectionScope']);
  const type = COLLECTION_TYPES.find((known) => known === body['collectionType']);
  if (!scope) throw badRequest('The CollectionScope field is required and must be account or contact.');
  if (!type) throw badRequest(`The CollectionType field is required: ${COLLECTION_TYPES.join(', ')}.`);
  if (!Array.isArray(records) || records.length === 0 || !records.every(isObject)) {
    throw badRequest('The Records field is required.');
  }
  const known = account.insight.get(name);
  if (known && known.scope !== scope) throw badRequest(`The collection '${name}' has another scope.`);
  return { collectionName: name, scope, type, records: records as readonly JsonObject[] };
}

function registerImports(app: FastifyInstance, account: DotdigitalAccount): void {
  app.put('/insightData/v3/import', { config: { tier: 'low' } }, (request, reply) => {
    requireInsight(account);
    const wanted = readImport(account, request.body);
    const { jobs, switches } = account;
    if (jobs.active('insight-import') >= switches.maxInsightImports) {
      throw refuseV3(
        429,
        'insightData:tooManyActiveImports',
        'Your import request cannot be accepted as too many imports are being processed for your account. Please wait for an import to complete and then resubmit.',
      );
    }
    const job = jobs.accept<InsightResult>(
      {
        id: account.ids.uuid(),
        kind: 'insight-import',
        size: wanted.records.length,
        now: account.clock.now(),
        delayMs: switches.insightDelayMs,
        polls: 0,
      },
      (accepted, at) => runInsightImport(account, accepted, wanted, at),
    );
    return reply.code(202).send({ importId: job.id });
  });

  app.get<{ Params: { id: string } }>('/insightData/v3/import/:id', { config: { tier: 'unlimited' } }, (request) => {
    requireInsight(account);
    const { id } = request.params;
    if (!isJobId(id)) throw refuseV3(400, 'insightData:invalidId', `The id value '${id}' is invalid`);
    const job = findJob(account, 'insight-import', id);
    if (!job) {
      throw refuseV3(404, 'insightData:importNotFound', `The import request '${id}' could not be found!`);
    }
    const result = job.result as InsightResult | undefined;
    if (!result) {
      account.jobs.countPoll(job);
      return { importId: job.id, status: job.polled === 1 ? 'NotStarted' : 'Processing' };
    }
    const { failed, summary, failures } = result;
    if (failed) return { importId: job.id, status: 'Failed', collectionName: result.collectionName };
    return {
      importId: job.id,
      status: account.switches.insightDoneWord,
      collectionName: result.collectionName,
      summary,
      ...(failures.length > 0 && { failures }),
    };
  });
}

/** Empties a collection or takes it away, in the background. */
function acceptCollectionJob(account: DotdigitalAccount, collection: InsightCollection, removes: boolean): object {
  const total = collection.records.size;
  const job = account.jobs.accept<object>(
    {
      id: account.ids.uuid(),
      kind: 'insight-collection',
      size: total,
      now: account.clock.now(),
      delayMs: account.switches.insightDelayMs,
      polls: 0,
    },
    (accepted) => {
      if (accepted.plan.status === 'Failed') {
        return {
          status: 'Failed',
          summary: { totalRecords: total, totalProcessed: 0, totalFailed: total },
          failures: [],
        };
      }
      const totalProcessed = collection.records.size;
      collection.records = new Map();
      collection.schema = new Map();
      if (removes) account.insight.remove(collection.name);
      return {
        status: 'Finished',
        summary: { totalRecords: totalProcessed, totalProcessed, totalFailed: 0 },
        failures: [],
      };
    },
  );
  return { jobId: job.id };
}

function registerCollections(app: FastifyInstance, account: DotdigitalAccount): void {
  const high = { config: { tier: 'high' } } as const;
  const medium = { config: { tier: 'medium' } } as const;

  app.get('/insightData/v3/collections', high, () => {
    requireInsight(account);
    return account.insight.all().map(writeCollection);
  });

  app.post<ByCollection>('/insightData/v3/collections/:name', medium, (request, reply) => {
    requireInsight(account);
    const name = collectionName(request);
    const scope = COLLECTION_SCOPES.find((known) => known === queryParam(request, 'collectionScope'));
    const type = COLLECTION_TYPES.find((known) => known === queryParam(request, 'collectionType'));
    if (!scope || !type) throw badRequest('collectionScope and collectionType are required.');
    if (account.insight.get(name)) return reply.code(200).send();
    if (!account.insight.create(name, scope, type)) {
      throw refuseV3(412, 'insightData:collectionLimitExceeded', 'Insight data collection limit exceeded');
    }
    return reply.code(201).send();
  });

  app.delete<ByCollection>('/insightData/v3/collections/:name', medium, (request, reply) => {
    requireInsight(account);
    const collection = getCollection(account, collectionName(request));
    return reply.code(202).send(acceptCollectionJob(account, collection, true));
  });

  app.delete<ByCollection>('/insightData/v3/collections/:name/empty', medium, (request, reply) => {
    requireInsight(account);
    const collection = getCollection(account, collectionName(request));
    return reply.code(202).send(acceptCollectionJob(account, collection, false));
  });

  app.get<ByCollection>('/insightData/v3/collections/:name/schema', high, (request) => {
    requireInsight(account);
    const collection = getCollection(account, collectionName(request));
    const schema = [
      { name: 'key', mode: 'NULLABLE', type: 'STRING', fields: [] },
      { name: 'dateModified', mode: 'REQUIRED', type: 'TIMESTAMP', fields: [] },
      { name: 'json', mode: 'NULLABLE', type: 'RECORD', fields: describeSchema(collection.schema) },
    ];
    return { collectionName: collection.name, collectionType: collection.type, schema };
  });

  app.get<{ Params: { id: string } }>('/insightData/v3/async/:id', { config: { tier: 'unlimited' } }, (request) => {
    requireInsight(account);
    const { id } = request.params;
    if (!isJobId(id)) throw refuseV3(400, 'insightData:invalidId', `The id value '${id}' is invalid`);
    const job = findJob(account, 'insight-collection', id);
    if (!job) throw refuseV3(404, 'insightData:asyncJobNotFound', `The job ID '${id}' could not be found!`);
    if (job.result !== undefined) return { jobId: job.id, ...(job.result as object) };
    account.jobs.countPoll(job);
    return { jobId: job.id, status: 'NotFinished' };
  });
}

/** Adds the calls about insight collections and jobs. */
export function registerInsightCollections(app: FastifyInstance, { account }: SandboxParts): void {
  registerImports(app, account);
  registerCollections(app, account);
}
