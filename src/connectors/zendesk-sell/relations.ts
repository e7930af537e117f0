// Names behind ids: owners, organisations and lead sources, read only when a selected path asks for them, and kept for a
// while. Never guesses: an id that Sell does not know gives a blank, a call that fails is an error. (C30)
import type { CrmSelection } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { HttpRuntime } from '../http/runtime.ts';
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
  /** Reads whatever the selected paths of these records need. */
  load(records: readonly WireRecord[], selection: CrmSelection): Promise<void>;
  /** Learns the names of organisations that passed by in a feed or scan. */
  learn(records: readonly WireRecord[]): void;
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
  const users = new Map<string, User | null>();
  const organisations = new Map<string, string | null>();
  const sources = new Map<string, string | null>();
  const listedAt = { users: -Infinity, sources: -Infinity };
  let organisationsSince = runtime.now();

  function isStale(at: number): boolean {
    return runtime.now() - at > KEEP_MS;
  }

  async function listUsers(): Promise<void> {
    if (!isStale(listedAt.users)) return;
    const found = new Map<string, User>();
    for await (const page of readPages(http, { path: '/v2/users', query: { sort_by: 'id' }, item: wireUser })) {
      for (const user of page) found.set(user.id, { name: user.name ?? null, email: user.email ?? null });
    }
    users.clear();
    for (const [id, user] of found) users.set(id, user);
    listedAt.users = runtime.now();
  }

  async function listSources(): Promise<void> {
    if (!isStale(listedAt.sources)) return;
    const found = new Map<string, string | null>();
    for await (const page of readPages(http, { path: '/v2/lead_sources', query: { sort_by: 'id' }, item: wireNamed })) {
      for (const source of page) found.set(source.id, source.name ?? null);
    }
    sources.clear();
    for (const [id, name] of found) sources.set(id, name);
    listedAt.sources = runtime.now();
  }

  /** Owners that the list leaves out, as former users may be. */
  async function readMissingUsers(records: readonly WireRecord[]): Promise<void> {
    for (const id of idsOf(records, 'owner_id').filter((owner) => !users.has(owner))) {
      try {
        const user = await readSingle(http, `/v2/users/${id}`, wireUser);
        users.set(id, { name: user.name ?? null, email: user.email ?? null });
      } catch (error) {
        if (!(error instanceof ConnectorError) || error.kind !== 'not-found') throw error;
        users.set(id, null);
      }
    }
  }

  async function readOrganisations(records: readonly WireRecord[]): Promise<void> {
    if (isStale(organisationsSince)) {
      organisations.clear();
      organisationsSince = runtime.now();
    }
    learn(records);
    const missing = idsOf(records, 'contact_id').filter((id) => !organisations.has(id));
    for (const ids of chunk(missing, PAGE_SIZE)) {
      const query = { ids: ids.join(','), per_page: String(PAGE_SIZE) };
      const page = await readPage(http, { path: '/v2/contacts', query, item: wireRecord });
      for (const id of ids) organisations.set(id, null);
      for (const found of page.items) organisations.set(found.id, nameOf(found));
    }
  }

  function learn(records: readonly WireRecord[]): void {
    for (const record of records) {
      if (record.is_organization === true) organisations.set(record.id, nameOf(record));
    }
  }

  async function prepare(selection: CrmSelection): Promise<void> {
    if (wants(selection, 'owner.')) await listUsers();
    if (wants(selection, 'source.')) await listSources();
  }

  return {
    async users() {
      await listUsers();
      return [...users].flatMap(([id, user]) => (user === null || !user.email ? [] : [{ id, email: user.email }]));
    },
    prepare,
    learn,
    async load(records, selection) {
      await prepare(selection);
      if (wants(selection, 'owner.')) await readMissingUsers(records);
      if (wants(selection, 'organization.')) await readOrganisations(records);
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

function idsOf(records: readonly WireRecord[], attribute: 'owner_id' | 'contact_id'): readonly string[] {
  return [...new Set(records.flatMap((record) => record[attribute] ?? []))];
}

function lookUp<T>(names: ReadonlyMap<string, T | null>, id: string | null | undefined): T | null {
  return id === null || id === undefined ? null : (names.get(id) ?? null);
}

function nameOf(record: WireRecord): string | null {
  const name = record['name'];
  return typeof name === 'string' && name !== '' ? name : null;
}
