// A world of a few records in two systems with one store between: what a cycle does with the plans of its persons.
// Plain values in, plain values out; every call returns a new world.
import type { Role } from '../../../src/core/model/identity.ts';
import { ROLES } from '../../../src/core/model/identity.ts';
import type { Link } from '../../../src/core/model/link.ts';
import type { PersonView, RoleView } from '../../../src/core/model/person.ts';
import type { Action, Effect, PersonPlan } from '../../../src/core/model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../../../src/core/model/record.ts';
import type { Settings } from '../../../src/core/model/settings.ts';
import type { Raw } from '../../../src/core/model/value.ts';
import { emailKey } from '../../../src/core/normalize/email.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';

export interface World {
  readonly crm: readonly CrmRecord[];
  /** What the mailing system really holds. */
  readonly mailing: readonly MarketingRecord[];
  /** What the mirror says of a contact since a bulk write, until it is read. */
  readonly assumed: Readonly<Record<string, MarketingRecord>>;
  readonly links: readonly Link[];
  readonly suppressed: readonly string[];
  readonly next: number;
}

/** What becomes of a write: `lost` = reported as done but without effect; `failed` = reported as failed. */
export type Fate = 'done' | 'lost' | 'failed';

export interface Cycle {
  readonly world: World;
  readonly plans: readonly PersonPlan[];
}

const LIVING = ['active', 'paused', 'held'];

export function keyOf(email: string | null): string | null {
  const reading = emailKey(email);
  return reading.type === 'ok' ? reading.key : null;
}

/** The world that a view was taken from. */
export function worldOf(view: PersonView): World {
  const roles = ROLES.map((role) => view.roles[role]);
  const crm = roles.flatMap((role) => [
    ...(role.record === null ? [] : [role.record]),
    ...role.candidates,
    ...role.shadows.flatMap(({ record }) => (record === null ? [] : [record])),
    ...role.elsewhere,
  ]);
  const mailing = [
    ...(view.marketing === null ? [] : [view.marketing]),
    ...view.collisions.map((other) => other.marketing),
  ];
  return {
    crm,
    mailing: mailing.map((record) => ({ ...record, assumed: false })),
    assumed: Object.fromEntries(mailing.filter((record) => record.assumed).map((record) => [record.id, record])),
    links: roles.flatMap((role) => [
      ...(role.link === null ? [] : [role.link]),
      ...role.shadows.map(({ link }) => link),
      ...role.severed,
    ]),
    suppressed: view.suppressedAddresses,
    next: 1000,
  };
}

/** Reads everything, plans every person, applies what was planned. `readFirst: false` plans on what the mirror assumes. */
export function runCycle(
  start: World,
  settings: Settings,
  options: { readonly fate?: (action: Action) => Fate; readonly readFirst?: boolean } = {},
): Cycle {
  let world: World = options.readFirst === false ? start : { ...start, assumed: {} };
  const plans: PersonPlan[] = [];
  const done = new Set<string>();
  for (let pass = 0; pass < 4; pass += 1) {
    const due: PersonPlan[] = [];
    for (const key of personKeys(world)) {
      if (done.has(key)) continue;
      const plan = planPerson(viewOf(world, key), settings);
      world = learn(world, plan.effects, null, null);
      due.push(plan);
      if (!plan.again) done.add(key);
    }
    plans.push(...due);
    for (const { actions } of due)
      for (const action of actions) world = applyAction(world, action, settings, options.fate?.(action) ?? 'done');
    if (!due.some((plan) => plan.again)) break;
  }
  return { world, plans };
}

function applyAction(world: World, action: Action, settings: Settings, fate: Fate): World {
  if (fate === 'failed') return world;
  return action.system === 'crm' ? applyCrm(world, action, settings) : applyMailing(world, action, fate);
}

