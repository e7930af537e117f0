// The kinds of single value a configuration holds. Each `error` completes the sentence "expected …".
import { z } from 'zod';
import { findNameFault } from '../core/mapping/data-field-name.ts';
import { isTimeZone, parseDuration, parseTimeOfDay } from './duration.ts';

export const text = z.string().trim().min(1, { error: 'a text that is not empty' });

/** Marks a value that is never shown; `redact` and the problem texts go by it. */
export const secret = text
  .refine((value) => !/\p{Cc}/u.test(value), { error: 'a text on one line, without control characters' })
  .meta({ writeOnly: true });

/** Travels in a header as it is. */
export const token = text
  .refine((value) => /^[\x20-\x7e]+$/.test(value), { error: 'a token of letters, digits and signs, on one line' })
  .meta({ writeOnly: true });

/** The first half of what a password follows after a colon. */
export const loginName = text.refine((value) => !/[:\p{Cc}]/u.test(value), { error: 'a name without a colon' });

/** Path of a file that holds the secret; a trailing line break is dropped. */
export const secretFile = text.describe(
  'Path of a file that holds it, relative to the working directory. Give this or the value, not both.',
);

/** A text with a form of its own; `expected` is told whatever else stands there. */
const formed = (expected: string, fits: (value: string) => boolean) =>
  z.string({ error: expected }).trim().refine(fits, { error: expected });

/** An address with a user's name and password in it is sent by nobody. */
const isSendable = (value: string): boolean => {
  const url = /^https?:\/\/[^\s/]+/.test(value) ? URL.parse(value) : null;
  return url !== null && url.username === '' && url.password === '';
};

/** An address that paths are put behind. */
export const httpUrl = formed(
  'an address that begins with https:// (or http://), without a user, ? or #',
  (value) => isSendable(value) && !/[?#]/.test(value),
).transform((value) => value.replace(/\/+$/, ''));

/** An address that is used as it stands. */
export const webhookUrl = formed('an address that begins with https:// (or http://), without a user', isSendable);

/** Further back or ahead than any date goes. */
const LONGEST_MS = 100 * 365 * 24 * 3_600_000;

const isDuration = (value: string): boolean => {
  const ms = parseDuration(value) ?? 0;
  return ms > 0 && ms <= LONGEST_MS;
};

export const duration = formed('a duration such as 90s, 15m, 1h or 400d', isDuration);

export const keepFor = formed(
  'a duration such as 90d, or forever',
  (value) => value === 'forever' || isDuration(value),
);

export const grace = formed('a duration such as 15m or 1h, or none', (value) => value === 'none' || isDuration(value));

export const timeOfDay = formed(
  'a time of day such as "03:00" (24 hours, in quotes)',
  (value) => parseTimeOfDay(value) !== null,
);

export const timeZone = formed('a time zone such as UTC or Europe/London', isTimeZone);

/** A name or an id. Ids of more than 15 digits have to be quoted, because YAML would round them. */
const NAME_OR_ID = 'a name, or an id (in quotes when it has more than 15 digits)';
export const nameOrId = z
  .union([text, z.number().refine((id) => Number.isSafeInteger(id) && id >= 0, { error: NAME_OR_ID })], {
    error: NAME_OR_ID,
  })
  .transform(String);

/** A value as it is compared: texts, also written as bare numbers or true/false. */
export const plainValue = z
  .union([z.string(), z.number(), z.boolean()], { error: 'a text, a number, true or false' })
  .transform(String);

/** Kept in upper case, as the service keeps it. */
export const dataFieldName = formed(
  'a data field name: up to 20 letters, digits, _ or -, and none that Dotdigital keeps for itself',
  (name) => findNameFault(name) === null,
).transform((name) => name.toUpperCase());

export const direction = z.enum(['bi-directional', 'sell-to-dotdigital', 'dotdigital-to-sell']);
