// Lists (the API's "address books"): reading, creating, leaving. Joining is part of an import. Never empties or deletes a list.

import { z } from 'zod';
import type { BulkJob, MarketingConnector, MarketingList } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { AccountCalls } from './account-calls.ts';
import { awaitJob, isGoneJob, submitWhenFree } from './await-job.ts';
import { fromJobId, toJobId } from './job-id.ts';
import { offsetPages } from './offset-pages.ts';
import { leaveAccepted, listRow, lowerKeys } from './wire.ts';

/** Longest name of a list, in characters. (v2 API: lists) */
const LIST_NAME_LIMIT = 128;
/** Contacts taken off a list by one call; the service names no limit, this many are known to work. */
const LEAVE_LIMIT = 1000;
/** Lists the account always has; they cannot be written to. */
const SYSTEM_LISTS: ReadonlySet<string> = new Set(['all contacts', 'test']);

type Lists = Pick<MarketingConnector, 'lists' | 'createList' | 'renameList' | 'submitLeaveList' | 'awaitLeaveList'>;

const listVisibility = z.looseObject({ visibility: z.string().catch('Private') });
const leaveStatus = z.looseObject({ status: z.string() });

export function createLists(calls: AccountCalls, rowsPerPage: number): Lists {
  async function lists(): Promise<readonly MarketingList[]> {
    const byId = new Map<string, MarketingList>();
    for await (const rows of offsetPages(calls, { path: '/v2/address-books', scope: 'lists' }, rowsPerPage)) {
      for (const row of rows) {
        const list = readList(row);
        if (list === null) calls.report({ where: 'lists', id: null, message: 'a list without a readable id or name' });
        else byId.set(list.id, list);
      }
    }
    return [...byId.values()];
  }

  async function createList(name: string): Promise<MarketingList> {
    const problem = problemWithListName(name);
    if (problem !== null) throw new ConnectorError(problem, { kind: 'rejected', outcome: 'not-sent', field: 'name' });
    try {
      const made = await calls.send({
        method: 'POST',
        path: '/v2/address-books',
        scope: 'list-create',
        // Names are unique: a second copy is refused as a duplicate, and the first one is then adopted.
        idempotent: true,
        body: { json: { name, visibility: 'Private' } },
        read: (reply) => (reply.text.trim() === '' ? null : readList(reply.json())),
      });
      return made ?? (await adopt(name));
    } catch (error) {
      if (error instanceof ConnectorError && error.code === 'ERROR_ADDRESSBOOK_DUPLICATE') return adopt(name);
      throw error;
    }
  }

  /** The list that already has the name. Segments share the names of lists, so there may be none. (L1) */
  async function adopt(name: string): Promise<MarketingList> {
    const found = (await lists()).find((list) => list.name.trim().toLowerCase() === name.trim().toLowerCase());
    if (found !== undefined) return found;
    throw new ConnectorError(
      `the name "${name}" is taken in Dotdigital, and not by a list: rename the segment of that name`,
      {
        kind: 'conflict',
        outcome: 'refused',
        code: 'ERROR_ADDRESSBOOK_DUPLICATE',
        field: 'name',
      },
    );
  }

  async function renameList(id: string, name: string): Promise<void> {
    const list = { path: `/v2/address-books/${encodeURIComponent(id)}`, name: '/v2/address-books/…' };
    // A list is replaced as a whole: who may see it stays as it is.
    const visibility = await calls.send({
      method: 'GET',
      ...list,
      scope: 'list',
      read: (reply) => listVisibility.parse(lowerKeys(reply.json())).visibility,
    });
    await calls.send({
      method: 'PUT',
      ...list,
      scope: 'list-rename',
      idempotent: true,
      body: { json: { name, visibility } },
      read: () => null,
    });
  }

  async function submitLeaveList(listId: string, contactIds: readonly string[]): Promise<BulkJob> {
    const all = [...new Set(contactIds)].map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);
    const ids: string[] = [];
    for (let at = 0; at < all.length; at += LEAVE_LIMIT) {
      const part = all.slice(at, at + LEAVE_LIMIT);
      ids.push(
        await submitWhenFree(calls, () =>
          calls.send({
            method: 'POST',
            path: `/v2/address-books/${encodeURIComponent(listId)}/contacts/delete`,
            scope: 'list-leave',
            // Contacts that have already left are passed over by the service.
            idempotent: true,
            body: { json: part },
            read: (reply) => leaveAccepted.parse(lowerKeys(reply.json())).id,
          }),
        ),
      );
    }
    return { kind: 'leave-list', id: toJobId({ ids, refused: [] }) };
  }

  /** A job the service no longer knows counts as failed: the next reading of the list shows what is left to do. */
  async function awaitLeaveList(job: BulkJob): Promise<'done' | 'failed'> {
    let failed = false;
    for (const id of fromJobId(job.id).ids) {
      const status = await awaitJob(calls, `list removal ${id}`, async () => {
        try {
          const answer = await calls.send({
            method: 'GET',
            path: `/v2/contacts/deletion/${encodeURIComponent(id)}`,
            name: '/v2/contacts/deletion/…',
            scope: 'list-leave-status',
            read: (reply) => leaveStatus.parse(lowerKeys(reply.json())).status.toLowerCase(),
          });
          if (['completed', 'complete', 'finished'].includes(answer)) return 'done';
          return answer === 'failed' ? 'failed' : 'pending';
        } catch (error) {
          if (isGoneJob(error)) return 'failed';
          throw error;
        }
      });
      failed ||= status === 'failed';
    }
    return failed ? 'failed' : 'done';
  }

  return { lists, createList, renameList, submitLeaveList, awaitLeaveList };
}

function readList(row: unknown): MarketingList | null {
  const parsed = listRow.safeParse(lowerKeys(row));
  if (!parsed.success) return null;
  const { id, name, contacts } = parsed.data;
  return { id, name, size: contacts, ...(isReserved(name) ? { reserved: true as const } : {}) };
}

function isReserved(name: string): boolean {
  return SYSTEM_LISTS.has(name.trim().toLowerCase());
}

function problemWithListName(name: string): string | null {
  if (name.trim() === '') return 'a list needs a name';
  if (name.length > LIST_NAME_LIMIT) {
    return `"${name.slice(0, 40)}…" has ${name.length} characters; Dotdigital allows ${LIST_NAME_LIMIT} in the name of a list`;
  }
  return isReserved(name) ? `"${name}" is a list that Dotdigital keeps for itself` : null;
}
