// The order in which the v3 contact list walks through the account, and the markers that lead from page to page.
// Never filters anything out by itself; it keeps no snapshot, so rows that move while somebody pages may be missed or come twice.

import type { ContactRow } from '../model/contact-row.ts';
import type { ContactIndex } from './contact-index.ts';

/** Orders of the contact list (switch `pageOrder`). */
export type PageOrder = 'contactId' | 'updated' | 'shuffled';

/** A stretch of the list. */
export interface Stretch {
  readonly rows: readonly ContactRow[];
  /** Marker of the page that follows; undefined when this was the last. */
  readonly next: string | undefined;
}

interface Position {
  readonly key: number;
  readonly contactId: number;
}

interface Sorted {
  readonly version: number;
  readonly rows: readonly ContactRow[];
}

/** Reads stretches of the contact list in any of the orders. */
export class ContactOrder {
  readonly #contacts: ContactIndex;
  readonly #salt: number;
  readonly #sorted = new Map<PageOrder, Sorted>();

  constructor(contacts: ContactIndex, salt: number) {
    this.#contacts = contacts;
    this.#salt = salt;
  }

  /**
   * Up to `limit` rows that pass `keep`, after the row `marker` names.
   * @returns undefined when the marker is none of ours
   */
  read(
    order: PageOrder,
    marker: string | undefined,
    limit: number,
    keep: (row: ContactRow) => boolean,
  ): Stretch | undefined {
    const after = marker === undefined ? undefined : decodeMarker(marker, order);
    if (marker !== undefined && after === undefined) return undefined;
    const rows = order === 'contactId' ? this.#contacts.rows : this.#inOrder(order);
    let position = 0;
    if (after) {
      position = order === 'contactId' ? this.#contacts.positionAfter(after.contactId) : this.#find(rows, order, after);
    }
    const found: ContactRow[] = [];
    for (; position < rows.length; position += 1) {
      const row = rows[position];
      if (row === undefined || !keep(row)) continue;
      if (found.length === limit) return { rows: found, next: this.#markerOf(found[limit - 1] as ContactRow, order) };
      found.push(row);
    }
    return { rows: found, next: undefined };
  }

  /** The same for the members of one list, given in ascending order of id; only for the order `contactId`. */
  readMembers(
    members: readonly ContactRow[],
    marker: string | undefined,
    limit: number,
    keep: (row: ContactRow) => boolean,
  ): Stretch | undefined {
    const after = marker === undefined ? undefined : decodeMarker(marker, 'contactId');
    if (marker !== undefined && after === undefined) return undefined;
    let position = after ? lowerBound(members, (row) => row.contactId > after.contactId) : 0;
    const found: ContactRow[] = [];
    for (; position < members.length; position += 1) {
      const row = members[position] as ContactRow;
      if (!keep(row)) continue;
      if (found.length === limit) {
        return { rows: found, next: this.#markerOf(found[limit - 1] as ContactRow, 'contactId') };
      }
      found.push(row);
    }
    return { rows: found, next: undefined };
  }

  #keyOf(row: ContactRow, order: PageOrder): number {
    switch (order) {
      case 'contactId':
        return row.contactId;
      case 'updated':
        return row.updated;
      case 'shuffled':
        return scramble(row.contactId ^ this.#salt);
      default:
        return order satisfies never;
    }
  }

  #inOrder(order: PageOrder): readonly ContactRow[] {
    const version = order === 'updated' ? this.#contacts.orderVersion : this.#contacts.rows.length;
    const known = this.#sorted.get(order);
    if (known?.version === version) return known.rows;
    const rows = this.#contacts.rows.filter((row) => row !== undefined);
    const keys = new Map(rows.map((row) => [row, this.#keyOf(row, order)]));
    rows.sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0) || a.contactId - b.contactId);
    this.#sorted.set(order, { version, rows });
    return rows;
  }

  #find(rows: readonly (ContactRow | undefined)[], order: PageOrder, after: Position): number {
    return lowerBound(rows as readonly ContactRow[], (row) => {
      const key = this.#keyOf(row, order);
      return key > after.key || (key === after.key && row.contactId > after.contactId);
    });
  }

  #markerOf(row: ContactRow, order: PageOrder): string {
    return Buffer.from(`${order}|${this.#keyOf(row, order)}|${row.contactId}`).toString('base64');
  }
}

/** First position at which `isAfter` holds, in an array where it holds from some point on. */
function lowerBound(rows: readonly ContactRow[], isAfter: (row: ContactRow) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAfter(rows[middle] as ContactRow)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function decodeMarker(marker: string, order: PageOrder): Position | undefined {
  const match = /^(\w+)\|(\d+)\|(\d+)$/.exec(Buffer.from(marker, 'base64').toString('utf8'));
  if (!match || match[1] !== order) return undefined;
  return { key: Number(match[2]), contactId: Number(match[3]) };
}

/** A fixed permutation of 32 bits. */
function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
