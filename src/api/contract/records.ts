// A person's records of both sides as they are shown.
import { z } from 'zod';
import { raw, role, time } from './words.ts';

const recordState = z.enum(['present', 'deleted', 'hidden']);

export const crmRecord = z.object({
  role,
  id: z.string(),
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  values: z.record(z.string(), raw).describe('By path, mapped fields only.'),
  tags: z.array(z.string()),
  status: z.string().nullable().describe('Of a lead.'),
  state: recordState,
  updatedAt: z.string().nullable(),
  observedAt: time,
  url: z.string().nullable().describe('Where people see it in the CRM.'),
});
export type CrmRecord = z.infer<typeof crmRecord>;

const CHANNEL_STATES = [
  'subscribed',
  'unsubscribed',
  'suppressed',
  'pending',
  'soft-bounced',
  'hard-bounced',
  'blocked',
  'none',
] as const;

export const marketingRecord = z.object({
  id: z.string(),
  email: z.string().nullable(),
  values: z.record(z.string(), raw).describe('By data field, mapped fields only.'),
  channel: z.object({
    state: z.enum(CHANNEL_STATES),
    reason: z.string().describe("The service's own word."),
    optInType: z.enum(['unknown', 'single', 'double', 'verifiedDouble']),
  }),
  lists: z.array(z.object({ id: z.string(), name: z.string().nullable() })).nullable(),
  state: recordState,
  assumed: z.boolean().describe('Written just now, not read back yet.'),
  updatedAt: z.string().nullable(),
  observedAt: time,
  url: z.string().nullable(),
});
export type MarketingRecord = z.infer<typeof marketingRecord>;
