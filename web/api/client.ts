// The only way from the screen to the server: one typed function over the contract. Loads no schema and keeps nothing but the forgery token.
import type { BodyInput, Params, QueryInput, Reply } from '../../src/api/contract/contract.ts';
import { ROUTES, type RouteId } from '../../src/api/contract/routes.table.ts';
import type { ErrorBody, ErrorCode } from '../../src/api/contract/words.ts';

type Field<N extends string, T> = [T] extends [undefined] ? { readonly [K in N]?: never } : { readonly [K in N]: T };
type OptionalField<N extends string, T> = [T] extends [undefined]
  ? { readonly [K in N]?: never }
  : { readonly [K in N]?: T };

/** What a call takes: `params` and `body` where the contract has them, `query` always as one likes. */
export type Input<K extends RouteId> = Field<'params', Params<K>> &
  OptionalField<'query', QueryInput<K>> &
  Field<'body', BodyInput<K>>;

export class CallFailed extends Error {
  /** `offline`: the server could not be reached. */
  readonly code: ErrorCode | 'offline';
  readonly problems: NonNullable<ErrorBody['error']['problems']>;

  constructor(code: ErrorCode | 'offline', message: string, problems: CallFailed['problems'] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}

let forgeryToken: string | null = null;

/** @param token as `getSession` gave it; sent back with everything that changes something */
export function keepForgeryToken(token: string | null): void {
  forgeryToken = token;
}

/**
 * Makes one call.
 * @throws CallFailed with the server's own words, or `offline`
 */
export async function call<K extends RouteId>(id: K, input: Input<K>, signal?: AbortSignal): Promise<Reply<K>> {
  const { params, query, body } = input as { params?: Record<string, string>; query?: object; body?: unknown };
  const { method, path } = ROUTES[id];
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && forgeryToken !== null) headers['x-csrf-token'] = forgeryToken;
  const response = await send(addressOf(path, params, query), {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw await failure(response);
  if (response.status === 204) return undefined as Reply<K>;
  return (await response.json()) as Reply<K>;
}

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new CallFailed('offline', 'Lockstep cannot be reached. Your work stays here; try again in a moment.');
  }
}

async function failure(response: Response): Promise<CallFailed> {
  try {
    const { error } = (await response.json()) as ErrorBody;
    return new CallFailed(error.code, error.message, error.problems);
  } catch {
    return new CallFailed('internal', `The server answered ${response.status} without saying why.`);
  }
}

function addressOf(path: string, params: Record<string, string> = {}, query: object = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}
