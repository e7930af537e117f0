// What became of leads. Read only; for single leads one call each, because the list has no filter for several. (D8)
import type { z } from 'zod';
import type { CrmConversion } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { Oddity } from '../oddity.ts';
import { createPageCircle } from '../page-circle.ts';
import { chunk, readPage } from './read-collection.ts';
import { wireConversion } from './wire.ts';

/** Calls under way at once; pacing and the client's own cap still apply. */
const AT_ONCE = 8;

export async function readConversions(http: HttpClient, leadIds: readonly string[]): Promise<readonly CrmConversion[]> {
  const found: CrmConversion[] = [];
  for (const ids of chunk([...new Set(leadIds)], AT_ONCE)) {
    const answers = await Promise.all(ids.map((id) => readConversion(http, id)));
    found.push(...answers.filter((conversion) => conversion !== null));
  }
  return found;
}

async function readConversion(http: HttpClient, leadId: string): Promise<CrmConversion | null> {
  const page = await readPage(http, { path: '/v2/lead_conversions', query: { lead_id: leadId }, item: wireConversion });
  // Newest first; should the filter ever be ignored, other leads' conversions are not taken for an answer.
  const conversion = page.items.find(({ lead_id }) => lead_id === leadId);
  if (conversion === undefined) return null;
  return toConversion(conversion);
}

type WireConversion = z.infer<typeof wireConversion>;

function toConversion({ id, lead_id, individual_id, created_at }: WireConversion): CrmConversion {
  return { id, leadId: lead_id, contactId: individual_id ?? null, convertedAt: created_at ?? null };
}

/** API: lead_conversions; pages beyond the fiftieth go by the cursor of the link. */
const PER_PAGE = 100;
const PAGES = 50;

export async function* readConversionsAfter(
  http: HttpClient,
  after: string | null,
  report: (oddity: Oddity) => void,
): AsyncGenerator<readonly CrmConversion[]> {
  const notice = createPageCircle('GET /v2/lead_conversions');
  let query: { readonly [name: string]: string } = { sort_by: 'id:desc', per_page: String(PER_PAGE), page: '1' };
  for (let page = 1; ; page += 1) {
    const answer = await servedPage(http, query, report);
    const news = answer.items.filter(({ id }) => after === null || isLater(id, after));
    if (news.length > 0) yield news.map(toConversion);
    if (news.length < answer.items.length || (!answer.hasNext && answer.given.length < PER_PAGE)) return;
    notice(answer.given);
    const cursor = cursorOf(answer.next);
    if (page >= PAGES && cursor === null) return;
    query = {
      sort_by: 'id:desc',
      per_page: String(PER_PAGE),
      ...(page < PAGES ? { page: String(page + 1) } : { cursor: cursor ?? '' }),
    };
  }
}

/** Where the list is not served to us, nothing is known of it: a lead that disappears is asked for by itself. */
async function servedPage(
  http: HttpClient,
  query: { readonly [name: string]: string },
  skip: (oddity: Oddity) => void,
) {
  try {
    return await readPage(http, { path: '/v2/lead_conversions', query, item: wireConversion, skip });
  } catch (error) {
    const refused = error instanceof ConnectorError && ['forbidden', 'not-found', 'rejected'].includes(error.kind);
    if (!refused) throw error;
    return { items: [], given: [], hasNext: false, next: null };
  }
}

function cursorOf(next: string | null): string | null {
  return next !== null && URL.canParse(next) ? new URL(next).searchParams.get('cursor') : null;
}

function isLater(id: string, than: string): boolean {
  return id.length === than.length ? id > than : id.length > than.length;
}
