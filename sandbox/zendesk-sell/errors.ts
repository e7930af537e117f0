// Refusals in the form Sell gives them.
// Never decides anything: handlers throw a refusal, the error handler of the application sends it.

import { STATUS_CODES } from 'node:http';
import type { SellSwitches } from './switches.ts';

/** Machine codes of the error envelope. `conflict` and `gone` are this simulator's own guess. */
export type SellErrorCode =
  | 'not_found'
  | 'incorrect_path'
  | 'unauthorized'
  | 'insufficient_scope'
  | 'rate_limit_exceeded'
  | 'invalid_param'
  | 'invalid_header'
  | 'invalid_user_agent'
  | 'invalid_payload'
  | 'incorrect_payload'
  | 'server_error'
  | 'temporarily_unavailable'
  | 'not_acceptable'
  | 'conflict'
  | 'gone'
  | 'unknown'
  | 'missing'
  | 'blank'
  | 'already_exists'
  | 'invalid_type'
  | 'incorrect_value';

const MESSAGES: Readonly<Record<SellErrorCode, string>> = {
  not_found: 'resource you are looking for was not found',
  incorrect_path: 'incorrect path',
  unauthorized: 'unauthorized',
  insufficient_scope: 'insufficient scope',
  rate_limit_exceeded: 'rate limit exceeded',
  invalid_param: 'invalid request query parameter',
  invalid_header: 'invalid request header',
  invalid_user_agent: 'invalid request header',
  invalid_payload: 'invalid request payload',
  incorrect_payload: 'incorrect request payload',
  server_error: 'internal server error',
  temporarily_unavailable: 'service temporarily unavailable',
  not_acceptable: 'not acceptable',
  conflict: 'conflict',
  gone: 'gone',
  unknown: 'unknown attribute',
  missing: 'missing attribute',
  blank: "attribute can't be blank",
  already_exists: 'attribute value already exists',
  invalid_type: 'attribute type is invalid',
  incorrect_value: 'attribute value is incorrect',
};

/** One error of a refusal. `field` is a JSON pointer relative to `data`, e.g. `/last_name`. */
export interface SellErrorItem {
  readonly code: SellErrorCode;
  readonly details: string;
  readonly message?: string | undefined;
  readonly resource?: string | undefined;
  readonly field?: string | undefined;
}

/** How a refusal differs from the common envelope. */
export interface RefusalOptions {
  /** The product service points into `/data` and calls its error list a collection. */
  readonly style?: 'core' | 'products';
  /** False leaves out `logref`, as the answer to a malformed parameter does. */
  readonly logref?: boolean;
  /** Sent in place of the envelope. */
  readonly raw?: { readonly contentType: string; readonly body: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers; becomes an error answer. */
export class SellRefusal extends Error {
  readonly status: number;
  readonly items: readonly SellErrorItem[];
  readonly options: RefusalOptions;

  constructor(status: number, items: readonly SellErrorItem[], options: RefusalOptions = {}) {
    super(`${status} ${items.map((item) => `${item.code} ${item.field ?? ''} ${item.details}`).join('; ')}`);
    this.status = status;
    this.items = items;
    this.options = options;
  }
}

const MORE_INFO = { more_info: 'https://developers.getbase.com/docs/rest/articles/errors' };

/** The JSON body of a refusal. */
export function renderRefusal(refusal: SellRefusal, switches: SellSwitches, logref: string): unknown {
  const products = refusal.options.style === 'products';
  const prefix = products || switches.errorPointer === 'data' ? '/data' : '';
  return {
    errors: refusal.items.map((item) => ({
      error: {
        ...(item.resource === undefined ? {} : { resource: item.resource }),
        ...(item.field === undefined ? {} : { field: `${prefix}${item.field}` }),
        code: item.code,
        message: item.message ?? MESSAGES[item.code],
        details: item.details,
      },
      meta: { type: 'error', links: MORE_INFO },
    })),
    meta: {
      type: products ? 'collection' : 'errors',
      http_status: `${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`.trim(),
      ...(refusal.options.logref === false ? {} : { logref }),
      links: MORE_INFO,
    },
  };
}

/** 400 for a query or path parameter. */
export function badParameter(name: string, reason: string): SellRefusal {
  const details = `The request query parameter '${name}' is malformed, missing, or has an invalid value (${reason})`;
  return new SellRefusal(400, [{ code: 'invalid_param', details }], { logref: false });
}

/** 404 for a record that is not there or not visible. */
export function notFound(resource: string, id: number | string, options: RefusalOptions = {}): SellRefusal {
  const details = `Resource of the type '${resource}' with the id '${id}' was not found.`;
  return new SellRefusal(404, [{ code: 'not_found', resource, details }], options);
}

/** 404 for a path nothing is served at under that method. */
export function incorrectPath(method: string, path: string): SellRefusal {
  const details = `Requested path at '${path}' was not found using the HTTP method '${method}'.`;
  return new SellRefusal(404, [{ code: 'incorrect_path', details }]);
}

/** 403 for what the token, its user or the plan does not allow. */
export function forbidden(details: string, options: RefusalOptions = {}): SellRefusal {
  return new SellRefusal(403, [{ code: 'insufficient_scope', details }], options);
}

/** 422 with one or more attribute errors. */
export function unprocessable(items: readonly SellErrorItem[], options: RefusalOptions = {}): SellRefusal {
  return new SellRefusal(422, items, options);
}

/** Attribute errors of one resource, worded as the service words them. */
export const attributeError = {
  unknown: (resource: string, field: string): SellErrorItem => ({
    resource,
    field,
    code: 'unknown',
    details: `The attribute '${field}' is not a known attribute for the '${resource}' resource.`,
  }),
  missing: (resource: string, field: string): SellErrorItem => ({
    resource,
    field,
    code: 'missing',
    details: `The required attribute '${field}' must be present in the request`,
  }),
  blank: (resource: string, field: string, details?: string): SellErrorItem => ({
    resource,
    field,
    code: 'blank',
    details: details ?? `The attribute '${field}' can't be blank.`,
  }),
  invalidType: (resource: string, field: string, expected: string): SellErrorItem => ({
    resource,
    field,
    code: 'invalid_type',
    details: `The attribute '${field}' must be of the type ${expected}.`,
  }),
  incorrectValue: (resource: string, field: string, details?: string): SellErrorItem => ({
    resource,
    field,
    code: 'incorrect_value',
    details: details ?? `The attribute '${field}' value is not included in the list`,
  }),
  alreadyExists: (resource: string, field: string): SellErrorItem => ({
    resource,
    field,
    code: 'already_exists',
    details: `The attribute '${field}' value is already taken.`,
  }),
} as const;
