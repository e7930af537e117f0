// The overview, activity, alerts, installation, and the data that belongs to no person.
import { z } from 'zod';
import { ALERT_KINDS } from '../../core/model/alert.ts';
import { run } from './runs.ts';
import { connectionName, count, json, page, pageOf, time } from './words.ts';

const alert = z.object({
  id: z.string(),
  connection: z.string(),
  kind: z.enum(ALERT_KINDS),
  severity: z.enum(['warning', 'critical']),
  message: z.string(),
  since: time,
  endedAt: time.nullable(),
  /** Who was told, and what came of it. */
  told: z.array(z.object({ to: z.string(), at: time, error: z.string().nullable() })),
});
export type Alert = z.infer<typeof alert>;

const side = z.object({
  label: z.string(),
  /** ok: it answered in the last run. unknown: there was none. */
  health: z.enum(['ok', 'refused', 'unreachable', 'unknown']),
  account: z.string().nullable(),
  records: count,
  calls24h: count,
  quota: z
    .array(z.object({ tier: z.string(), limit: z.number().nullable(), remaining: z.number().nullable(), at: time }))
    .describe('What the service said of its limits, or the rate we keep to.'),
});

const connectionOverview = z.object({
  connection: z.string(),
  standing: z.enum(['waiting', 'running', 'not-aligned', 'busy', 'paused', 'not-scheduled']),
  pausedAt: time.nullable(),
  alignedAt: time.nullable(),
  nextRunAt: time.nullable(),
  lastRun: run.nullable(),
  running: run.nullable(),
  lastSuccessAt: time.nullable(),
  /** Age of the oldest news that is not applied yet, as far as it is known. */
  lagSeconds: count.nullable(),
  /** From an opt-out in the CRM or marketing to its arrival on the other side: median of the last ones. */
  optOutLatencySeconds: count.nullable(),
  links: z.object({ contact: count, lead: count }),
  /** From the last comparison of both sides without the base. Null before there was one. (R20) */
  drift: z.object({ at: time, differences: count, people: count }).nullable(),
  holds: z.object({ action: count, waiting: count, info: count }),
  parked: count,
  crm: side,
  marketing: side,
});
export type ConnectionOverview = z.infer<typeof connectionOverview>;

const activityDay = z.object({
  day: z.iso.date(),
  crm: count.describe('Writes to the CRM.'),
  marketing: count,
  failed: count,
  runs: count,
});
export type ActivityDay = z.infer<typeof activityDay>;

const deadLetter = z.object({
  connection: connectionName,
  /** What was to be done: on schedule, or because somebody asked (`asked`, `align`). */
  work: z.enum(['sync', 'verify', 'opt-outs', 'asked', 'align']),
  failures: count.describe('In a row.'),
  since: time,
  at: time.describe('Of the last failure.'),
  reason: z.string(),
});
export type DeadLetter = z.infer<typeof deadLetter>;

const byName = z.object({ connection: connectionName });

export const serviceSchemas = {
  getOverview: { reply: z.object({ connections: z.array(connectionOverview), alerts: z.array(alert) }) },
  getActivity: {
    query: z.object({
      connection: connectionName.optional(),
      days: z.coerce.number().int().min(1).max(90).default(14),
    }),
    reply: z.object({ days: z.array(activityDay) }),
  },
  listAlerts: {
    query: z.object({ ...page, connection: connectionName.optional(), state: z.enum(['open', 'ended']).optional() }),
    reply: pageOf(alert),
  },
  listDeadLetters: {
    query: z.object({ connection: connectionName.optional() }),
    reply: z.object({ items: z.array(deadLetter) }),
  },
  retryDeadLetter: {
    body: deadLetter.pick({ connection: true, work: true }),
    reply: z.object({ run: z.string().nullable().describe('The run that was begun; null: a worker takes it up.') }),
  },
  getSettings: {
    reply: z.object({
      version: z.string(),
      node: z.string(),
      database: z.string().describe('Without its password.'),
      configFile: z.string().nullable(),
      address: z.string(),
      startedAt: time,
      privateAddresses: z.boolean().describe('Whether connections may point inside the network.'),
      mail: z.string().nullable().describe('Where alerts are mailed through; null: nowhere.'),
    }),
  },
  getLists: {
    params: byName,
    reply: z.object({
      prefix: z.string().nullable().describe('Null while leads are switched off.'),
      statuses: z.array(
        z.object({
          status: z.string(),
          listId: z.string().nullable(),
          listName: z.string().nullable(),
          members: count,
          sweptAt: time.nullable(),
        }),
      ),
    }),
  },
  listProducts: {
    params: byName,
    query: z.object(page),
    reply: pageOf(
      z.object({
        id: z.string(),
        at: time,
        record: z.record(z.string(), json),
      }),
    ).extend({ collection: z.string().nullable(), total: count, readAt: time.nullable() }),
  },
} as const;
