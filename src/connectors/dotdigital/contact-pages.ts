// Pages of GET /contacts/v3 by marker. Never takes a broken page for the last one and never walks in a circle.
import { ConnectorError } from '../error.ts';
import type { AccountCalls } from './account-calls.ts';
import { asText, pageAnswer } from './wire.ts';

/** Empty pages in a row that still name a next one, before the walk is given up. */
const EMPTY_PAGES_LIMIT = 100;

/** Items of every page, as they came. Complete when it ends without an error. (R8; contacts service, list) */
export async function* contactPages(
  calls: AccountCalls,
  query: { readonly [name: string]: string | undefined },
  limit: number,
): AsyncGenerator<readonly unknown[]> {
  const seen = new Set<string>();
  let marker: string | undefined;
  let empty = 0;
  for (;;) {
    const page = await calls.send({
      method: 'GET',
      path: '/contacts/v3',
      scope: 'contacts-list',
      query: { ...query, limit, marker },
      read: (reply) => {
        const answer = pageAnswer.parse(reply.json());
        return { items: answer._items, next: nextMarker(answer._links.next, answer._items.length, limit) };
      },
    });
    yield page.items;
    if (page.next === null) return;
    empty = page.items.length === 0 ? empty + 1 : 0;
    if (seen.has(page.next) || empty > EMPTY_PAGES_LIMIT) {
      throw new ConnectorError(
        'GET /contacts/v3: the pages lead back to one that was already read; the list cannot be completed',
        {
          kind: 'malformed',
          outcome: 'refused',
        },
      );
    }
    seen.add(page.next);
    marker = page.next;
  }
}

/** The end of the list is a page without `next`. */
function nextMarker(
  next: { readonly marker?: string | null | undefined; readonly link?: string | null | undefined } | null | undefined,
  count: number,
  limit: number,
): string | null {
  if (next === null || next === undefined) return null;
  const marker = asText(next.marker) ?? markerOfLink(next.link);
  if (marker !== null) return marker;
  // A full page with a next that leads nowhere is no end; a page that is not full is one.
  if (count >= limit) throw new SyntaxError('the link to the next page names no marker');
  return null;
}

function markerOfLink(link: string | null | undefined): string | null {
  const text = asText(link);
  return text === null ? null : asText(URL.parse(text, 'http://localhost')?.searchParams.get('marker'));
}
