// Runs: what was started, how far it is, what it wrote, and what is decided about it.
import { z } from 'zod';
import { HOLD_CODES } from '../../core/model/hold.ts';
import { ACTION_KINDS, LANES } from '../../core/model/plan.ts';
import { anyOf, change, connectionName, count, email, id, page, pageOf, rowId, system, time } from './words.ts';

const RUN_KINDS = ['align', 'preview', 'plan', 'sync', 'undo', 'verify', 'erase', 'opt-outs'] as const;
const RUN_STATES = ['running', 'ok', 'ok_with_holds', 'partial', 'parked', 'aborted', 'failed', 'interrupted'] as const;
export const ACTION_STATES = ['planned', 'sent', 'done', 'failed', 'held', 'parked', 'dropped', 'unknown'] as const;
const PHASES = ['identify', 'pull-crm', 'pull-marketing', 'plan', 'apply-crm', 'apply-marketing'] as const;

const byKind = z.record(z.enum(ACTION_KINDS), count);
const calls = z.object({ reads: count, writes: count });

export const run = z.object({
  id,
  connection: z.string(),
  kind: z.enum(RUN_KINDS),
  state: z.enum(RUN_STATES),
  startedAt: time,
  finishedAt: time.nullable(),
  actions: z.object({ total: count, byKind, bySystem: z.object({ crm: count, marketing: count }) }),
  holds: z.object({ total: count, byCode: z.record(z.string(), count) }),
  apiCalls: z.object({ crm: calls, marketing: calls }),
  /** Why it stopped or waits, or what the reader has to know. */
  message: z.string().nullable(),
});
export type Run = z.infer<typeof run>;

const progress = z.object({
  phase: z.enum(PHASES),
  done: count,
  total: count.nullable().describe('Null while it is not known.'),
});
export type Progress = z.infer<typeof progress>;

const runDetail = run.extend({
  /** Of a run of this process that is under way. */
  progress: progress.nullable(),
  /** It runs in this process, so that it can be broken off here. */
  cancellable: z.boolean(),
  /** Writes that wait for approval. */
  parked: count,
  failed: count,
  /** Writes by rule, kind, side and state: the plan at a glance. */
  groups: z.array(
    z.object({
      row: rowId,
      why: z.string(),
      kind: z.enum(ACTION_KINDS),
      system,
      entity: z.enum(['contact', 'lead', 'product']),
      state: z.enum(ACTION_STATES),
      total: count,
    }),
  ),
  failures: z.array(
    z.object({ entity: z.enum(['contact', 'lead', 'product']), email: z.string().nullable(), error: z.string() }),
  ),
  /** People a plan would join, and some of those it would hold. Null for a run that was applied: links and holds are stored then. */
  outlook: z
    .object({
      people: count,
      links: z.object({ contact: count, lead: count }),
      held: z.array(z.object({ code: z.enum(HOLD_CODES), email: z.string().nullable(), message: z.string() })),
    })
    .nullable(),
  /** What a plan would cost if it were applied now: about as many calls and as much time as this. */
  estimate: z.object({ calls: z.object({ crm: count, marketing: count }), seconds: count }).nullable(),
  /** The run this one undoes or approves. */
  about: z.object({ undoes: z.string().nullable(), approves: z.string().nullable() }),
  /** Which of the decisions make sense for it now. */
  may: z.object({ approve: z.boolean(), undo: z.boolean() }),
});
export type RunDetail = z.infer<typeof runDetail>;

const action = z.object({
  seq: count,
  row: rowId,
  rows: z.array(rowId).describe('Every rule that had a say.'),
  why: z.string(),
  lane: z.enum(LANES),
  kind: z.enum(ACTION_KINDS),
  system,
  entity: z.enum(['contact', 'lead', 'product']),
  email: z.string().nullable(),
  crmId: z.string().nullable(),
  marketingId: z.string().nullable(),
  changes: z.record(z.string(), change),
  /** Consent it sets, in words; null where it sets none. */
  consent: z.string().nullable(),
  state: z.enum(ACTION_STATES),
  error: z.string().nullable(),
  at: time,
});
export type RunAction = z.infer<typeof action>;

const byRun = z.object({ run: id });
const started = z.object({ id: id.describe('Of the run that was started.') });

/** What `/api/events` sends: the event's name, and its data as JSON. */
export const EVENTS = {
  run: z.object({
    id,
    connection: z.string(),
    kind: z.enum(RUN_KINDS),
    state: z.enum(RUN_STATES),
    progress: progress.nullable(),
  }),
  connections: z.object({}).describe('Settings or pauses changed: read the connections anew.'),
  holds: z.object({ connection: z.string() }).describe('Holds changed: read them anew.'),
  alerts: z.object({ connection: z.string() }).describe('An alert began or ended.'),
} as const;
export type EventName = keyof typeof EVENTS;
export type EventData<N extends EventName> = z.infer<(typeof EVENTS)[N]>;

export const runSchemas = {
  listRuns: {
    query: z.object({
      ...page,
      connection: connectionName.optional(),
      kind: anyOf(RUN_KINDS),
      state: anyOf(RUN_STATES),
    }),
    reply: pageOf(run),
  },
  startRun: {
    body: z.strictObject({
      connection: connectionName,
      kind: z.enum(['sync', 'plan', 'preview', 'align']),
      only: z
        .array(z.enum(['contacts', 'leads', 'consent', 'products']))
        .min(1)
        .optional(),
      full: z.boolean().default(false).describe('Read both sides completely and compare everything.'),
      people: z
        .union([z.int().min(1).max(100_000), z.array(email).min(1).max(100)])
        .optional()
        .describe('Only so many, or those with these addresses, as a try: the alignment stays open.'),
    }),
    reply: started,
  },
  getRun: { params: byRun, reply: runDetail },
  listRunActions: {
    params: byRun,
    query: z.object({
      ...page,
      state: anyOf(ACTION_STATES),
      kind: anyOf(ACTION_KINDS),
      system: system.optional(),
      entity: z.enum(['contact', 'lead', 'product']).optional(),
      row: z.string().max(10).optional(),
      email: email.optional().describe('The whole address.'),
    }),
    reply: pageOf(action),
  },
  listRunNotes: {
    params: byRun,
    query: z.object(page),
    reply: pageOf(z.object({ row: rowId, why: z.string(), text: z.string(), email: z.string().nullable(), at: time })),
  },
  cancelRun: { params: byRun, reply: started },
  approveRun: { params: byRun, reply: started },
  rejectRun: { params: byRun, reply: z.object({ rejected: count }) },
  previewUndo: { params: byRun, reply: started },
  undoRun: { params: byRun, reply: started },
  watch: {},
} as const;
