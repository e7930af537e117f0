// What waits for a person.
import { z } from 'zod';
import { CHOICES } from '../../core/model/choice.ts';
import { HOLD_CODES } from '../../core/model/hold.ts';
import { crmRecord, marketingRecord } from './records.ts';
import { anyOf, connectionName, count, email, id, page, pageOf, rowId, system, time, value } from './words.ts';

const HOLD_STATES = ['open', 'waiting', 'fixed', 'ignored', 'expired'] as const;
const SEVERITIES = ['action', 'info', 'waiting'] as const;

export const hold = z.object({
  id,
  connection: z.string(),
  code: z.enum(HOLD_CODES),
  severity: z.enum(SEVERITIES).describe('action: needs somebody. waiting: goes away by itself.'),
  row: rowId,
  why: z.string(),
  entity: z.enum(['contact', 'lead', 'product']),
  email: z.string().nullable(),
  crmId: z.string().nullable(),
  marketingId: z.string().nullable(),
  /** Data field that is at fault, where it is one. */
  field: z.string().nullable(),
  message: z.string(),
  fix: z.string(),
  state: z.enum(HOLD_STATES),
  firstSeen: time,
  lastSeen: time,
  attempts: count,
  question: z.string().nullable().describe('What a person is asked about it; null where only mending helps.'),
  /** What may be answered, and what each answer does. */
  choices: z.array(z.object({ choice: z.enum(CHOICES), means: z.string() })),
});
export type Hold = z.infer<typeof hold>;

/** A value that can be corrected here. */
const editable = z.object({
  system,
  recordId: z.string(),
  /** `email`, `firstName`, `lastName`, or a field: its CRM path or data field name. */
  field: z.string(),
  label: z.string(),
  value,
  choices: z.array(z.string()).nullable(),
  maxLength: count.nullable(),
});

const holdDetail = hold.extend({
  crm: z.array(crmRecord),
  marketing: z.array(marketingRecord),
  editable: z.array(editable),
  decided: z
    .object({ choice: z.enum(CHOICES), at: time, by: z.string() })
    .nullable()
    .describe('The answer, until the next run has carried it out.'),
});
export type HoldDetail = z.infer<typeof holdDetail>;

const which = z.union([
  z.strictObject({ ids: z.array(id).min(1).max(500) }),
  z.strictObject({ connection: connectionName, code: z.enum(HOLD_CODES).optional() }),
]);
const changed = z.object({ changed: count });
const byHold = z.object({ hold: id });

export const holdSchemas = {
  listHolds: {
    query: z.object({
      ...page,
      connection: connectionName.optional(),
      code: anyOf(HOLD_CODES),
      severity: anyOf(SEVERITIES),
      state: anyOf(HOLD_STATES).describe('Left out: open and waiting.'),
      email: email.optional().describe('The whole address.'),
    }),
    reply: pageOf(hold),
  },
  countHolds: {
    query: z.object({ connection: connectionName.optional() }),
    reply: z.object({
      total: count,
      codes: z.array(
        z.object({ connection: z.string(), code: z.enum(HOLD_CODES), severity: z.enum(SEVERITIES), total: count }),
      ),
    }),
  },
  getHold: { params: byHold, reply: holdDetail },
  retryHolds: { body: which, reply: changed },
  ignoreHolds: { body: z.strictObject({ ids: z.array(id).min(1).max(500) }), reply: changed },
  reopenHolds: { body: z.strictObject({ ids: z.array(id).min(1).max(500) }), reply: changed },
  decideHold: { params: byHold, body: z.strictObject({ choice: z.enum(CHOICES) }), reply: hold },
  fixHold: {
    params: byHold,
    body: z.strictObject({
      system,
      recordId: id,
      field: z.string().min(1).max(200),
      value: z
        .union([z.null(), z.string().max(5000), z.boolean(), z.array(z.string().max(500)).max(200)])
        .meta({ writeOnly: true }),
      /** What was on the screen: refused when the service has another value by now. */
      was: value,
    }),
    reply: holdDetail,
  },
} as const;
