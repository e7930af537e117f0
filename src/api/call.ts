// What a call gets and gives. Types, and the small things every call needs.
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { Caller } from './auth/caller.ts';
import type { Body, Params, Query, Reply } from './contract/contract.ts';
import type { RouteId } from './contract/routes.table.ts';

/** The HTTP answer, as far as a call may touch it. */
export interface Answer {
  setSession(secret: string, expiresAt: string): void;
  clearSession(): void;
  redirect(path: string): void;
}

export interface Call<K extends RouteId> {
  readonly params: Params<K>;
  readonly query: Query<K>;
  readonly body: Body<K>;
  /** Null only where the call is public. */
  readonly caller: Caller | null;
  /** Address of the machine that asks. */
  readonly ip: string;
  /** Aborts when the caller goes away or the service ends. */
  readonly signal: AbortSignal;
  readonly answer: Answer;
  /** What the audit log should say beside the call's own parameters. */
  note(entry: {
    readonly who?: string;
    readonly connection?: string;
    readonly subject?: string;
    readonly detail?: { readonly [key: string]: unknown };
  }): void;
}

/** The stream is no call: nothing of it is answered at once. */
export type CallId = Exclude<RouteId, 'watch'>;

export type Calls<K extends CallId = CallId> = { readonly [R in K]: (call: Call<R>) => Promise<Reply<R>> };

/** Who calls; there is somebody wherever the contract asks for a role. */
export function callerOf({ caller }: { readonly caller: Caller | null }): Caller {
  if (caller === null) throw new ApiError('not-logged-in', 'Log in first.');
  return caller;
}

const texts = z
  .array(z.union([z.string().max(500), z.number()]))
  .min(1)
  .max(4);

/** Where the next page begins, as text that only `readCursor` reads. */
export function cursorOf(...parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws ApiError `bad-request` for a text that is none of ours */
export function readCursor<T extends z.ZodType>(cursor: string, shape: T): z.output<T> {
  try {
    return shape.parse(texts.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString())));
  } catch {
    throw new ApiError('bad-request', 'The cursor is none of ours: take "next" of the page before, or none.');
  }
}

/** Of time and id, as most lists go on. */
export const timeAndId = z.tuple([z.string(), z.string()]);

/** The first `limit` of one more that were read. */
export function pageOf<T, I>(
  found: readonly T[],
  limit: number,
  show: (item: T) => I,
  next: (last: T) => string,
): { readonly items: I[]; readonly next: string | null } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(show), next: found.length > limit && last !== undefined ? next(last) : null };
}
