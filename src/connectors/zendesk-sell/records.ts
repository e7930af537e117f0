// Contacts and leads over the Core API: reads, partial writes, deletes. Never repeats a create and never guesses at presence.

import type { Role } from '../../core/model/identity.ts';
import type { CrmWrite } from '../../core/model/plan.ts';
import type { CrmRecord } from '../../core/model/record.ts';
import { emailKey } from '../../core/normalize/email.ts';
import type { CrmConnector, CrmSelection } from '../connector.ts';
import { ConnectorError, UNREADABLE } from '../error.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { Oddity } from '../oddity.ts';
import { CUSTOM_PREFIX, type CustomFields } from './custom-fields.ts';
import { observe, splitAddressPart, wholeOf } from './observe.ts';
import { chunk, PAGE_SIZE, readPage, readPages, readSingle } from './read-collection.ts';
import { readRecord, recordOf } from './read-record.ts';
import { pathOf } from './record-path.ts';
import type { Relations } from './relations.ts';
import type { WholeRecords } from './whole-records.ts';
import { parseReply, single, type WireRecord, wireRecord, wireUser } from './wire.ts';
import { createBody, type SellData, type Shape, updateBody } from './write-body.ts';

export type Records = Pick<
  CrmConnector,
  'scan' | 'readMany' | 'readWhole' | 'readOne' | 'findByEmail' | 'findMade' | 'create' | 'update' | 'remove'
>;

interface Needs {
  readonly http: HttpClient;
  readonly relations: Relations;
  readonly whole: WholeRecords;
  readonly customFields: CustomFields;
  /** Pages of a scan asked for at once. */
  readonly pagesAhead: number;
  readonly report: (oddity: Oddity) => void;
}

