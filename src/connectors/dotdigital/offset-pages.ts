// Pages of the v2 lists by select and skip. The end is a short page; rows may move between two pages, so rows may repeat. Never
// walks on when a whole page does.
import { z } from 'zod';
import { createPageCircle } from '../page-circle.ts';
import type { AccountCalls } from './account-calls.ts';

const rows = z.array(z.unknown());

/** Rows of every page, as they came. (v2 API: paging) */
export async function* offsetPages(
  calls: AccountCalls,
  call: { readonly path: string; readonly scope: string },
  select: number,
): AsyncGenerator<readonly unknown[]> {
  const notice = createPageCircle(`GET ${call.path}`);
  for (let skip = 0; ; skip += select) {
    const page = await calls.send({
      method: 'GET',
      path: call.path,
      scope: call.scope,
      query: { select, skip },
      read: (reply) => rows.parse(reply.json()),
    });
    if (page.length > 0) yield page;
    if (page.length < select) return;
    notice(page);
  }
}
