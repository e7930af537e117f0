// A person: found by address, and told whole.
import { z } from 'zod';
import { ACTION_KINDS } from '../../core/model/plan.ts';
import { hold } from './holds.ts';
import { crmRecord, marketingRecord } from './records.ts';
import { ACTION_STATES } from './runs.ts';
import { change, connectionName, count, email, json, role, rowId, system, time, value } from './words.ts';

const foundPerson = z.object({
  connection: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  contacts: z.array(z.string()).describe('Ids in the CRM.'),
  leads: z.array(z.string()),
  marketing: z.array(z.string()),
});
export type FoundPerson = z.infer<typeof foundPerson>;

const link = z.object({
  id: z.string(),
  role,
  state: z.enum(['active', 'paused', 'held', 'shadow', 'severed']),
  because: z.string().nullable(),
  why: z.string().nullable(),
  crmId: z.string(),
  marketingId: z.string(),
  createdAt: time,
  updatedAt: time,
  /** Side by side: both values now, and what both last agreed on. */
  fields: z.array(
    z.object({
      key: z.string().describe('Data field.'),
      path: z.string().nullable().describe('CRM field; null where it is no longer mapped.'),
      crm: value,
      marketing: value,
      base: z.object({ crm: value, marketing: value }).nullable(),
      /** Written, but not read back yet. */
      unconfirmed: z.boolean(),
      same: z.boolean(),
    }),
  ),
});

const decision = z.object({
  at: time,
  run: z.string(),
  row: rowId,
  why: z.string(),
  type: z.enum(['write', 'note']),
  text: z.string().describe('In one sentence.'),
  system: system.nullable(),
  kind: z.enum(ACTION_KINDS).nullable(),
  state: z.enum(ACTION_STATES).nullable(),
  error: z.string().nullable(),
  changes: z.record(z.string(), change),
});
export type Decision = z.infer<typeof decision>;

const consentEntry = z.object({
  at: time,
  system,
  state: z.string(),
  signal: z.string(),
  effectiveAt: z.string().nullable(),
  row: rowId,
  why: z.string(),
  written: z.string().nullable(),
  run: z.string().nullable(),
});

const receipt = z.object({
  id: z.string(),
  finishedAt: time,
  removed: z.object({
    crm: z.object({ contact: count, lead: count }),
    marketing: count,
    here: z.record(z.string(), count).describe('Rows taken out here, by table.'),
    ledger: count.describe('Entries of the consent history without address and ids from then on.'),
  }),
  optedOut: z.boolean().describe('The person had said no: that stays in force.'),
  rewritten: z
    .boolean()
    .describe('False: remains may lie in free pages of the database file until it is written anew.'),
});
export type Receipt = z.infer<typeof receipt>;

const person = z.object({
  connection: z.string(),
  email: z.string(),
  known: z.boolean(),
  crm: z.array(crmRecord),
  marketing: z.array(marketingRecord),
  links: z.array(link),
  holds: z.array(hold),
  suppressions: z.array(z.object({ email: z.string(), reason: z.string(), at: time })),
  consent: z.object({
    mayMail: z.boolean(),
    state: z.enum(['optedIn', 'optedOut', 'pending', 'unknown']),
    because: z.string(),
    history: z.array(consentEntry).describe('Oldest first.'),
  }),
  decisions: z.array(decision).describe('Newest first.'),
  more: z.boolean().describe('There are more decisions than were asked for.'),
  erased: receipt.nullable().describe('Of an erasure: the address is kept out since.'),
});
export type Person = z.infer<typeof person>;

const byConnection = z.object({ connection: connectionName });
/** Write-only, so that the audit log keeps nothing of it: it outlives whoever is erased. */
const whom = z.strictObject({ email: email.meta({ writeOnly: true }) });

export const peopleSchemas = {
  searchPeople: {
    query: z.object({
      q: z.string().trim().min(1).max(320).describe('Beginning of an address.'),
      connection: connectionName.optional(),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    reply: z.object({ people: z.array(foundPerson), more: z.boolean() }),
  },
  getPerson: {
    params: z.object({ connection: connectionName }),
    query: z.object({ email, decisions: z.coerce.number().int().min(1).max(500).default(50) }),
    reply: person,
  },
  exportPerson: {
    params: byConnection,
    body: z.strictObject({ email }),
    reply: z.object({
      email: z.string(),
      connection: z.string(),
      exportedAt: time,
      found: z.boolean(),
      document: z.record(z.string(), json),
    }),
  },
  previewErasure: {
    params: byConnection,
    body: whom,
    reply: z.object({
      addresses: z.array(z.string()).describe('Every address the person goes by here.'),
      crm: z.array(
        z.object({
          role,
          id: z.string(),
          email: z.string().nullable(),
          firstName: z.string().nullable(),
          lastName: z.string().nullable(),
        }),
      ),
      marketing: z.array(z.object({ id: z.string(), email: z.string().nullable() })),
      hidden: z
        .array(z.object({ role, id: z.string() }))
        .describe('Records that are not shown to this credential, and stay.'),
      organisations: count.describe('With the address: no people, so they stay.'),
    }),
  },
  erasePerson: { params: byConnection, body: whom, reply: z.object({ id: z.string().describe('Of the run.') }) },
  readmitPerson: {
    params: byConnection,
    body: whom,
    reply: z.object({
      erasure: z.string().nullable().describe('Null: the address was not kept out.'),
      optedOut: z.boolean().describe('They had opted out before and stay so until they say yes anew.'),
    }),
  },
} as const;