function applyCrm(world: World, action: Action, settings: Settings): World {
  const write = action.crm;
  if (write === null) throw new Error('A CRM action carries a CRM write.');
  const before = world.crm.find((record) => record.role === action.entity && record.id === action.crmId) ?? null;
  const id = before?.id ?? String(world.next);
  const values: Record<string, Raw> = { ...before?.values, ...write.set };
  // The CRM's own defaults: a status is never blank there.
  for (const field of settings.roles[action.entity].fields) {
    if (field.crm.fallback !== undefined && (values[field.crm.path] ?? null) === null)
      values[field.crm.path] = field.crm.fallback;
  }
  const named = (path: string): string | null => (typeof values[path] === 'string' ? values[path] : null);
  const record: CrmRecord = {
    role: action.entity,
    id,
    email: write.email ?? before?.email ?? null,
    firstName: 'first_name' in values ? named('first_name') : (before?.firstName ?? null),
    lastName: 'last_name' in values ? named('last_name') : (before?.lastName ?? null),
    values,
    tags: [...(before?.tags ?? []), ...(write.addTags ?? [])],
    status: before?.status ?? null,
    ownerId: before?.ownerId ?? settings.roles[action.entity].scope.crmOwners[0] ?? null,
    isOrganisation: false,
    createdAt: before?.createdAt ?? null,
    updatedAt: before?.updatedAt ?? null,
    revision: null,
    state: 'present',
  };
  const crm = [...world.crm.filter((other) => other !== before), record];
  return learn({ ...world, crm, next: world.next + 1 }, action.effects, id, action.marketingId);
}

function applyMailing(world: World, action: Action, fate: Fate): World {
  if (action.kind === 'delete') {
    const mailing = world.mailing.map((record) =>
      record.id === action.marketingId ? { ...record, state: 'deleted' as const } : record,
    );
    return learn(fate === 'lost' ? world : { ...world, mailing }, action.effects, action.crmId, action.marketingId);
  }
  const write = action.marketing;
  if (write === null) throw new Error('A marketing action carries a marketing write.');
  const before = world.mailing.find((record) => record.id === action.marketingId) ?? null;
  if (before === null && fate === 'lost') return world;
  const id = before?.id ?? String(world.next);
  const seen = world.assumed[id] ?? before;
  const meant: MarketingRecord = {
    id,
    email: write.email ?? seen?.email ?? action.email,
    values: { ...seen?.values, ...write.set },
    channel:
      write.channel === undefined
        ? (seen?.channel ?? { state: 'subscribed', reason: 'default', optInType: 'unknown' })
        : { state: write.channel.state, reason: write.channel.state, optInType: 'unknown' },
    lists: [...(seen?.lists ?? []), ...(write.lists ?? [])],
    createdAt: null,
    updatedAt: seen?.updatedAt ?? null,
    state: 'present',
    assumed: true,
  };
  const real =
    fate === 'lost'
      ? before
      : { ...(before === null ? meant : { ...meant, values: { ...before.values, ...write.set } }), assumed: false };
  const mailing = [...world.mailing.filter((other) => other !== before), ...(real === null ? [] : [real])];
  return learn(
    { ...world, mailing, assumed: { ...world.assumed, [id]: meant }, next: world.next + 1 },
    action.effects,
    action.crmId,
    id,
  );
}

/** Link states, then new links, then bases: as the store applies them. */
function learn(world: World, effects: readonly Effect[], crmId: string | null, marketingId: string | null): World {
  let { links, next } = world;
  for (const effect of effects) {
    if (effect.type === 'link-state')
      links = links.map((link) =>
        link.id === effect.linkId ? { ...link, state: effect.state, because: effect.because } : link,
      );
  }
  for (const effect of effects) {
    if (effect.type !== 'link') continue;
    const crm = effect.crmId ?? crmId;
    const marketing = effect.marketingId ?? marketingId;
    if (crm === null || marketing === null) throw new Error('A link needs both ids.');
    if (links.some((link) => link.state !== 'severed' && link.role === effect.role && link.crmId === crm)) continue;
    if (
      LIVING.includes(effect.state) &&
      links.some((link) => LIVING.includes(link.state) && link.role === effect.role && link.marketingId === marketing)
    ) {
      throw new Error('A contact has one living link in a role.');
    }
    links = [
      ...links,
      {
        id: `link-${next}`,
        role: effect.role,
        crmId: crm,
        marketingId: marketing,
        state: effect.state,
        because: effect.because,
        base: {},
        unconfirmed: {},
      },
    ];
    next += 1;
  }
  for (const effect of effects) {
    if (effect.type !== 'base') continue;
    const crm = effect.crmId ?? crmId;
    const marketing = effect.marketingId ?? marketingId;
    links = links.map((link) => {
      if (link.state === 'severed' || link.role !== effect.role || link.crmId !== crm || link.marketingId !== marketing)
        return link;
      const kept = Object.entries(link.unconfirmed).filter(([key]) => !effect.settled.includes(key));
      return {
        ...link,
        base: { ...link.base, ...effect.fields },
        unconfirmed: { ...Object.fromEntries(kept), ...effect.unconfirmed },
      };
    });
  }
  return { ...world, links, next };
}

