// Who is on a list: members, joining, leaving alone or in bulk, and list-level opt-outs. Dates of joining are never told.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { acceptListRemoval, deletionStatus } from '../domain/list-removal-job.ts';
import { clearList, getList, getWritableList } from '../domain/list-writes.ts';
import { isMailableMember, joinList, leaveList, membersOf, touchForLists } from '../domain/memberships.ts';
import { optOutOfList } from '../domain/opt-out.ts';
import { upsertV2Contact } from '../domain/v2-contact-write.ts';
import { resubscribeV2 } from '../domain/v2-resubscribe.ts';
import { slicePage, v2Body, v2Date, v2Id, v2Page } from '../http/query.ts';
import { type ContactRow, isLive } from '../model/contact-row.ts';
import { ALL_CONTACTS, type ListRow } from '../state/list-registry.ts';
import { refuseV2 } from '../wire/refusal.ts';
import { writeSuppression, writeV2Contact } from '../wire/v2-contact.ts';
import type { SandboxParts } from './sandbox-parts.ts';
import { bodyEmail } from './v2-suppression.ts';

interface ById {
  Params: { id: string };
}

const low = { config: { tier: 'low' } } as const;
const medium = { config: { tier: 'medium' } } as const;
const high = { config: { tier: 'high' } } as const;

function registerReads(app: FastifyInstance, { account }: SandboxParts): void {
  const page = (request: FastifyRequest, id: number, keep: (row: ContactRow) => boolean): object[] => {
    const range = v2Page(request);
    const list = account.lists.get(id);
    const segment = account.lists.segment(id);
    if (!list && segment) {
      const rows = [...segment.members].map((member) => account.contacts.byId(member)).filter(isLive);
      return slicePage(rows.filter(keep), range).map((row) => writeV2Contact(account, row, range.withFullData));
    }
    const found = getList(account, id);
    const rows = found.id === ALL_CONTACTS ? account.contacts.rows : membersOf(account, found);
    const members = rows.filter(
      (row) => row !== undefined && row.email !== null && isMailableMember(row, found.id) && keep(row),
    ) as readonly ContactRow[];
    return slicePage(members, range).map((row) => writeV2Contact(account, row, range.withFullData));
  };
  const after = (date: string): number => v2Date(date) + (account.switches.sinceInclusive ? 0 : 1);

  app.get<ById>('/v2/address-books/:id/contacts', low, (request) => page(request, v2Id(request.params.id), () => true));

  app.get<{ Params: { id: string; date: string } }>(
    '/v2/address-books/:id/contacts/modified-since/:date',
    low,
    (request) => {
      const from = after(request.params.date);
      return page(request, v2Id(request.params.id), (row) => row.updated >= from);
    },
  );

  app.get<{ Params: { id: string; date: string } }>(
    '/v2/address-books/:id/contacts/unsubscribed-since/:date',
    low,
    (request) => {
      const list = getList(account, v2Id(request.params.id));
      const from = after(request.params.date);
      const left = membersOf(account, list)
        .map((row) => ({ row, at: row.memberships.find(({ listId }) => listId === list.id)?.suppressedAt ?? 0 }))
        .filter(({ row, at }) => at > 0 && at >= from && isLive(row))
        .sort((a, b) => a.at - b.at);
      return slicePage(left, v2Page(request)).map(({ row, at }) => writeSuppression(account, row, at, 'unsubscribed'));
    },
  );
}

function registerWrites(app: FastifyInstance, { account }: SandboxParts): void {
  const listOf = (request: FastifyRequest<ById>): ListRow => getWritableList(account, v2Id(request.params.id));

  app.post<ById>('/v2/address-books/:id/contacts', medium, (request) => {
    const list = listOf(request);
    const body = v2Body(request.body);
    const known = account.contacts.byEmail(String(body['email']));
    if (known?.memberships.some(({ listId, suppressedAt }) => listId === list.id && suppressedAt > 0)) {
      throw refuseV2(400, 'ERROR_CONTACT_SUPPRESSEDFORADDRESSBOOK');
    }
    const row = upsertV2Contact(account, body);
    const now = account.clock.now();
    if (joinList(account, row, list, now)) touchForLists(account, row, now);
    return writeV2Contact(account, row, true);
  });

  app.delete<ById>('/v2/address-books/:id/contacts', medium, (request, reply) => {
    clearList(account, listOf(request), account.clock.now());
    return reply.code(204).send();
  });

  app.delete<{ Params: { id: string; contactId: string } }>(
    '/v2/address-books/:id/contacts/:contactId',
    medium,
    (request, reply) => {
      const list = getWritableList(account, v2Id(request.params.id));
      const row = account.contacts.byId(v2Id(request.params.contactId));
      const now = account.clock.now();
      if (!isLive(row)) throw refuseV2(404, 'ERROR_CONTACT_NOT_FOUND');
      if (leaveList(row, list, now)) touchForLists(account, row, now);
      return reply.code(204).send();
    },
  );

  app.post<ById>('/v2/address-books/:id/contacts/delete', low, (request, reply) => {
    const list = listOf(request);
    const { body } = request;
    if (!Array.isArray(body) || !body.every((id) => typeof id === 'number' && Number.isInteger(id))) {
      throw refuseV2(400, 'ERROR_MALFORMED_REQUEST');
    }
    if (body.length === 0) throw refuseV2(400, 'ERROR_CONTACTS_ARE_NOT_SPECIFIED');
    return reply.code(202).send(acceptListRemoval(account, list, body as readonly number[]));
  });

  app.post<ById>('/v2/address-books/:id/contacts/delete-all', low, (request, reply) =>
    reply.code(202).send(acceptListRemoval(account, listOf(request), 'all')),
  );

  app.get<ById>('/v2/contacts/deletion/:id', high, (request) => deletionStatus(account, request.params.id));

  app.post<ById>('/v2/address-books/:id/contacts/unsubscribe', medium, (request) => {
    const list = listOf(request);
    const row = account.contacts.byEmail(bodyEmail(v2Body(request.body)));
    const now = account.clock.now();
    if (!isLive(row) || !optOutOfList(account, row, list, now)) throw refuseV2(404, 'ERROR_CONTACT_NOT_FOUND');
    return writeSuppression(account, row, now, 'unsubscribed');
  });

  for (const direct of [false, true]) {
    const path = `/v2/address-books/:id/contacts/resubscribe${direct ? '-with-no-challenge' : ''}`;
    app.post<ById>(path, medium, (request) => resubscribeV2(account, v2Body(request.body), direct, listOf(request)));
  }
}

/** Adds the calls under `/v2/address-books/{id}/contacts` and the status of removals. */
export function registerListMembers(app: FastifyInstance, parts: SandboxParts): void {
  registerReads(app, parts);
  registerWrites(app, parts);
}
