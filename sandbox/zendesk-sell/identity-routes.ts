// The account and its users, and the definitions of custom fields. All read only.
// Never shows a user who does not exist any more.

import { callerOf, type RouteSet } from './context.ts';
import { collection, readPathId, single } from './envelope.ts';
import { incorrectPath, notFound } from './errors.ts';
import { type QueryParameters, readListRequest } from './list-query.ts';
import { USER_LIST } from './list-specs.ts';
import type { CustomFieldRecord, CustomFieldResource } from './records.ts';
import type { SellSwitches } from './switches.ts';
import { renderAccount, renderUser } from './sync-objects.ts';
import { renderTime } from './wire-time.ts';

const RESOURCES: readonly CustomFieldResource[] = ['lead', 'contact', 'deal', 'prospect_and_customer'];

/** A definition as it is read. */
export function renderDefinition(field: CustomFieldRecord, switches: SellSwitches): Record<string, unknown> {
  const zapier = switches.definitionKeys === 'zapier';
  const hasChoices = field.type === 'list' || field.type === 'multi_select_list';
  return {
    id: field.id,
    name: field.name,
    type: field.type === 'bool' ? switches.boolTypeName : field.type,
    ...(hasChoices ? { [zapier ? 'options' : 'choices']: field.choices } : {}),
    ...(field.resource === 'contact'
      ? { for_contact: field.for_contact, [zapier ? 'for_organisation' : 'for_company']: field.for_company }
      : {}),
    created_at: renderTime(field.created_at),
    updated_at: renderTime(field.updated_at),
  };
}

/** `/v2/accounts/self`, `/v2/users`, `/v2/:type/custom_fields`. */
export const addIdentityRoutes: RouteSet = (app, context) => {
  const profile = { config: { sellScope: 'profile' } } as const;

  app.get('/v2/accounts/self', profile, () => single(context, 'account', renderAccount(context.world.account)));

  app.get('/v2/users/self', profile, (request) => {
    const user = context.world.users.get(callerOf(request).userId);
    if (!user) throw notFound('user', 'self');
    return single(context, 'user', renderUser(user));
  });

  app.get('/v2/users', profile, (request) => {
    const { query, page, perPage } = readListRequest(USER_LIST, request.query as QueryParameters, context.switches);
    const found = context.world.users.page(query, (page - 1) * perPage, perPage);
    const items = found.records.map((user) => single(context, 'user', renderUser(user)));
    return collection(context, request, items, { page, perPage, more: found.more, total: found.total });
  });

  app.get('/v2/users/:id', profile, (request) => {
    const id = readPathId(request);
    const user = context.world.users.get(id);
    if (!user) throw notFound('user', id);
    return single(context, 'user', renderUser(user));
  });

  app.get('/v2/:type/custom_fields', (request) => {
    const { type } = request.params as { readonly type: string };
    const resource = RESOURCES.find((candidate) => candidate === type);
    if (!resource) throw incorrectPath('GET', `/v2/${type}/custom_fields`);
    const fields = context.world.customFields.list(resource);
    const items = fields.map((field) => single(context, 'custom_field', renderDefinition(field, context.switches)));
    return collection(context, request, items, undefined);
  });
};
