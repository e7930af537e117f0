// Which object changed how often, and what each replica (sync device) still has to be told.
// Never keeps values: only the newest state of an object is ever delivered.

/** Object types that travel in the sync queue. */
export type SyncType =
  | 'account'
  | 'user'
  | 'lead'
  | 'contact'
  | 'deal'
  | 'pipeline'
  | 'stage'
  | 'loss_reason'
  | 'source'
  | 'note'
  | 'task'
  | 'tag'
  | 'product';

/** All {@link SyncType}s, dependencies first. */
export const SYNC_TYPES: readonly SyncType[] = [
  'account',
  'user',
  'pipeline',
  'stage',
  'loss_reason',
  'source',
  'tag',
  'contact',
  'lead',
  'deal',
  'note',
  'task',
  'product',
];

/** Where an object stands. */
export interface Revision {
  readonly revision: number;
  readonly deleted: boolean;
}

/** One object in a queue. */
export interface ObjectKey {
  readonly type: SyncType;
  readonly id: number;
}

type PerType<V> = Readonly<Record<SyncType, V>>;

function perType<V>(create: () => V): PerType<V> {
  return Object.fromEntries(SYNC_TYPES.map((type) => [type, create()])) as Record<SyncType, V>;
}

/** What one replica has been told. */
export class SyncDevice {
  readonly #pending = perType(() => new Set<number>());
  /** Acknowledged revision; 0 once delivered but not acknowledged. */
  readonly #known = perType(() => new Map<number, number>());

  /** Marks an object as news for this device. */
  touch(type: SyncType, id: number): void {
    const pending = this.#pending[type];
    pending.delete(id);
    pending.add(id);
  }

  /** Everything this device has not acknowledged in its newest state. */
  *pending(): Generator<ObjectKey> {
    for (const type of SYNC_TYPES) for (const id of this.#pending[type]) yield { type, id };
  }

  isPending(type: SyncType, id: number): boolean {
    return this.#pending[type].has(id);
  }

  /** The acknowledged revision, 0 when only delivered, undefined when never mentioned. */
  known(type: SyncType, id: number): number | undefined {
    return this.#known[type].get(id);
  }

  /** Notes that an object was put into an answer. */
  deliver(type: SyncType, id: number): void {
    if (!this.#known[type].has(id)) this.#known[type].set(id, 0);
  }

  /** Drops an object this device never has to hear of. */
  forget(type: SyncType, id: number): void {
    this.#pending[type].delete(id);
  }

  /** Takes an acknowledgement; `current` is the object's newest state. */
  acknowledge(type: SyncType, id: number, revision: number, current: Revision | undefined): void {
    const known = this.#known[type];
    const now = Math.max(known.get(id) ?? 0, revision);
    known.set(id, now);
    if (current && now >= current.revision) {
      this.#pending[type].delete(id);
      if (current.deleted) known.delete(id);
    }
  }
}

/** Revisions of every object, and the devices that follow them. */
export class ChangeLog {
  /** Negative for a deleted object: half the memory of an object per entry. */
  readonly #revisions = perType(() => new Map<number, number>());
  readonly #devices = new Map<string, SyncDevice>();

  /** Notes that an object was created or changed. */
  touch(type: SyncType, id: number): void {
    const revisions = this.#revisions[type];
    revisions.set(id, Math.abs(revisions.get(id) ?? 0) + 1);
    for (const device of this.#devices.values()) device.touch(type, id);
  }

  /** Notes that an object is gone. */
  delete(type: SyncType, id: number): void {
    const revisions = this.#revisions[type];
    revisions.set(id, -(Math.abs(revisions.get(id) ?? 0) + 1));
    for (const device of this.#devices.values()) device.touch(type, id);
  }

  /** The state of an object; undefined when there never was one. */
  revision(type: SyncType, id: number): Revision | undefined {
    const value = this.#revisions[type].get(id);
    return value === undefined ? undefined : { revision: Math.abs(value), deleted: value < 0 };
  }

  /** The device of that key, made on first use with everything there is as news. */
  device(key: string): SyncDevice {
    const known = this.#devices.get(key);
    if (known) return known;
    const device = new SyncDevice();
    for (const type of SYNC_TYPES) {
      for (const [id, revision] of this.#revisions[type]) if (revision > 0) device.touch(type, id);
    }
    this.#devices.set(key, device);
    return device;
  }
}
