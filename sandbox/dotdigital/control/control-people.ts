// The part of the control API that acts as somebody inside the product, and shows what is true. Thin: the world does the work.

import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { EMAIL_STATUSES, SMS_STATUSES } from '../model/statuses.ts';
import { DATA_FIELD_TYPES } from '../state/data-field-registry.ts';
import type { ContactEdit, ContactRef, ContactSeed, ListRef } from '../world-view.ts';
import type { ControlParts } from './control-parts.ts';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const listRef = z.union([z.int(), z.string()]);
const seedSchema = z.strictObject({
  email: z.string().nullable().optional(),
  mobile: z.string().nullable().optional(),
  customIds: z.record(z.string(), z.string()).optional(),
  fields: z.record(z.string(), value).optional(),
  status: z.enum(EMAIL_STATUSES).optional(),
  smsStatus: z.enum(SMS_STATUSES).optional(),
  optIn: z.enum(['unknown', 'single', 'double', 'verifiedDouble']).optional(),
  lists: z.array(listRef).optional(),
  created: z.number().optional(),
  updated: z.number().optional(),
});
const editSchema = z.strictObject({
  email: z.string().nullable().optional(),
  mobile: z.string().nullable().optional(),
  customIds: z.record(z.string(), z.string().nullable()).optional(),
  fields: z.record(z.string(), value).optional(),
});
const actionSchema = z.strictObject({
  list: listRef.optional(),
  kind: z.enum(['hard', 'soft']).optional(),
  status: z.enum(EMAIL_STATUSES).optional(),
});
const listSchema = z.strictObject({ name: z.string(), visibility: z.enum(['Private', 'Public']).optional() });
const fieldSchema = z.strictObject({
  name: z.string(),
  type: z.enum(DATA_FIELD_TYPES),
  visibility: z.enum(['Private', 'Public']).optional(),
});
const addressSchema = z.strictObject({
  email: z.string().optional(),
  domain: z.string().optional(),
  how: z.enum(['suppressed', 'global', 'domain-suppressed', 'domain-broken']),
  status: z.enum(EMAIL_STATUSES).optional(),
});

const PAGE = 1000;

interface ByRef {
  Params: { ref: string };
}

const toRef = (text: string): ContactRef => (/^\d+$/.test(text) ? Number(text) : text);
const pageSchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(PAGE),
  binned: z.stringbool().default(false),
});

function needList(list: ListRef | undefined): ListRef {
  if (list === undefined) throw new Error('name the list: {"list": id or name}');
  return list;
}

function registerContacts(app: FastifyInstance, { world }: ControlParts): void {
  app.get('/_control/contacts', (request) => {
    const { after, limit, binned } = pageSchema.parse(request.query);
    const items = [];
    for (const contact of world.contacts({ after, binned })) {
      items.push(contact);
      if (items.length === limit) break;
    }
    return { items, next: items.length === limit ? (items.at(-1)?.contactId ?? null) : null };
  });

  app.get('/_control/contacts.ndjson', (request, reply) => {
    const { after, binned } = pageSchema.parse(request.query);
    function* lines(): Generator<string> {
      for (const contact of world.contacts({ after, binned })) yield `${JSON.stringify(contact)}\n`;
    }
    return reply.type('application/x-ndjson').send(Readable.from(lines()));
  });

  app.get<ByRef>('/_control/contacts/:ref', (request, reply) => {
    const contact = world.contact(toRef(request.params.ref));
    return contact ?? reply.code(404).send({ error: `there is no contact ${request.params.ref}` });
  });

  app.post('/_control/contacts', (request, reply) => {
    const { body } = request;
    const seeds = z.array(seedSchema).parse(Array.isArray(body) ? body : [body]);
    const contactIds = seeds.map((seed) => world.addContact(seed as ContactSeed));
    return reply.code(201).send({ contactIds });
  });

  app.patch<ByRef>('/_control/contacts/:ref', (request, reply) => {
    world.editContact(toRef(request.params.ref), editSchema.parse(request.body) as ContactEdit);
    return reply.code(204).send();
  });

  app.delete<ByRef>('/_control/contacts/:ref', (request, reply) => {
    world.deleteContact(toRef(request.params.ref));
    return reply.code(204).send();
  });
}

