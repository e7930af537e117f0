// The receipt of an erasure: proof of what was done, without a word that names anybody.
import type { Role } from '../core/model/identity.ts';
import type { ErasedRows } from '../store/erase-rows.ts';

export interface ErasureReceipt {
  readonly id: string;
  readonly connection: string;
  /** ISO UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Keyed hashes of the addresses: with the key and an address it can be shown that the receipt is theirs. */
  readonly hashes: readonly string[];
  readonly removed: {
    /** Records deleted in the CRM. */
    readonly crm: { readonly [R in Role]: number };
    /** Contacts deleted in marketing. */
    readonly marketing: number;
    /** Rows taken out here, by table. */
    readonly here: ErasedRows;
    /** Entries of the consent ledger without address and ids from now on. */
    readonly ledger: number;
  };
  /** Whether the person had said no: that stays in force. */
  readonly optedOut: boolean;
  /** False where another process kept the file in use: remains may lie in its free pages until it is written anew. */
  readonly rewritten: boolean;
}
