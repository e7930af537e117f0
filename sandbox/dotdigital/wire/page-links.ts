// The `_links` of a v3 page. The last page has no `next`; that is how a client knows.

/** One link. */
export interface PageLink {
  readonly marker: string;
  readonly link: string;
}

/** The links of a page. */
export interface PageLinks {
  readonly self: PageLink;
  readonly first: PageLink;
  readonly next?: PageLink;
}

/**
 * Links that repeat the parameters of the request, each with its own marker.
 * @param url path and query of the request
 */
export function pageLinks(
  endpoint: string,
  url: string,
  marker: string | undefined,
  next: string | undefined,
): PageLinks {
  const [path = '', query = ''] = url.split('?', 2);
  const kept = query.split('&').filter((part) => part !== '' && !part.startsWith('marker='));
  const link = (to: string): PageLink => {
    const parts = to === '' ? kept : [...kept, `marker=${encodeURIComponent(to)}`];
    return { marker: to, link: `${endpoint}${path}${parts.length > 0 ? `?${parts.join('&')}` : ''}` };
  };
  return { self: link(marker ?? ''), first: link(''), ...(next !== undefined && { next: link(next) }) };
}
