// The `_links` of a v3 page. The last page has no `next`, unless a switch says otherwise; that is how a client knows.

import type { DotdigitalSwitches } from '../switches.ts';

/** One link. */
export interface PageLink {
  readonly marker: string;
  readonly link: string;
}

/** The links of a page. */
export interface PageLinks {
  readonly self: PageLink;
  readonly first: PageLink;
  readonly next?: PageLink | null;
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
  last: DotdigitalSwitches['lastPageNext'] = 'absent',
): PageLinks {
  const [path = '', query = ''] = url.split('?', 2);
  const kept = query.split('&').filter((part) => part !== '' && !part.startsWith('marker='));
  const link = (to: string): PageLink => {
    const parts = to === '' ? kept : [...kept, `marker=${encodeURIComponent(to)}`];
    return { marker: to, link: `${endpoint}${path}${parts.length > 0 ? `?${parts.join('&')}` : ''}` };
  };
  const self = link(marker ?? '');
  const ends = { absent: undefined, null: null, blank: { marker: '', link: '' }, itself: self };
  const leads = next === undefined ? ends[last] : link(next);
  return { self, first: link(''), ...(leads !== undefined && { next: leads }) };
}