/** Every person of the world once: contacts by id, then unlinked records by address or alone. */
export function personKeys(world: World): readonly string[] {
  const keys = new Set<string>();
  for (const record of byId(world.mailing)) keys.add(`m:${record.id}`);
  for (const record of byId(world.crm)) {
    const link = livingLink(world, record);
    const address = keyOf(record.email);
    const owner = address === null ? null : ownerOf(world, address);
    if (link !== null) keys.add(`m:${link.marketingId}`);
    else if (address === null) keys.add(`c:${record.role}:${record.id}`);
    else keys.add(owner === null ? `e:${address}` : `m:${owner}`);
  }
  return [...keys];
}

/** One person as the store would load it. */
export function viewOf(world: World, key: string): PersonView {
  const id = key.startsWith('m:') ? key.slice(2) : null;
  const marketing = id === null ? null : mirrored(world, id);
  const links = id === null ? [] : world.links.filter((link) => link.marketingId === id);
  const living = links.filter((link) => LIVING.includes(link.state));
  const linked = living.flatMap((link) => recordOf(world, link) ?? []);
  const addresses = new Set([marketing, ...linked].flatMap((record) => keyOf(record?.email ?? null) ?? []));
  if (key.startsWith('e:')) addresses.add(key.slice(2));
  const owned = [...addresses].filter((address) => id === null || ownerOf(world, address) === id);
  const around = byId(world.crm).filter((record) => {
    if (record.state !== 'present') return false;
    if (key.startsWith('c:')) return key === `c:${record.role}:${record.id}`;
    return owned.includes(keyOf(record.email) ?? '');
  });
  const free = around.filter((record) => livingLink(world, record) === null);
  const roleOf = (role: Role): RoleView => {
    const link = living.find((candidate) => candidate.role === role) ?? null;
    const candidates = free.filter((record) => record.role === role);
    const own = links.filter((candidate) => candidate.role === role);
    return {
      link,
      record: link === null ? null : recordOf(world, link),
      candidates,
      shadows: own
        .filter((shadow) => shadow.state === 'shadow')
        .map((shadow) => ({ link: shadow, record: recordOf(world, shadow) })),
      severed: world.links.filter(
        (tombstone) =>
          tombstone.state === 'severed' &&
          tombstone.role === role &&
          (id === null ? candidates.some((record) => record.id === tombstone.crmId) : tombstone.marketingId === id),
      ),
      elsewhere: around.filter(
        (record) => record.role === role && (livingLink(world, record)?.marketingId ?? id) !== id,
      ),
    };
  };
  return {
    key,
    marketing,
    leadLists: [],
    roles: { contact: roleOf('contact'), lead: roleOf('lead') },
    collisions: world.mailing
      .map((other) => mirrored(world, other.id) ?? other)
      .filter(
        (other) =>
          other.id !== id && other.state === 'present' && id !== null && addresses.has(keyOf(other.email) ?? ''),
      )
      .map((other) => ({ marketing: other, holders: [] })),
    suppressedAddresses: world.suppressed.filter((address) => addresses.has(address)),
    conversion: null,
    optedOutAt: null,
  };
}

function mirrored(world: World, id: string): MarketingRecord | null {
  return world.assumed[id] ?? world.mailing.find((record) => record.id === id) ?? null;
}

function recordOf(world: World, link: Link): CrmRecord | null {
  return world.crm.find((record) => record.role === link.role && record.id === link.crmId) ?? null;
}

function livingLink(world: World, record: CrmRecord): Link | null {
  return (
    world.links.find((link) => link.state !== 'severed' && link.role === record.role && link.crmId === record.id) ??
    null
  );
}

function ownerOf(world: World, address: string): string | null {
  const contact = byId(world.mailing).find(
    (record) => record.state === 'present' && keyOf(mirrored(world, record.id)?.email ?? null) === address,
  );
  if (contact !== undefined) return contact.id;
  const claims = world.crm.flatMap((record) => {
    const link = livingLink(world, record);
    return link !== null && LIVING.includes(link.state) && keyOf(record.email) === address ? [link.marketingId] : [];
  });
  return claims.sort((a, b) => Number(a) - Number(b))[0] ?? null;
}

function byId<T extends { readonly id: string }>(records: readonly T[]): readonly T[] {
  return [...records].sort((a, b) => Number(a.id) - Number(b.id));
}
