// v2 contacts, which know e-mail addresses only: read, write, delete, and the feeds of those created or changed.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { deleteContact } from '../domain/recycle-bin.ts';
import { updateV2Contact, upsertV2Contact } from '../domain/v2-contact-write.ts';
import { slicePage, v2Body, v2Date, v2Id, v2Page } from '../http/query.ts';
import { type ContactRow, isLive } from '../model/contact-row.ts';
import { isOut } from '../model/statuses.ts';
import { refuseV2 } from '../wire/refusal.ts';
import { writeV2Contact, writeV2List } from '../wire/v2-contact.ts';
import type { SandboxParts } from './sandbox-parts.ts';

/** Adds the calls under `/v2/contacts` that are about contacts themselves. */
export function registerV2Contacts(app: FastifyInstance, { account }: SandboxParts): void {
  const low = { config: { tier: 'low' } } as const;
  const medium = { config: { tier: 'medium' } } as const;
  const high = { config: { tier: 'high' } } as const;
  const hasAddress = (row: ContactRow | undefined): row is ContactRow => isLive(row) && row.email !== null;

  const page = (request: FastifyRequest, defaultSelect: number, keep: (row: ContactRow) => boolean): object[] => {
    const range = v2Page(request, defaultSelect);
    const rows = account.contacts.rows.filter((row) => hasAddress(row) && keep(row)) as readonly ContactRow[];
    return slicePage(rows, range).map((row) => writeV2Contact(account, row, range.withFullData));
  };
  const since = (text: string): number => v2Date(text) + (account.switches.sinceInclusive ? 0 : 1);

  app.get('/v2/contacts', low, (request) => page(request, 1000, (row) => !isOut(row.emailStatus)));

  app.get('/v2/contacts/count', high, () => account.contacts.liveCount);

  app.get<{ Params: { date: string } }>('/v2/contacts/created-since/:date', low, (request) => {
    const from = since(request.params.date);
    return page(request, 1000, (row) => row.created >= from);
  });

  app.get<{ Params: { date: string } }>('/v2/contacts/modified-since/:date', low, (request) => {
    const from = since(request.params.date);
    return page(request, 1000, (row) => row.updated >= from);
  });

  app.get<{ Params: { key: string } }>('/v2/contacts/:key', high, (request) => {
    const { key } = request.params;
    const byId = /^\d+$/.test(key);
    const row = byId ? account.contacts.byId(Number(key)) : account.contacts.byEmail(key);
    const hides = byId || !account.switches.v2SuppressedByEmail;
    if (!hasAddress(row) || (hides && isOut(row.emailStatus))) throw refuseV2(404, 'ERROR_CONTACT_NOT_FOUND');
    return writeV2Contact(account, row, true);
  });

  app.get<{ Params: { id: string } }>('/v2/contacts/:id/address-books', high, (request) => {
    const row = account.contacts.byId(v2Id(request.params.id));
    if (!isLive(row)) throw refuseV2(404, 'ERROR_CONTACT_NOT_FOUND');
    const lists = row.memberships.map(({ listId }) => account.lists.get(listId)).filter((list) => list !== undefined);
    return slicePage(lists, v2Page(request)).map((list) => writeV2List(account, list));
  });

  app.post('/v2/contacts', medium, (request, reply) => {
    const row = upsertV2Contact(account, v2Body(request.body));
    return reply.code(201).send(writeV2Contact(account, row, true));
  });

  app.put<{ Params: { id: string } }>('/v2/contacts/:id', medium, (request, reply) => {
    const row = updateV2Contact(account, v2Id(request.params.id), v2Body(request.body));
    return reply.code(account.switches.putContactStatus).send(writeV2Contact(account, row, true));
  });

  app.delete<{ Params: { id: string } }>('/v2/contacts/:id', medium, (request, reply) => {
    const row = account.contacts.byId(v2Id(request.params.id));
    if (!isLive(row) || isOut(row.emailStatus)) throw refuseV2(404, 'ERROR_CONTACT_NOT_FOUND');
    deleteContact(account, row, account.clock.now());
    return reply.code(204).send();
  });
}
