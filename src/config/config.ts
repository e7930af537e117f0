// A configuration that is complete: every default filled in, every secret read. Never partial, never unchecked.
import type { ConnectionInput } from './config-schema.ts';

/** `T` with nothing left out; lists stay as they are. */
export type Complete<T> = T extends readonly unknown[]
  ? Readonly<T>
  : T extends object
    ? { readonly [K in keyof T]-?: Complete<Exclude<T[K], undefined>> }
    : T;

type Section<K extends keyof ConnectionInput> = Complete<NonNullable<ConnectionInput[K]>>;

export type Profile = 'classic' | 'recommended';
export type ContactsConfig = Section<'contacts'>;
export type LeadsConfig = Section<'leads'>;
export type ConsentConfig = Section<'consent'>;
export type ProductsConfig = Section<'products'>;
export type BrakesConfig = Section<'brakes'>;
export type AlertConfig = Section<'alerts'>[number];

/** How calls to Sell are authorised. */
export type SellCredentials =
  | { readonly type: 'token'; readonly accessToken: string }
  | { readonly type: 'oauth'; readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };

export interface ScheduleConfig {
  readonly everyMs: number;
  readonly productsAt: { readonly hour: number; readonly minute: number };
  /** Null = never. */
  readonly verifyAt: { readonly hour: number; readonly minute: number } | null;
  readonly timezone: string;
}

/** Milliseconds; null = for ever. */
export interface RetentionConfig {
  readonly historyMs: number | null;
  readonly tombstonesMs: number | null;
  readonly ledgerMs: number | null;
}

export interface MailConfig {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string | null;
  readonly password: string | null;
  readonly from: string;
}

export interface ConnectionConfig {
  readonly name: string;
  readonly profile: Profile;
  readonly sell: {
    readonly url: string;
    readonly credentials: SellCredentials;
    /** 0 = not paced. */
    readonly requestsPerSecond: number;
  };
  readonly dotdigital: { readonly url: string; readonly user: string; readonly password: string };
  readonly schedule: ScheduleConfig;
  readonly contacts: ContactsConfig;
  readonly leads: LeadsConfig;
  readonly consent: ConsentConfig;
  readonly products: ProductsConfig;
  readonly names: Section<'names'>;
  readonly allowNonCustomer: boolean;
  readonly partialWrite: boolean;
  /** Milliseconds; 0 = none. (4.3) */
  readonly deleteGraceMs: number;
  readonly createDataFields: boolean;
  readonly brakes: BrakesConfig;
  readonly alerts: readonly AlertConfig[];
  readonly retention: RetentionConfig;
}

export interface Config {
  /** The file it came from, as named; null where there is none. */
  readonly file: string | null;
  readonly database: string;
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** Null: the address it listens on. */
    readonly publicUrl: string | null;
    readonly privateAddresses: boolean;
    readonly mail: MailConfig | null;
  };
  /** 32 bytes, or null: a key file beside the database is used. */
  readonly secretKey: Uint8Array | null;
  readonly connections: readonly ConnectionConfig[];
  /** The same connections as they were given, secrets included. Never shown. */
  readonly given: readonly ConnectionInput[];
}
