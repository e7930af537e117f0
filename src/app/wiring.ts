// What the application hands to whoever uses it: configuration, store, connections, engines. Types alone.
import type { ConnectionBook } from '../api/host.ts';
import type { Config, ConnectionConfig } from '../config/config.ts';
import type { CrmConnector } from '../connectors/connector.ts';
import type { MarketingAccount, Oddity } from '../connectors/registry.ts';
import type { Engine, Progress } from '../engine/engine.ts';
import type { Store } from '../store/executor.ts';

export interface App {
  readonly config: Config;
  readonly store: Store;
  /** 32 bytes; made where there is none yet. */
  secretKey(): Uint8Array;
  /** The connections of the file and of the database as one. */
  readonly book: WiredBook;
  /** An engine for one connection. Makes no call until it is used. */
  engine(connection: ConnectionConfig, use: EngineUse): Promise<WiredEngine>;
  /** SHA-256 of a normal address, hex. (decision 12) */
  hashAddress(address: string): string;
  /** Who is asked for what an OAuth authorization granted. */
  grants(granted: GrantedOauth): void;
  close(): Promise<void>;
}

export type GrantedOauth = (
  id: string,
) => { readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string } | null;

export interface EngineUse {
  readonly signal: AbortSignal;
  readonly progress?: (step: Progress) => void;
  /** Told of every item of an answer that could not be read and was skipped. */
  readonly onOddity?: (oddity: Oddity) => void;
  /** Little patience and small pages: for a look at the accounts that somebody waits for. */
  readonly probe?: boolean;
  /** Calls of every marketing budget that are left to the opt-out lane. Default 0. */
  readonly reserve?: number;
}

/** The engine with its connectors as they are, for what only one vendor can tell. */
export interface WiredEngine extends Engine {
  readonly crm: CrmConnector;
  readonly marketing: MarketingAccount;
}

/** The book as the application itself uses it: with the settings that run. */
export interface WiredBook extends ConnectionBook {
  /** Complete settings with their secrets. */
  configs(): Promise<readonly ConnectionConfig[]>;
  config(name: string): Promise<ConnectionConfig | null>;
}
