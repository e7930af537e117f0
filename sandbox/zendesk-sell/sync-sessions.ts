// Sync sessions: a queue per session, computed once when it starts, advanced by every fetch.
// Never keeps values: what is delivered is each object's state at the moment of the fetch.

import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { type ObjectKey, SYNC_TYPES, type SyncDevice, type SyncType } from './change-log.ts';
import type { SellSwitches } from './switches.ts';
import { renderSynced } from './sync-objects.ts';
import type { WorldState } from './world-state.ts';

/** A running session. */
export interface SyncSession {
  readonly id: string;
  readonly deviceKey: string;
  readonly userId: number;
  readonly startedAt: number;
  readonly queue: readonly ObjectKey[];
  position: number;
}

/** One item of a page. */
export interface SyncItem {
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: {
    readonly type: string;
    readonly version: number;
    readonly sync: {
      readonly event_type: 'created' | 'updated' | 'deleted';
      readonly ack_key: string;
      readonly revision: number;
    };
  };
}

/** What goes wrong with one page on purpose. */
export interface PageTrouble {
  /** Objects of this page that cannot be fetched this time. */
  readonly failed: number;
  readonly duplicate: boolean;
  readonly reorder: boolean;
  /** Adds a deletion the device never heard of. */
  readonly ghostDelete: boolean;
}

/** A page of the queue; undefined items mean it is drained. */
export interface SyncPage {
  readonly items: readonly SyncItem[];
  readonly left: number;
  readonly failed: readonly ObjectKey[];
}

interface PendingAck {
  readonly at: number;
  readonly deviceKey: string;
  readonly userId: number;
  readonly keys: readonly string[];
}

const capital = (type: SyncType): string =>
  type
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

const TYPE_BY_CAPITAL = new Map(SYNC_TYPES.map((type) => [capital(type), type]));

/** Sessions and late acknowledgements of one account. */
export class SyncSessions {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #switches: SellSwitches;
  readonly #world: WorldState;
  readonly #sessions = new Map<string, SyncSession>();
  #acks: PendingAck[] = [];

  constructor(clock: Clock, random: Random, switches: SellSwitches, world: WorldState) {
    this.#clock = clock;
    this.#random = random;
    this.#switches = switches;
    this.#world = world;
  }

