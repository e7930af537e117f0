// Sees both accounts from behind their APIs and writes down every change with who made it: people, or somebody through the API.
// Knows nothing of Lockstep.
import type { DotdigitalSandbox } from '../../sandbox/dotdigital/create-dotdigital-sandbox.ts';
import type { SellSandbox } from '../../sandbox/zendesk-sell/create-sell-sandbox.ts';
import { type CustomValues, customKey } from '../../sandbox/zendesk-sell/records.ts';

export type Side = 'sell' | 'dotdigital';
export type Kind = 'contact' | 'lead';
/** `schema` = a field came or went, and with it everybody's value. */
export type Cause = 'people' | 'program' | 'schema';

/** A record as it is: field → comparable value. */
export interface Seen {
  /** `sell contact 12`, `sell lead 3`, `dotdigital contact 30000001`. */
  readonly key: string;
  readonly side: Side;
  readonly kind: Kind;
  readonly id: string;
  readonly email: string | null;
  readonly fields: { readonly [name: string]: unknown };
  readonly tags: readonly string[];
  /** Of a Dotdigital contact. */
  readonly channel: string | null;
  /** Lists of a Dotdigital contact by id: a list that is called otherwise is the same list. */
  readonly lists: readonly string[];
  /** Out of sight of whoever comes through the API. */
  readonly hidden: boolean;
}

export interface Change {
  /** Milliseconds since the epoch, the true time. */
  readonly at: number;
  readonly key: string;
  /** `created`, `deleted`, or what of it changed: a field, `email`, `tags`, `channel`, `lists`. */
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly cause: Cause;
  /** The record after the change; before it where it is gone. */
  readonly record: Seen;
}

export class Witness {
  readonly changes: Change[] = [];
  readonly #sell: SellSandbox;
  readonly #dotdigital: DotdigitalSandbox;
  readonly #now: () => number;
  #seen: ReadonlyMap<string, Seen> = new Map();

  constructor(sell: SellSandbox, dotdigital: DotdigitalSandbox, now: () => number) {
    this.#sell = sell;
    this.#dotdigital = dotdigital;
    this.#now = now;
  }

  /** Everything that is there now. */
  get records(): ReadonlyMap<string, Seen> {
    return this.#seen;
  }

  /** Writes down what changed since the last look. @returns it */
  look(cause: Cause): readonly Change[] {
    const now = new Map<string, Seen>();
    for (const record of [...sellRecords(this.#sell), ...contactsOf(this.#dotdigital)]) now.set(record.key, record);
    const found: Change[] = [];
    const note = (record: Seen, what: string, before: unknown, after: unknown): void => {
      found.push({ at: this.#now(), key: record.key, what, before, after, cause, record });
    };
    for (const [key, record] of now) {
      const before = this.#seen.get(key);
      if (before === undefined) {
        note(record, 'created', null, null);
        continue;
      }
      if (before.email !== record.email) note(record, 'email', before.email, record.email);
      if (before.channel !== record.channel) note(record, 'channel', before.channel, record.channel);
      if (!same(before.tags, record.tags)) note(record, 'tags', before.tags, record.tags);
      if (!same(before.lists, record.lists)) note(record, 'lists', before.lists, record.lists);
      for (const name of new Set([...Object.keys(before.fields), ...Object.keys(record.fields)]))
        if (!same(before.fields[name], record.fields[name]))
          note(record, name, before.fields[name] ?? null, record.fields[name] ?? null);
    }
    for (const [key, record] of this.#seen) if (!now.has(key)) note(record, 'deleted', null, null);
    this.#seen = now;
    this.changes.push(...found);
    return found;
  }
}

function same(a: unknown, b: unknown): boolean {
  return (a ?? null) === (b ?? null) || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

function* sellRecords({ world }: SellSandbox): Generator<Seen> {
  const { state } = world;
  const names = (kind: Kind, custom: CustomValues): { readonly [name: string]: unknown } => {
    const found: { [name: string]: unknown } = {};
    for (const field of state.customFields.list(kind)) {
      const stored = custom[customKey(field.id)];
      if (stored === undefined) continue;
      const choice = (id: number): string => field.choices.find((one) => one.id === id)?.name ?? '?';
      found[`custom_fields.${field.name}`] = Array.isArray(stored)
        ? stored.map(choice)
        : field.type === 'list'
          ? choice(stored as number)
          : stored;
    }
    return found;
  };
  const address = (of: object): { readonly [name: string]: unknown } =>
    Object.fromEntries(Object.entries(of).map(([part, value]) => [`address.${part}`, value]));
  for (const one of state.contacts.values()) {
    if (one.is_organization) continue;
    yield {
      key: `sell contact ${String(one.id)}`,
      side: 'sell',
      kind: 'contact',
      id: String(one.id),
      email: one.email,
      fields: {
        first_name: one.first_name,
        last_name: one.last_name,
        customer_status: one.customer_status,
        prospect_status: one.prospect_status,
        phone: one.phone,
        ...address(one.address),
        ...names('contact', one.custom),
      },
      tags: one.tags,
      channel: null,
      lists: [],
      hidden: state.visibility.isHidden('contact', one.id, 0),
    };
  }
  for (const one of state.leads.values()) {
    if (one.converted) continue;
    yield {
      key: `sell lead ${String(one.id)}`,
      side: 'sell',
      kind: 'lead',
      id: String(one.id),
      email: one.email,
      fields: {
        first_name: one.first_name,
        last_name: one.last_name,
        organization_name: one.organization_name,
        status: state.leadStatuses.get(one.status_id)?.name ?? null,
        phone: one.phone,
        ...address(one.address),
        ...names('lead', one.custom),
      },
      tags: one.tags,
      channel: null,
      lists: [],
      hidden: state.visibility.isHidden('lead', one.id, 0),
    };
  }
}

function* contactsOf({ world }: DotdigitalSandbox): Generator<Seen> {
  for (const one of world.contacts())
    yield {
      key: `dotdigital contact ${String(one.contactId)}`,
      side: 'dotdigital',
      kind: 'contact',
      id: String(one.contactId),
      email: one.email,
      fields: one.fields,
      tags: [],
      channel: one.emailStatus,
      lists: one.lists.map(({ id }) => String(id)).sort(),
      hidden: false,
    };
}
