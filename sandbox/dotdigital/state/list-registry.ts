// Lists (address books) and segments of the account, and who is on which. Never looks at a contact's status.

import type { Visibility } from './data-field-registry.ts';

/** A list. */
export interface ListRow {
  readonly id: number;
  name: string;
  visibility: Visibility;
  readonly created: number;
  /** Contact ids, those suppressed on the list included. */
  readonly members: Set<number>;
  /** Grows with each change of the members. */
  version: number;
  /** When the members last changed, in milliseconds since the epoch. */
  changedAt: number;
}

/** A segment: a fixed set of contacts under a name. */
export interface SegmentRow {
  readonly id: number;
  readonly name: string;
  readonly members: ReadonlySet<number>;
}

/** Id of the list that stands for every contact; nobody can be put on it. */
export const ALL_CONTACTS = 1;
/** Id of the list for test sends; the API may not write to it. */
const TEST_LIST = 2;
/** Longest list name, in characters. */
export const MAX_LIST_NAME = 128;

const FIRST_ID = 10_001;

/** The lists and segments, found by id or by name in any case. */
export class ListRegistry {
  readonly #lists = new Map<number, ListRow>();
  readonly #segments = new Map<number, SegmentRow>();
  #nextId = FIRST_ID;

  constructor(now: number) {
    this.#put(ALL_CONTACTS, 'All Contacts', 'Private', now);
    this.#put(TEST_LIST, 'Test', 'Private', now);
  }

  /** In order of id, the two system lists first. */
  all(): readonly ListRow[] {
    return [...this.#lists.values()];
  }

  get(id: number): ListRow | undefined {
    return this.#lists.get(id);
  }

  /** A list of that name, in any case. */
  named(name: string): ListRow | undefined {
    const wanted = name.toLowerCase();
    return this.all().find((list) => list.name.toLowerCase() === wanted);
  }

  /** True when a list or a segment has that name, in any case. */
  isTaken(name: string): boolean {
    const wanted = name.toLowerCase();
    return this.named(name) !== undefined || [...this.#segments.values()].some((s) => s.name.toLowerCase() === wanted);
  }

  create(name: string, visibility: Visibility, now: number): ListRow {
    return this.#put(this.#takeId(), name, visibility, now);
  }

  remove(list: ListRow): void {
    this.#lists.delete(list.id);
  }

  segment(id: number): SegmentRow | undefined {
    return this.#segments.get(id);
  }

  segments(): readonly SegmentRow[] {
    return [...this.#segments.values()];
  }

  createSegment(name: string, members: Iterable<number>): SegmentRow {
    const segment = { id: this.#takeId(), name, members: new Set(members) };
    this.#segments.set(segment.id, segment);
    return segment;
  }

  #put(id: number, name: string, visibility: Visibility, now: number): ListRow {
    const list: ListRow = { id, name, visibility, created: now, members: new Set(), version: 0, changedAt: now };
    this.#lists.set(id, list);
    return list;
  }

  #takeId(): number {
    const id = this.#nextId;
    this.#nextId += 1;
    return id;
  }
}

/** True for the lists that cannot be written, renamed or deleted. */
export function isSystemList(id: number): boolean {
  return id === ALL_CONTACTS || id === TEST_LIST;
}
