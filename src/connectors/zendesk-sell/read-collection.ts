// Lists of Sell, page by page. Ends only when the list surely ended; an error is never an end.
import type { z } from 'zod';
import type { HttpClient } from '../http/http-client.ts';
import type { Oddity } from '../oddity.ts';
import { createPageCircle } from '../page-circle.ts';
import { parseReply, single, whatIsWrong, wireItemId, wireList } from './wire.ts';

export const PAGE_SIZE = 100;

export interface ListCall<T> {
  readonly path: string;
  readonly query?: { readonly [name: string]: string };
  readonly item: z.ZodType<T>;
  /** Told of items that cannot be read, which are then left out. Not given: such an item makes the whole answer an error. */
  readonly skip?: (oddity: Oddity) => void;
  /** Sendings of the first page at most, when fewer than the client's budget. */
  readonly firstPageAttempts?: number;
}

interface Page<T> {
  readonly items: readonly T[];
  /** All items as they came, those that were left out included. */
  readonly given: readonly unknown[];
  readonly hasNext: boolean;
  /** Address of the next page, where one is announced. */
  readonly next: string | null;
  /** The answer carries links at all, so that the absence of one says something. */
  readonly linked: boolean;
}

/** One resource, without its envelope. */
export function readSingle<T>(http: HttpClient, path: string, item: z.ZodType<T>): Promise<T> {
  return http.send({ method: 'GET', path, read: (reply) => parseReply(single(item), reply).data });
}

/** One answer of a list call as it stands. */
export function readPage<T>(http: HttpClient, call: ListCall<T>, maxAttempts?: number): Promise<Page<T>> {
  return http.send({
    method: 'GET',
    path: call.path,
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(call.query === undefined ? {} : { query: call.query }),
    read: (reply) => {
      const page = parseReply(wireList, reply);
      const next = page.meta?.links?.['next_page'];
      return {
        items: page.items.flatMap((item, at) => readItem(call, item, at)),
        given: page.items,
        hasNext: typeof next === 'string',
        next: typeof next === 'string' ? next : null,
        linked: typeof page.meta?.links?.['self'] === 'string',
      };
    },
  });
}

function readItem<T>(call: ListCall<T>, item: unknown, at: number): readonly T[] {
  const parsed = single(call.item).safeParse(item);
  if (parsed.success) return [parsed.data.data];
  const message = `items.${String(at)}.${whatIsWrong(parsed.error)}`;
  if (call.skip === undefined) throw new Error(message);
  call.skip({ where: `Sell ${call.path}`, id: wireItemId.safeParse(item).data?.data.id ?? null, message });
  return [];
}

/**
 * Every page of a numbered list. A missing `next_page` link of a full page is believed only when the page has other links:
 * some answers carry none at all. Up to `ahead` pages are asked for while earlier ones are still on their way.
 */
export async function* readPages<T>(http: HttpClient, call: ListCall<T>, ahead = 1): AsyncGenerator<readonly T[]> {
  const asked: Promise<Page<T>>[] = [];
  const notice = createPageCircle(`GET ${call.path}`);
  let last = 0;
  for (let page = 1; ; page += 1) {
    // The further a list goes, the likelier the next page exists; short lists cost no call too many.
    const width = Math.min(ahead, 1 + Math.floor(page / 4));
    while (last < page + width - 1) {
      last += 1;
      asked.push(askFor(http, call, last));
    }
    const current = await asked.shift();
    if (current === undefined || current.given.length === 0) return;
    yield current.items;
    if (!current.hasNext && (current.linked || current.given.length < PAGE_SIZE)) return;
    notice(current.given);
  }
}

function askFor<T>(http: HttpClient, call: ListCall<T>, page: number): Promise<Page<T>> {
  const query = { ...call.query, page: String(page), per_page: String(PAGE_SIZE) };
  const answer = readPage(http, { ...call, query }, page === 1 ? call.firstPageAttempts : undefined);
  // Read or not, a page asked for ahead must not fail unseen; whoever awaits it still gets the error.
  answer.catch(() => undefined);
  return answer;
}

/** All items of a list that is given whole, as definitions are; further pages are read where a link announces them. */
export async function readWholeList<T>(http: HttpClient, call: ListCall<T>): Promise<readonly T[]> {
  const notice = createPageCircle(`GET ${call.path}`);
  const items: T[] = [];
  for (let number = 1; ; number += 1) {
    const query = { ...call.query, ...(number === 1 ? {} : { page: String(number) }) };
    const page = await readPage(http, { ...call, query });
    items.push(...page.items);
    if (!page.hasNext || page.given.length === 0) return items;
    notice(page.given);
  }
}

export function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}
