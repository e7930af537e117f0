// The v3 contact list: pages by marker, filters, and as much of each contact as was asked for.
// Evaluated as it stands at each page; nothing is frozen between pages.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { membersOf } from '../domain/memberships.ts';
import { membershipStatus, rollUp } from '../domain/roll-up.ts';
import { queryParam, v3Limit } from '../http/query.ts';
import { type ContactRow, isLive } from '../model/contact-row.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import type { Stretch } from '../state/contact-order.ts';
import type { DataField } from '../state/data-field-registry.ts';
import { ALL_CONTACTS, type ListRow } from '../state/list-registry.ts';
import { parseSinceFilter } from '../wire/dates.ts';
import { pageLinks } from '../wire/page-links.ts';
import { type Refusal, refuseV3 } from '../wire/refusal.ts';
import { allFields, type ContactView, createContactWriter, INCLUDES, type Include } from '../wire/v3-contact.ts';
import type { SandboxParts } from './sandbox-parts.ts';

const invalidFilter = (value: string): Refusal =>
  refuseV3(400, 'contacts:invalidFilter', `The filter value '${value}' is invalid`);
const badRequest = (description: string): Refusal => refuseV3(400, 'contacts:badRequest', description);

function readFields(account: DotdigitalAccount, text: string | undefined): readonly DataField[] | undefined {
  if (text === undefined || text === '') return undefined;
  if (text.toUpperCase() === '[[ALL]]') return allFields(account);
  const fields: DataField[] = [];
  for (const name of text.split('|')) {
    const field = account.fields.find(name.trim());
    if (field) fields.push(field);
    else if (account.switches.unknownRequestedField === 'reject') {
      throw badRequest(`The data field '${name}' does not exist`);
    }
  }
  return fields;
}

function readIncludes(text: string | undefined): ReadonlySet<Include> {
  const found = new Set<Include>();
  if (text === undefined || text === '') return found;
  for (const name of text.split('|')) {
    const include = INCLUDES.find((known) => known.toLowerCase() === name.trim().toLowerCase());
    if (!include) throw badRequest(`The include '${name}' is not one of ${INCLUDES.join(', ')}`);
    found.add(include);
  }
  return found;
}

/** What a v3 read asks to be shown. Throws the refusal for unknown fields and parts. */
export function readView(account: DotdigitalAccount, request: FastifyRequest): ContactView {
  return {
    fields: readFields(account, queryParam(request, 'data-fields')),
    include: readIncludes(queryParam(request, 'include')),
  };
}

function readSince(request: FastifyRequest, name: string): number | undefined {
  const text = queryParam(request, name);
  if (text === undefined) return undefined;
  const since = parseSinceFilter(text);
  if (since === undefined) throw invalidFilter(text);
  return since;
}

function readId(request: FastifyRequest, name: string): number | undefined {
  const text = queryParam(request, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw invalidFilter(text);
  return Number(text);
}

interface Filters {
  readonly modified: number | undefined;
  readonly created: number | undefined;
  readonly listId: number | undefined;
  readonly segmentId: number | undefined;
}

function readFilters(request: FastifyRequest): Filters {
  const filters = {
    modified: readSince(request, '~modified'),
    created: readSince(request, '~created'),
    listId: readId(request, '~listId'),
    segmentId: readId(request, '~segmentId'),
  };
  if (filters.modified !== undefined && filters.created !== undefined) throw invalidFilter('~created and ~modified');
  if (filters.listId !== undefined && filters.segmentId !== undefined) throw invalidFilter('~listId and ~segmentId');
  return filters;
}

function createFilter(account: DotdigitalAccount, filters: Filters): (row: ContactRow) => boolean {
  const { binnedShown, suppressedShown } = account.switches;
  const modified = filters.modified ?? Number.NEGATIVE_INFINITY;
  const created = filters.created ?? Number.NEGATIVE_INFINITY;
  return (row) => {
    if (row.updated < modified || row.created < created) return false;
    if (!binnedShown && row.deletedAt !== 0) return false;
    if (suppressedShown) return true;
    const status = rollUp(row);
    return status !== 'unsubscribed' && status !== 'suppressed';
  };
}

function isShownMember(account: DotdigitalAccount, row: ContactRow, list: ListRow): boolean {
  const membership = row.memberships.find(({ listId }) => listId === list.id);
  if (!membership || !isLive(row)) return false;
  return account.switches.listScanShowsSuppressed || membershipStatus(row, membership) !== 'suppressed';
}

function readStretch(
  account: DotdigitalAccount,
  filters: Filters,
  marker: string | undefined,
  limit: number,
): Stretch | undefined {
  const { order, switches } = account;
  const passes = createFilter(account, filters);
  const { listId, segmentId } = filters;
  if (segmentId !== undefined) {
    const segment = account.lists.segment(segmentId);
    if (!segment) throw invalidFilter(String(segmentId));
    return order.read(switches.pageOrder, marker, limit, (row) => segment.members.has(row.contactId) && passes(row));
  }
  if (listId === undefined || listId === ALL_CONTACTS) return order.read(switches.pageOrder, marker, limit, passes);
  const list = account.lists.get(listId);
  if (!list) throw invalidFilter(String(listId));
  const keep = (row: ContactRow): boolean => passes(row) && isShownMember(account, row, list);
  if (switches.pageOrder === 'contactId') return order.readMembers(membersOf(account, list), marker, limit, keep);
  return order.read(switches.pageOrder, marker, limit, keep);
}

/** Adds `GET /contacts/v3`. */
export function registerV3ContactList(app: FastifyInstance, parts: SandboxParts): void {
  const { account } = parts;
  app.get('/contacts/v3', { config: { tier: 'low' } }, (request, reply) => {
    const asked = v3Limit(request, 'contacts');
    const limit = Math.min(asked, Math.max(1, account.switches.maxPageSize));
    const filters = readFilters(request);
    const view = readView(account, request);
    const marker = queryParam(request, 'marker') || undefined;
    const stretch = readStretch(account, filters, marker, limit);
    if (!stretch) throw badRequest(`The marker '${marker ?? ''}' is invalid`);
    const write = createContactWriter(account, view);
    const { lastPageNext } = account.switches;
    const links = pageLinks(parts.endpointOf(request), request.url, marker, stretch.next, lastPageNext);
    // Written here rather than by the framework, which would look for a schema first.
    const body = JSON.stringify({ _links: links, _items: stretch.rows.map(write) });
    return reply.type('application/json; charset=utf-8').send(body);
  });
}
