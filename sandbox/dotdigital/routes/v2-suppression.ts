// Leaving and coming back in v2: unsubscribe, suppress, resubscribe, and the feeds of those who left.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isEmail } from '../domain/identifiers.ts';
import { optOut, type SuppressionEntry, suppressAddress, suppressedSince } from '../domain/opt-out.ts';
import { resubscribeV2 } from '../domain/v2-resubscribe.ts';
import { isObject } from '../domain/write-shape.ts';
import { slicePage, v2Body, v2Date, v2Page } from '../http/query.ts';
import { isLive } from '../model/contact-row.ts';
import type { EmailStatus } from '../model/statuses.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { refuseV2 } from '../wire/refusal.ts';
import { writeSuppressedAddress, writeSuppression } from '../wire/v2-contact.ts';
import type { SandboxParts } from './sandbox-parts.ts';

/** The address of a body. Throws the refusal when it has none. */
export function bodyEmail(body: Readonly<Record<string, unknown>>): string {
  const { email } = body;
  if (typeof email !== 'string' || !isEmail(email.trim())) {
    throw refuseV2(400, 'ERROR_PARAMETER_INVALID', 'Email is not a valid email address.');
  }
  return email.trim();
}

function writeEntry(account: DotdigitalAccount, entry: SuppressionEntry): object {
  return entry.row
    ? writeSuppression(account, entry.row, entry.dateRemoved, entry.row.emailStatus)
    : writeSuppressedAddress(entry.address);
}

function suppressOne(account: DotdigitalAccount, item: unknown, at: number): { found: boolean; ref: object } {
  const ref = isObject(item) ? v2Body(item) : {};
  const { id, email } = ref;
  const byId = typeof id === 'number' && id > 0;
  if (!byId && typeof email !== 'string') throw refuseV2(400, 'ERROR_CONTACT_INVALID');
  const row = byId ? account.contacts.byId(id) : account.contacts.byEmail(email as string);
  const found = isLive(row);
  if (found) optOut(account, row, 'suppressed', at);
  return { found, ref: byId ? { id, email: null } : { id: 0, email } };
}

/** Adds the account-level calls about suppression. */
export function registerV2Suppression(app: FastifyInstance, { account }: SandboxParts): void {
  const medium = { config: { tier: 'medium' } } as const;
  const low = { config: { tier: 'low' } } as const;

  app.post('/v2/contacts/unsubscribe', medium, (request) => {
    const email = bodyEmail(v2Body(request.body));
    const now = account.clock.now();
    const row = account.contacts.byEmail(email);
    if (isLive(row)) {
      optOut(account, row, 'unsubscribed', now);
      return writeSuppression(account, row, row.suppressedAt, row.emailStatus);
    }
    if (account.switches.v2UnsubscribeUnknown === 'not-found') throw refuseV2(404, 'ERROR_CONTACT_NOT_FOUND');
    return writeSuppressedAddress(suppressAddress(account, email, 'unsubscribed', now));
  });

  app.put('/v2/contacts/suppress-contacts', low, (request) => {
    const { body } = request;
    if (!Array.isArray(body)) throw refuseV2(400, 'ERROR_MALFORMED_REQUEST');
    if (body.length === 0) throw refuseV2(400, 'ERROR_CONTACTS_ARE_NOT_SPECIFIED');
    const now = account.clock.now();
    const results = body.map((item: unknown) => suppressOne(account, item, now));
    return {
      suppressed: results.filter(({ found }) => found).map(({ ref }) => ref),
      notFound: results.filter(({ found }) => !found).map(({ ref }) => ref),
    };
  });

  const feed = (request: FastifyRequest, date: string, wanted: (status: EmailStatus) => boolean): object[] =>
    slicePage(suppressedSince(account, v2Date(date), wanted), v2Page(request)).map((entry) =>
      writeEntry(account, entry),
    );

  app.get<{ Params: { date: string } }>('/v2/contacts/suppressed-since/:date', low, (request) =>
    feed(request, request.params.date, () => true),
  );

  app.get<{ Params: { date: string } }>('/v2/contacts/unsubscribed-since/:date', low, (request) =>
    feed(request, request.params.date, (status) => status === 'unsubscribed'),
  );

  for (const direct of [false, true]) {
    app.post(`/v2/contacts/resubscribe${direct ? '-with-no-challenge' : ''}`, medium, (request) =>
      resubscribeV2(account, v2Body(request.body), direct, undefined),
    );
  }
}
