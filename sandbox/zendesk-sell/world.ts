// What people do inside the product, at the screen: the other cause of change besides the API.
// Never goes through the API's rules where the product itself has none; all of it reaches the sync queue.

import type { Author } from './author.ts';
import { type ContactAttributes, deleteContact, renderContact, writeContact } from './contacts.ts';
import { convertLead } from './conversions.ts';
import type { CustomFieldDraft } from './custom-field-catalog.ts';
import { closeDeal, createDeal } from './deals.ts';
import { notFound } from './errors.ts';
import { addLeadStatus, deleteLead, type LeadAttributes, renderLead, writeLead } from './leads.ts';
import { mergeContacts, mergeLeads } from './merges.ts';
import { addNamed, addUser, type UserDraft } from './options.ts';
import { deleteProduct, writeProduct } from './products.ts';
import type {
  ContactRecord,
  CustomFieldRecord,
  DealRecord,
  LeadConversionRecord,
  LeadRecord,
  NamedRecord,
  NoteRecord,
  ProductRecord,
  TagRecord,
  TaskRecord,
  UserRecord,
} from './records.ts';
import { deleteTag, ensureTag, renameTag } from './tags.ts';
import type { WorldState } from './world-state.ts';

/** Acts as the people of the account do. Attributes are given under their wire names. */
export class SellWorld {
  readonly #state: () => WorldState;
  readonly #revokeUser: (userId: number) => void;

  constructor(state: () => WorldState, revokeUser: (userId: number) => void) {
    this.#state = state;
    this.#revokeUser = revokeUser;
  }

  /** The records themselves; another object after a reset. */
  get state(): WorldState {
    return this.#state();
  }

