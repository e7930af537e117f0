// Loads persons for planning: joins the mirror, the links and the suppressions around a handful of records.
import { ROLES, type Role } from '../core/model/identity.ts';
import type { Link } from '../core/model/link.ts';
import type { Collision, PersonView, RoleView } from '../core/model/person.ts';
import type { CrmRecord } from '../core/model/record.ts';
import { getCrm, getCrmByEmail, type StoredCrm } from '../store/crm-records.ts';
import type { Executor } from '../store/executor.ts';
import { compareIds } from '../store/keys.ts';
import { membershipsOf } from '../store/lead-lists.ts';
import { linksByCrm, linksByMarketing, type StoredLink } from '../store/links.ts';
import { getMarketing, getMarketingByEmail, type StoredMarketing } from '../store/marketing-records.ts';
import { suppressionsByEmail } from '../store/suppressions.ts';

/** Where to start from: records with news. */
export interface Seeds {
  readonly marketingIds: readonly string[];
  readonly crm: readonly { readonly role: Role; readonly id: string }[];
}

/** A person with the marks of its members, so that the caller can tell which of them brought it here. */
export interface LoadedPerson {
  readonly view: PersonView;
  /** The person's own records in canonical order: the marketing contact, contacts by id, leads by id. */
  readonly members: readonly Member[];
}

export type Member =
  | { readonly system: 'marketing'; readonly id: string; readonly dirty: boolean }
  | { readonly system: 'crm'; readonly role: Role; readonly id: string; readonly dirty: boolean };

const LIVING: readonly string[] = ['active', 'paused', 'held'];

/** All persons that the seeds belong to, in order of their keys' first seed; each person once. (R18) */
export async function loadPersons(ex: Executor, connection: string, seeds: Seeds): Promise<readonly LoadedPerson[]> {
  const net = new Net(ex, connection);
  await net.cast(seeds);
  const keys = new Set<string>();
  for (const id of seeds.marketingIds) keys.add(`m:${id}`);
  for (const seed of seeds.crm) {
    const key = net.keyOfCrm(seed.role, seed.id);
    if (key !== null) keys.add(key);
  }
  return [...keys].map((key) => net.person(key));
}

/** Everything loaded around the seeds, by id and by address. */
class Net {
  readonly #ex: Executor;
  readonly #connection: string;
  readonly #marketing = new Map<string, StoredMarketing>();
  readonly #crm = new Map<string, StoredCrm>();
  readonly #linksOfMarketing = new Map<string, StoredLink[]>();
  readonly #linksOfCrm = new Map<string, StoredLink[]>();
  readonly #crmByAddress = new Map<string, StoredCrm[]>();
  readonly #marketingByAddress = new Map<string, StoredMarketing[]>();
  /** When each address left, by normal form. */
  readonly #suppressed = new Map<string, string>();
  readonly #leadLists = new Map<string, PersonView['leadLists']>();

  constructor(ex: Executor, connection: string) {
    this.#ex = ex;
    this.#connection = connection;
  }

