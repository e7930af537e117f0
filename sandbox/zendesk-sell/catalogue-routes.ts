// Tags, sources and products: small resources with their own rules.
// Never touches contacts or leads, except through the tags they carry.

import type { FastifyRequest } from 'fastify';
import { AttributeReader } from './attribute-reader.ts';
import { authorOf, type RouteSet, type SellContext, userOf } from './context.ts';
import { collection, readData, readPathId, single } from './envelope.ts';
import { attributeError, forbidden, notFound, SellRefusal, unprocessable } from './errors.ts';
import { type QueryParameters, readListRequest } from './list-query.ts';
import { NAMED_LIST, PRODUCT_LIST, TAG_LIST } from './list-specs.ts';
import { addNamed } from './options.ts';
import { deleteProduct, renderProduct, writeProduct } from './products.ts';
import type { TagResource } from './records.ts';
import { renderSource, renderTag } from './sync-objects.ts';
import { deleteTag, ensureTag, renameTag } from './tags.ts';

/** Name and whatever else is allowed, required on create. */
function readName(
  context: SellContext,
  resource: string,
  data: Readonly<Record<string, unknown>>,
  others: readonly string[],
  isNew: boolean,
): string | undefined {
  const reader = new AttributeReader(resource, context.switches);
  for (const key of Object.keys(data)) if (key !== 'name' && !others.includes(key)) reader.unknown(`/${key}`);
  const { name } = data;
  if (name === undefined) {
    if (isNew) reader.missing('/name');
  } else if (typeof name !== 'string') {
    if (name === null) reader.blank('/name');
    else reader.invalidType('/name', 'string');
  } else if (name.trim() === '') reader.blank('/name');
  if (reader.errors.length > 0) throw unprocessable(reader.errors);
  return typeof name === 'string' ? name : undefined;
}

const TAG_RESOURCES: readonly TagResource[] = ['lead', 'contact', 'deal'];

/** `/v2/tags` */
export const addTagRoutes: RouteSet = (app, context) => {
  app.get('/v2/tags', (request) => {
    const { query, page, perPage } = readListRequest(TAG_LIST, request.query as QueryParameters, context.switches);
    const found = context.world.tags.page(query, (page - 1) * perPage, perPage);
    const items = found.records.map((tag) => single(context, 'tag', renderTag(tag)));
    return collection(context, request, items, { page, perPage, more: found.more, total: found.total });
  });

  app.post('/v2/tags', (request, reply) => {
    const data = readData(request, 'tag');
    const name = readName(context, 'tag', data, ['resource_type'], true) ?? '';
    const reader = new AttributeReader('tag', context.switches);
    if (data['resource_type'] === undefined) reader.missing('/resource_type');
    else reader.oneOf('/resource_type', data['resource_type'], TAG_RESOURCES);
    const resource = TAG_RESOURCES.find((candidate) => candidate === data['resource_type']);
    if (!resource) throw unprocessable(reader.errors);
    if (context.world.tagId(resource, name) !== undefined)
      throw unprocessable([attributeError.alreadyExists('tag', '/name')]);
    const tag = ensureTag(context.world, resource, name, authorOf(request).userId);
    return reply.code(context.switches.createStatus).send(single(context, 'tag', renderTag(tag)));
  });

  app.get('/v2/tags/:id', (request) => {
    const id = readPathId(request);
    const tag = context.world.tags.get(id);
    if (!tag) throw notFound('tag', id);
    return single(context, 'tag', renderTag(tag));
  });

  app.put('/v2/tags/:id', (request) => {
    const id = readPathId(request);
    const tag = context.world.tags.get(id);
    if (!tag) throw notFound('tag', id);
    const name = readName(context, 'tag', readData(request, 'tag'), [], false);
    const renamed = name === undefined ? tag : renameTag(context.world, id, name);
    return single(context, 'tag', renderTag(renamed));
  });

  app.delete('/v2/tags/:id', (request, reply) => {
    deleteTag(context.world, readPathId(request));
    return reply.code(204).send();
  });
};