export function createRecords({ http, relations, whole, customFields, pagesAhead, report }: Needs): Records {
  async function observeAll(
    role: Role,
    wires: readonly WireRecord[],
    selection: CrmSelection,
  ): Promise<readonly CrmRecord[]> {
    const found = await whole.of(role, wires, selection);
    await relations.load(found, selection);
    return found.map((wire) => observe(role, wire, selection, relations));
  }

  async function* scan(role: Role, selection: CrmSelection): AsyncGenerator<readonly CrmRecord[]> {
    const seen = new Set<string>();
    // What cannot be read is not seen: whoever it is about is asked for by id afterwards, and keeps what is known of them.
    const call = { path: pathOf(role), query: { sort_by: 'id' }, item: wireRecord, skip: report };
    for await (const page of readPages(http, call, pagesAhead)) {
      // Records that come or go while paging shift the rest; none may be told twice. One may be passed over when an
      // earlier one is deleted meanwhile, which is why absence from a scan is never taken for a delete. (D19)
      const fresh = page.filter(({ id }) => !seen.has(id));
      for (const { id } of fresh) seen.add(id);
      if (fresh.length > 0) yield await observeAll(role, fresh, selection);
    }
  }

  async function readWires(role: Role, ids: readonly string[]): Promise<readonly WireRecord[]> {
    const pages = await Promise.all(
      chunk([...new Set(ids)], PAGE_SIZE).map(async (some) => {
        const query = { ids: some.join(','), per_page: String(PAGE_SIZE) };
        const page = await readPage(http, { path: pathOf(role), query, item: wireRecord });
        // Should a filter ever be ignored, what was not asked for is not taken for an answer.
        const asked = new Set(some);
        return page.items.filter(({ id }) => asked.has(id));
      }),
    );
    return pages.flat();
  }

  async function readOne(
    role: Role,
    id: string,
    selection: CrmSelection,
  ): Promise<CrmRecord | 'missing' | 'forbidden'> {
    try {
      return await observeOne(role, await readRecord(http, role, id), selection);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      if (error.kind === 'not-found') return 'missing';
      if (error.code === UNREADABLE) report({ where: `Sell ${pathOf(role)}`, id, message: error.message });
      if (error.kind !== 'forbidden') throw error;
      // Sell has one code for a credential that lacks a scope and for a record its user may not see. Whoever may list the
      // records of that kind has the scope.
      if (error.code === 'insufficient_scope') await readWires(role, [id]);
      return 'forbidden';
    }
  }

  async function observeOne(role: Role, wire: WireRecord, selection: CrmSelection): Promise<CrmRecord> {
    const [found = wire] = await whole.of(role, [wire], selection);
    await relations.load([found], selection);
    return observe(role, found, selection, relations);
  }

  async function findByEmail(role: Role, email: string, selection: CrmSelection): Promise<readonly CrmRecord[]> {
    const found = new Map<string, WireRecord>();
    // Whether the filter heeds letter case is not documented: both spellings are asked for, and each hit is checked here.
    for (const spelling of new Set([email, email.toLowerCase()])) {
      const call = { path: pathOf(role), query: { email: spelling, sort_by: 'id' }, item: wireRecord };
      for await (const page of readPages(http, call)) {
        for (const wire of page) if (isSameAddress(wire.email ?? null, email)) found.set(wire.id, wire);
      }
    }
    return observeAll(role, [...found.values()].sort(byId), selection);
  }

  async function findMade(
    role: Role,
    { firstName, lastName }: Parameters<CrmConnector['findMade']>[1],
    selection: CrmSelection,
  ): Promise<readonly CrmRecord[]> {
    const [self, found] = [await ownUser(), [] as WireRecord[]];
    const query = { first_name: firstName, last_name: lastName, sort_by: 'id' };
    for await (const page of readPages(http, { path: pathOf(role), query, item: wireRecord })) {
      const named = page.filter(
        (wire) => wire.first_name?.trim() === firstName.trim() && wire.last_name?.trim() === lastName.trim(),
      );
      // Should the filter be ignored, the whole account is not read for it.
      if (named.length === 0) break;
      found.push(...named.filter(({ creator_id: by }) => self === null || by == null || by === self));
    }
    return observeAll(role, found, selection);
  }

  /** Id of the user behind the credential; null where Sell does not say. */
  async function ownUser(): Promise<string | null> {
    try {
      return (await readSingle(http, '/v2/users/self', wireUser)).id;
    } catch (error) {
      if (error instanceof ConnectorError && (error.outcome === 'refused' || error.kind === 'malformed')) return null;
      throw error;
    }
  }

  async function create(role: Role, write: CrmWrite, selection: CrmSelection): Promise<CrmRecord> {
    const data = createBody(write, await shapeOf(role, write));
    await relations.prepare(selection);
    const wire = await http.send({
      method: 'POST',
      path: pathOf(role),
      body: { json: { data } },
      idempotent: false,
      read: (reply) => parseReply(single(wireRecord), reply).data,
    });
    return observeWritten(role, wire, selection);
  }

  async function update(
    role: Role,
    id: string,
    write: CrmWrite,
    fresh: Parameters<CrmConnector['update']>[3],
    selection: CrmSelection,
  ): Promise<CrmRecord> {
    const data = updateBody(write, await shapeOf(role, write), fresh);
    await relations.prepare(selection);
    const wire = Object.keys(data).length === 0 ? null : await put(role, id, data);
    return observeWritten(role, wire ?? (await readRecord(http, role, id)), selection);
  }

  function put(role: Role, id: string, data: SellData): Promise<WireRecord | null> {
    return http.send({
      method: 'PUT',
      path: pathOf(role, id),
      body: { json: { data } },
      read: (reply) => (reply.status === 204 ? null : recordOf(reply, role, id, 'unknown')),
    });
  }

  /** The write is done; what fails from here on must not look as if it were not. */
  async function observeWritten(role: Role, wire: WireRecord, selection: CrmSelection): Promise<CrmRecord> {
    try {
      return await observeOne(role, wire, selection);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      const { kind, status, code, field } = error;
      const message = `${role} ${wire.id} was written, but ${error.message}`;
      throw new ConnectorError(message, { kind, outcome: 'unknown', status, code, field, cause: error });
    }
  }

  /** Definitions are read only for a path that may be a part of a custom address. */
  async function shapeOf(role: Role, write: CrmWrite): Promise<Shape> {
    const isUnclear = Object.keys(write.set).some(
      (path) => path.startsWith(CUSTOM_PREFIX) && splitAddressPart(path) !== null,
    );
    const definitions = isUnclear ? await customFields.of(role) : [];
    const types = new Map(definitions.map(({ name, type }) => [name, type]));
    return { role, isCustomAddress: (name) => types.get(name) === 'address' };
  }

  return {
    scan,
    async readMany(role, ids, selection) {
      return observeAll(role, await readWires(role, ids), selection);
    },
    async readWhole(role, ids, selection) {
      const wires = await whole.of(role, await readWires(role, ids), selection);
      await relations.load(wires, selection);
      return wires.map((wire) => ({ record: observe(role, wire, selection, relations), whole: wholeOf(role, wire) }));
    },
    readOne,
    findByEmail,
    findMade,
    create,
    update,
    async remove(role, id) {
      try {
        await http.send({ method: 'DELETE', path: pathOf(role, id), read: () => null });
        return 'removed';
      } catch (error) {
        if (error instanceof ConnectorError && error.kind === 'not-found') return 'missing';
        throw error;
      }
    },
  };
}

/** Equal in normal form; what has none must be equal as it stands. */
function isSameAddress(found: string | null, asked: string): boolean {
  if (found === asked) return true;
  const [a, b] = [emailKey(found), emailKey(asked)];
  return a.type === 'ok' && b.type === 'ok' && a.key === b.key;
}

/** Ascending by number; ids are digits of any length. */
function byId(a: WireRecord, b: WireRecord): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}
