// Every type of object as the sync queue shows it: the same shape as the record's own endpoint.
// Never renders what is deleted; a deletion carries an id alone.

import type { ObjectKey } from './change-log.ts';
import { renderContact } from './contacts.ts';
import { renderLead } from './leads.ts';
import { renderProduct } from './products.ts';
import type {
  AccountRecord,
  DealRecord,
  NamedRecord,
  NoteRecord,
  StageRecord,
  TagRecord,
  TaskRecord,
  UserRecord,
} from './records.ts';
import { renderTime } from './wire-time.ts';
import type { WorldState } from './world-state.ts';

/** A rendered object. */
export type Rendered = Readonly<Record<string, unknown>>;

const stamps = (record: { readonly created_at: number; readonly updated_at: number }): Rendered => ({
  created_at: renderTime(record.created_at),
  updated_at: renderTime(record.updated_at),
});

/** The account as it is read. */
export function renderAccount(account: AccountRecord): Rendered {
  return { ...account, ...stamps(account) };
}

/** A user as it is read. */
export function renderUser(user: UserRecord): Rendered {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    phone_number: null,
    timezone: null,
    ...stamps(user),
    confirmed: user.confirmed,
    deleted_at: null,
    role: user.role,
    roles: [],
    status: user.status,
    invited: true,
    team_name: null,
    group: null,
    reports_to: null,
    identity_type: 'person',
    zendesk_user_id: null,
  };
}

/** A tag as it is read. */
export function renderTag(tag: TagRecord): Rendered {
  return { id: tag.id, name: tag.name, ...stamps(tag), resource_type: tag.resource_type, creator_id: tag.creator_id };
}

/** A source as it is read. */
export function renderSource(source: NamedRecord): Rendered {
  return {
    id: source.id,
    name: source.name,
    creator_id: source.creator_id,
    resource_type: source.resource_type,
    ...stamps(source),
  };
}

/** A reason or another thing with a creator and a name. */
export function renderNamed(record: NamedRecord): Rendered {
  return { id: record.id, name: record.name, creator_id: record.creator_id, ...stamps(record) };
}

function renderStage(stage: StageRecord): Rendered {
  const { id, name, category, position, pipeline_id } = stage;
  return { id, name, category, position, active: category === 'init', pipeline_id, ...stamps(stage) };
}

/** A deal as it is read. */
export function renderDeal(world: WorldState, deal: DealRecord): Rendered {
  const contact = world.contacts.get(deal.contact_id);
  return {
    id: deal.id,
    creator_id: deal.creator_id,
    owner_id: deal.owner_id,
    name: deal.name,
    contact_id: deal.contact_id,
    organization_id: contact?.is_organization ? contact.id : (contact?.contact_id ?? null),
    value: deal.value,
    currency: deal.currency,
    hot: false,
    stage_id: deal.stage_id,
    source_id: null,
    loss_reason_id: null,
    unqualified_reason_id: null,
    estimated_close_date: null,
    tags: [],
    custom_fields: {},
    ...stamps(deal),
  };
}

function renderNote(note: NoteRecord): Rendered {
  const { id, resource_type, resource_id, content, creator_id } = note;
  return { id, resource_type, resource_id, content, creator_id, is_important: false, type: 'regular', ...stamps(note) };
}

function renderTask(task: TaskRecord): Rendered {
  const { id, resource_type, resource_id, content, owner_id, creator_id, completed } = task;
  return { id, resource_type, resource_id, content, owner_id, creator_id, completed, due_date: null, ...stamps(task) };
}

function maybe<T>(record: T | undefined, render: (record: T) => Rendered): Rendered | undefined {
  return record && render(record);
}

/** An object in its present state; undefined when it is not there. */
export function renderSynced(world: WorldState, { type, id }: ObjectKey): Rendered | undefined {
  switch (type) {
    case 'account':
      return renderAccount(world.account);
    case 'user':
      return maybe(world.users.get(id), renderUser);
    case 'contact':
      return maybe(world.contacts.get(id), (contact) => renderContact(world, contact));
    case 'lead':
      return maybe(world.leads.get(id), (lead) => renderLead(world, lead));
    case 'deal':
      return maybe(world.deals.get(id), (deal) => ({ ...renderDeal(world, deal), associated_contacts: [] }));
    case 'pipeline':
      return maybe(world.pipelines.get(id), (pipeline) => ({
        ...renderNamed(pipeline),
        stages: [...world.stages.values()].filter((stage) => stage.pipeline_id === id).map(renderStage),
      }));
    case 'stage':
      return maybe(world.stages.get(id), renderStage);
    case 'loss_reason':
      return maybe(world.lossReasons.get(id), renderNamed);
    case 'source':
      return maybe(world.leadSources.get(id) ?? world.dealSources.get(id), renderSource);
    case 'note':
      return maybe(world.notes.get(id), renderNote);
    case 'task':
      return maybe(world.tasks.get(id), renderTask);
    case 'tag':
      return maybe(world.tags.get(id), renderTag);
    case 'product':
      return maybe(world.products.get(id), (product) => renderProduct(product, true));
    default:
      return type satisfies never;
  }
}
