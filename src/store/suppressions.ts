// Addresses that left the marketing system, with its reason, contact there or not. (C22, O8) Reads no consent into them.
import type { Executor } from './executor.ts';
import { batches, inBatches } from './keys.ts';
import type { SuppressionRow } from './schema.ts';

export interface Suppression {
  /** Normal form of the address. */
  readonly emailKey: string;
  readonly marketingId: string | null;
  readonly reason: string;
  /** ISO UTC, by the service. */
  readonly at: string;
}

export interface StoredSuppression extends Suppression {
  readonly firstSeen: string;
  /** A present contact of the marketing system has the address. */
  readonly isContact: boolean;
}

/** Stores events; of one address the latest `at` stays. @returns addresses that are new or have a later event */
export async function upsertSuppressions(
  ex: Executor,
  connection: string,
  events: readonly Suppression[],
  now: string,
): Promise<readonly string[]> {
  const news: string[] = [];
  for (const batch of batches(latestOfEach(events))) {
    const rows: SuppressionRow[] = batch.map((event) => ({
      connection,
      email_key: event.emailKey,
      marketing_id: event.marketingId,
      reason: event.reason,
      at: event.at,
      first_seen: now,
    }));
    const written = await ex.db
      .insertInto('suppressions')
      .values(rows)
      .onConflict((oc) =>
        oc
          .columns(['connection', 'email_key'])
          .doUpdateSet((eb) => ({
            marketing_id: eb.ref('excluded.marketing_id'),
            reason: eb.ref('excluded.reason'),
            at: eb.ref('excluded.at'),
          }))
          .whereRef('excluded.at', '>', 'suppressions.at'),
      )
      .returning('email_key')
      .execute();
    for (const row of written) news.push(row.email_key);
  }
  return news;
}

export async function suppressionsByEmail(
  ex: Executor,
  connection: string,
  emailKeys: readonly string[],
): Promise<readonly StoredSuppression[]> {
  const rows = await inBatches(emailKeys, (batch) =>
    ex.db
      .selectFrom('suppressions as s')
      .selectAll('s')
      .select((eb) =>
        eb
          .selectFrom('marketing_records as m')
          .select((inner) => inner.fn.countAll().as('n'))
          .whereRef('m.connection', '=', 's.connection')
          .whereRef('m.email_key', '=', 's.email_key')
          .where('m.state', '=', 'present')
          .as('contacts'),
      )
      .where('s.connection', '=', connection)
      .where('s.email_key', 'in', batch)
      .orderBy('s.email_key')
      .execute(),
  );
  return rows.map((row) => ({
    emailKey: row.email_key,
    marketingId: row.marketing_id,
    reason: row.reason,
    at: row.at,
    firstSeen: row.first_seen,
    isContact: Number(row.contacts) > 0,
  }));
}

/** The addresses are no longer suppressed. */
export async function removeSuppressions(
  ex: Executor,
  connection: string,
  emailKeys: readonly string[],
): Promise<void> {
  for (const batch of batches(emailKeys)) {
    await ex.db
      .deleteFrom('suppressions')
      .where('connection', '=', connection)
      .where('email_key', 'in', batch)
      .execute();
  }
}

function latestOfEach(events: readonly Suppression[]): readonly Suppression[] {
  const latest = new Map<string, Suppression>();
  for (const event of events) {
    const before = latest.get(event.emailKey);
    if (before === undefined || event.at > before.at) latest.set(event.emailKey, event);
  }
  return [...latest.values()];
}
