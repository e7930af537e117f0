// The control API for records: what a person does with contacts, leads, products and settings.
// Never applies a rule of its own; the world does, and its refusals come back as errors.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { renderContact } from './contacts.ts';
import type { SellContext } from './context.ts';
import { readControlBody } from './control-body.ts';
import { renderConversion } from './conversions.ts';
import { readPathId } from './envelope.ts';
import { notFound } from './errors.ts';
import { renderDefinition } from './identity-routes.ts';
import { renderLead } from './leads.ts';
import { renderProduct } from './products.ts';
import type { RecordTable } from './record-table.ts';
import { renderDeal, renderNamed, renderSource, renderTag } from './sync-objects.ts';
import type { SellWorld } from './world.ts';

const MergeSchema = z.object({ into: z.int() });
const NameSchema = z.object({ name: z.string().min(1) });
const HideSchema = z.object({ userId: z.int().optional() });
const ConvertSchema = z.object({ createDeal: z.boolean().optional(), ownerId: z.int().optional() });
const DealSchema = z.object({ name: z.string(), contactId: z.int(), value: z.string().optional() });
const CloseSchema = z.object({ outcome: z.enum(['won', 'lost']) });
const NoteSchema = z.object({
  resource: z.enum(['lead', 'contact', 'deal']),
  resourceId: z.int(),
  content: z.string(),
});
const UserSchema = z.object({ name: z.string(), email: z.string(), role: z.enum(['user', 'admin']).optional() });
const FieldSchema = z.strictObject({
  resource: z.enum(['lead', 'contact', 'deal', 'prospect_and_customer']),
  name: z.string().min(1),
  type: z.enum([
    'string',
    'text',
    'number',
    'bool',
    'date',
    'datetime',
    'email',
    'phone',
    'url',
    'address',
    'list',
    'multi_select_list',
  ]),
  choices: z.array(z.string()).optional(),
  forContact: z.boolean().optional(),
  forCompany: z.boolean().optional(),
  filterable: z.boolean().optional(),
});
const FieldChangeSchema = z.strictObject({
  name: z.string().min(1).exactOptional(),
  choices: z.array(z.string()).exactOptional(),
  filterable: z.boolean().exactOptional(),
});

/** Records per page of a dump unless told otherwise. */
const DUMP_PAGE = 1000;

function dumpPage<T extends { readonly id: number }>(
  request: FastifyRequest,
  table: RecordTable<T>,
  render: (record: T) => unknown,
): unknown {
  const { after, limit } = request.query as { readonly after?: string; readonly limit?: string };
  const most = limit === undefined ? DUMP_PAGE : Number(limit);
  const order = { key: 'id', of: (record: T) => record.id, descending: false };
  const start = after === undefined ? 0 : table.countUpTo(Number(after));
  const { records, more, total } = table.page({ conditions: [], inclusive: true, order }, start, most);
  return { items: records.map(render), total, next: more ? (records.at(-1)?.id ?? null) : null };
}

function addPeopleRoutes(app: FastifyInstance, context: SellContext, world: SellWorld): void {
  const kinds = [
    {
      path: '/_control/contacts',
      type: 'contact',
      read: (id: number) => world.readContact(id),
      create: (data: Readonly<Record<string, unknown>>) => world.createContact(data).id,
      createMany: (drafts: readonly Readonly<Record<string, unknown>>[]) => world.createContacts(drafts),
      update: (id: number, data: Readonly<Record<string, unknown>>) => world.updateContact(id, data).id,
      remove: (id: number) => world.deleteContact(id),
      merge: (into: number, id: number) => world.mergeContacts(into, id).id,
      dump: (request: FastifyRequest) =>
        dumpPage(request, context.world.contacts, (contact) => renderContact(context.world, contact)),
    },
    {
      path: '/_control/leads',
      type: 'lead',
      read: (id: number) => world.readLead(id),
      create: (data: Readonly<Record<string, unknown>>) => world.createLead(data).id,
      createMany: (drafts: readonly Readonly<Record<string, unknown>>[]) => world.createLeads(drafts),
      update: (id: number, data: Readonly<Record<string, unknown>>) => world.updateLead(id, data).id,
      remove: (id: number) => world.deleteLead(id),
      merge: (into: number, id: number) => world.mergeLeads(into, id).id,
      dump: (request: FastifyRequest) =>
        dumpPage(request, context.world.leads, (lead) => renderLead(context.world, lead)),
    },
  ] as const;

  for (const kind of kinds) {
    app.get(kind.path, (request) => kind.dump(request));
    app.post(kind.path, (request, reply) => {
      const body = readControlBody(request);
      if (Array.isArray(body['items'])) {
        const ids = kind.createMany(body['items'] as readonly Readonly<Record<string, unknown>>[]);
        return reply.code(201).send({ ids });
      }
      return reply.code(201).send(kind.read(kind.create(body)));
    });
    app.get(`${kind.path}/:id`, (request) => {
      const id = readPathId(request);
      const revision = context.world.log.revision(kind.type, id);
      if (!revision) throw notFound(kind.type, id);
      return { data: kind.read(id) ?? null, revision: revision.revision, deleted: revision.deleted };
    });
    app.patch(`${kind.path}/:id`, (request) => kind.read(kind.update(readPathId(request), readControlBody(request))));
    app.delete(`${kind.path}/:id`, (request, reply) => {
      kind.remove(readPathId(request));
      return reply.code(204).send();
    });
    app.post(`${kind.path}/:id/merge`, (request) => {
      const { into } = MergeSchema.parse(readControlBody(request));
      return kind.read(kind.merge(into, readPathId(request)));
    });
    app.post(`${kind.path}/:id/hide`, (request, reply) => {
      const { userId } = HideSchema.parse(readControlBody(request));
      world.hide(kind.type, readPathId(request), userId ?? 'everyone');
      return reply.code(204).send();
    });
    app.post(`${kind.path}/:id/show`, (request, reply) => {
      world.show(kind.type, readPathId(request));
      return reply.code(204).send();
    });
  }
  app.post('/_control/leads/:id/convert', (request) => {
    const { createDeal, ownerId } = ConvertSchema.parse(readControlBody(request));
    const options = {
      ...(createDeal === undefined ? {} : { createDeal }),
      ...(ownerId === undefined ? {} : { ownerId }),
    };
    return renderConversion(world.convertLead(readPathId(request), options));
  });
}

