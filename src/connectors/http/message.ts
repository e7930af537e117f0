// Requests and replies as the HTTP client knows them. No service is named here.
import type { ErrorKind, Outcome } from '../error.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Told of each call as it goes out; what it returns is told the status, or null when no answer came. The path may name somebody. */
export type CallWatch = (method: HttpMethod, path: string) => (status: number | null) => void;

export type HttpBody = { readonly json: unknown } | { readonly form: { readonly [name: string]: string } };

/** Query parameters in the order given; `undefined` is left out. A list of pairs where a name repeats. */
export type HttpQuery =
  | { readonly [name: string]: string | number | boolean | undefined }
  | readonly (readonly [string, string])[];

export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  /** Body as text; empty when there was none or when the body of an error answer was cut off. */
  readonly text: string;
  /** The body as JSON. Throws when it is none: inside `HttpRequest.read` that becomes `malformed`. */
  json(): unknown;
}

export interface HttpRequest<T> {
  readonly method: HttpMethod;
  /** Begins with `/`; joined to the base URL as it stands, so encode what you put in. */
  readonly path: string;
  /** Instead of the client's base URL, e.g. before a region is known. */
  readonly baseUrl?: string;
  readonly query?: HttpQuery;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: HttpBody;
  /** Safe to repeat after an unknown outcome? Default: yes for GET, PUT and DELETE, no for POST and PATCH. */
  readonly idempotent?: boolean;
  /** How it is counted. Default: GET is a read, everything else a write; `none` is not counted. */
  readonly counts?: 'read' | 'write' | 'none';
  /** Pacing hint: calls of one scope share a budget until the service says otherwise. */
  readonly scope?: string;
  /** Milliseconds for one exchange, body included. Default: the client's. */
  readonly timeoutMs?: number;
  /** Sendings of this request at most, when fewer than the client's budget. */
  readonly maxAttempts?: number;
  readonly signal?: AbortSignal | undefined;
  /** Stands for the path in error messages when the path holds personal data. */
  readonly name?: string;
  /** False for calls that authenticate by themselves (a token request). */
  readonly authorize?: boolean;
  /** Strings that must never reach an error message, besides the credentials of `authorize`. */
  readonly secrets?: readonly string[];
  /** Turns a 2xx reply into the result. Whatever it throws means `malformed`, unless it is a ConnectorError. */
  read(reply: HttpReply): T;
}

/** What an answer outside 2xx means, in the service's own terms. */
export interface Refusal {
  readonly kind: ErrorKind;
  readonly outcome: Outcome;
  readonly code?: string | null;
  readonly field?: string | null;
  readonly message: string;
  /** When the service says so: how long to wait before the next try. */
  readonly retryAfterMs?: number | null;
  /** True when waiting inside the client cannot help: the error goes to the caller at once. */
  readonly final?: boolean;
}

/** The service's part: reads status, headers and body of an answer outside 2xx. Never throws. */
export type Classify = (reply: HttpReply, request: { readonly method: HttpMethod; readonly path: string }) => Refusal;