  /** Reads in whole batches: seeds, their links, the linked records, everybody with the same addresses, and their links. */
  async cast(seeds: Seeds): Promise<void> {
    const bySeed = await Promise.all(
      ROLES.map((role) => getCrm(this.#ex, this.#connection, role, idsOf(seeds.crm, role))),
    );
    this.#keepCrm(bySeed.flat());
    await this.#linkCrm(bySeed.flat());
    const marketingIds = new Set([...seeds.marketingIds, ...this.#linkedContacts()]);
    await this.#loadMarketing([...marketingIds]);
    await this.#loadAddresses();
    // An address may lead to a marketing contact whose own links and records are not here yet: one that has it, or one whose record has it.
    const met = new Set([...this.#marketing.keys(), ...this.#linkedContacts()].filter((id) => !marketingIds.has(id)));
    if (met.size > 0) {
      await this.#loadMarketing([...met]);
      await this.#loadAddresses();
    }
    for (const { marketingId, listId, since } of await membershipsOf(this.#ex, this.#connection, [
      ...this.#marketing.keys(),
    ])) {
      this.#leadLists.set(marketingId, [...(this.#leadLists.get(marketingId) ?? []), { listId, since }]);
    }
    const became = [...this.#crm.values()].flatMap(({ record }) =>
      typeof record.convertedTo === 'string' ? [record.convertedTo] : [],
    );
    const contacts = await getCrm(this.#ex, this.#connection, 'contact', became);
    this.#keepCrm(contacts);
    await this.#linkCrm(contacts);
    const addresses = [...this.#crmByAddress.keys()];
    for (const event of await suppressionsByEmail(this.#ex, this.#connection, addresses))
      this.#suppressed.set(event.emailKey, event.at);
  }

  /** Contacts that the CRM records loaded so far are linked to. */
  #linkedContacts(): readonly string[] {
    return [...this.#linksOfCrm.values()]
      .flat()
      .flatMap(({ state, marketingId }) => (state === 'severed' ? [] : [marketingId]));
  }

  async #loadMarketing(ids: readonly string[]): Promise<void> {
    for (const item of await getMarketing(this.#ex, this.#connection, ids)) this.#marketing.set(item.record.id, item);
    const links = await linksByMarketing(this.#ex, this.#connection, ids);
    for (const id of ids) this.#linksOfMarketing.set(id, []);
    for (const link of links) this.#linksOfMarketing.get(link.marketingId)?.push(link);
    for (const role of ROLES) {
      const missing = links.filter((link) => link.role === role && !this.#crm.has(crmKey(role, link.crmId)));
      const records = await getCrm(this.#ex, this.#connection, role, [...new Set(missing.map((link) => link.crmId))]);
      this.#keepCrm(records);
      await this.#linkCrm(records);
    }
  }

  async #loadAddresses(): Promise<void> {
    const keys = new Set<string>();
    for (const item of [...this.#marketing.values(), ...this.#crm.values()]) {
      if (item.emailKey !== null && !this.#crmByAddress.has(item.emailKey)) keys.add(item.emailKey);
    }
    if (keys.size === 0) return;
    for (const key of keys) this.#crmByAddress.set(key, []);
    const records = await getCrmByEmail(this.#ex, this.#connection, [...keys]);
    this.#keepCrm(records);
    await this.#linkCrm(records);
    for (const item of records) if (item.emailKey !== null) this.#crmByAddress.get(item.emailKey)?.push(item);
    for (const item of await getMarketingByEmail(this.#ex, this.#connection, [...keys])) {
      this.#marketing.set(item.record.id, this.#marketing.get(item.record.id) ?? item);
      if (item.emailKey === null || item.record.state !== 'present') continue;
      const others = this.#marketingByAddress.get(item.emailKey);
      if (others === undefined) this.#marketingByAddress.set(item.emailKey, [item]);
      else others.push(item);
    }
  }

  #keepCrm(items: readonly StoredCrm[]): void {
    for (const item of items) this.#crm.set(crmKey(item.record.role, item.record.id), item);
  }

  async #linkCrm(items: readonly StoredCrm[]): Promise<void> {
    for (const role of ROLES) {
      const ids = items
        .filter((item) => item.record.role === role && !this.#linksOfCrm.has(crmKey(role, item.record.id)))
        .map((item) => item.record.id);
      for (const id of ids) this.#linksOfCrm.set(crmKey(role, id), []);
      for (const link of await linksByCrm(this.#ex, this.#connection, role, ids))
        this.#linksOfCrm.get(crmKey(role, link.crmId))?.push(link);
    }
  }

  /** The person a CRM record belongs to: by its link, else by whoever owns its address, else itself. */
  keyOfCrm(role: Role, id: string): string | null {
    const item = this.#crm.get(crmKey(role, id));
    if (item === undefined) return null;
    const link = this.#linkOf(item.record);
    if (link !== null) return `m:${link.marketingId}`;
    if (item.emailKey === null) return `c:${role}:${id}`;
    const owner = this.#ownerOf(item.emailKey);
    return owner === null ? `e:${item.emailKey}` : `m:${owner}`;
  }

  #linkOf(record: CrmRecord): StoredLink | null {
    return (
      (this.#linksOfCrm.get(crmKey(record.role, record.id)) ?? []).find((link) => link.state !== 'severed') ?? null
    );
  }

  /** The marketing contact an address stands for: the one that has it, else the one whose linked record has it. */
  #ownerOf(address: string): string | null {
    const [contact] = this.#marketingByAddress.get(address) ?? [];
    if (contact !== undefined) return contact.record.id;
    const claims = (this.#crmByAddress.get(address) ?? []).flatMap((item) => {
      const link = this.#linkOf(item.record);
      return link !== null && LIVING.includes(link.state) ? [link.marketingId] : [];
    });
    return claims.length === 0 ? null : claims.reduce((least, id) => (compareIds(id, least) < 0 ? id : least));
  }

  person(key: string): LoadedPerson {
    if (key.startsWith('m:')) return this.#contactPerson(key, key.slice(2));
    const records = key.startsWith('e:') ? (this.#crmByAddress.get(key.slice(2)) ?? []) : this.#single(key);
    const present = records.filter((item) => item.record.state === 'present');
    const free = present.filter((item) => this.#linkOf(item.record) === null);
    // Extra records of a contact that is gone: they are nobody's to link, and their opt-outs count all the same. (P5)
    const others = present.filter((item) => this.#linkOf(item.record) !== null);
    const roleOf = (role: Role): RoleView => {
      const own = free.filter((item) => item.record.role === role);
      const severed = own.flatMap((item) => this.#linksOfCrm.get(crmKey(role, item.record.id)) ?? []);
      const gone = records
        .filter((item) => item.record.role === role && this.#isUnidentified(item))
        .map((item) => item.record);
      return {
        link: null,
        record: null,
        candidates: own.map((item) => item.record),
        shadows: [],
        severed,
        elsewhere: others.filter((item) => item.record.role === role).map((item) => item.record),
        gone,
      };
    };
    const members = (key.startsWith('e:') ? records.filter((item) => this.#linkOf(item.record) === null) : records).map(
      memberOf,
    );
    return {
      view: {
        key,
        marketing: null,
        optedOutAt: null,
        leadLists: [],
        roles: { contact: roleOf('contact'), lead: roleOf('lead') },
        conversion: null,
        collisions: [],
        suppressedAddresses: key.startsWith('e:') && this.#suppressed.has(key.slice(2)) ? [key.slice(2)] : [],
      },
      members: inOrder(members),
    };
  }

  #single(key: string): readonly StoredCrm[] {
    const item = this.#crm.get(key.slice(2));
    return item === undefined ? [] : [item];
  }

  #contactPerson(key: string, id: string): LoadedPerson {
    const contact = this.#marketing.get(id) ?? null;
    const links = this.#linksOfMarketing.get(id) ?? [];
    const living = links.filter((link) => LIVING.includes(link.state));
    const linked = living.flatMap((link) => this.#crm.get(crmKey(link.role, link.crmId)) ?? []);
    const addresses = new Set<string>();
    for (const item of [...(contact === null ? [] : [contact]), ...linked])
      if (item.emailKey !== null) addresses.add(item.emailKey);
    const owned = [...addresses].filter((address) => this.#ownerOf(address) === id);
    const ofAddress = owned.flatMap((address) => this.#crmByAddress.get(address) ?? []);
    const around = ofAddress.filter((item) => item.record.state === 'present');
    const gone = ofAddress.filter((item) => this.#isUnidentified(item));
    const free = around.filter((item) => this.#linkOf(item.record) === null);
    // Where the mirror knows two contacts with one address, the records of either are the other's to heed. (4.4)
    const contested =
      contact?.record.state === 'present' && contact.emailKey !== null && !owned.includes(contact.emailKey)
        ? (this.#crmByAddress.get(contact.emailKey) ?? []).filter((item) => item.record.state === 'present')
        : [];
    const elsewhere = [...around.filter((item) => this.#linkOf(item.record) !== null), ...contested].filter(
      (item) => this.#linkOf(item.record)?.marketingId !== id,
    );
    const roleOf = (role: Role): RoleView => {
      const link = living.find((candidate) => candidate.role === role) ?? null;
      return {
        link,
        record: link === null ? null : this.#recordOf(link),
        candidates: free.filter((item) => item.record.role === role).map((item) => item.record),
        shadows: links
          .filter((candidate) => candidate.role === role && candidate.state === 'shadow')
          .map((candidate) => ({ link: candidate, record: this.#recordOf(candidate) })),
        severed: [
          ...links.filter((candidate) => candidate.role === role && candidate.state === 'severed'),
          ...free.filter((item) => item.record.role === role).flatMap((item) => this.#tombstonesOf(item.record, id)),
        ],
        elsewhere: elsewhere.filter((item) => item.record.role === role).map((item) => item.record),
        gone: gone.filter((item) => item.record.role === role).map((item) => item.record),
      };
    };
    const collisions = [...addresses]
      .flatMap((address) => this.#marketingByAddress.get(address) ?? [])
      .filter((item) => item.record.id !== id);
    const own = links
      .filter((link) => link.state !== 'severed')
      .flatMap((link) => this.#crm.get(crmKey(link.role, link.crmId)) ?? []);
    return {
      view: {
        key,
        marketing: contact?.record ?? null,
        optedOutAt: contact?.emailKey == null ? null : (this.#suppressed.get(contact.emailKey) ?? null),
        leadLists: this.#leadLists.get(id) ?? [],
        roles: { contact: roleOf('contact'), lead: roleOf('lead') },
        conversion: this.#conversionOf(living),
        collisions: collisions.map(({ record }) => ({ marketing: record, holders: this.#holdersOf(record.id) })),
        suppressedAddresses: [...addresses].filter(
          (address) => this.#suppressed.has(address) && !this.#marketingByAddress.has(address),
        ),
      },
      members: inOrder([
        ...(contact === null ? [] : [{ system: 'marketing', id, dirty: contact.dirty } as const]),
        ...[...own, ...free, ...gone].map(memberOf),
      ]),
    };
  }

  /** (D8) What the person's converted lead became, where it was loaded. */
  #conversionOf(living: readonly StoredLink[]): PersonView['conversion'] {
    for (const link of living) {
      const became = link.role === 'lead' ? this.#recordOf(link)?.convertedTo : undefined;
      const contact = typeof became === 'string' ? this.#crm.get(crmKey('contact', became)) : undefined;
      if (contact !== undefined) return { record: contact.record, link: this.#linkOf(contact.record) };
    }
    return null;
  }

  /** (C21) The records that a contact is linked to. */
  #holdersOf(marketingId: string): Collision['holders'] {
    return (this.#linksOfMarketing.get(marketingId) ?? [])
      .filter((link) => LIVING.includes(link.state))
      .map((link) => ({ link, record: this.#recordOf(link) }));
  }

  /** (D14) What a free record was to contacts that are gone. */
  #tombstonesOf({ role, id }: CrmRecord, marketingId: string): readonly Link[] {
    return (this.#linksOfCrm.get(crmKey(role, id)) ?? []).filter(
      (link) => link.state === 'severed' && link.marketingId !== marketingId,
    );
  }

  /** (D3) Gone before anybody was linked to it. */
  #isUnidentified({ record }: StoredCrm): boolean {
    return (
      record.state === 'deleted' &&
      record.convertedTo === undefined &&
      (this.#linksOfCrm.get(crmKey(record.role, record.id)) ?? []).length === 0
    );
  }

  #recordOf(link: Link): CrmRecord | null {
    return this.#crm.get(crmKey(link.role, link.crmId))?.record ?? null;
  }
}

function memberOf(item: StoredCrm): Member {
  return { system: 'crm', role: item.record.role, id: item.record.id, dirty: item.dirty };
}

/** Marketing first, then contacts, then leads, each by ascending id; every record once. */
function inOrder(members: readonly Member[]): readonly Member[] {
  const rank = (member: Member): number => (member.system === 'marketing' ? 0 : member.role === 'contact' ? 1 : 2);
  const once = new Map(members.map((member) => [`${rank(member)}:${member.id}`, member]));
  return [...once.values()].sort((a, b) => rank(a) - rank(b) || compareIds(a.id, b.id));
}

function idsOf(seeds: Seeds['crm'], role: Role): readonly string[] {
  return seeds.filter((seed) => seed.role === role).map((seed) => seed.id);
}

function crmKey(role: Role, id: string): string {
  return `${role}:${id}`;
}
