// One kind of record: by id, by indexed value, and in any order a list asks for.
// Never judges values; it stores what it is given.

import { SortedView, type SortValue } from './sorted-view.ts';

/** A condition of a query. `index` lets the table jump to the few records that can fit. */
export interface Condition<T> {
  /** Same key, same condition: views are shared by it. */
  readonly key: string;
  readonly test: (record: T) => boolean;
  readonly index?:
    | { readonly name: string; readonly of: (record: T) => string | null; readonly value: string }
    | undefined;
}

/** The order of a query. */
export interface Order<T> {
  readonly key: string;
  readonly of: (record: T) => SortValue;
  readonly descending: boolean;
}

/** Which records, in which order. */
export interface Query<T> {
  readonly conditions: readonly Condition<T>[];
  /** True: all conditions; false: at least one. */
  readonly inclusive: boolean;
  readonly ids?: readonly number[] | undefined;
  readonly order: Order<T>;
  /** Holds besides everything else, e.g. what the user may see. */
  readonly always?: { readonly key: string; readonly test: (record: T) => boolean } | undefined;
}

interface ValueIndex<T> {
  readonly of: (record: T) => string | null;
  readonly ids: Map<string, number[]>;
}

/** More candidates than this are served from a maintained view instead of being sorted for the request. */
const FEW = 1000;
const MOST_VIEWS = 12;

/** Records of one kind. */
export class RecordTable<T extends { readonly id: number }> {
  readonly #records = new Map<number, T>();
  readonly #views = new Map<string, SortedView<T>>();
  readonly #indexes = new Map<string, ValueIndex<T>>();

  get size(): number {
    return this.#records.size;
  }

  get(id: number): T | undefined {
    return this.#records.get(id);
  }

  has(id: number): boolean {
    return this.#records.has(id);
  }

  /** Every record, oldest first. */
  values(): IterableIterator<T> {
    return this.#records.values();
  }

  /** Adds a record or replaces the one of its id. */
  put(record: T): void {
    const before = this.#records.get(record.id);
    this.#records.set(record.id, record);
    this.#follow(before, record);
  }

  /** Takes a record out; undefined when there was none. */
  remove(id: number): T | undefined {
    const before = this.#records.get(id);
    if (!before) return undefined;
    this.#records.delete(id);
    this.#follow(before, undefined);
    return before;
  }

  /** Forgets every derived order and index; they are built anew when next asked for. */
  forgetDerived(): void {
    this.#views.clear();
    this.#indexes.clear();
  }

  /** The matching records from `offset`, at most `limit`, and whether more follow. */
  page(
    query: Query<T>,
    offset: number,
    limit: number,
  ): { readonly records: T[]; readonly more: boolean; readonly total: number } {
    const few = this.#candidates(query);
    if (few) {
      const matching = few.filter((record) => matches(query, record));
      matching.sort(comparator(query.order));
      const records = matching.slice(offset, offset + limit);
      return { records, more: matching.length > offset + limit, total: matching.length };
    }
    const view = this.#view(query);
    const records: T[] = [];
    for (const id of view.slice(offset, limit)) {
      const record = this.#records.get(id);
      if (record) records.push(record);
    }
    return { records, more: view.size > offset + limit, total: view.size };
  }

  /** How many records have an id of at most `id`. */
  countUpTo(id: number): number {
    const order = { key: 'id', of: (record: T) => record.id, descending: false };
    return this.#view({ conditions: [], inclusive: true, order }).countUpTo(id);
  }

