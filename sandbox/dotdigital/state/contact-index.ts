// All contacts of the account: rows by id, unique indexes over the identifiers, and the recycle bin in order of deletion.
// Never decides whether something may happen; two live rows with one identifier are a programming error and throw.

import { type ContactRow, createContactRow, isLive } from '../model/contact-row.ts';

/** The contacts of an account. Ids are given out one after the other, so rows lie densely in an array. */
export class ContactIndex {
  readonly #firstId: number;
  readonly #rows: (ContactRow | undefined)[] = [];
  readonly #byEmail = new Map<string, ContactRow>();
  readonly #byMobile = new Map<string, ContactRow>();
  readonly #byCustomId = new Map<string, Map<string, ContactRow>>();
  #bin: ContactRow[] = [];
  #liveCount = 0;
  /** Grows whenever a row appears, vanishes or changes its `updated`. */
  orderVersion = 0;
  /** Grows whenever a number of subscribed contacts may have changed. */
  statusVersion = 0;

  constructor(firstId: number) {
    this.#firstId = firstId;
  }

  /** Contacts that are not in the recycle bin. */
  get liveCount(): number {
    return this.#liveCount;
  }

  /** Rows by position, ascending by id; undefined where a contact is gone for good. */
  get rows(): readonly (ContactRow | undefined)[] {
    return this.#rows;
  }

  /** Contacts in the recycle bin, the one deleted first in front. */
  get bin(): readonly ContactRow[] {
    return this.#bin;
  }

  /** Position of the first row whose id is greater than `contactId`. */
  positionAfter(contactId: number): number {
    return Math.min(Math.max(contactId - this.#firstId + 1, 0), this.#rows.length);
  }

  /** The row of an id, binned ones included. */
  byId(contactId: number): ContactRow | undefined {
    return this.#rows[contactId - this.#firstId];
  }

  /** The row of an address in any case; a live one before one in the bin. */
  byEmail(email: string): ContactRow | undefined {
    return this.#byEmail.get(email.toLowerCase());
  }

  byMobile(mobile: string): ContactRow | undefined {
    return this.#byMobile.get(mobile);
  }

  byCustomId(name: string, value: string): ContactRow | undefined {
    return this.#byCustomId.get(name)?.get(value);
  }

  /** A new, still empty contact. */
  create(now: number): ContactRow {
    const row = createContactRow(this.#firstId + this.#rows.length, now);
    this.#rows.push(row);
    this.#liveCount += 1;
    this.orderVersion += 1;
    this.statusVersion += 1;
    return row;
  }

  /** Moves `updated`. */
  touch(row: ContactRow, now: number): void {
    row.updated = now;
    this.orderVersion += 1;
  }

  setEmail(row: ContactRow, email: string | null): void {
    if (row.email !== null) unindex(this.#byEmail, row.email.toLowerCase(), row);
    row.email = email;
    if (email !== null) index(this.#byEmail, email.toLowerCase(), row);
  }

  setMobile(row: ContactRow, mobile: string | null): void {
    if (row.mobile !== null) unindex(this.#byMobile, row.mobile, row);
    row.mobile = mobile;
    if (mobile !== null) index(this.#byMobile, mobile, row);
  }

  setCustomId(row: ContactRow, name: string, value: string | null): void {
    const ids = { ...row.customIds };
    const known = this.#customIds(name);
    const before = ids[name];
    if (before !== undefined) unindex(known, before, row);
    if (value === null) delete ids[name];
    else {
      ids[name] = value;
      index(known, value, row);
    }
    row.customIds = Object.keys(ids).length === 0 ? null : ids;
  }

  /** Puts a live row into the recycle bin; it keeps its identifiers there. */
  moveToBin(row: ContactRow, now: number): void {
    row.deletedAt = now;
    this.#bin.push(row);
    this.#liveCount -= 1;
    this.orderVersion += 1;
    this.statusVersion += 1;
  }

  /** Takes a row out of the bin. */
  restore(row: ContactRow): void {
    this.#bin = this.#bin.filter((other) => other !== row);
    row.deletedAt = 0;
    if (row.email !== null) index(this.#byEmail, row.email.toLowerCase(), row);
    if (row.mobile !== null) index(this.#byMobile, row.mobile, row);
    for (const [name, value] of Object.entries(row.customIds ?? {})) index(this.#customIds(name), value, row);
    this.#liveCount += 1;
    this.orderVersion += 1;
    this.statusVersion += 1;
  }

  /** Removes binned rows deleted at or before `until` for good and returns them. */
  purge(until: number): readonly ContactRow[] {
    let count = 0;
    while (count < this.#bin.length && (this.#bin[count] as ContactRow).deletedAt <= until) count += 1;
    if (count === 0) return [];
    const gone = this.#bin.slice(0, count);
    this.#bin = this.#bin.slice(count);
    for (const row of gone) {
      if (row.email !== null) unindex(this.#byEmail, row.email.toLowerCase(), row);
      if (row.mobile !== null) unindex(this.#byMobile, row.mobile, row);
      for (const [name, value] of Object.entries(row.customIds ?? {})) unindex(this.#customIds(name), value, row);
      this.#rows[row.contactId - this.#firstId] = undefined;
    }
    this.orderVersion += 1;
    return gone;
  }

  #customIds(name: string): Map<string, ContactRow> {
    let known = this.#byCustomId.get(name);
    if (!known) {
      known = new Map();
      this.#byCustomId.set(name, known);
    }
    return known;
  }
}

function index(map: Map<string, ContactRow>, key: string, row: ContactRow): void {
  const holder = map.get(key);
  if (holder !== undefined && holder !== row && isLive(holder)) {
    throw new Error(`the identifier '${key}' already belongs to contact ${holder.contactId}`);
  }
  map.set(key, row);
}

function unindex(map: Map<string, ContactRow>, key: string, row: ContactRow): void {
  // A binned row may have lost its identifier to a live one meanwhile.
  if (map.get(key) === row) map.delete(key);
}
