// Lists and the catalogue: what belongs to a connection and to no person.
import { z } from 'zod';
import type { LiveAccounts } from '../../engine/engine.ts';
import { PRODUCTS_READ } from '../../engine/products-due.ts';
import { getConnection } from '../../store/connections.ts';
import { countMembers, leadLists } from '../../store/lead-lists.ts';
import { catalogueRecords, countCatalogue } from '../../store/products.ts';
import { notFound } from '../api-error.ts';
import { type Calls, cursorOf, pageOf, readCursor } from '../call.ts';
import type { ApiHost, BookEntry } from '../host.ts';

export function dataCalls(host: ApiHost): Calls<'getLists' | 'listProducts'> {
  const { store } = host;

  return {
    getLists: async ({ params }) => {
      const { name, leadListPrefix: prefix } = await need(params.connection);
      const lists = new Map((await leadLists(store, name)).map((list) => [list.status, list]));
      const members = await countMembers(store, name);
      const live = ((await getConnection(store, name))?.live ?? null) as LiveAccounts | null;
      // Pipeline order first; lists of statuses that are gone stand at the end.
      const statuses = [...new Set([...(live?.crm.lead.statuses ?? []), ...lists.keys()])];
      return {
        prefix,
        statuses: statuses.map((status) => {
          const list = lists.get(status);
          return {
            status,
            listId: list?.listId ?? null,
            listName: list?.name ?? null,
            members: list === undefined ? 0 : (members.get(list.listId) ?? 0),
            sweptAt: list?.sweptAt ?? null,
          };
        }),
      };
    },

    listProducts: async ({ params, query }) => {
      const { name, collection } = await need(params.connection);
      const readAt = (await getConnection(store, name))?.watermarks[PRODUCTS_READ] ?? null;
      if (collection === null) return { items: [], next: null, collection, total: 0, readAt: null };
      const { cursor, limit } = query;
      const [after = ''] = cursor === undefined ? [] : readCursor(cursor, z.tuple([z.string()]));
      const found = await catalogueRecords(store, name, collection, after, limit + 1);
      const page = pageOf(
        found,
        limit,
        ({ id, at, record }) => ({ id, at, record: { ...record } as { [property: string]: never } }),
        ({ id }) => cursorOf(id),
      );
      // Asked to be read again at once: that is no time.
      const read = readAt !== null && readAt > '1971' ? readAt : null;
      return { ...page, collection, total: await countCatalogue(store, name, collection), readAt: read };
    },
  };

  async function need(name: string): Promise<BookEntry> {
    const entry = await host.book.get(name);
    if (entry === null) throw notFound('connection');
    return entry;
  }
}
