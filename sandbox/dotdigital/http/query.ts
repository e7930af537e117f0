// Reads query parameters, page sizes and path dates the way each framework does. Unknown parameters are passed over.

import type { FastifyRequest } from 'fastify';
import { parseDate } from '../wire/dates.ts';
import { refuseV2, refuseV3 } from '../wire/refusal.ts';

/** A query parameter; undefined when it is not there. Throws the refusal when it is there twice. */
export function queryParam(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Readonly<Record<string, unknown>>)[name];
  if (value === undefined || typeof value === 'string') return value;
  throw request.url.startsWith('/v2/')
    ? refuseV2(400, 'ERROR_PARAMETER_INVALID')
    : refuseV3(400, 'contacts:badRequest', `The parameter '${name}' is given more than once`);
}

/** Page size of v3 calls that do not name one. */
const DEFAULT_LIMIT = 1000;
const MAX_LIMIT = 5000;

/** `limit` of a v3 call, 1 to 5000. */
export function v3Limit(request: FastifyRequest, service: string): number {
  const text = queryParam(request, 'limit');
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw refuseV3(400, `${service}:badRequest`, `The limit '${text}' is not between 1 and ${MAX_LIMIT}`);
}

/** A page of v2. */
export interface V2Page {
  readonly select: number;
  readonly skip: number;
  readonly withFullData: boolean;
}

/** `select` (1 to 1000), `skip` and `withFullData` of a v2 call. */
export function v2Page(request: FastifyRequest, defaultSelect = 1000): V2Page {
  const read = (name: string, fallback: number, min: number, max: number): number => {
    const text = queryParam(request, name);
    if (text === undefined) return fallback;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value < min || value > max) throw refuseV2(400, 'ERROR_PARAMETER_INVALID');
    return value;
  };
  return {
    select: read('select', defaultSelect, 1, 1000),
    skip: read('skip', 0, 0, 999_999_999),
    withFullData: queryParam(request, 'withFullData')?.toLowerCase() === 'true',
  };
}

/** The rows of a page. */
export function slicePage<T>(rows: readonly T[], page: V2Page): readonly T[] {
  return rows.slice(page.skip, page.skip + page.select);
}

/** A date in a v2 path: date or ISO 8601 date-time. Throws the refusal when it is none. */
export function v2Date(text: string): number {
  const date = parseDate(text);
  if (date === undefined) throw refuseV2(400, 'ERROR_PARAMETER_INVALID', 'Date is not valid.');
  return date;
}

/** A whole number in a v2 path. Throws the refusal when it is none. */
export function v2Id(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw refuseV2(400, 'ERROR_PARAMETER_INVALID');
  return Number(text);
}

/** The members of a v2 body with names in camelCase; v2 takes PascalCase as well. Throws the refusal when it is no object. */
export function v2Body(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refuseV2(400, 'ERROR_MALFORMED_REQUEST');
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value as unknown]),
  );
}
