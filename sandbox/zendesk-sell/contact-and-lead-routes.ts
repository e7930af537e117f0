// The routes of contacts and leads, and the lists that belong to leads.
// Never repeats the calls both share.

import { deleteContact, renderContact, writeContact } from './contacts.ts';
import type { RouteSet } from './context.ts';
import { collection, single } from './envelope.ts';
import { incorrectPath } from './errors.ts';
import { deleteLead, renderLead, writeLead } from './leads.ts';
import { type QueryParameters, readListRequest } from './list-query.ts';
import { contactList, leadList, NAMED_LIST } from './list-specs.ts';
import { addRecordRoutes } from './record-routes.ts';
import { renderNamed } from './sync-objects.ts';
import { renderTime } from './wire-time.ts';

/** `/v2/contacts`, `/v2/leads`, lead statuses, unqualified reasons, industries. */
export const addContactAndLeadRoutes: RouteSet = (app, context) => {
  addRecordRoutes(app, context, {
    path: '/v2/contacts',
    type: 'contact',
    table: (world) => world.contacts,
    list: contactList,
    render: renderContact,
    write: writeContact,
    remove: deleteContact,
  });
  addRecordRoutes(app, context, {
    path: '/v2/leads',
    type: 'lead',
    table: (world) => world.leads,
    list: leadList,
    render: renderLead,
    write: writeLead,
    remove: deleteLead,
  });

  app.get('/v2/lead_statuses', (request) => {
    if (!context.switches.leadStatusesEndpoint) throw incorrectPath('GET', '/v2/lead_statuses');
    const items = [...context.world.leadStatuses.values()].map((status) =>
      single(context, 'lead_status', {
        id: status.id,
        name: status.name,
        created_at: renderTime(status.created_at),
        updated_at: renderTime(status.updated_at),
      }),
    );
    return collection(context, request, items, undefined);
  });

  app.get('/v2/lead_unqualified_reasons', (request) => {
    const { query, page, perPage } = readListRequest(NAMED_LIST, request.query as QueryParameters, context.switches);
    const found = context.world.unqualifiedReasons.page(query, (page - 1) * perPage, perPage);
    const items = found.records.map((reason) => single(context, 'lead_unqualified_reason', renderNamed(reason)));
    return collection(context, request, items, { page, perPage, more: found.more, total: found.total });
  });

  for (const resource of ['contact', 'lead']) {
    app.get(`/v2/${resource}/industries`, (request) => {
      const { account, industries } = context.world;
      const times = { created_at: renderTime(account.created_at), updated_at: renderTime(account.updated_at) };
      const items = industries.map((name) => single(context, 'industry', { name, ...times }));
      return collection(context, request, items, undefined);
    });
  }
};
