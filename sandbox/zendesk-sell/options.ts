// What a sandbox can be made with, and the account it holds before anybody has done anything.
// Never adds contacts or leads; people do.

import type { Clock } from '../clock.ts';
import type { FaultBook } from '../faults/fault-book.ts';
import type { Author } from './author.ts';
import type { SellPlan } from './context.ts';
import type { CustomFieldDraft } from './custom-field-catalog.ts';
import { addLeadStatus } from './leads.ts';
import type { RecordTable } from './record-table.ts';
import type { AccountRecord, NamedRecord, UserRecord } from './records.ts';
import type { SellSwitchSettings } from './switches.ts';
import type { OAuthClient, Scope } from './token-book.ts';
import type { IdKind, WorldState } from './world-state.ts';

/** A user to have from the start. The first one is the actor of everything people do. */
export interface UserDraft {
  readonly id?: number | undefined;
  readonly name: string;
  readonly email: string;
  readonly role?: 'user' | 'admin' | undefined;
}

/** A personal access token to have from the start. */
export interface TokenDraft {
  /** 64 characters without white space; made up when left out. */
  readonly token?: string | undefined;
  /** Position in the list of users. Default 0. */
  readonly user?: number | undefined;
  /** Default: all four. */
  readonly scopes?: readonly Scope[] | undefined;
}

/** Rate limits; the same as the switches of that matter. */
export interface RateLimits {
  readonly enabled?: boolean | undefined;
  readonly perSecond?: number | undefined;
  readonly burst?: number | undefined;
  readonly perHour?: number | undefined;
}

/** Settings of `createSellSandbox`. Everything has a default. */
export interface SellSandboxOptions {
  readonly clock?: Clock | undefined;
  readonly seed?: number | string | undefined;
  readonly switches?: SellSwitchSettings | undefined;
  readonly limits?: RateLimits | undefined;
  readonly account?: Partial<Omit<AccountRecord, 'created_at' | 'updated_at'>> | undefined;
  readonly users?: readonly UserDraft[] | undefined;
  readonly plan?: Partial<SellPlan> | undefined;
  readonly leadStatuses?: readonly string[] | undefined;
  readonly leadSources?: readonly string[] | undefined;
  readonly unqualifiedReasons?: readonly string[] | undefined;
  readonly industries?: readonly string[] | undefined;
  readonly customFields?: readonly CustomFieldDraft[] | undefined;
  readonly tokens?: readonly TokenDraft[] | undefined;
  readonly oauthClients?: readonly OAuthClient[] | undefined;
  /** Origin shown in links; default: the one a request came to. */
  readonly publicUrl?: string | undefined;
  /** A book shared with other services; default: one of its own. */
  readonly faults?: FaultBook | undefined;
}

/** The OAuth client a sandbox knows unless told otherwise. */
export const DEFAULT_OAUTH_CLIENT: OAuthClient = {
  id: 'sandbox-client',
  secret: 'sandbox-secret',
  redirectUris: ['http://127.0.0.1/callback'],
  name: 'Sandbox client',
};

const DEFAULT_USERS: readonly UserDraft[] = [{ name: 'Ada Admin', email: 'ada@sales.example', role: 'admin' }];

/** Switch settings that follow from the options. */
export function switchSettings(options: SellSandboxOptions): SellSwitchSettings {
  const { limits } = options;
  const rates: [string, unknown][] = [
    ['rateLimit', limits?.enabled],
    ['ratePerSecond', limits?.perSecond],
    ['rateBurst', limits?.burst],
    ['ratePerHour', limits?.perHour],
  ];
  return { ...Object.fromEntries(rates.filter(([, value]) => value !== undefined)), ...options.switches };
}

/** Adds a user to the account. */
export function addUser(world: WorldState, draft: UserDraft): UserRecord {
  const id = draft.id ?? world.nextId('user');
  world.reserveId('user', id);
  const now = world.now();
  const user: UserRecord = {
    id,
    name: draft.name,
    email: draft.email,
    role: draft.role ?? 'user',
    status: 'active',
    confirmed: true,
    created_at: now,
    updated_at: now,
  };
  world.users.put(user);
  world.touched('user', id);
  return user;
}

/** Adds a source, a reason or the like. */
export function addNamed(
  world: WorldState,
  table: RecordTable<NamedRecord>,
  kind: IdKind,
  name: string,
  author: Author,
  resource: 'lead' | 'deal' = 'lead',
): NamedRecord {
  const now = world.now();
  const record: NamedRecord = {
    id: world.nextId(kind),
    name,
    creator_id: author.userId,
    resource_type: resource,
    created_at: now,
    updated_at: now,
  };
  table.put(record);
  return record;
}

function furnishSales(world: WorldState, author: Author): void {
  const pipeline = addNamed(world, world.pipelines, 'pipeline', 'Sales Pipeline', author, 'deal');
  world.touched('pipeline', pipeline.id);
  const stages = [
    ['Incoming', 'init'],
    ['Qualified', 'init'],
    ['Won', 'won'],
    ['Lost', 'lost'],
  ] as const;
  for (const [position, [name, category]] of stages.entries()) {
    const id = world.nextId('stage');
    const stamps = { created_at: world.now(), updated_at: world.now() };
    world.stages.put({ id, name, category, position: position + 1, pipeline_id: pipeline.id, ...stamps });
    world.touched('stage', id);
  }
  for (const name of ['Price', 'Timing']) {
    world.touched('loss_reason', addNamed(world, world.lossReasons, 'reason', name, author, 'deal').id);
  }
  world.touched('source', addNamed(world, world.dealSources, 'source', 'Referral', author, 'deal').id);
}

/** Puts the account's own furniture into an empty world. */
export function furnish(world: WorldState, options: SellSandboxOptions): void {
  Object.assign(world.account, options.account);
  world.touched('account', world.account.id);
  const users = (options.users ?? DEFAULT_USERS).map((draft) => addUser(world, draft));
  const author: Author = { userId: users[0]?.id ?? 0, person: true };
  for (const name of options.leadStatuses ?? ['New', 'Working', 'Unqualified'])
    addLeadStatus(world, name, author.userId);
  for (const name of options.leadSources ?? ['Web', 'Trade show']) {
    world.touched('source', addNamed(world, world.leadSources, 'source', name, author).id);
  }
  for (const name of options.unqualifiedReasons ?? ['Not interested', 'Wrong contact']) {
    addNamed(world, world.unqualifiedReasons, 'reason', name, author);
  }
  furnishSales(world, author);
  world.industries.push(...(options.industries ?? ['Banks', 'Design Services', 'Retail', 'Software']));
  for (const field of options.customFields ?? []) world.customFields.add(field);
}