function addSettingRoutes(app: FastifyInstance, context: SellContext, world: SellWorld): void {
  const state = (): typeof context.world => context.world;

  app.get('/_control/lead-statuses', () => ({ items: [...state().leadStatuses.values()].map(renderNamed) }));
  app.post('/_control/lead-statuses', (request, reply) => {
    const { name } = NameSchema.parse(readControlBody(request));
    return reply.code(201).send(renderNamed(world.addLeadStatus(name)));
  });
  app.patch('/_control/lead-statuses/:id', (request) => {
    const { name } = NameSchema.parse(readControlBody(request));
    return renderNamed(world.renameLeadStatus(readPathId(request), name));
  });
  app.post('/_control/lead-statuses/:id/remove', (request, reply) => {
    world.removeLeadStatus(readPathId(request), MergeSchema.parse(readControlBody(request)).into);
    return reply.code(204).send();
  });
  app.post('/_control/lead-sources', (request, reply) => {
    const { name } = NameSchema.parse(readControlBody(request));
    return reply.code(201).send(renderSource(world.addLeadSource(name)));
  });

  app.post('/_control/custom-fields', (request, reply) => {
    const field = world.addCustomField(FieldSchema.parse(readControlBody(request)));
    return reply.code(201).send(renderDefinition(field, context.switches));
  });
  app.patch('/_control/custom-fields/:id', (request) => {
    const change = FieldChangeSchema.parse(readControlBody(request));
    return renderDefinition(world.changeCustomField(readPathId(request), change), context.switches);
  });
  app.delete('/_control/custom-fields/:id', (request, reply) => {
    world.removeCustomField(readPathId(request));
    return reply.code(204).send();
  });

  app.get('/_control/tags', () => ({ items: [...state().tags.values()].map(renderTag) }));
  app.patch('/_control/tags/:id', (request) =>
    renderTag(world.renameTag(readPathId(request), NameSchema.parse(readControlBody(request)).name)),
  );
  app.delete('/_control/tags/:id', (request, reply) => {
    world.deleteTag(readPathId(request));
    return reply.code(204).send();
  });

  app.post('/_control/users', (request, reply) =>
    reply.code(201).send(world.addUser(UserSchema.parse(readControlBody(request)))),
  );
  app.post('/_control/users/:id/deactivate', (request, reply) => {
    world.deactivateUser(readPathId(request));
    return reply.code(204).send();
  });
}

function addSalesRoutes(app: FastifyInstance, context: SellContext, world: SellWorld): void {
  app.get('/_control/products', () => ({
    items: [...context.world.products.values()].map((product) => renderProduct(product, true)),
  }));
  app.post('/_control/products', (request, reply) =>
    reply.code(201).send(renderProduct(world.createProduct(readControlBody(request)), true)),
  );
  app.patch('/_control/products/:id', (request) =>
    renderProduct(world.updateProduct(readPathId(request), readControlBody(request)), true),
  );
  app.delete('/_control/products/:id', (request, reply) => {
    world.deleteProduct(readPathId(request));
    return reply.code(204).send();
  });
  app.post('/_control/deals', (request, reply) => {
    const { name, contactId, value } = DealSchema.parse(readControlBody(request));
    const deal = world.createDeal({ name, contactId, ...(value === undefined ? {} : { value }) });
    return reply.code(201).send(renderDeal(context.world, deal));
  });
  app.post('/_control/deals/:id/close', (request) => {
    const { outcome } = CloseSchema.parse(readControlBody(request));
    return renderDeal(context.world, world.closeDeal(readPathId(request), outcome));
  });
  app.post('/_control/notes', (request, reply) => {
    const { resource, resourceId, content } = NoteSchema.parse(readControlBody(request));
    return reply.code(201).send({ id: world.addNote(resource, resourceId, content).id });
  });
}

/** Serves records and settings under `/_control`. */
export function addControlRecordRoutes(app: FastifyInstance, context: SellContext, world: SellWorld): void {
  addPeopleRoutes(app, context, world);
  addSettingRoutes(app, context, world);
  addSalesRoutes(app, context, world);
}
