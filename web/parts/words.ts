// What closed lists of the contract are called on the screen, and in which tone. Nothing is decided here.
import type { Hold } from '../../src/api/contract/holds.ts';
import type { Progress, Run, RunAction } from '../../src/api/contract/runs.ts';
import type { ConnectionOverview } from '../../src/api/contract/service.ts';
import type { UserRole } from '../../src/api/contract/session.ts';
import { useSession } from '../api/session.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';
type Words<K extends string> = { readonly [P in K]: readonly [text: string, tone: Tone] };

export const RUN_STATE: Words<Run['state']> = {
  running: ['Running', 'info'],
  ok: ['Done', 'good'],
  ok_with_holds: ['Done, some wait', 'good'],
  partial: ['Some failed', 'bad'],
  parked: ['Waits for approval', 'warn'],
  aborted: ['Stopped', 'bad'],
  failed: ['Failed', 'bad'],
  interrupted: ['Interrupted', 'warn'],
};

export const RUN_KIND: { readonly [K in Run['kind']]: string } = {
  align: 'Alignment',
  preview: 'Alignment preview',
  plan: 'Plan',
  sync: 'Sync',
  undo: 'Undo',
  verify: 'Comparison',
  erase: 'Erasure',
  'opt-outs': 'Opt-outs',
};

export const ACTION_KIND: { readonly [K in RunAction['kind']]: string } = {
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  'set-consent': 'Set consent',
  'list-add': 'Add to list',
  'list-remove': 'Take off list',
};

export const ACTION_STATE: Words<RunAction['state']> = {
  planned: ['Planned', 'quiet'],
  sent: ['Sent', 'info'],
  done: ['Done', 'good'],
  failed: ['Failed', 'bad'],
  held: ['Held', 'warn'],
  parked: ['Waits for approval', 'warn'],
  dropped: ['Dropped', 'quiet'],
  unknown: ['Being looked up', 'info'],
};

export const PHASE: { readonly [K in Progress['phase']]: string } = {
  identify: 'Asking both accounts who they are',
  'pull-crm': 'Reading {crm}',
  'pull-marketing': 'Reading {marketing}',
  plan: 'Deciding',
  'apply-crm': 'Writing to {crm}',
  'apply-marketing': 'Writing to {marketing}',
};

export const STANDING: Words<ConnectionOverview['standing']> = {
  waiting: ['On schedule', 'good'],
  running: ['Running', 'info'],
  'not-aligned': ['Not live yet', 'warn'],
  busy: ['Another process runs it', 'info'],
  paused: ['Paused', 'warn'],
  'not-scheduled': ['Not on schedule', 'quiet'],
};

export const HEALTH: Words<ConnectionOverview['crm']['health']> = {
  ok: ['Well', 'good'],
  refused: ['Refuses us', 'bad'],
  unreachable: ['Unreachable', 'bad'],
  unknown: ['Not asked yet', 'quiet'],
};

export const SEVERITY: Words<Hold['severity']> = {
  action: ['Needs somebody', 'warn'],
  info: ['For information', 'quiet'],
  waiting: ['Goes by itself', 'info'],
};

export const HOLD_STATE: Words<Hold['state']> = {
  open: ['Open', 'warn'],
  waiting: ['Tried again soon', 'info'],
  fixed: ['Fixed', 'good'],
  ignored: ['Ignored', 'quiet'],
  expired: ['Over', 'quiet'],
};

const HOLD_CODE: { readonly [C in Hold['code']]: string } = {
  NAME_MISSING: 'Name missing',
  EMAIL_MISSING: 'E-mail missing',
  EMAIL_INVALID: 'E-mail invalid',
  EMAIL_BLOCKED: 'E-mail blocked',
  EMAIL_TAKEN: 'E-mail taken',
  EMAIL_REMOVED: 'E-mail removed',
  ADDRESS_INVALID: 'Address refused',
  NOT_PROSPECT_OR_CUSTOMER: 'Neither prospect nor customer',
  STATUS_DEFAULTED: 'Status by default',
  VALUE_UNMAPPABLE: 'Value does not fit',
  MULTI_MATCH: 'Several matches',
  MULTI_MATCH_NO_NAME: 'Several matches, none by name',
  DUP_SHADOWED: 'Second record left alone',
  ALREADY_CONTACT: 'Is a contact already',
  LEAD_STATUS_UNKNOWN: 'Lead status unknown',
  LEAD_LIST_RENAMED: 'Lead list renamed',
  LIST_ORDER_UNKNOWN: 'On several lists',
  MERGE_TWO_PERSONS: 'Merge of two people',
  CONVERSION_COLLISION: 'Conversion collides',
  DELETE_UNIDENTIFIED: 'Deleted, not identified',
  EDITED_AFTER_DELETE: 'Edited after delete',
  CONSENT_CONFLICT: 'Consent conflict',
  CONSENT_CONTRADICTION: 'Consent contradicts itself',
  CONSENT_REFUSED_BY_DOTDIGITAL: 'Consent refused',
  PRICE_MISSING: 'Price missing',
  REMOTE_REJECTED: 'Refused by the service',
  PERMISSION_DENIED: 'Permission denied',
  RATE_BUDGET: 'Waits for its turn',
  BRAKE_PARKED: 'Waits for approval',
};

export function codeText(code: string): string {
  return code in HOLD_CODE ? HOLD_CODE[code as Hold['code']] : code;
}

export const count = (n: number): string => n.toLocaleString('en-GB');
export const counted = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** What people call the two systems. */
export function useLabel(): (system: 'crm' | 'marketing') => string {
  const { labels } = useSession();
  return (system) => labels[system];
}

export const ROLES: readonly { readonly value: UserRole; readonly label: string }[] = [
  { value: 'viewer', label: 'Viewer' },
  { value: 'operator', label: 'Operator' },
  { value: 'admin', label: 'Administrator' },
];