function registerActions(app: FastifyInstance, { world }: ControlParts): void {
  type Action = (ref: ContactRef, options: z.infer<typeof actionSchema>) => void;
  const actions: Readonly<Record<string, Action>> = {
    'join-list': (ref, { list }) => world.joinList(ref, needList(list)),
    'leave-list': (ref, { list }) => world.leaveList(ref, needList(list)),
    'unsubscribe-from-list': (ref, { list }) => world.unsubscribeFromList(ref, needList(list)),
    unsubscribe: (ref) => world.unsubscribe(ref),
    resubscribe: (ref) => world.resubscribe(ref),
    complain: (ref) => world.complain(ref),
    bounce: (ref, { kind }) => world.bounce(ref, kind),
    suppress: (ref) => world.suppress(ref),
    'opt-out': (ref, { status }) => world.optOut(ref, status ?? 'unsubscribed'),
    confirm: (ref) => world.confirm(ref),
    restore: (ref) => world.restoreContact(ref),
  };
  app.post<{ Params: { ref: string; action: string } }>('/_control/contacts/:ref/:action', (request, reply) => {
    const { ref, action } = request.params;
    const act = actions[action];
    if (!act) return reply.code(404).send({ error: `actions are ${Object.keys(actions).join(', ')}` });
    act(toRef(ref), actionSchema.parse(request.body ?? {}));
    return reply.code(204).send();
  });

  app.get('/_control/mails', () => world.mails());
  app.get('/_control/challenges', () => world.pendingChallenges());
  app.get('/_control/suppressions', () => world.suppressions());
  app.post('/_control/addresses', (request, reply) => {
    const { email = '', domain = '', how, status } = addressSchema.parse(request.body);
    switch (how) {
      case 'suppressed':
        world.suppressAddress(email, status);
        break;
      case 'global':
        world.suppressGlobally(email);
        break;
      case 'domain-suppressed':
        world.suppressDomain(domain);
        break;
      case 'domain-broken':
        world.breakDomain(domain);
        break;
      default:
        how satisfies never;
    }
    return reply.code(204).send();
  });
  app.post('/_control/recycle-bin/empty', () => ({ removed: world.emptyRecycleBin() }));
}

function registerSetUp(app: FastifyInstance, { world }: ControlParts): void {
  app.get('/_control/lists', () => world.lists().map((list) => ({ ...list, members: world.members(list.id).length })));
  app.get<ByRef>('/_control/lists/:ref/members', (request) => world.members(toRef(request.params.ref)));
  app.post('/_control/lists', (request, reply) => {
    const { name, visibility } = listSchema.parse(request.body);
    return reply.code(201).send({ id: world.createList(name, visibility) });
  });
  app.patch<ByRef>('/_control/lists/:ref', (request, reply) => {
    world.renameList(toRef(request.params.ref), listSchema.parse(request.body).name);
    return reply.code(204).send();
  });
  app.delete<ByRef>('/_control/lists/:ref', (request, reply) => {
    world.deleteList(toRef(request.params.ref));
    return reply.code(204).send();
  });

  app.get('/_control/data-fields', () => world.dataFields());
  app.post('/_control/data-fields', (request, reply) => {
    const { name, type, visibility } = fieldSchema.parse(request.body);
    world.createDataField(name, type, visibility);
    return reply.code(201).send();
  });
  app.delete<{ Params: { name: string } }>('/_control/data-fields/:name', (request, reply) => {
    world.deleteDataField(request.params.name);
    return reply.code(204).send();
  });

  app.get('/_control/insight', () =>
    world.collections().map(({ name, scope, type, records }) => ({ name, scope, type, records: records.size })),
  );
  app.get<{ Params: { name: string } }>('/_control/insight/:name', (request) => world.records(request.params.name));
}

/** Adds the routes that act on people, lists and data fields. */
export function registerControlPeople(app: FastifyInstance, parts: ControlParts): void {
  registerContacts(app, parts);
  registerActions(app, parts);
  registerSetUp(app, parts);
}
