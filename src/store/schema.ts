// Column types of every table, as the migrations create them. Times are ISO UTC text, booleans 0/1, JSON is text.
// Every table family has one file with its queries; nothing else names a table.
import type { Choice } from '../core/model/choice.ts';
import type { HoldCode, HoldSeverity } from '../core/model/hold.ts';
import type { Role, System } from '../core/model/identity.ts';
import type { LinkState } from '../core/model/link.ts';
import type { ActionKind, Lane } from '../core/model/plan.ts';
import type { RecordState } from '../core/model/record.ts';
import type { RowId } from '../core/model/row.ts';
import type { ServiceTables } from './schema-service.ts';

export type Flag = 0 | 1;

export interface ConnectionRow {
  name: string;
  crm_account_id: string | null;
  crm_region: string | null;
  marketing_account_id: string | null;
  marketing_region: string | null;
  replica: string;
  fingerprint: string | null;
  aligned_at: string | null;
  watermarks: string;
  live: string | null;
  live_at: string | null;
  crm_loaded_at: string | null;
  marketing_loaded_at: string | null;
  created_at: string;
}

export interface LeaseRow {
  name: string;
  holder: string | null;
  token: number;
  expires_at: string;
}

export interface CrmRecordRow {
  connection: string;
  role: Role;
  /** Number of characters of `id`: (id_len, id) sorts decimal ids by value without computing with them. */
  id_len: number;
  id: string;
  email_key: string | null;
  content: string;
  updated_at: string | null;
  revision: number | null;
  state: RecordState;
  dirty: Flag;
  /** 1 when the latest observation brought something new; counted right after it was written. */
  changed: Flag;
  observed_at: string;
  seen_scan: number;
  /** When it was first missed; null while it is there. */
  gone_at: string | null;
  /** 1 on a lead that was converted: nothing told of it later counts. (D8) */
  converted: Flag;
}

export interface MarketingRecordRow {
  connection: string;
  id_len: number;
  id: string;
  email_key: string | null;
  content: string;
  updated_at: string | null;
  state: RecordState;
  assumed: Flag;
  dirty: Flag;
  changed: Flag;
  observed_at: string;
  seen_scan: number;
}

export interface ScanRow {
  connection: string;
  /** `crm:contact`, `crm:lead` or `marketing`. */
  target: string;
  generation: number;
  started_at: string;
  finished_at: string | null;
}

export interface SuppressionRow {
  connection: string;
  email_key: string;
  marketing_id: string | null;
  reason: string;
  at: string;
  first_seen: string;
}

export interface LinkRow {
  id: string;
  connection: string;
  role: Role;
  crm_id: string;
  marketing_id: string;
  state: LinkState;
  because: string | null;
  base: string;
  unconfirmed: string;
  email_hash: string | null;
  created_at: string;
  updated_at: string;
}

export type HoldState = 'open' | 'waiting' | 'fixed' | 'ignored' | 'expired';

export interface HoldRow {
  id: string;
  connection: string;
  identity: string;
  subject: string;
  code: HoldCode;
  severity: HoldSeverity;
  row_id: RowId;
  entity: 'contact' | 'lead' | 'product';
  email: string | null;
  crm_id: string | null;
  marketing_id: string | null;
  field: string | null;
  message: string;
  fix: string;
  /** What may be decided about it, JSON; null = nothing. */
  asks: string | null;
  state: HoldState;
  first_seen: string;
  last_seen: string;
  attempts: number;
}

export interface HoldRefRow {
  hold_id: string;
  connection: string;
  system: System;
  entity: Role;
  record_id: string;
}

/** What somebody decided, once and for good. */
export interface DecisionRow {
  connection: string;
  question: string;
  choice: Choice;
  hold_id: string;
  entity: Role;
  crm_id: string | null;
  marketing_id: string | null;
  decided_at: string;
  decided_by: string;
}

export type RunKind = 'align' | 'preview' | 'plan' | 'sync' | 'undo' | 'verify' | 'erase' | 'opt-outs';
export type RunState = 'running' | 'ok' | 'ok_with_holds' | 'partial' | 'parked' | 'aborted' | 'failed' | 'interrupted';

export interface RunRow {
  id: string;
  connection: string;
  kind: RunKind;
  state: RunState;
  started_at: string;
  finished_at: string | null;
  counters: string;
  api_calls: string;
  error: string | null;
  options: string;
}