  /** Records whose indexed value is `value`, in order of id. */
  findBy(name: string, of: (record: T) => string | null, value: string): T[] {
    const ids = this.#index(name, of).ids.get(value) ?? [];
    return ids.map((id) => this.#records.get(id)).filter((record) => record !== undefined);
  }

  #follow(before: T | undefined, after: T | undefined): void {
    for (const view of this.#views.values()) view.follow(before, after);
    for (const index of this.#indexes.values()) {
      const oldValue = before ? index.of(before) : null;
      const newValue = after ? index.of(after) : null;
      if (oldValue === newValue) continue;
      if (before && oldValue !== null) dropId(index.ids, oldValue, before.id);
      if (after && newValue !== null) addId(index.ids, newValue, after.id);
    }
  }

  #candidates(query: Query<T>): T[] | undefined {
    if (query.ids && query.inclusive) return this.#byIds(query.ids);
    const indexed = query.conditions.filter((condition) => condition.index);
    if (query.inclusive) {
      let best: readonly number[] | undefined;
      for (const condition of indexed) {
        const ids = this.#lookUp(condition);
        if (!best || ids.length < best.length) best = ids;
      }
      return best && best.length <= FEW ? this.#byIds(best) : undefined;
    }
    if (indexed.length < query.conditions.length || (query.conditions.length === 0 && !query.ids)) return undefined;
    const ids = indexed.flatMap((condition) => [...this.#lookUp(condition)]);
    ids.push(...(query.ids ?? []));
    return ids.length <= FEW ? this.#byIds(ids) : undefined;
  }

  #lookUp(condition: Condition<T>): readonly number[] {
    const { index } = condition;
    return index ? (this.#index(index.name, index.of).ids.get(index.value) ?? []) : [];
  }

  #byIds(ids: readonly number[]): T[] {
    const records: T[] = [];
    for (const id of new Set(ids)) {
      const record = this.#records.get(id);
      if (record) records.push(record);
    }
    return records;
  }

  #index(name: string, of: (record: T) => string | null): ValueIndex<T> {
    let index = this.#indexes.get(name);
    if (!index) {
      index = { of, ids: new Map() };
      for (const record of this.#records.values()) {
        const value = of(record);
        if (value !== null) addId(index.ids, value, record.id);
      }
      this.#indexes.set(name, index);
    }
    return index;
  }

  #view(query: Query<T>): SortedView<T> {
    const conditionKeys = query.conditions.map((condition) => condition.key).join('&');
    const direction = query.order.descending ? 'desc' : 'asc';
    const ids = query.ids?.join(',') ?? '';
    const key = [query.order.key, direction, query.inclusive, conditionKeys, ids, query.always?.key ?? ''].join('|');
    let view = this.#views.get(key);
    if (view) {
      this.#views.delete(key);
    } else {
      const everything = query.conditions.length === 0 && !query.ids && !query.always;
      view = new SortedView<T>(
        {
          of: query.order.of,
          descending: query.order.descending,
          test: everything ? undefined : (record) => matches(query, record),
        },
        this.#records.values(),
        (id) => this.#records.get(id),
      );
    }
    this.#views.set(key, view);
    if (this.#views.size > MOST_VIEWS) {
      const [oldest] = this.#views.keys();
      if (oldest !== undefined) this.#views.delete(oldest);
    }
    return view;
  }
}

function matches<T extends { readonly id: number }>(query: Query<T>, record: T): boolean {
  if (query.always && !query.always.test(record)) return false;
  if (query.inclusive) {
    if (query.ids && !query.ids.includes(record.id)) return false;
    return query.conditions.every((condition) => condition.test(record));
  }
  if (query.conditions.length === 0 && !query.ids) return true;
  return (query.ids?.includes(record.id) ?? false) || query.conditions.some((condition) => condition.test(record));
}

function comparator<T extends { readonly id: number }>(order: Order<T>): (left: T, right: T) => number {
  return (left, right) => {
    const a = order.of(left);
    const b = order.of(right);
    if (a === b) return left.id - right.id;
    const ascending = a === null ? 1 : b === null ? -1 : a < b ? -1 : 1;
    return order.descending ? -ascending : ascending;
  };
}

function addId(ids: Map<string, number[]>, value: string, id: number): void {
  const list = ids.get(value);
  if (!list) ids.set(value, [id]);
  else if ((list.at(-1) ?? 0) < id) list.push(id);
  else {
    list.push(id);
    list.sort((left, right) => left - right);
  }
}

function dropId(ids: Map<string, number[]>, value: string, id: number): void {
  const list = ids.get(value);
  const at = list?.indexOf(id) ?? -1;
  if (!list || at < 0) return;
  if (list.length === 1) ids.delete(value);
  else list.splice(at, 1);
}
