// An erasure that is under way: whom it is about and how far it is. Stored sealed only, and gone when it is finished.
import type { Role } from '../core/model/identity.ts';
import type { ErasedRows } from '../store/erase-rows.ts';
import { openSecret, sealSecret } from '../store/secret.ts';
import type { Engine } from './engine.ts';

export interface PendingRecord {
  readonly role: Role;
  readonly id: string;
  readonly done: boolean;
}

export interface PendingContact {
  readonly id: string;
  readonly email: string | null;
  readonly done: boolean;
}

export interface Pending {
  readonly addresses: readonly string[];
  /** Every record it is about, those that are gone already included. */
  readonly crm: readonly PendingRecord[];
  readonly marketing: readonly PendingContact[];
  readonly optedOut: boolean;
  readonly here: ErasedRows;
  /** Entries of the ledger that were redacted. */
  readonly ledger: number;
}

export interface BegunErasure {
  readonly id: string;
  readonly startedAt: string;
  readonly pending: Pending;
}

type Sealing = Pick<Engine, 'name' | 'secretKey'>;

export function sealPending(engine: Sealing, id: string, pending: Pending): string {
  return sealSecret(engine.secretKey(), placeOf(engine, id), JSON.stringify(pending));
}

/** @throws StoreError `wrong-key`, `tampered` */
export function openPending(engine: Sealing, id: string, sealed: string): Pending {
  return JSON.parse(openSecret(engine.secretKey(), placeOf(engine, id), sealed)) as Pending;
}

function placeOf({ name }: Sealing, id: string) {
  return { connection: name, name: `erasure ${id}` };
}
