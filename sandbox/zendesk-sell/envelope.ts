// Request bodies in, single and collection answers out, in the shape Sell gives them.
// Never knows what is inside `data`.

import type { FastifyRequest } from 'fastify';
import type { SellContext } from './context.ts';
import { badParameter, SellRefusal } from './errors.ts';

/** A record with its meta. */
export interface Single {
  readonly data: unknown;
  readonly meta: { readonly type: string; readonly version?: number };
}

/** The single envelope. Products put their meta first. */
export function single(context: SellContext, type: string, data: unknown): Single {
  const meta = context.switches.metaVersion ? { version: 2, type } : { type };
  return type === 'product' ? { meta, data } : { data, meta };
}

/** Where a list stands, for its links. */
export interface PagePosition {
  readonly page: number;
  readonly perPage: number;
  readonly more: boolean;
  readonly total?: number;
}

/** Origin and path of a request, as its own links show it. */
export function selfUrl(context: SellContext, request: FastifyRequest): URL {
  return new URL(request.url, context.publicUrl ?? `${request.protocol}://${request.host}`);
}

/** Query of a link: what was asked, with the page at the end. */
function pageLink(context: SellContext, request: FastifyRequest, page: number, perPage: number): string {
  const url = selfUrl(context, request);
  for (const name of ['page', 'per_page']) url.searchParams.delete(name);
  url.searchParams.append('page', String(page));
  url.searchParams.append('per_page', String(perPage));
  return url.toString();
}

/** The collection envelope; link keys that do not apply are absent. */
export function collection(
  context: SellContext,
  request: FastifyRequest,
  items: readonly Single[],
  position: PagePosition | undefined,
): unknown {
  const links: Record<string, string> = {};
  if (position) {
    const { page, perPage, more } = position;
    links['self'] = pageLink(context, request, page, perPage);
    if (page > 1) {
      links['first_page'] = pageLink(context, request, 1, perPage);
      links['prev_page'] = pageLink(context, request, page - 1, perPage);
    }
    if (more) links['next_page'] = pageLink(context, request, page + 1, perPage);
  }
  const total = context.switches.listTotalCount && position?.total !== undefined ? { total_count: position.total } : {};
  return { items, meta: { type: 'collection', count: items.length, ...total, links } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The `data` member of a request body.
 * @throws SellRefusal 400 invalid_payload when the body is no JSON, 422 incorrect_payload when its shape is wrong
 */
export function readData(request: FastifyRequest, type: string): Readonly<Record<string, unknown>> {
  const text = typeof request.body === 'string' ? request.body : '';
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const details = 'The request payload is not a valid JSON document.';
    throw new SellRefusal(400, [{ code: 'invalid_payload', details }]);
  }
  const refuse = (details: string): SellRefusal => new SellRefusal(422, [{ code: 'incorrect_payload', details }]);
  if (!isObject(body)) throw refuse('The request payload must be an object.');
  const { data, meta, ...rest } = body;
  if (!isObject(data)) throw refuse("The request payload must have an object under the key 'data'.");
  const [extra] = Object.keys(rest);
  if (extra !== undefined) throw refuse(`The request payload must not have the key '${extra}'.`);
  if (meta !== undefined && (!isObject(meta) || (meta['type'] !== undefined && meta['type'] !== type))) {
    throw refuse(`The request payload must have the meta type '${type}'.`);
  }
  return data;
}

/**
 * The id in a path.
 * @throws SellRefusal 400 invalid_param when it is no integer
 */
export function readPathId(request: FastifyRequest, name = 'id'): number {
  const text = (request.params as Readonly<Record<string, string>>)[name] ?? '';
  if (!/^\d{1,15}$/.test(text)) throw badParameter(name, `must be an integer, given: ${text}`);
  return Number(text);
}
