// The custom fields an administrator has defined, and which of them a record has.
// Never sees a record's values.

import type { Choice, CustomFieldRecord, CustomFieldResource, CustomFieldType } from './records.ts';

/** A custom field as a person defines it. */
export interface CustomFieldDraft {
  readonly resource: CustomFieldResource;
  readonly name: string;
  readonly type: CustomFieldType;
  readonly choices?: readonly string[] | undefined;
  /** Contact fields only: shown on persons. Default true. */
  readonly forContact?: boolean | undefined;
  /** Contact fields only: shown on organisations. Default true. */
  readonly forCompany?: boolean | undefined;
  /** Default: true for the types that can be filtered by. */
  readonly filterable?: boolean | undefined;
}

/** Types the Filterable flag can be set on. */
const FILTERABLE_TYPES: readonly CustomFieldType[] = ['string', 'number', 'list', 'multi_select_list'];

/** The set of fields one kind of record has, by name. */
export type FieldSet = ReadonlyMap<string, CustomFieldRecord>;

/** All definitions of an account. */
export class CustomFieldCatalog {
  readonly #fields = new Map<number, CustomFieldRecord>();
  readonly #nextId: () => number;
  readonly #now: () => number;
  #sets = new Map<string, FieldSet>();
  #nextChoice = 1;

  constructor(nextId: () => number, now: () => number) {
    this.#nextId = nextId;
    this.#now = now;
  }

  /**
   * Defines a field.
   * @throws RangeError when the resource has one of that name already.
   */
  add(draft: CustomFieldDraft): CustomFieldRecord {
    if (this.list(draft.resource).some((field) => field.name === draft.name)) {
      throw new RangeError(`a custom field '${draft.name}' exists on ${draft.resource} already`);
    }
    const now = this.#now();
    const field: CustomFieldRecord = {
      id: this.#nextId(),
      resource: draft.resource,
      name: draft.name,
      type: draft.type,
      choices: (draft.choices ?? []).map((name) => this.#choice(name)),
      for_contact: draft.forContact ?? true,
      for_company: draft.forCompany ?? true,
      filterable: FILTERABLE_TYPES.includes(draft.type) && (draft.filterable ?? true),
      created_at: now,
      updated_at: now,
    };
    this.#put(field);
    return field;
  }

  get(id: number): CustomFieldRecord | undefined {
    return this.#fields.get(id);
  }

  /** The definitions of one resource, oldest first. */
  list(resource: CustomFieldResource): CustomFieldRecord[] {
    return [...this.#fields.values()].filter((field) => field.resource === resource);
  }

  /** Gives a field another name; stored values follow it. Undefined when there is none of that id. */
  rename(id: number, name: string): CustomFieldRecord | undefined {
    return this.#change(id, { name });
  }

  /** Sets or clears the Filterable flag, where the type allows it. */
  setFilterable(id: number, filterable: boolean): CustomFieldRecord | undefined {
    const field = this.#fields.get(id);
    return field && this.#change(id, { filterable: filterable && FILTERABLE_TYPES.includes(field.type) });
  }

  /** Replaces the choices; a choice whose name stays keeps its id. */
  setChoices(id: number, names: readonly string[]): CustomFieldRecord | undefined {
    const field = this.#fields.get(id);
    if (!field) return undefined;
    const choices = names.map((name) => field.choices.find((choice) => choice.name === name) ?? this.#choice(name));
    return this.#change(id, { choices });
  }

  /** Deletes a definition; its values are no longer shown anywhere. */
  remove(id: number): boolean {
    this.#sets = new Map();
    return this.#fields.delete(id);
  }

  /** The fields of a lead. */
  forLead(): FieldSet {
    return this.#set('lead', (field) => field.resource === 'lead');
  }

  /** The fields of a contact; those for prospects and customers only when it is one. */
  forContact(isOrganization: boolean, isProspectOrCustomer: boolean): FieldSet {
    return this.#set(`contact/${isOrganization}/${isProspectOrCustomer}`, (field) => {
      if (field.resource === 'prospect_and_customer') return isProspectOrCustomer;
      return field.resource === 'contact' && (isOrganization ? field.for_company : field.for_contact);
    });
  }

  /** Every field a contact of any kind can have: what a list may be filtered and sorted by. */
  forAnyContact(): FieldSet {
    return this.#set(
      'contact/any',
      (field) => field.resource === 'contact' || field.resource === 'prospect_and_customer',
    );
  }

  #choice(name: string): Choice {
    const id = this.#nextChoice;
    this.#nextChoice += 1;
    return { id, name };
  }

  #set(key: string, belongs: (field: CustomFieldRecord) => boolean): FieldSet {
    const known = this.#sets.get(key);
    if (known) return known;
    const set = new Map<string, CustomFieldRecord>();
    for (const field of this.#fields.values()) {
      // Names may repeat across resources; the contact's own field is the one a record shows.
      if (belongs(field) && (!set.has(field.name) || field.resource === 'contact')) set.set(field.name, field);
    }
    this.#sets.set(key, set);
    return set;
  }

  #put(field: CustomFieldRecord): void {
    this.#fields.set(field.id, field);
    this.#sets = new Map();
  }

  #change(id: number, change: Partial<CustomFieldRecord>): CustomFieldRecord | undefined {
    const field = this.#fields.get(id);
    if (!field) return undefined;
    const changed = { ...field, ...change, updated_at: this.#now() };
    this.#put(changed);
    return changed;
  }
}
