// Logging in, users, tokens, audit.
import { z } from 'zod';
import { id, json, page, pageOf, time } from './words.ts';

const USER_ROLES = ['viewer', 'operator', 'admin'] as const;
export type UserRole = (typeof USER_ROLES)[number];

const userRole = z.enum(USER_ROLES).describe('viewer: sees. operator: retries, approves, syncs. admin: everything.');
const address = z
  .email()
  .max(254)
  .transform((text) => text.toLowerCase());
const name = z.string().trim().min(1).max(100);
/** Length is what counts; no rule about kinds of characters. (NIST SP 800-63B) */
const newPassword = z.string().min(12, { error: 'at least 12 characters' }).max(512).meta({ writeOnly: true });
const password = z.string().min(1).max(512).meta({ writeOnly: true });
const linkToken = z.string().min(20).max(200).meta({ writeOnly: true });

const user = z.object({
  id,
  email: z.string(),
  name: z.string(),
  role: userRole,
  disabled: z.boolean(),
  /** False until the one-time link was used. */
  joined: z.boolean(),
  createdAt: time,
  lastSeenAt: time.nullable(),
});
export type User = z.infer<typeof user>;

const session = z.object({
  user: user.pick({ id: true, email: true, name: true, role: true }),
  /** Sent back in the header `x-csrf-token` with everything but GET; null for an API token, which needs none. */
  csrfToken: z.string().nullable(),
  expiresAt: time.nullable(),
  /** What people call the two systems. */
  labels: z.object({ crm: z.string(), marketing: z.string() }),
  version: z.string(),
  /** Last day of the CRM's service, where its vendor announced one. */
  crmRetiresOn: z.iso.date().nullable(),
});
export type Session = z.infer<typeof session>;

const link = z.object({
  user,
  link: z.string().describe('One-time link, relative to this server. Shown once.'),
  expiresAt: time,
});

const token = z.object({
  id,
  name: z.string(),
  role: userRole,
  owner: z.string().describe("The owner's address."),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
});
export type ApiToken = z.infer<typeof token>;

const auditEntry = z.object({
  id: z.string(),
  at: time,
  who: z.string().nullable().describe('Address of the user; null before anybody is logged in.'),
  /** Made with an API token of this name. */
  token: z.string().nullable(),
  action: z.string().describe('Id of the call, such as approveRun.'),
  connection: z.string().nullable(),
  subject: z.string().nullable().describe('What it was done to: a run, a hold, a user …'),
  outcome: z.enum(['ok', 'refused']),
  detail: z.record(z.string(), json).describe('What was asked for, without secrets.'),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const sessionSchemas = {
  getSetup: { reply: z.object({ needed: z.boolean() }) },
  finishSetup: {
    body: z.strictObject({
      token: linkToken,
      email: address.optional().describe('For the very first user; an invited one has an address.'),
      name: name.optional(),
      password: newPassword,
    }),
    reply: session,
  },
  logIn: { body: z.strictObject({ email: address, password }), reply: session },
  enterAsGuest: { body: z.strictObject({ token: linkToken }), reply: session },
  getSession: { reply: session },
  logOut: {},
  changePassword: { body: z.strictObject({ current: password, next: newPassword }) },
  listUsers: { reply: z.object({ users: z.array(user) }) },
  createUser: { body: z.strictObject({ email: address, name, role: userRole }), reply: link },
  updateUser: {
    params: z.object({ user: id }),
    body: z.strictObject({ name: name.optional(), role: userRole.optional(), disabled: z.boolean().optional() }),
    reply: user,
  },
  renewUserLink: { params: z.object({ user: id }), reply: link },
  deleteUser: { params: z.object({ user: id }) },
  listTokens: { reply: z.object({ tokens: z.array(token) }) },
  createToken: {
    body: z.strictObject({ name, role: userRole, days: z.int().min(1).max(3650).nullable().default(null) }),
    reply: z.object({ token, secret: z.string().describe('For the header `authorization: Bearer …`. Shown once.') }),
  },
  deleteToken: { params: z.object({ token: id }) },
  listAudit: {
    query: z.object({ ...page, who: z.string().max(254).optional(), action: z.string().max(100).optional() }),
    reply: pageOf(auditEntry),
  },
} as const;
