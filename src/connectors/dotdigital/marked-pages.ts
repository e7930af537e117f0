// Pages of a v3 list by marker. Never takes a broken page for the last one and never walks in a circle.
import { ConnectorError } from '../error.ts';
import { createPageCircle } from '../page-circle.ts';
import type { AccountCalls } from './account-calls.ts';
import { asText, pageAnswer } from './wire.ts';

type PageLink = { readonly marker?: string | null | undefined; readonly link?: string | null | undefined };

/** Pages in a row that are empty, or bring nothing new, and still name a next one, before the walk is given up. */
const IDLE_PAGES_LIMIT = 100;

/** Items of every page, as they came. Complete when it ends without an error. (R8; contacts service, list) */
export async function* markedPages(
  calls: AccountCalls,
  route: { readonly path: string; readonly scope: string },
  query: { readonly [name: string]: string | undefined },
  limit: number,
): AsyncGenerator<readonly unknown[]> {
  const seen = new Set<string>();
  // A service may choose pages so small that somebody who is edited meanwhile fills one again.
  const notice = createPageCircle(`GET ${route.path}`, IDLE_PAGES_LIMIT);
  let marker: string | undefined;
  let empty = 0;
  for (;;) {
    const asked = marker;
    const page = await calls.send({
      method: 'GET',
      ...route,
      query: { ...query, limit, marker },
      read: (reply) => {
        const answer = pageAnswer.parse(reply.json());
        const next = nextMarker(answer._links.next, answer._items.length, limit);
        const self = markerOf(answer._links.self);
        return { items: answer._items, next, namesItself: next !== null && next === asked && next === self };
      },
    });
    yield page.items;
    // A page that names itself as the next one has nothing after it. The answer of another page would name another self.
    if (page.next === null || page.namesItself) return;
    empty = page.items.length === 0 ? empty + 1 : 0;
    if (seen.has(page.next) || empty > IDLE_PAGES_LIMIT) {
      throw new ConnectorError(
        `GET ${route.path}: the pages lead back to one that was already read; the list cannot be completed`,
        {
          kind: 'malformed',
          outcome: 'refused',
        },
      );
    }
    notice(page.items);
    seen.add(page.next);
    marker = page.next;
  }
}

/** The end of the list is a page without `next`. */
function nextMarker(next: PageLink | null | undefined, count: number, limit: number): string | null {
  if (next === null || next === undefined) return null;
  const marker = markerOf(next);
  if (marker !== null) return marker;
  // A full page with a next that leads nowhere is no end; a page that is not full is one.
  if (count >= limit) throw new SyntaxError('the link to the next page names no marker');
  return null;
}

function markerOf(link: PageLink | null | undefined): string | null {
  return asText(link?.marker) ?? markerOfLink(link?.link);
}

function markerOfLink(link: string | null | undefined): string | null {
  const text = asText(link);
  return text === null ? null : asText(URL.parse(text, 'http://localhost')?.searchParams.get('marker'));
}
