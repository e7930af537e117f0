// Names behind ids: owners, organisations and lead sources, read only when a selected path asks for them, and kept for a
// while. Never guesses: an id that Sell does not know gives a blank, a call that fails is an error. (C30)
import type { CrmSelection } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { HttpRuntime } from '../http/runtime.ts';
import { createNameBook, createRefresh, type NameBook } from './name-book.ts';
import { chunk, PAGE_SIZE, readPage, readPages, readSingle } from './read-collection.ts';
import { type WireRecord, wireNamed, wireRecord, wireUser } from './wire.ts';

export const RELATION_PATHS: ReadonlySet<string> = new Set([
  'owner.name',
  'owner.email',
  'organization.name',
  'source.name',
]);

export interface Relations {
  /** Users with an address, by ascending id. */
  users(): Promise<readonly { readonly id: string; readonly email: string }[]>;
  /** Reads what does not depend on a record, so that nothing but the answer itself can fail after a write. */
  prepare(selection: CrmSelection): Promise<void>;
  /** Reads whatever the selected paths of these records need; organisations among them are learnt on the way. */
  load(records: readonly WireRecord[], selection: CrmSelection): Promise<void>;
  /** The value behind a relation path of a record that was loaded. */
  valueOf(path: string, record: WireRecord): string | null;
}

interface User {
  readonly name: string | null;
  readonly email: string | null;
}

/** Names change rarely; a connector that lives for months still notices. */
const KEEP_MS = 15 * 60_000;

export function createRelations(http: HttpClient, runtime: Pick<HttpRuntime, 'now'>): Relations {
  const now = (): number => runtime.now();
  const users = createNameBook<User>(now, KEEP_MS);
  const organisations = createNameBook<string>(now, KEEP_MS);
  const sources = createNameBook<string>(now, KEEP_MS);

  const listUsers = createRefresh(now, KEEP_MS, async () => {
    const call = { path: '/v2/users', query: { sort_by: 'id' }, item: wireUser };
    for await (const page of readPages(http, call)) for (const user of page) users.put(user.id, toUser(user));
  });

  const listSources = createRefresh(now, KEEP_MS, async () => {
    const call = { path: '/v2/lead_sources', query: { sort_by: 'id' }, item: wireNamed };
    for await (const page of readPages(http, call)) for (const { id, name } of page) sources.put(id, name ?? null);
  });

  /** What a list left out: owners who are no longer users, sources made since. */
  async function readSingles<T>(
    book: NameBook<T>,
    ids: readonly string[],
    read: (id: string) => Promise<T | null>,
  ): Promise<void> {
    for (const id of book.due(ids)) {
      try {
        book.put(id, await read(id));
      } catch (error) {
        if (!(error instanceof ConnectorError) || error.kind !== 'not-found') throw error;
        book.put(id, null);
      }
    }
  }

  async function readOrganisations(ids: readonly string[]): Promise<void> {
    for (const some of chunk(organisations.due(ids), PAGE_SIZE)) {
      const query = { ids: some.join(','), per_page: String(PAGE_SIZE) };
      const page = await readPage(http, { path: '/v2/contacts', query, item: wireRecord });
      const names = new Map(page.items.map((found) => [found.id, nameOf(found)]));
      for (const id of some) organisations.put(id, names.get(id) ?? null);
    }
  }

  function learn(records: readonly WireRecord[]): void {
    for (const record of records) {
      if (record.is_organization === true) organisations.put(record.id, nameOf(record));
    }
  }

  async function prepare(selection: CrmSelection): Promise<void> {
    if (wants(selection, 'owner.')) await listUsers();
    if (wants(selection, 'source.')) await listSources();
  }

  return {
    async users() {
      await listUsers();
      return users.entries().flatMap(([id, { email }]) => (email === null ? [] : [{ id, email }]));
    },
    prepare,
    async load(records, selection) {
      learn(records);
      await prepare(selection);
      if (wants(selection, 'owner.')) {
        const read = async (id: string): Promise<User> => toUser(await readSingle(http, `/v2/users/${id}`, wireUser));
        await readSingles(users, idsOf(records, 'owner_id'), read);
      }
      if (wants(selection, 'source.')) {
        const read = async (id: string): Promise<string | null> =>
          (await readSingle(http, `/v2/lead_sources/${id}`, wireNamed)).name ?? null;
        await readSingles(sources, idsOf(records, 'source_id'), read);
      }
      if (wants(selection, 'organization.')) await readOrganisations(idsOf(records, 'contact_id'));
    },
    valueOf(path, record) {
      switch (path) {
        case 'owner.name':
          return lookUp(users, record.owner_id)?.name ?? null;
        case 'owner.email':
          return lookUp(users, record.owner_id)?.email ?? null;
        case 'organization.name':
          return lookUp(organisations, record.contact_id);
        case 'source.name':
          return lookUp(sources, record.source_id);
        default:
          return null;
      }
    },
  };
}

function wants(selection: CrmSelection, prefix: string): boolean {
  return selection.paths.some((path) => RELATION_PATHS.has(path) && path.startsWith(prefix));
}

function idsOf(records: readonly WireRecord[], attribute: 'owner_id' | 'contact_id' | 'source_id'): readonly string[] {
  return [...new Set(records.flatMap((record) => record[attribute] ?? []))];
}

function lookUp<T>(book: NameBook<T>, id: string | null | undefined): T | null {
  return id === null || id === undefined ? null : book.get(id);
}

function toUser(wire: { readonly name?: string | null | undefined; readonly email?: string | null | undefined }): User {
  return { name: wire.name ?? null, email: wire.email ?? null };
}

function nameOf(record: WireRecord): string | null {
  const name = record['name'];
  return typeof name === 'string' && name !== '' ? name : null;
}
