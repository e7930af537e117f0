// What the API needs from outside its room: settings, engines, things under way. Wired by the application; decides nothing.

import type { Role, System } from '../core/model/identity.ts';
import type { Check, CheckContext, CheckedEngine } from '../engine/check-line.ts';
import type { Engine } from '../engine/engine.ts';
import type { AskedWork } from '../jobs/asked-work.ts';
import type { LiveRuns } from '../jobs/live-runs.ts';
import type { Log } from '../jobs/log.ts';
import type { ScheduledState } from '../jobs/scheduler.ts';
import type { Store } from '../store/executor.ts';
import type { JsonObject } from '../store/runs.ts';
import type { ConnectionSettings } from './contract/connections.ts';
import type { EventHub } from './events.ts';
import type { Say } from './show/say.ts';

/** A connection as it is set up, wherever it stands. */
export interface BookEntry {
  readonly name: string;
  readonly source: 'file' | 'database';
  readonly profile: 'classic' | 'recommended';
  readonly everyMs: number;
  readonly parts: {
    readonly contacts: boolean;
    readonly leads: boolean;
    readonly consent: boolean;
    readonly products: boolean;
  };
  /** 0 for one of the file. */
  readonly version: number;
  /** Without secrets. */
  readonly settings: ConnectionSettings;
  readonly secrets: readonly { readonly path: string; readonly set: boolean }[];
  readonly effective: JsonObject;
  readonly savedAt: string | null;
  readonly savedBy: string | null;
  /** Name before each lead status in the name of its list; null while leads are off. */
  readonly leadListPrefix: string | null;
  /** Calls a second that go to the CRM at most; 0 = as many as it answers. */
  readonly crmPerSecond: number;
  /** Where people see a record of the CRM in its own screen; null where that is not known. */
  crmRecordUrl(role: Role, id: string): string | null;
  /** Null while products are off. */
  readonly collection: string | null;
}

export interface Problem {
  readonly path: string;
  readonly message: string;
}

export interface DraftInput {
  readonly connection: string | null;
  readonly settings: JsonObject | null;
  readonly authorization: string | null;
}

export interface Draft {
  readonly effective: JsonObject;
  /** An engine that looks and never writes, and what the checks of it need to know. */
  probe(signal: AbortSignal): Promise<{ readonly engine: CheckedEngine; readonly context: CheckContext }>;
  /** What the checks of both accounts cannot see: alerts that would reach nobody. */
  readonly extraChecks: readonly Check[];
}

export type Saved = { readonly entry: BookEntry } | { readonly problems: readonly Problem[] } | 'changed-meanwhile';

/** The connections of the file and of the database as one. */
export interface ConnectionBook {
  list(): Promise<readonly BookEntry[]>;
  get(name: string): Promise<BookEntry | null>;
  draft(input: DraftInput): Promise<Draft | { readonly problems: readonly Problem[] }>;
  /** @param version that was read; 0 = a new one */
  save(name: string, version: number, input: Omit<DraftInput, 'connection'>, by: string): Promise<Saved>;
  takeOver(name: string, by: string): Promise<BookEntry>;
  remove(name: string): Promise<void>;
  exportYaml(): Promise<string>;
}

export interface Authorization {
  readonly id: string;
  readonly state: 'waiting' | 'granted' | 'denied' | 'failed' | 'expired';
  readonly message: string | null;
  readonly url: string | null;
}

/** OAuth 2 with the CRM: begun here, finished by the browser that comes back. */
export interface Authorizations {
  start(client: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly url: string | null;
  }): Promise<Authorization | { readonly problems: readonly Problem[] }>;
  get(id: string): Authorization | null;
  /** @returns null when the state is none of ours, or was used already */
  finish(answer: {
    readonly state: string;
    readonly code: string | null;
    readonly error: string | null;
  }): Promise<Authorization | null>;
}

export interface About {
  readonly version: string;
  /** Without its password. */
  readonly database: string;
  readonly configFile: string | null;
  /** Where people reach it. */
  readonly address: string;
  readonly privateAddresses: boolean;
  readonly mail: string | null;
  /** Whether people reach it over https, so that the cookie is kept to that. */
  readonly secure: boolean;
  /** ISO date, where the CRM's vendor announced its end. */
  readonly crmRetiresOn: string | null;
  readonly labels: { readonly [S in System]: string };
}

/** Somebody who comes in by a link alone, as often as it is opened: for a demo, never for a service with people in it. */
export interface Guest {
  readonly email: string;
  /** SHA-256 of the link's secret, hex. */
  readonly link: string;
}

export interface ApiHost {
  readonly say: Say;
  readonly store: Store;
  readonly about: About;
  readonly guest: Guest | null;
  readonly book: ConnectionBook;
  readonly authorizations: Authorizations;
  readonly runs: LiveRuns;
  readonly events: EventHub;
  readonly log: Log;
  /** An engine outside of any run, for a look or a single write. */
  engine(connection: string, signal: AbortSignal): Promise<Engine>;
  /** Breaks a run off, whichever process has it. @returns false when nobody who can be asked has it */
  breakOff(run: string): Promise<boolean>;
  /** Begins a run and returns its id at once; null when this connection waits for another one already. */
  begin(connection: string, work: AskedWork): Promise<string | null>;
  schedule(): readonly ScheduledState[];
  /** Null when everything is in order, else why not. */
  fault(): Promise<string | null>;
  testAlerts(connection: string): Promise<readonly { readonly to: string; readonly error: string | null }[]>;
  /** SHA-256 of a normal address, hex. (decision 12) */
  hashAddress(address: string): string;
  newId(): string;
  /** Milliseconds since the epoch. */
  now(): number;
}
