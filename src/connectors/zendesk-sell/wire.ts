// What Sell sends, checked at the door: strict on what is needed, loose on everything else. Never converts meaning.
import { z } from 'zod';
import type { HttpReply } from '../http/message.ts';

/** An id as decimal digits, whether it came as a number or as a string; a number too large to be exact is refused. */
const wireId = z.union([z.string().regex(/^\d+$/), z.number().int().nonnegative().transform(String)]);

const text = z.string().nullish();

/** One contact or lead. Attributes that are only passed through stay unchecked. */
export const wireRecord = z.looseObject({
  id: wireId,
  first_name: text,
  last_name: text,
  email: text,
  is_organization: z.boolean().nullish(),
  contact_id: wireId.nullish(),
  creator_id: wireId.nullish(),
  owner_id: wireId.nullish(),
  source_id: wireId.nullish(),
  tags: z.array(z.unknown()).nullish(),
  custom_fields: z.record(z.string(), z.unknown()).nullish(),
  created_at: text,
  updated_at: text,
});
export type WireRecord = z.infer<typeof wireRecord>;

export const wireAccount = z.looseObject({ id: wireId, name: text, currency: text });

export const wireUser = z.looseObject({ id: wireId, name: text, email: text });

/** Lead source, or any other thing that is little more than a name. */
export const wireNamed = z.looseObject({ id: wireId, name: text });

/** A lead status; its id is never needed. */
export const wireLeadStatus = z.looseObject({ name: z.string() });

const choiceList = z.array(z.looseObject({ name: z.string() })).nullish();

export const wireCustomField = z.looseObject({
  id: wireId.nullish(),
  name: z.string(),
  type: z.string(),
  choices: choiceList,
  options: choiceList,
  for_contact: z.boolean().nullish(),
  for_company: z.boolean().nullish(),
  for_organisation: z.boolean().nullish(),
});
export type WireCustomField = z.infer<typeof wireCustomField>;

const decimal = z.union([z.string(), z.number().transform(String)]);

export const wireProduct = z.looseObject({
  id: wireId,
  name: text,
  sku: text,
  description: text,
  active: z.boolean().nullish(),
  prices: z.array(z.looseObject({ amount: decimal, currency: z.string() })).nullish(),
  cost: decimal.nullish(),
  cost_currency: text,
  max_discount: decimal.nullish(),
  max_markup: decimal.nullish(),
  created_at: text,
  updated_at: text,
});
export type WireProduct = z.infer<typeof wireProduct>;

export const wireConversion = z.looseObject({
  id: wireId,
  lead_id: wireId,
  individual_id: wireId.nullish(),
  created_at: text,
});

export const wireSession = z.looseObject({
  id: z.union([z.string().min(1), z.number().transform(String)]),
  queues: z.array(z.looseObject({ data: z.looseObject({ name: text, total_count: z.number().nullish() }) })).nullish(),
});

/** A page of the sync queue; its items are checked one by one, so that one bad item does not stop the feed. */
export const wireSyncPage = z.looseObject({
  items: z.array(z.unknown()),
  meta: z.looseObject({ count_left: z.number().nullish(), failed_objects: z.array(z.unknown()).nullish() }).nullish(),
});

export const wireSyncItem = z.looseObject({
  data: z.looseObject({ id: wireId }),
  meta: z.looseObject({
    type: z.string(),
    sync: z.looseObject({ event_type: text, ack_key: z.string().nullish(), revision: z.number().nullish() }),
  }),
});

export const wireFailedObject = z.looseObject({ type: z.string(), id: wireId });

export const wireToken = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.number().positive().nullish(),
});

/** The JSON of a reply in the given form. Throws what the HTTP client turns into `malformed`: paths, never values. */
export function parseReply<T>(schema: z.ZodType<T>, reply: HttpReply): T {
  const parsed = schema.safeParse(reply.json());
  if (parsed.success) return parsed.data;
  throw new Error(whatIsWrong(parsed.error));
}

/** Paths, never values. */
export function whatIsWrong({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'unexpected' : `${issue.path.map(String).join('.') || 'the whole'}: ${issue.message}`;
}

/** The envelope of one resource. */
export function single<T>(data: z.ZodType<T>) {
  return z.looseObject({ data });
}

/** The envelope of a list, its items still unread; links that do not apply are absent, and some lists have none at all. */
export const wireList = z.looseObject({
  items: z.array(z.unknown()),
  meta: z.looseObject({ links: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

/** The id of an item that may be unreadable otherwise. */
export const wireItemId = single(z.looseObject({ id: wireId }));