  /** Sessions that still have something to deliver. */
  get active(): number {
    const now = this.#clock.now();
    let count = 0;
    for (const [id, session] of this.#sessions) {
      if (this.#isOver(session, now)) this.#sessions.delete(id);
      else if (session.position < session.queue.length) count += 1;
    }
    return count;
  }

  /** Starts a session; undefined when there is nothing to synchronize. */
  start(deviceKey: string, userId: number): SyncSession | undefined {
    this.#settleAcks();
    const device = this.#world.log.device(deviceKey);
    const queue: ObjectKey[] = [];
    for (const key of [...device.pending()]) {
      if (this.#isNews(device, key, userId)) queue.push(key);
    }
    if (queue.length === 0) return undefined;
    const ordered = this.#switches.syncOrder === 'shuffled' ? this.#random.shuffle(queue) : queue;
    const session: SyncSession = {
      id: this.#random.uuid(),
      deviceKey,
      userId,
      startedAt: this.#clock.now(),
      queue: ordered,
      position: 0,
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  /** The session of that id, unless it is over or belongs to another device. */
  find(id: string, deviceKey: string): SyncSession | undefined {
    const session = this.#sessions.get(id);
    if (!session || session.deviceKey !== deviceKey || this.#isOver(session, this.#clock.now())) return undefined;
    return session;
  }

  /** The next page; undefined once the queue is drained. */
  fetch(session: SyncSession, trouble: PageTrouble): SyncPage | undefined {
    this.#settleAcks();
    const device = this.#world.log.device(session.deviceKey);
    const size = Math.max(1, this.#switches.syncPageSize);
    const items: SyncItem[] = [];
    const failed: ObjectKey[] = [];
    while (session.position < session.queue.length && items.length + failed.length < size) {
      const key = session.queue[session.position] as ObjectKey;
      session.position += 1;
      if (!device.isPending(key.type, key.id) || !this.#isNews(device, key, session.userId)) continue;
      if (failed.length < trouble.failed) {
        failed.push(key);
        continue;
      }
      const item = this.#render(device, key, session.userId);
      if (item) items.push(item);
    }
    if (items.length === 0 && failed.length === 0) return undefined;
    if (trouble.duplicate) items.push(...items);
    if (trouble.ghostDelete) items.push(this.#ghost());
    const shown = trouble.reorder ? this.#random.shuffle(items) : items;
    return { items: shown, left: session.queue.length - session.position, failed };
  }

  /** Takes acknowledgements; they work at once or after the switch's delay. Unknown keys are passed over. */
  acknowledge(deviceKey: string, userId: number, keys: readonly string[]): void {
    this.#acks.push({ at: this.#clock.now() + this.#switches.syncAckDelayMs, deviceKey, userId, keys });
    this.#settleAcks();
  }

  #isOver(session: SyncSession, now: number): boolean {
    return now - session.startedAt >= this.#switches.syncSessionSeconds * 1000;
  }

  #isGone(key: ObjectKey, userId: number): boolean {
    const revision = this.#world.log.revision(key.type, key.id);
    return !revision || revision.deleted || this.#world.visibility.isHidden(key.type, key.id, userId);
  }

  /** False for what this device need not hear of; that is dropped from its news. */
  #isNews(device: SyncDevice, key: ObjectKey, userId: number): boolean {
    if (key.type === 'product' && !this.#switches.syncProducts) return false;
    if (!this.#isGone(key, userId)) return true;
    const neverSeen = device.known(key.type, key.id) === undefined;
    const deleted = this.#world.log.revision(key.type, key.id)?.deleted ?? true;
    if (neverSeen) {
      if (deleted) device.forget(key.type, key.id);
      return false;
    }
    return deleted || this.#switches.syncHiddenRecords === 'deleted';
  }

  #render(device: SyncDevice, key: ObjectKey, userId: number): SyncItem | undefined {
    const revision = this.#world.log.revision(key.type, key.id)?.revision ?? 1;
    const gone = this.#isGone(key, userId);
    const data = gone ? { id: key.id } : renderSynced(this.#world, key);
    if (!data) return undefined;
    const isNew = (device.known(key.type, key.id) ?? 0) === 0;
    device.deliver(key.type, key.id);
    return {
      data,
      meta: {
        type: key.type,
        version: 2,
        sync: {
          event_type: gone ? 'deleted' : isNew ? 'created' : 'updated',
          ack_key: `${capital(key.type)}-${key.id}-${revision}`,
          revision,
        },
      },
    };
  }

  #ghost(): SyncItem {
    const id = this.#random.int(100_000_000, 199_999_999);
    const sync = { event_type: 'deleted' as const, ack_key: `Contact-${id}-4`, revision: 4 };
    return { data: { id }, meta: { type: 'contact', version: 2, sync } };
  }

  #settleAcks(): void {
    if (this.#acks.length === 0) return;
    const now = this.#clock.now();
    const due = this.#acks.filter((ack) => ack.at <= now);
    this.#acks = this.#acks.filter((ack) => ack.at > now);
    for (const ack of due) {
      const device = this.#world.log.device(ack.deviceKey);
      for (const key of ack.keys) this.#settle(device, ack.userId, key);
    }
  }

  #settle(device: SyncDevice, userId: number, ackKey: string): void {
    const match = /^([A-Za-z]+)-(\d+)-(\d+)$/.exec(ackKey);
    const type = match?.[1] === undefined ? undefined : TYPE_BY_CAPITAL.get(match[1]);
    if (!match || !type) return;
    const key: ObjectKey = { type, id: Number(match[2]) };
    const current = this.#world.log.revision(key.type, key.id);
    const revision = Number(match[3]);
    // Only what was delivered can be acknowledged.
    if (!current || revision > current.revision || device.known(key.type, key.id) === undefined) return;
    device.acknowledge(key.type, key.id, revision, {
      revision: current.revision,
      deleted: this.#isGone(key, userId),
    });
  }
}
