// What people do inside the product, and the truth behind the API. No rate limit and no double opt-in stands in the way here.

import { changeEmail, takeOverSuppression } from './domain/apply-write.ts';
import { createDataField, deleteDataField } from './domain/data-field-writes.ts';
import { readFieldValue } from './domain/field-values.ts';
import { createList, deleteList, updateList } from './domain/list-writes.ts';
import { joinList, leaveList, membersOf, touchForLists } from './domain/memberships.ts';
import { optOut, optOutOfList, suppressAddress, suppressedSince } from './domain/opt-out.ts';
import { deleteContact, emptyBin, undeleteContact } from './domain/recycle-bin.ts';
import { confirm, markSubscribed, resubscribe, setEmailStatus } from './domain/subscription.ts';
import type { InsightCollection, InsightRecord } from './insight/insight-store.ts';
import { type ContactRow, isLive, type LiveRow } from './model/contact-row.ts';
import { type EmailStatus, isOut, OPT_IN_TYPES } from './model/statuses.ts';
import type { DotdigitalAccount, PendingChallenge, SentMail } from './state/account.ts';
import type { DataField, DataFieldType, Visibility } from './state/data-field-registry.ts';
import type { Job, JobKind, JobPlan } from './state/job-board.ts';
import type { ListRow, SegmentRow } from './state/list-registry.ts';
import {
  type ContactEdit,
  type ContactRef,
  type ContactSeed,
  type ListRef,
  viewContact,
  type WorldContact,
} from './world-view.ts';

/** Acts on one account. Unknown contacts, lists and data fields throw an Error that names them. */
export class DotdigitalWorld {
  readonly #account: DotdigitalAccount;

  constructor(account: DotdigitalAccount) {
    this.#account = account;
  }

  /** The clock's reading, in milliseconds since the epoch. */
  get now(): number {
    return this.#account.clock.now();
  }

  /** Contacts outside the recycle bin. */
  get contactCount(): number {
    return this.#settled().contacts.liveCount;
  }