/** `/v2/lead_sources`, `/v2/deal_sources` and the old `/v2/sources`. */
export const addSourceRoutes: RouteSet = (app, context) => {
  const kinds = [
    ['/v2/lead_sources', 'lead'],
    ['/v2/deal_sources', 'deal'],
    ['/v2/sources', 'deal'],
  ] as const;
  for (const [path, kind] of kinds) {
    const table = (): typeof context.world.leadSources =>
      kind === 'lead' ? context.world.leadSources : context.world.dealSources;
    const requireFree = (name: string, id: number | undefined): void => {
      const taken = [...table().values()].some((source) => source.name === name && source.id !== id);
      if (taken) throw unprocessable([attributeError.alreadyExists('source', '/name')]);
    };

    app.get(path, (request) => {
      const { query, page, perPage } = readListRequest(NAMED_LIST, request.query as QueryParameters, context.switches);
      const found = table().page(query, (page - 1) * perPage, perPage);
      const items = found.records.map((source) => single(context, 'source', renderSource(source)));
      return collection(context, request, items, { page, perPage, more: found.more, total: found.total });
    });

    app.post(path, (request, reply) => {
      const name = readName(context, 'source', readData(request, 'source'), ['resource_type'], true) ?? '';
      requireFree(name, undefined);
      const source = addNamed(context.world, table(), 'source', name, authorOf(request), kind);
      context.world.touched('source', source.id);
      return reply.code(context.switches.createStatus).send(single(context, 'source', renderSource(source)));
    });

    app.get(`${path}/:id`, (request) => {
      const id = readPathId(request);
      const source = table().get(id);
      if (!source) throw notFound('source', id);
      return single(context, 'source', renderSource(source));
    });

    app.put(`${path}/:id`, (request) => {
      const id = readPathId(request);
      const source = table().get(id);
      if (!source) throw notFound('source', id);
      const name = readName(context, 'source', readData(request, 'source'), ['resource_type'], false) ?? source.name;
      requireFree(name, id);
      const changed = { ...source, name, updated_at: context.world.nextUpdate(source.updated_at) };
      table().put(changed);
      context.world.touched('source', id);
      return single(context, 'source', renderSource(changed));
    });

    app.delete(`${path}/:id`, (request, reply) => {
      const id = readPathId(request);
      if (!table().remove(id)) throw notFound('source', id);
      context.world.deleted('source', id);
      return reply.code(204).send();
    });
  }
};

const PRODUCTS = { style: 'products' } as const;

function requirePlan(context: SellContext): void {
  if (context.plan.products) return;
  if (context.switches.productsPlanStatus === 403) {
    throw forbidden('Products are not part of the plan of this account.', PRODUCTS);
  }
  throw new SellRefusal(500, [{ code: 'server_error', details: 'Something went wrong.' }], PRODUCTS);
}

function requireCatalogAdmin(context: SellContext, request: FastifyRequest): void {
  requirePlan(context);
  if (context.switches.productCatalogLocked) throw forbidden('The product catalog is locked.', PRODUCTS);
  if (userOf(context, request)?.role !== 'admin') {
    throw forbidden('Only an administrator of the account can change products.', PRODUCTS);
  }
}

/** `/v2/products` */
export const addProductRoutes: RouteSet = (app, context) => {
  const isAdmin = (request: FastifyRequest): boolean => userOf(context, request)?.role === 'admin';

  app.get('/v2/products', (request) => {
    requirePlan(context);
    const { query, page, perPage } = readListRequest(PRODUCT_LIST, request.query as QueryParameters, context.switches);
    const found = context.world.products.page(query, (page - 1) * perPage, perPage);
    const admin = isAdmin(request);
    const items = found.records.map((product) => single(context, 'product', renderProduct(product, admin)));
    return collection(context, request, items, { page, perPage, more: found.more, total: found.total });
  });

  app.post('/v2/products', (request, reply) => {
    requireCatalogAdmin(context, request);
    const product = writeProduct(context.world, undefined, readData(request, 'product'));
    return reply.code(context.switches.createStatus).send(single(context, 'product', renderProduct(product, true)));
  });

  app.get('/v2/products/:id', (request) => {
    requirePlan(context);
    const id = readPathId(request);
    const product = context.world.products.get(id);
    if (!product) throw notFound('product', id, PRODUCTS);
    return single(context, 'product', renderProduct(product, isAdmin(request)));
  });

  app.put('/v2/products/:id', (request) => {
    requireCatalogAdmin(context, request);
    const id = readPathId(request);
    const before = context.world.products.get(id);
    if (!before) throw notFound('product', id, PRODUCTS);
    const product = writeProduct(context.world, before, readData(request, 'product'));
    return single(context, 'product', renderProduct(product, true));
  });

  app.delete('/v2/products/:id', (request, reply) => {
    requireCatalogAdmin(context, request);
    const id = readPathId(request);
    if (!deleteProduct(context.world, id)) throw notFound('product', id, PRODUCTS);
    return reply.code(204).send();
  });
};
