// A list of record ids kept in one order and under one condition, so that a page costs no more than its rows.
// Never holds records; its owner tells it of every change.

/** A value records are ordered by; null comes last. */
export type SortValue = string | number | null;

/** What a view shows and in which order. */
export interface ViewSpec<T> {
  readonly of: (record: T) => SortValue;
  readonly descending: boolean;
  readonly test: ((record: T) => boolean) | undefined;
}

function compareValues(left: SortValue, right: SortValue): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  return left < right ? -1 : 1;
}

/** A maintained, sorted list of ids; equal values are ordered by id. */
export class SortedView<T extends { readonly id: number }> {
  readonly #spec: ViewSpec<T>;
  readonly #ids: number[];
  readonly #get: (id: number) => T | undefined;

  constructor(spec: ViewSpec<T>, records: Iterable<T>, get: (id: number) => T | undefined) {
    this.#spec = spec;
    this.#get = get;
    const rows: { readonly id: number; readonly value: SortValue }[] = [];
    for (const record of records) {
      if (!spec.test || spec.test(record)) rows.push({ id: record.id, value: spec.of(record) });
    }
    rows.sort((left, right) => this.#compare(left.value, left.id, right.value, right.id));
    this.#ids = rows.map((row) => row.id);
  }

  /** Number of rows. */
  get size(): number {
    return this.#ids.length;
  }

  /** The ids from `offset`, at most `limit`. */
  slice(offset: number, limit: number): number[] {
    return this.#ids.slice(offset, offset + limit);
  }

  /** In a view ordered by id: how many rows have an id of at most `id`. */
  countUpTo(id: number): number {
    return this.#find(id + 1, 0, undefined);
  }

  /** Follows one change; both are given for an update. Call it after the table has let go of `before` and knows `after`. */
  follow(before: T | undefined, after: T | undefined): void {
    const wasIn = before && (!this.#spec.test || this.#spec.test(before));
    const isIn = after && (!this.#spec.test || this.#spec.test(after));
    if (wasIn && isIn && this.#spec.of(before) === this.#spec.of(after)) return;
    if (wasIn) {
      const at = this.#find(this.#spec.of(before), before.id, before);
      if (this.#ids[at] === before.id) this.#ids.splice(at, 1);
    }
    if (isIn) this.#ids.splice(this.#find(this.#spec.of(after), after.id, undefined), 0, after.id);
  }

  #compare(leftValue: SortValue, leftId: number, rightValue: SortValue, rightId: number): number {
    const byValue = compareValues(leftValue, rightValue);
    if (byValue !== 0) return this.#spec.descending ? -byValue : byValue;
    return leftId - rightId;
  }

  /** First position not before (value, id). `stale` stands in for the record that is still listed under its old value. */
  #find(value: SortValue, id: number, stale: T | undefined): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const middleId = this.#ids[middle] as number;
      const record = stale && middleId === stale.id ? stale : this.#get(middleId);
      const order = record ? this.#compare(this.#spec.of(record), middleId, value, id) : -1;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
