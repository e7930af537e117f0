// Connections, and drafts of them held against both accounts.
import { z } from 'zod';
import { connectionSchema } from '../../config/connection-schema.ts';
import { connectionName, count, id, json, problem, role, time } from './words.ts';

/** As in the configuration file; a secret stands at its place when it is new and is left out to keep the one that is stored. */
const settings = connectionSchema;
export type ConnectionSettings = z.output<typeof settings>;

/** Taken as it is: every problem is told with its path, in the words of the configuration. */
const newSettings = z
  .record(z.string(), json)
  .meta({ writeOnly: true })
  .describe('As a connection in the configuration file. Secrets: in place when new, left out to keep the stored one.');

const draft = z.strictObject({
  connection: connectionName
    .nullable()
    .default(null)
    .describe('A saved connection whose secrets fill what is left out.'),
  settings: newSettings.nullable().default(null).describe('Null: those of the saved connection.'),
  authorization: id.nullable().default(null).describe('An OAuth authorization that was granted, instead of a token.'),
});
export type Draft = z.input<typeof draft>;

const connectionSummary = z.object({
  name: connectionName,
  source: z.enum(['file', 'database']).describe('file: read-only here.'),
  profile: z.enum(['classic', 'recommended']),
  everyMs: count,
  pausedAt: time.nullable(),
  alignedAt: time.nullable(),
  /** What is switched on. */
  parts: z.object({ contacts: z.boolean(), leads: z.boolean(), consent: z.boolean(), products: z.boolean() }),
});
export type ConnectionSummary = z.infer<typeof connectionSummary>;

const connection = connectionSummary.extend({
  /** Goes up with each save; sent back so that two people do not overwrite each other. 0 for one of the file. */
  version: count,
  settings: settings.describe('Without secrets.'),
  secrets: z.array(z.object({ path: z.string(), set: z.boolean() })),
  /** Every default filled in. */
  effective: z.record(z.string(), json),
  savedAt: time.nullable(),
  savedBy: z.string().nullable(),
  accounts: z.object({ crm: z.string().nullable(), marketing: z.string().nullable() }),
});
export type Connection = z.infer<typeof connection>;

const check = z.object({
  id: z.string(),
  status: z.enum(['ok', 'warning', 'problem']),
  message: z.string(),
  fix: z.string().nullable(),
  path: z.string().nullable().describe('Place in the settings.'),
});
export type Check = z.infer<typeof check>;

const crmField = z.object({
  path: z.string(),
  type: z.enum([
    'text',
    'number',
    'boolean',
    'date',
    'datetime',
    'email',
    'phone',
    'url',
    'choice',
    'set',
    'status',
    'id',
  ]),
  writable: z.boolean(),
  mandatory: z.boolean(),
  choices: z.array(z.string()).nullable(),
  maxLength: count.nullable(),
});
const marketingField = z.object({
  name: z.string(),
  type: z.enum(['string', 'numeric', 'date', 'boolean']),
  maxLength: count,
});
const schemas = z.object({
  crm: z.object({
    contact: z.array(crmField),
    lead: z.array(crmField),
    leadStatuses: z.array(z.string()),
  }),
  marketing: z.object({
    fields: z.array(marketingField),
    lists: z.array(z.object({ id: z.string(), name: z.string() })),
  }),
  readAt: time,
});
export type Schemas = z.infer<typeof schemas>;

const suggestion = z.object({
  role,
  crm: z.string().describe('Path of the CRM field.'),
  marketing: z.string().describe('Name of the data field.'),
  /** The data field has to be made. */
  isNew: z.boolean(),
  /** 0 to 1. */
  likeness: z.number().min(0).max(1),
  why: z.string(),
});
export type Suggestion = z.infer<typeof suggestion>;

const sideFit = z.object({
  total: count,
  blank: count,
  fits: count,
  defaulted: count,
  misfits: z.array(
    z.object({ why: z.string(), count, examples: z.array(z.object({ id: z.string(), value: z.string() })) }),
  ),
});
const fieldFit = z.object({
  role,
  crm: z.string(),
  marketing: z.string(),
  sides: z.object({ crm: sideFit, marketing: sideFit }),
});
export type FieldFit = z.infer<typeof fieldFit>;

const authorization = z.object({
  id,
  state: z.enum(['waiting', 'granted', 'denied', 'failed', 'expired']),
  message: z.string().nullable(),
  url: z.string().nullable().describe('Where to send the browser, while waiting.'),
});
const byName = z.object({ connection: connectionName });

export const connectionSchemas = {
  listConnections: { reply: z.object({ connections: z.array(connectionSummary) }) },
  getConnection: { params: byName, reply: connection },
  createConnection: {
    body: z.strictObject({ settings: newSettings, authorization: id.nullable().default(null) }),
    reply: connection,
  },
  updateConnection: {
    params: byName,
    body: z.strictObject({ version: count, settings: newSettings, authorization: id.nullable().default(null) }),
    reply: connection,
  },
  deleteConnection: { params: byName },
  takeOverConnection: { params: byName, reply: connection },
  testConnection: { params: byName, reply: z.object({ checks: z.array(check) }) },
  pauseConnection: { params: byName, reply: connectionSummary },
  resumeConnection: { params: byName, reply: connectionSummary },
  exportConfig: { reply: z.object({ yaml: z.string() }) },
  testAlerts: {
    params: byName,
    reply: z.object({
      sent: z.array(z.object({ to: z.string(), error: z.string().nullable() })),
    }),
  },
  validateDraft: {
    body: draft,
    reply: z.object({ problems: z.array(problem), effective: z.record(z.string(), json).nullable() }),
  },
  testDraft: { body: draft, reply: z.object({ checks: z.array(check) }) },
  readDraftSchemas: { body: draft, reply: schemas },
  suggestDraftMapping: { body: draft, reply: z.object({ suggestions: z.array(suggestion) }) },
  fitDraft: {
    body: draft,
    reply: z.object({
      fields: z.array(fieldFit),
      sampled: z.object({ contact: count, lead: count, marketing: count }),
      percent: z.number().min(0).max(100).nullable().describe('Of filled values; null where none was found.'),
      /** Faults of the mapping itself. */
      problems: z.array(problem.extend({ severity: z.enum(['error', 'warning', 'info']) })),
    }),
  },
  startCrmAuthorization: {
    body: z.strictObject({
      clientId: z.string().trim().min(1).max(200),
      clientSecret: z.string().min(1).max(500).meta({ writeOnly: true }),
      url: z.string().max(500).nullable().default(null).describe('Of the CRM, where it is not the usual one.'),
    }),
    reply: authorization,
  },
  getCrmAuthorization: { params: z.object({ authorization: id }), reply: authorization },
  finishCrmAuthorization: {
    query: z.object({
      state: z.string().max(200),
      code: z.string().max(2000).optional(),
      error: z.string().max(200).optional(),
      error_description: z.string().max(2000).optional(),
    }),
  },
} as const;
