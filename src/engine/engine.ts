// Everything one connection's cycle needs, handed in: the engine itself reads no clock, no environment and no configuration.

import type { CrmConnector, CrmSelection, MarketingConnector, MarketingSelection } from '../connectors/connector.ts';
import type { Role, System } from '../core/model/identity.ts';
import type { CrmSchema, MarketingFieldType, MarketingSchema } from '../core/model/schema.ts';
import type { Settings } from '../core/model/settings.ts';
import type { Brakes } from '../core/plan/brakes.ts';
import type { TimeOfDay } from '../core/products/last-due.ts';
import type { ProductSettings } from '../core/products/product.ts';
import type { Store } from '../store/executor.ts';
import type { RunKind, RunState } from '../store/runs.ts';
import type { Tenure } from './tenure.ts';

/** What was read of both accounts: schemas, lists, users. Kept in the store between cycles. */
export interface LiveAccounts {
  readonly crm: CrmSchema;
  readonly marketing: MarketingSchema;
  readonly lists: readonly { readonly id: string; readonly name: string; readonly reserved?: true }[];
  readonly users?: readonly { readonly id: string; readonly email: string }[];
}

/** The configuration, checked against the live accounts. */
export interface Compiled {
  readonly settings: Settings;
  readonly problems: readonly {
    readonly severity: 'error' | 'warning' | 'info';
    readonly path: string;
    readonly message: string;
  }[];
  /** Data fields to create before they are first written. */
  readonly missingFields: readonly { readonly name: string; readonly type: MarketingFieldType }[];
}

export type Phase = 'identify' | 'pull-crm' | 'pull-marketing' | 'plan' | 'apply-crm' | 'apply-marketing';

export interface Progress {
  readonly connection: string;
  readonly phase: Phase;
  readonly done: number;
  /** Null while it is not known. */
  readonly total: number | null;
}

/** The product catalogue of a connection. (4.7) */
export interface ProductSync extends Omit<ProductSettings, 'currency'> {
  /** Name of the collection in marketing. */
  readonly collection: string;
  /** ISO 4217; null = the CRM account's. */
  readonly currency: string | null;
  /** When it is due every day. */
  readonly at: TimeOfDay;
  /** IANA name. */
  readonly timeZone: string;
}

export interface Engine {
  /** Name of the connection. */
  readonly name: string;
  readonly store: Store;
  readonly crm: CrmConnector;
  readonly marketing: MarketingConnector;
  compile(live: LiveAccounts, mode: Settings['mode']): Compiled;
  /** Hash of everything in the configuration that changes decisions. (R12) */
  readonly fingerprint: string;
  /** Whether names of users must be read to compile the scope. */
  readonly needsUsers: boolean;
  readonly createDataFields: boolean;
  readonly brakes: Brakes;
  /** Milliseconds that runs and tombstones are kept; null = for ever. */
  readonly retention: { readonly historyMs: number | null; readonly tombstonesMs: number | null };
  /** How long a record that is gone is left alone, milliseconds; 0 = not at all. (4.3) */
  readonly deleteGraceMs: number;
  /** How lead lists are named and kept; null while leads are switched off. (L1) */
  readonly leadLists: { readonly prefix: string; readonly enforceSingle: boolean } | null;
  /** Null while products are switched off. */
  readonly products: ProductSync | null;
  /** Writes to the CRM that may be under way at once. */
  readonly crmConcurrency: number;
  /** ISO UTC with milliseconds. */
  now(): string;
  /** Milliseconds; rejects when the signal aborts. */
  sleep(ms: number): Promise<void>;
  /** Calls `fire` once after `ms` unless the returned function was called before. */
  startTimer(ms: number, fire: () => void): () => void;
  /** A new UUID. */
  newId(): string;
  /** SHA-256 of a normal address, hex. (decision 12) */
  hashAddress(address: string): string;
  /** 32 bytes: what erased addresses are hashed and unfinished erasures are sealed with. Asked for only when there are any. */
  secretKey(): Uint8Array;
  readonly signal: AbortSignal;
  /** While it lasts, the connectors may call; the lease prolongs it. */
  readonly tenure: Tenure;
  progress(step: Progress): void;
  /** The id of the run to come, where somebody was told it already. */
  readonly nextRunId?: string;
  /** Told of every run of this engine. */
  readonly watch?: RunWatch;
}

/** What is known of a run from its first moment. */
export interface RunFrame {
  readonly id: string;
  readonly connection: string;
  readonly kind: RunKind;
  /** ISO UTC. */
  readonly startedAt: string;
}

export interface RunWatch {
  /** It holds the connection and is recorded. */
  started(run: RunFrame): void;
  /** @param state null when it broke off with an error or was interrupted */
  ended(run: RunFrame, state: RunState | null): void;
}

/** A mapped field of one account. */
export interface AccountField {
  readonly role: Role;
  readonly system: System;
  /** CRM path or data field name. */
  readonly name: string;
}

/** How many records that nobody edited lost their value in a field, and how many kept one. */
export interface Blanked {
  readonly field: AccountField;
  readonly lost: number;
  readonly kept: number;
  /** Id of the last of them that lost one; null = none did. */
  readonly who: string | null;
  /** One of them had been read after the second of its last edit, so that no other edit can carry the same time. */
  readonly sure: boolean;
}

/** The engine with the settings of one run. */
export interface Cycle extends Engine {
  readonly runId: string;
  readonly settings: Settings;
  readonly missingFields: Compiled['missingFields'];
  /** What the reader of the report must know of the account as a whole. */
  readonly notices: string[];
  /** Names of data fields this run made already. */
  readonly createdFields: Set<string>;
  /** What this run saw of fields that an account may have lost, by field. (C26) */
  readonly blanked: Map<string, Blanked>;
  /** Sides of which something could not be read: somebody may be there of whom nothing is known. */
  readonly unread: Set<System>;
  /** Records with news since they were planned, by `recordKey`: settling another write about them leaves their marks alone. */
  readonly news: Set<string>;
  readonly crmSelection: CrmSelection;
  readonly marketingSelection: MarketingSelection;
}

/** A reason to stop the whole run; the run is reported as `state`. (4.10) */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly state: 'aborted' | 'failed' | 'parked';
  readonly problems: readonly SettingProblem[];

  constructor(
    state: 'aborted' | 'failed' | 'parked',
    message: string,
    more: { readonly cause?: unknown; readonly problems?: readonly SettingProblem[] } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.state = state;
    this.problems = more.problems ?? [];
  }
}

/** A setting that does not fit the accounts. */
export interface SettingProblem {
  /** Within the connection: `contacts.fields[3].sell`. */
  readonly path: string;
  readonly message: string;
}
