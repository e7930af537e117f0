// Schemas that several areas of the API share: pages, values, errors. Nothing of one area alone.
import { z } from 'zod';
import { ROLES } from '../../core/model/identity.ts';

/** ISO UTC with milliseconds. */
export const time = z.iso.datetime().describe('ISO 8601, UTC.');
export const system = z.enum(['crm', 'marketing']).describe('Which side. `getSession` says what people call it.');
export const role = z.enum(ROLES).describe('What a person is to the CRM.');
export const rowId = z.string().describe('Id of the rule that decided, such as C5; docs/sync-rules.md lists them.');
export const connectionName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: 'a name of letters, digits, . _ or -' });
export const email = z.string().trim().min(1).max(320);
export const id = z.string().min(1).max(200);
/** A canonical value. */
export const value = z.union([z.null(), z.string(), z.boolean(), z.array(z.string())]);
/** A value as the service spells it. */
export const raw = z.union([
  z.null(),
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.record(z.string(), z.string().nullable()),
]);
/** Any JSON. */
export const json = z.json().meta({ id: 'Json' });
export const change = z.object({ from: value, to: value });
export const count = z.int().min(0);

/** Where the list goes on: `cursor` is the `next` of the page before and means nothing to anybody else. */
export const page = {
  cursor: z.string().max(500).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items a page.'),
};

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe('Null: there is no more.') });

/** Several words of a closed list, separated by commas. */
export const anyOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z
    .string()
    .max(2000)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(words)).min(1))
    .optional()
    .describe(`Some of ${words.join(', ')}, separated by commas.`);

/** A place in the settings and what is wrong there. */
export const problem = z.object({ path: z.string(), message: z.string() });

const ERROR_CODES = [
  'bad-request',
  'not-logged-in',
  'forbidden',
  'not-found',
  'conflict',
  'too-large',
  'too-many',
  'refused-by-service',
  'unavailable',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export const errorBody = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES),
    message: z.string().describe('For people: what happened and what to do.'),
    problems: z.array(problem).optional().describe('Each fault of what was sent.'),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;
