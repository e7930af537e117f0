// Who left since a moment, and why. Never drops an opt-out it can still attribute to somebody.
import type { SuppressionEvent } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { AccountCalls } from './account-calls.ts';
import { channelStateOf } from './channel-state.ts';
import { offsetPages } from './offset-pages.ts';
import { parseServiceTime, toFilterTime } from './service-time.ts';
import { asText, suppressionRow } from './wire.ts';

/** Passes over a list that keeps growing or moving, before what was found has to do until the next cycle. */
const PASSES_LIMIT = 5;

/**
 * `GET /v2/contacts/suppressed-since/{date}`, each event once, in any order. A list of several pages is read again until a
 * pass brings nothing new, since rows move while it is paged and a row that moved forward would be missed. (decision 7, O8)
 */
export async function* suppressedSince(
  calls: AccountCalls,
  since: string,
  select: number,
): AsyncGenerator<readonly SuppressionEvent[]> {
  const from = toFilterTime(since);
  if (from === null)
    throw new ConnectorError(`"${since}" is not a date and time`, { kind: 'rejected', outcome: 'not-sent' });
  const call = { path: `/v2/contacts/suppressed-since/${from}`, scope: 'suppressed-since' };
  const seen = new Set<string>();
  for (let pass = 1; pass <= PASSES_LIMIT; pass += 1) {
    let severalPages = false;
    let news = 0;
    for await (const rows of offsetPages(calls, call, select)) {
      severalPages ||= rows.length >= select;
      const fresh: SuppressionEvent[] = [];
      for (const row of rows) {
        const event = readRow(row, since, pass === 1 ? calls : null);
        if (event === null) continue;
        const key = JSON.stringify([event.marketingId, event.email.toLowerCase(), event.at, event.reason]);
        if (seen.has(key)) continue;
        seen.add(key);
        fresh.push(event);
      }
      news += fresh.length;
      if (fresh.length > 0) yield fresh;
    }
    // One page is one answer: nothing can have moved within it.
    if (!severalPages || news === 0) return;
  }
}

/** A row that names nobody is reported (once) and passed over; a row without a readable date counts from `since`. */
function readRow(row: unknown, since: string, reporter: AccountCalls | null): SuppressionEvent | null {
  const parsed = suppressionRow.safeParse(row);
  const id = parsed.success ? (parsed.data.suppressedContact.id ?? null) : null;
  const email = parsed.success ? asText(parsed.data.suppressedContact.email) : null;
  const marketingId = id === '0' ? null : id;
  if (!parsed.success || (marketingId === null && email === null)) {
    reporter?.report({ where: 'suppressed-since', id: marketingId, message: 'a suppression that names nobody' });
    return null;
  }
  const at = parseServiceTime(parsed.data.dateRemoved);
  if (at === null)
    reporter?.report({ where: 'suppressed-since', id: marketingId, message: 'a suppression without a readable date' });
  return {
    marketingId,
    email: email ?? '',
    reason: parsed.data.reason,
    state: channelStateOf(parsed.data.reason),
    at: at ?? since,
  };
}
