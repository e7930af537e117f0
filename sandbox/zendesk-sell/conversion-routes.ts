// Converting leads through the API, and the record of what was converted.
// Never undoes a conversion.

import { AttributeReader } from './attribute-reader.ts';
import { authorOf, callerOf, type RouteSet } from './context.ts';
import { convertLead, renderConversion } from './conversions.ts';
import { collection, readData, selfUrl, single } from './envelope.ts';
import { attributeError, badParameter, notFound, unprocessable } from './errors.ts';
import { type QueryParameters, readListRequest } from './list-query.ts';
import { CONVERSION_LIST } from './list-specs.ts';

/** The last page that can be asked for by number. */
const LAST_PAGE = 50;

function readCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString();
  const id = /^before:(\d+)$/.exec(text)?.[1];
  if (id === undefined) throw badParameter('cursor', `given: ${cursor}`);
  return Number(id);
}

const writeCursor = (id: number): string => Buffer.from(`before:${id}`).toString('base64url');

/** `/v2/lead_conversions` */
export const addConversionRoutes: RouteSet = (app, context) => {
  app.get('/v2/lead_conversions', (request) => {
    const parameters = request.query as QueryParameters;
    const { query, page, perPage } = readListRequest(CONVERSION_LIST, parameters, context.switches);
    if (page > LAST_PAGE) throw badParameter('page', `must be between 1 and ${LAST_PAGE}, given: ${page}`);
    const { cursor } = parameters;
    const before = typeof cursor === 'string' ? readCursor(cursor) : undefined;
    const conditions =
      before === undefined
        ? query.conditions
        : [...query.conditions, { key: `id<${before}`, test: (record: { readonly id: number }) => record.id < before }];
    const offset = before === undefined ? (page - 1) * perPage : 0;
    const found = context.world.conversions.page({ ...query, conditions }, offset, perPage);
    const items = found.records.map((record) => single(context, 'lead_conversion', renderConversion(record)));

    const self = selfUrl(context, request);
    const links: Record<string, string> = { self: self.toString() };
    const last = found.records.at(-1);
    if (found.more && last) {
      for (const name of ['page', 'per_page', 'cursor']) self.searchParams.delete(name);
      self.searchParams.append('per_page', String(perPage));
      self.searchParams.append('cursor', writeCursor(last.id));
      links['next_page'] = self.toString();
    }
    const answer = collection(context, request, items, undefined) as { readonly meta: Record<string, unknown> };
    return { ...answer, meta: { ...answer.meta, links } };
  });

  app.post('/v2/lead_conversions', (request, reply) => {
    const { world, switches } = context;
    const data = readData(request, 'lead_conversion');
    const reader = new AttributeReader('lead_conversion', switches);
    for (const key of Object.keys(data)) {
      if (!['lead_id', 'owner_id', 'create_deal'].includes(key)) reader.unknown(`/${key}`);
    }
    const { lead_id, owner_id, create_deal } = data;
    if (lead_id === undefined) reader.missing('/lead_id');
    const leadId = lead_id === undefined ? undefined : reader.integer('/lead_id', lead_id);
    const ownerId = owner_id === undefined ? undefined : reader.integer('/owner_id', owner_id);
    const createDeal =
      create_deal === undefined ? switches.createDealDefault : reader.boolean('/create_deal', create_deal);
    if (ownerId !== undefined && !world.users.has(ownerId)) reader.incorrect('/owner_id');
    if (leadId === undefined || reader.errors.length > 0) throw unprocessable(reader.errors);

    const lead = world.leads.get(leadId);
    const { userId } = callerOf(request);
    if (!lead || lead.converted || world.visibility.isHidden('lead', leadId, userId)) {
      if (switches.secondConversion === 404) throw notFound('lead', leadId);
      throw unprocessable([
        attributeError.incorrectValue('lead_conversion', '/lead_id', 'The lead does not exist or was converted.'),
      ]);
    }
    const order = { ownerId: ownerId ?? lead.owner_id, createDeal: createDeal ?? true };
    const conversion = convertLead(world, lead, order, authorOf(request));
    return reply.code(switches.createStatus).send(single(context, 'lead_conversion', renderConversion(conversion)));
  });
};
