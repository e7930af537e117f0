// Runs a command with --json and reads its document as documented. (contract 4) For tests alone.
import type { Answer, TwoAccounts } from '../integration/two-accounts.ts';

export interface CheckLine {
  readonly connection: string | null;
  readonly id: string;
  readonly status: string;
  readonly message: string;
  readonly fix?: string;
  readonly path?: string;
}

interface RunDocument {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly message?: string;
  readonly planned: readonly { readonly email: string }[];
}

interface HoldDocument {
  readonly id: string;
  readonly code: string;
  readonly severity: string;
  readonly attempts: number;
}

interface StatusDocument {
  readonly lastRun: RunDocument;
  readonly lastSuccess: RunDocument;
  readonly running: unknown;
  readonly next: readonly string[];
}

interface LinkDocument {
  readonly state: string;
  readonly sellId: string;
  readonly unconfirmed: { readonly [field: string]: unknown };
}

/** The members of every document; each command fills its own. */
interface Document {
  readonly error: { readonly message: string; readonly hint: string | null };
  readonly ok: boolean;
  readonly checks: readonly CheckLine[];
  readonly connections: readonly [StatusDocument];
  readonly runs: readonly [RunDocument, ...RunDocument[]];
  readonly holds: readonly [HoldDocument, ...HoldDocument[]];
  readonly retried: number;
  readonly faults: readonly string[];
  readonly email: string;
  readonly links: readonly [LinkDocument, ...LinkDocument[]];
  readonly sell: { readonly contacts: readonly [{ readonly id: string }] };
  readonly dotdigital: {
    readonly contacts: readonly [{ readonly id: string }];
    readonly suppressions: readonly unknown[];
  };
  readonly consent: { readonly because: string };
  readonly history: readonly { readonly row: string }[];
}

export interface Asked extends Omit<Answer, 'json'> {
  readonly json: Document;
}

export async function ask(world: TwoAccounts, ...args: readonly string[]): Promise<Asked> {
  return (await world.lockstep(...args)) as Asked;
}