export type ActionState = 'planned' | 'sent' | 'done' | 'failed' | 'held' | 'parked' | 'dropped' | 'unknown';

export interface ActionRow {
  run_id: string;
  seq: number;
  id: string;
  person_key: string;
  connection: string;
  lane: Lane;
  kind: ActionKind;
  system: System;
  entity: Role;
  row_id: RowId;
  clears: Flag;
  email: string | null;
  email_key: string | null;
  crm_id: string | null;
  marketing_id: string | null;
  payload: string;
  state: ActionState;
  job_id: string | null;
  attempts: number;
  error: string | null;
  outcome: string | null;
  planned_at: string;
  sent_at: string | null;
  settled_at: string | null;
}

export interface NoteRow {
  run_id: string;
  connection: string;
  person_key: string;
  row_id: RowId;
  text: string;
  email_key: string | null;
  at: string;
}

export interface LeadListRow {
  connection: string;
  status: string;
  list_id: string;
  name: string;
  swept_at: string | null;
}

export interface ListMemberRow {
  connection: string;
  list_id: string;
  marketing_id: string;
  since: string | null;
  seen_sweep: string;
}

export interface LedgerRow {
  connection: string;
  seq: number;
  at: string;
  email_key: string | null;
  crm_id: string | null;
  marketing_id: string | null;
  system: System;
  state: string;
  signal: string;
  effective_at: string | null;
  row_id: RowId;
  written: string | null;
  run_id: string | null;
  previous: string;
  hash: string;
  /** Random; what `digest` was computed with. Null once the entry is redacted, and on entries of the first format. */
  salt: string | null;
  /** Of the personal part: it stays in the chain when that part is taken out. */
  digest: string | null;
  /** Keyed hash of the address of somebody who was erased. */
  person: string | null;
  /** The erasure that took the personal part out. */
  erasure_id: string | null;
  /** On the entry of an erasure: numbers of the entries it redacted, in JSON. */
  redacts: string | null;
}

export type ErasureState = 'open' | 'done';

export interface ErasureRow {
  id: string;
  connection: string;
  state: ErasureState;
  started_at: string;
  finished_at: string | null;
  /** Whom it is about and how far it is, sealed; null when nothing is left to do. */
  pending: string | null;
  receipt: string | null;
  /** Why it is still open; null while it is under way and when it is done. */
  error: string | null;
}

export interface ErasedAddressRow {
  connection: string;
  /** Keyed hash of the address: without the key it names nobody. */
  hash: string;
  /** Tells the key that made the hash from others. */
  key_mark: string;
  erasure_id: string;
  opted_out: Flag;
  erased_at: string;
  lifted_at: string | null;
}

export interface ProductRecordRow {
  connection: string;
  collection: string;
  id: string;
  record: string;
  at: string;
}

export interface ProductWriteRow {
  run_id: string;
  seq: number;
  connection: string;
  collection: string;
  product_id: string;
  kind: 'create' | 'update' | 'delete';
  row_id: RowId;
  before: string | null;
  after: string | null;
  state: ActionState;
  job_id: string | null;
  error: string | null;
  planned_at: string;
  sent_at: string | null;
  settled_at: string | null;
}

export interface ProductUndoneRow {
  connection: string;
  collection: string;
  id: string;
  /** What the undone write had sent; null where it deleted. */
  record: string | null;
}

export interface SecretRow {
  connection: string;
  name: string;
  value: string;
  updated_at: string;
}

export interface Tables extends ServiceTables {
  connections: ConnectionRow;
  leases: LeaseRow;
  crm_records: CrmRecordRow;
  marketing_records: MarketingRecordRow;
  scans: ScanRow;
  suppressions: SuppressionRow;
  links: LinkRow;
  holds: HoldRow;
  hold_refs: HoldRefRow;
  decisions: DecisionRow;
  runs: RunRow;
  actions: ActionRow;
  notes: NoteRow;
  lead_lists: LeadListRow;
  list_members: ListMemberRow;
  ledger: LedgerRow;
  erasures: ErasureRow;
  erased_addresses: ErasedAddressRow;
  product_records: ProductRecordRow;
  product_writes: ProductWriteRow;
  products_undone: ProductUndoneRow;
  secrets: SecretRow;
}