  /** Creates a contact; one in the recycle bin is left there. Returns its id. */
  addContact(seed: ContactSeed): number {
    const account = this.#settled();
    const { contacts } = account;
    const created = seed.created ?? this.now;
    const email = seed.email ?? null;
    if (email !== null && isLive(contacts.byEmail(email))) throw new Error(`'${email}' is a contact already`);
    if (email !== null) account.releaseBinned(email, undefined);
    const row = contacts.create(created);
    row.updated = seed.updated ?? created;
    if (email !== null) contacts.setEmail(row, account.switches.emailCase === 'lower' ? email.toLowerCase() : email);
    if (seed.mobile) contacts.setMobile(row, seed.mobile);
    for (const [name, value] of Object.entries(seed.customIds ?? {})) contacts.setCustomId(row, name, value);
    this.#setFields(row, seed.fields ?? {});
    const optIn = seed.optIn?.toLowerCase();
    row.optInType = OPT_IN_TYPES.find((type) => type.toLowerCase() === optIn) ?? 'Unknown';
    if (seed.smsStatus) row.smsStatus = seed.smsStatus;
    const status = seed.status ?? (email === null ? 'noSubscription' : 'subscribed');
    if (!takeOverSuppression(account, row)) {
      if (status === 'subscribed') markSubscribed(account, row, created);
      else setEmailStatus(account, row, status, row.updated);
    }
    for (const list of seed.lists ?? []) joinList(account, row, this.#list(list), row.updated);
    return row.contactId;
  }

  /** Creates many contacts; returns how many. */
  addContacts(seeds: Iterable<ContactSeed>): number {
    let count = 0;
    for (const seed of seeds) {
      this.addContact(seed);
      count += 1;
    }
    return count;
  }

  /** A contact, also one in the recycle bin; undefined when there is none. */
  contact(ref: ContactRef): WorldContact | undefined {
    const row = this.#find(ref);
    return row && viewContact(this.#account, row);
  }

  /** All contacts in order of id. */
  *contacts(options: { readonly binned?: boolean; readonly after?: number } = {}): Generator<WorldContact> {
    const { contacts } = this.#settled();
    const { rows } = contacts;
    for (let at = contacts.positionAfter(options.after ?? 0); at < rows.length; at += 1) {
      const row = rows[at];
      if (row && (options.binned === true || isLive(row))) yield viewContact(this.#account, row);
    }
  }

  /** Somebody edits a contact; always moves `updated`. */
  editContact(ref: ContactRef, edit: ContactEdit): void {
    const row = this.#live(ref);
    const { contacts } = this.#account;
    if (edit.email !== undefined && edit.email !== row.email) {
      const holder = edit.email === null ? undefined : contacts.byEmail(edit.email);
      if (isLive(holder) && holder !== row) throw new Error(`'${edit.email ?? ''}' is a contact already`);
      if (edit.email !== null) this.#account.releaseBinned(edit.email, row);
      changeEmail(this.#account, row, edit.email, this.now);
    }
    if (edit.mobile !== undefined) contacts.setMobile(row, edit.mobile);
    for (const [name, value] of Object.entries(edit.customIds ?? {})) contacts.setCustomId(row, name, value);
    this.#setFields(row, edit.fields ?? {});
    contacts.touch(row, this.now);
  }

  /** Puts a contact into the recycle bin. */
  deleteContact(ref: ContactRef): void {
    deleteContact(this.#account, this.#live(ref), this.now);
  }

  /** Takes a contact out of the recycle bin. */
  restoreContact(ref: ContactRef): void {
    const row = this.#find(ref);
    if (!row || row.deletedAt === 0) throw new Error(`contact ${ref} is not in the recycle bin`);
    if (row.email !== null && isLive(this.#account.contacts.byEmail(row.email))) {
      throw new Error(`'${row.email}' belongs to another contact now`);
    }
    undeleteContact(this.#account, row, this.now);
  }

  /** Returns how many contacts are gone for good. */
  emptyRecycleBin(): number {
    return emptyBin(this.#settled());
  }

  joinList(ref: ContactRef, list: ListRef): void {
    const row = this.#live(ref);
    if (joinList(this.#account, row, this.#list(list), this.now)) touchForLists(this.#account, row, this.now);
  }

  leaveList(ref: ContactRef, list: ListRef): void {
    const row = this.#live(ref);
    if (leaveList(row, this.#list(list), this.now)) touchForLists(this.#account, row, this.now);
  }

  /** The recipient opts out of one list alone. */
  unsubscribeFromList(ref: ContactRef, list: ListRef): void {
    const target = this.#list(list);
    if (!optOutOfList(this.#account, this.#live(ref), target, this.now)) {
      throw new Error(`contact ${ref} is not on the list '${target.name}'`);
    }
  }

  /** The recipient follows the unsubscribe link. */
  unsubscribe(ref: ContactRef): void {
    this.optOut(ref, 'unsubscribed');
  }

  /** The recipient marks a mail as spam. */
  complain(ref: ContactRef): void {
    this.optOut(ref, 'ispComplained');
  }

  /** Mail to the contact comes back. */
  bounce(ref: ContactRef, kind: 'hard' | 'soft' = 'hard'): void {
    this.optOut(ref, kind === 'hard' ? 'hardBounced' : 'softBounced');
  }

  /** Somebody suppresses the contact inside the product. */
  suppress(ref: ContactRef): void {
    this.optOut(ref, 'suppressed');
  }

  /** The contact leaves all mailing with any of the statuses for that; a complaint or the like stays what it was. */
  optOut(ref: ContactRef, status: EmailStatus): void {
    optOut(this.#account, this.#live(ref), status, this.now);
  }

  /** The recipient signs up again in a form: subscribed at once, old lists do not come back. */
  resubscribe(ref: ContactRef): void {
    const row = this.#live(ref);
    if (isOut(row.emailStatus)) resubscribe(this.#account, row, this.now);
  }

  /** The recipient clicks in a confirmation mail; throws when none is open. */
  confirm(ref: ContactRef): void {
    if (!confirm(this.#account, this.#live(ref), this.now)) throw new Error(`contact ${ref} has nothing to confirm`);
  }

  /** Suppresses an address, contact or not. */
  suppressAddress(email: string, status: EmailStatus = 'unsubscribed'): void {
    const row = this.#find(email);
    if (isLive(row)) this.optOut(email, status);
    else suppressAddress(this.#account, email, status, this.now);
  }

  /** Puts an address on the vendor's global suppression list. */
  suppressGlobally(email: string): void {
    const account = this.#settled();
    account.blocklists.global.add(email.toLowerCase());
    const row = account.contacts.byEmail(email);
    if (isLive(row)) setEmailStatus(account, row, 'sharedsuppression', this.now);
  }

  /** Suppresses a domain and every contact in it. */
  suppressDomain(domain: string): void {
    const account = this.#settled();
    const wanted = domain.toLowerCase();
    account.blocklists.suppressedDomains.add(wanted);
    for (const row of account.contacts.rows) {
      if (isLive(row) && row.email?.toLowerCase().endsWith(`@${wanted}`)) {
        setEmailStatus(account, row, 'domainSuppressed', this.now);
      }
    }
  }

  /** A domain without a mail server: its addresses cannot become contacts. */
  breakDomain(domain: string): void {
    this.#account.blocklists.invalidDomains.add(domain.toLowerCase());
  }

  createList(name: string, visibility: Visibility = 'Private'): number {
    return createList(this.#settled(), { name, visibility }).id;
  }

  renameList(list: ListRef, name: string): void {
    updateList(this.#account, this.#list(list), { name });
  }

  deleteList(list: ListRef): void {
    deleteList(this.#account, this.#list(list), this.now);
  }

  lists(): readonly { readonly id: number; readonly name: string; readonly visibility: Visibility }[] {
    return this.#settled()
      .lists.all()
      .map(({ id, name, visibility }) => ({ id, name, visibility }));
  }

  /** Ids of the contacts on a list, those suppressed on it included. */
  members(list: ListRef): readonly number[] {
    return membersOf(this.#settled(), this.#list(list)).map((row) => row.contactId);
  }

  createSegment(name: string, contactIds: Iterable<number>): SegmentRow {
    return this.#account.lists.createSegment(name, contactIds);
  }

  createDataField(name: string, type: DataFieldType, visibility: Visibility = 'Private'): void {
    createDataField(this.#settled(), { name, type, visibility, ...(type === 'Numeric' && { defaultValue: 0 }) });
  }

  deleteDataField(name: string): void {
    deleteDataField(this.#settled(), name);
  }

  dataFields(): readonly DataField[] {
    return this.#account.fields.all();
  }

  /** Something in the account uses a data field, which keeps it from being deleted; an empty array lets go of it. */
  useDataField(name: string, dependencies: readonly string[]): void {
    if (dependencies.length === 0) this.#account.fieldDependencies.delete(name.toUpperCase());
    else this.#account.fieldDependencies.set(name.toUpperCase(), dependencies);
  }

  createCustomIdentifier(name: string): void {
    this.#account.customIdentifiers.add(name);
  }

  createPreference(id: number, publicName: string, privateName: string = publicName): void {
    this.#account.preferences.set(id, { id, publicName, privateName });
  }

  /** Mails the product would have sent, in order. */
  mails(): readonly SentMail[] {
    return this.#settled().mails;
  }

  /** Resubscriptions nobody confirmed yet. */
  pendingChallenges(): readonly PendingChallenge[] {
    return [...this.#settled().challenges.values()];
  }

  /** Every suppressed address, the first to leave in front. */
  suppressions(): readonly { readonly email: string; readonly status: EmailStatus; readonly dateRemoved: number }[] {
    return suppressedSince(this.#settled(), 0, () => true).map(({ row, address, dateRemoved }) => ({
      email: row ? (row.email ?? '') : address.email,
      status: row ? row.emailStatus : address.status,
      dateRemoved,
    }));
  }

  jobs(): readonly Job[] {
    return this.#settled().jobs.all();
  }

  /** Lays down how the next job of a kind goes. */
  planJob(kind: JobKind, plan: JobPlan): void {
    this.#account.jobs.plan(kind, plan);
  }

  /** No job to come goes otherwise than usual. */
  forgetPlans(): void {
    this.#account.jobs.forgetPlans();
  }

  /** Lets a waiting job finish now, with another plan when one is given. */
  finishJob(id: string, plan?: JobPlan): void {
    const account = this.#settled();
    const job = account.jobs.all().find((candidate) => candidate.id === id);
    if (!job) throw new Error(`there is no job ${id}`);
    if (job.result !== undefined) throw new Error(`job ${id} is done`);
    if (plan) job.plan = { ...job.plan, ...plan };
    job.dueAt = this.now;
    job.pollsLeft = 0;
    account.settle();
  }

  collections(): readonly InsightCollection[] {
    return this.#settled().insight.all();
  }

  /** Records of a collection; empty when there is no such collection. */
  records(collection: string): readonly InsightRecord[] {
    return [...(this.#settled().insight.get(collection)?.records.values() ?? [])];
  }

  #settled(): DotdigitalAccount {
    this.#account.settle();
    return this.#account;
  }

  #find(ref: ContactRef): ContactRow | undefined {
    const { contacts } = this.#settled();
    return typeof ref === 'number' ? contacts.byId(ref) : contacts.byEmail(ref);
  }

  #live(ref: ContactRef): LiveRow {
    const row = this.#find(ref);
    if (!isLive(row)) throw new Error(`there is no contact ${ref}`);
    return row;
  }

  #list(ref: ListRef): ListRow {
    const { lists } = this.#account;
    const list = typeof ref === 'number' ? lists.get(ref) : lists.named(ref);
    if (!list) throw new Error(`there is no list ${ref}`);
    return list;
  }

  #setFields(row: ContactRow, fields: Readonly<Record<string, string | number | boolean | null>>): void {
    for (const [name, sent] of Object.entries(fields)) {
      const field = this.#account.fields.find(name);
      if (!field) throw new Error(`there is no data field ${name}`);
      const { value, problem } = readFieldValue(field, sent, this.#account.switches);
      if (problem !== undefined) throw new Error(`'${String(sent)}' does not fit the data field ${name} (${problem})`);
      row.dataFields[field.storageKey] = value;
    }
  }
}
