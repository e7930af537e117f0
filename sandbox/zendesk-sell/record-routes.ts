// List, create, read, update, delete and upsert, the same for contacts and leads.
// Never knows an attribute; the resource brings its own reading and writing.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Author } from './author.ts';
import { authorOf, callerOf, type SellContext } from './context.ts';
import { collection, readData, readPathId, type Single, single } from './envelope.ts';
import { badParameter, forbidden, notFound, SellRefusal } from './errors.ts';
import { type ListSpec, type QueryParameters, readListRequest, readUpsertQuery } from './list-query.ts';
import type { Query, RecordTable } from './record-table.ts';
import type { WorldState } from './world-state.ts';

/** A resource with the full set of calls. */
export interface RecordResource<T extends { readonly id: number }> {
  readonly path: string;
  readonly type: 'contact' | 'lead';
  readonly table: (world: WorldState) => RecordTable<T>;
  readonly list: (world: WorldState) => ListSpec<T>;
  readonly render: (world: WorldState, record: T) => unknown;
  readonly write: (
    world: WorldState,
    before: T | undefined,
    data: Readonly<Record<string, unknown>>,
    author: Author,
  ) => T;
  readonly remove: (world: WorldState, id: number) => boolean;
}

function onlyVisible<T extends { readonly id: number }>(
  context: SellContext,
  request: FastifyRequest,
  type: string,
  query: Query<T>,
): Query<T> {
  const { visibility } = context.world;
  if (!visibility.any) return query;
  const { userId } = callerOf(request);
  return {
    ...query,
    always: {
      key: `visible:${userId}:${visibility.version}`,
      test: (record) => !visibility.isHidden(type, record.id, userId),
    },
  };
}

function findVisible<T extends { readonly id: number }>(
  context: SellContext,
  request: FastifyRequest,
  resource: RecordResource<T>,
): T {
  const id = readPathId(request);
  const record = resource.table(context.world).get(id);
  if (!record) throw notFound(resource.type, id);
  if (context.world.visibility.isHidden(resource.type, id, callerOf(request).userId)) {
    if (context.switches.hiddenRecordStatus === 404) throw notFound(resource.type, id);
    throw forbidden(`You do not have permission to access the ${resource.type} with the id '${id}'.`);
  }
  return record;
}

function severalMatches(context: SellContext, type: string): SellRefusal {
  const details = `More than one ${type} matches the given filters.`;
  const items = [{ code: 'conflict', resource: type, details }] as const;
  switch (context.switches.upsertConflictBody) {
    case 'json':
      return new SellRefusal(409, items);
    case 'empty':
      return new SellRefusal(409, items, { raw: { contentType: 'text/plain', body: '' } });
    case 'html':
      return new SellRefusal(409, items, {
        raw: { contentType: 'text/html', body: '<html><body><h1>409 Conflict</h1></body></html>' },
      });
    default:
      return context.switches.upsertConflictBody satisfies never;
  }
}

/** Serves a resource. */
export function addRecordRoutes<T extends { readonly id: number }>(
  app: FastifyInstance,
  context: SellContext,
  resource: RecordResource<T>,
): void {
  const { path, type } = resource;
  const show = (record: T): Single => single(context, type, resource.render(context.world, record));

  app.get(path, (request) => {
    const spec = resource.list(context.world);
    const { query, page, perPage } = readListRequest(spec, request.query as QueryParameters, context.switches);
    const visible = onlyVisible(context, request, type, query);
    const found = resource.table(context.world).page(visible, (page - 1) * perPage, perPage);
    const position = { page, perPage, more: found.more, total: found.total };
    return collection(context, request, found.records.map(show), position);
  });

  app.post(path, (request, reply) => {
    const data = readData(request, type);
    const record = resource.write(context.world, undefined, data, authorOf(request));
    return reply.code(context.switches.createStatus).send(show(record));
  });

  app.post(`${path}/upsert`, (request, reply) => {
    const spec = resource.list(context.world);
    const query = readUpsertQuery(spec, request.query as QueryParameters, context.switches);
    if (!query) {
      const refusal = badParameter('filters', 'at least one filter is required');
      throw new SellRefusal(context.switches.upsertNoFilterStatus, refusal.items, { logref: false });
    }
    const data = readData(request, type);
    const visible = onlyVisible(context, request, type, query);
    const { records } = resource.table(context.world).page(visible, 0, 2);
    if (records.length > 1) throw severalMatches(context, type);
    const [before] = records;
    const record = resource.write(context.world, before, data, authorOf(request));
    return reply.code(before ? 200 : context.switches.createStatus).send(show(record));
  });

  app.get(`${path}/:id`, (request) => show(findVisible(context, request, resource)));

  app.put(`${path}/:id`, (request) => {
    const before = findVisible(context, request, resource);
    return show(resource.write(context.world, before, readData(request, type), authorOf(request)));
  });

  app.delete(`${path}/:id`, (request, reply) => {
    const record = findVisible(context, request, resource);
    resource.remove(context.world, record.id);
    return reply.code(204).send();
  });
}
