// Lists (address books): list, read, create, rename, delete. Never moves a contact.

import type { FastifyInstance } from 'fastify';
import { createList, deleteList, getList, getWritableList, updateList } from '../domain/list-writes.ts';
import { slicePage, v2Body, v2Id, v2Page } from '../http/query.ts';
import type { ListRow } from '../state/list-registry.ts';
import { refuseV2 } from '../wire/refusal.ts';
import { writeV2List } from '../wire/v2-contact.ts';
import type { SandboxParts } from './sandbox-parts.ts';

interface ById {
  Params: { id: string };
}

/** Adds the calls under `/v2/address-books` that are about lists themselves. */
export function registerLists(app: FastifyInstance, { account }: SandboxParts): void {
  const high = { config: { tier: 'high' } } as const;
  const medium = { config: { tier: 'medium' } } as const;
  const write = (list: ListRow): object => writeV2List(account, list);

  app.get('/v2/address-books', high, (request) => slicePage(account.lists.all(), v2Page(request)).map(write));

  for (const visibility of ['Private', 'Public'] as const) {
    app.get(`/v2/address-books/${visibility.toLowerCase()}`, high, (request) => {
      const lists = account.lists.all().filter((list) => list.visibility === visibility);
      return slicePage(lists, v2Page(request)).map(write);
    });
  }

  app.get<ById>('/v2/address-books/:id', high, (request) => write(getList(account, v2Id(request.params.id))));

  app.post('/v2/address-books', medium, (request, reply) =>
    reply.code(account.switches.createListStatus).send(write(createList(account, v2Body(request.body)))),
  );

  app.put<ById>('/v2/address-books/:id', medium, (request) => {
    const list = getWritableList(account, v2Id(request.params.id));
    const body = v2Body(request.body);
    if (body['id'] !== undefined && body['id'] !== 0 && body['id'] !== list.id) {
      throw refuseV2(400, 'ERROR_ADDRESSBOOK_INVALID');
    }
    updateList(account, list, body);
    return write(list);
  });

  app.delete<ById>('/v2/address-books/:id', medium, (request, reply) => {
    deleteList(account, getWritableList(account, v2Id(request.params.id)), account.clock.now());
    return reply.code(account.switches.deleteListStatus).send();
  });
}
