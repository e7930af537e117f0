// The shapes of Dotdigital's answers, checked at the door: strict on what is needed, loose on everything else.
import { z } from 'zod';

/** Ids are integers on the wire; digits in quotes are taken too. As decimal digits. */
export const idText = z
  .union([z.number().int().nonnegative(), z.string().regex(/^\d+$/)])
  .transform((value) => String(value));

/** `GET /v2/account-info`. Values are strings; read properties by name. */
export const accountAnswer = z.looseObject({
  id: idText,
  properties: z.array(z.unknown()).default([]),
});
export const accountProperty = z.looseObject({ name: z.string(), value: z.unknown() });

const link = z.looseObject({ marker: z.string().nullish(), link: z.string().nullish() });

/** Envelope of every v3 list. Without `_links` nobody can tell whether a page was the last one. */
export const pageAnswer = z.looseObject({
  _links: z.looseObject({ self: link.nullish().catch(null), next: link.nullish() }),
  _items: z.array(z.unknown()),
});

/** The one part of a contact without which nothing can be said of it. */
export const contactIdentity = z.looseObject({ contactId: idText });

/** Jobs are asked for by a path that holds their id; they are GUIDs. */
const jobId = z.string().min(1).max(200);

/** Answer of every job that was accepted, whatever it calls its id. */
export const importAccepted = z.looseObject({ importId: jobId });
export const deleteAccepted = z.looseObject({ deleteId: jobId });
export const leaveAccepted = z.looseObject({ id: z.union([jobId, z.number().transform(String)]) });

const failureReason = z.looseObject({ failureCode: z.string().catch('unknown'), description: z.string().catch('') });

/** `GET /contacts/v3/import/{id}`; nothing but the status need come, the rest is missing while it runs. */
export const importStatus = z.looseObject({
  status: z.string(),
  summary: z.looseObject({ newContacts: z.number(), updatedContacts: z.number() }).nullish().catch(null),
  created: z.array(z.unknown()).nullish(),
  updated: z.array(z.unknown()).nullish(),
  failures: z.array(z.unknown()).nullish(),
});
export const importedContact = z.looseObject({
  contactId: idText.nullish().catch(null),
  identifiers: z.record(z.string(), z.unknown()).nullish().catch(null),
});
export const importFailure = z.looseObject({
  contactId: idText.nullish().catch(null),
  matchIdentifier: z.string().nullish().catch(null),
  identifiers: z.record(z.string(), z.unknown()).nullish().catch(null),
  failures: z.array(failureReason).catch([]),
});

/** `GET /contacts/v3/delete/{id}`. */
export const deleteStatus = z.looseObject({
  status: z.string(),
  summary: z
    .looseObject({ requestedContacts: z.number(), deletedContacts: z.number(), unknownContacts: z.number() })
    .nullish()
    .catch(null),
  deleted: z.array(z.unknown()).nullish(),
  failures: z.array(z.unknown()).nullish(),
});
export const deletedContact = z.record(z.string(), z.unknown());
export const deleteFailure = z.looseObject({
  identifier: z.record(z.string(), z.unknown()),
  failures: z.array(failureReason).catch([]),
});

/** One row of `suppressed-since`. */
export const suppressionRow = z.looseObject({
  suppressedContact: z.looseObject({ id: idText.nullish().catch(null), email: z.string().nullish() }),
  dateRemoved: z.unknown(),
  reason: z.string().catch(''),
});

/** One row of `GET /v2/data-fields` and of `GET /v2/address-books`. */
export const dataFieldRow = z.looseObject({
  name: z.string().min(1),
  type: z.string().catch('String'),
  defaultValue: z.unknown().optional(),
});
export const listRow = z.looseObject({ id: idText, name: z.string(), contacts: z.number().catch(0) });

/** `POST /v2/contacts/resubscribe`. */
export const resubscribeAnswer = z.looseObject({ status: z.string() });

/** Insight data (v3). */
export const insightStatus = z.looseObject({
  status: z.string(),
  summary: z
    .looseObject({
      totalRecords: z.number().nullish(),
      totalImported: z.number().nullish(),
      totalRejected: z.number().nullish(),
    })
    .nullish()
    .catch(null),
  failures: z.array(z.unknown()).nullish(),
});
export const insightFailure = z.looseObject({
  key: z.union([z.string(), z.number()]).transform((key) => String(key)),
  failureReason: z.string().catch('Unknown'),
  details: z.array(z.string()).nullish().catch(null),
});
export const insightDeleted = z.looseObject({ notFound: z.array(z.unknown()).nullish().catch(null) });
export const insightRecord = z.looseObject({
  key: z.union([z.string(), z.number()]).transform((key) => String(key)),
  json: z.record(z.string(), z.unknown()),
});
export const collectionRow = z.looseObject({
  collectionName: z.string(),
  collectionType: z.string().catch('custom'),
  collectionScope: z.string().catch('account'),
  recordCount: z.number().catch(0),
});

/** v2 answers some objects with keys in PascalCase: the same object with every key's first letter lowered. */
export function lowerKeys(answer: unknown): unknown {
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer)) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
  );
}

/** The value under a key in any case, or undefined. */
export function anyCase(object: { readonly [key: string]: unknown } | null | undefined, key: string): unknown {
  if (object === null || object === undefined) return undefined;
  if (Object.hasOwn(object, key)) return object[key];
  const wanted = key.toLowerCase();
  for (const [name, value] of Object.entries(object)) if (name.toLowerCase() === wanted) return value;
  return undefined;
}

/** An object, or null for everything that is none. */
export function asObject(value: unknown): { readonly [key: string]: unknown } | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as { readonly [key: string]: unknown })
    : null;
}

/** A text with something in it, or null. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