  get #author(): Author {
    const [first] = this.state.users.values();
    return { userId: first?.id ?? 0, person: true };
  }

  // Contacts

  /**
   * Creates a contact. `id`, `created_at` and `updated_at` may be given.
   * @throws SellRefusal 422 when the product itself would not take it (no name, unknown choice)
   */
  createContact(attributes: ContactAttributes): ContactRecord {
    return writeContact(this.state, undefined, attributes, this.#author);
  }

  /** Creates many contacts; returns their ids. Lists are sorted anew once afterwards, not per contact. */
  createContacts(drafts: Iterable<ContactAttributes>): number[] {
    const { state } = this;
    const author = this.#author;
    state.contacts.forgetDerived();
    const ids: number[] = [];
    for (const draft of drafts) ids.push(writeContact(state, undefined, draft, author).id);
    return ids;
  }

  /** @throws SellRefusal 404, 422 */
  updateContact(id: number, attributes: ContactAttributes): ContactRecord {
    const before = this.state.contacts.get(id);
    if (!before) throw notFound('contact', id);
    return writeContact(this.state, before, attributes, this.#author);
  }

  /** @throws SellRefusal 404 */
  deleteContact(id: number): void {
    if (!deleteContact(this.state, id)) throw notFound('contact', id);
  }

  /** The first survives, the second is merged into it and deleted. */
  mergeContacts(survivorId: number, loserId: number): ContactRecord {
    return mergeContacts(this.state, survivorId, loserId, this.#author.userId);
  }

  /** A contact in wire form; undefined when there is none. */
  readContact(id: number): Record<string, unknown> | undefined {
    const contact = this.state.contacts.get(id);
    return contact && renderContact(this.state, contact);
  }

  // Leads

  /** As {@link createContact}. */
  createLead(attributes: LeadAttributes): LeadRecord {
    return writeLead(this.state, undefined, attributes, this.#author);
  }

  /** As {@link createContacts}. */
  createLeads(drafts: Iterable<LeadAttributes>): number[] {
    const { state } = this;
    const author = this.#author;
    state.leads.forgetDerived();
    const ids: number[] = [];
    for (const draft of drafts) ids.push(writeLead(state, undefined, draft, author).id);
    return ids;
  }

  /** @throws SellRefusal 404, 422 */
  updateLead(id: number, attributes: LeadAttributes): LeadRecord {
    const before = this.state.leads.get(id);
    if (!before) throw notFound('lead', id);
    return writeLead(this.state, before, attributes, this.#author);
  }

  /** @throws SellRefusal 404 */
  deleteLead(id: number): void {
    if (!deleteLead(this.state, id)) throw notFound('lead', id);
  }

  /** The first survives, the second is merged into it and deleted. */
  mergeLeads(survivorId: number, loserId: number): LeadRecord {
    return mergeLeads(this.state, survivorId, loserId, this.#author.userId);
  }

  /** Converts a lead; without a deal unless asked for. */
  convertLead(
    id: number,
    options: { readonly createDeal?: boolean; readonly ownerId?: number; readonly into?: number } = {},
  ): LeadConversionRecord {
    const lead = this.state.leads.get(id);
    if (!lead || lead.converted) throw notFound('lead', id);
    const into = options.into === undefined ? undefined : this.state.contacts.get(options.into);
    const order = {
      ownerId: options.ownerId ?? lead.owner_id,
      createDeal: options.createDeal ?? false,
      ...(into === undefined ? {} : { into }),
    };
    return convertLead(this.state, lead, order, this.#author);
  }

  /** A lead in wire form; undefined when there is none. */
  readLead(id: number): Record<string, unknown> | undefined {
    const lead = this.state.leads.get(id);
    return lead && renderLead(this.state, lead);
  }

  addLeadStatus(name: string): NamedRecord {
    return addLeadStatus(this.state, name, this.#author.userId);
  }

  /** Renames a status; its leads read the new name from now on. */
  renameLeadStatus(id: number, name: string): NamedRecord {
    const { state } = this;
    const status = state.leadStatuses.get(id);
    if (!status) throw notFound('lead_status', id);
    const renamed = { ...status, name, updated_at: state.nextUpdate(status.updated_at) };
    state.leadStatuses.put(renamed);
    state.leads.forgetDerived();
    if (state.switches.leadStatusRename === 'touches-leads') this.#moveLeads(id, id);
    return renamed;
  }

  /** Removes a status after moving its leads to another one. */
  removeLeadStatus(id: number, moveToId: number): void {
    const { state } = this;
    if (!state.leadStatuses.has(id)) throw notFound('lead_status', id);
    if (!state.leadStatuses.has(moveToId)) throw notFound('lead_status', moveToId);
    this.#moveLeads(id, moveToId);
    state.leadStatuses.remove(id);
  }

  #moveLeads(fromId: number, toId: number): void {
    const { state } = this;
    for (const lead of [...state.leads.values()].filter((candidate) => candidate.status_id === fromId)) {
      state.leads.put({ ...lead, status_id: toId, updated_at: state.nextUpdate(lead.updated_at) });
      state.touched('lead', lead.id);
    }
  }

  // Settings

  addCustomField(draft: CustomFieldDraft): CustomFieldRecord {
    return this.state.customFields.add(draft);
  }

  /** Changes what is given: name, choices, filterable. */
  changeCustomField(
    id: number,
    change: { readonly name?: string; readonly choices?: readonly string[]; readonly filterable?: boolean },
  ): CustomFieldRecord {
    const catalog = this.state.customFields;
    if (change.name !== undefined) catalog.rename(id, change.name);
    if (change.choices !== undefined) catalog.setChoices(id, change.choices);
    if (change.filterable !== undefined) catalog.setFilterable(id, change.filterable);
    const field = catalog.get(id);
    if (!field) throw notFound('custom_field', id);
    return field;
  }

  removeCustomField(id: number): void {
    if (!this.state.customFields.remove(id)) throw notFound('custom_field', id);
  }

  addLeadSource(name: string): NamedRecord {
    const source = addNamed(this.state, this.state.leadSources, 'source', name, this.#author);
    this.state.touched('source', source.id);
    return source;
  }

  addTag(resource: 'lead' | 'contact' | 'deal', name: string): TagRecord {
    return ensureTag(this.state, resource, name, this.#author.userId);
  }

  renameTag(id: number, name: string): TagRecord {
    return renameTag(this.state, id, name);
  }

  deleteTag(id: number): void {
    deleteTag(this.state, id);
  }

  addUser(draft: UserDraft): UserRecord {
    return addUser(this.state, draft);
  }

  /** Deactivates a user; every token of theirs stops working. */
  deactivateUser(id: number): void {
    const user = this.state.users.get(id);
    if (!user) throw notFound('user', id);
    this.state.users.put({ ...user, status: 'inactive', updated_at: this.state.nextUpdate(user.updated_at) });
    this.state.touched('user', id);
    this.#revokeUser(id);
  }

  // Permissions

  /** Takes a record out of sight of one user, or of everyone who comes through the API. */
  hide(type: 'contact' | 'lead', id: number, userId: number | 'everyone' = 'everyone'): void {
    this.state.visibility.hide(type, id, userId);
    this.state.touched(type, id);
  }

  /** Makes a hidden record visible again. */
  show(type: 'contact' | 'lead', id: number): void {
    this.state.visibility.show(type, id);
    this.state.touched(type, id);
  }

  // Products, deals, notes, tasks

  createProduct(attributes: Readonly<Record<string, unknown>>): ProductRecord {
    return writeProduct(this.state, undefined, attributes);
  }

  updateProduct(id: number, attributes: Readonly<Record<string, unknown>>): ProductRecord {
    const before = this.state.products.get(id);
    if (!before) throw notFound('product', id);
    return writeProduct(this.state, before, attributes);
  }

  deleteProduct(id: number): void {
    if (!deleteProduct(this.state, id)) throw notFound('product', id);
  }

  /** Opens a deal; its contact becomes a current prospect. */
  createDeal(deal: { readonly name: string; readonly contactId: number; readonly value?: string }): DealRecord {
    return createDeal(this.state, { ...deal, ownerId: this.#author.userId }, this.#author);
  }

  /** Wins or loses a deal; its contact becomes a customer, or a lost prospect. */
  closeDeal(id: number, outcome: 'won' | 'lost'): DealRecord {
    return closeDeal(this.state, id, outcome);
  }

  addNote(resource: 'lead' | 'contact' | 'deal', resourceId: number, content: string): NoteRecord {
    const { state } = this;
    const about = { resource_type: resource, resource_id: resourceId, content };
    const note: NoteRecord = {
      id: state.nextId('note'),
      ...about,
      creator_id: this.#author.userId,
      ...state.newStamps(),
    };
    state.notes.put(note);
    state.touched('note', note.id);
    return note;
  }

  addTask(resource: 'lead' | 'contact' | 'deal', resourceId: number, content: string): TaskRecord {
    const { state } = this;
    const { userId } = this.#author;
    const about = { resource_type: resource, resource_id: resourceId, content };
    const task: TaskRecord = {
      id: state.nextId('task'),
      ...about,
      owner_id: userId,
      creator_id: userId,
      completed: false,
      ...state.newStamps(),
    };
    state.tasks.put(task);
    state.touched('task', task.id);
    return task;
  }
}
