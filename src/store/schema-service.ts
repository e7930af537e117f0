// Rows of the tables that serve this installation: who works with it, connections kept here, alerts, when work is due. Types only.

export type UserRole = 'viewer' | 'operator' | 'admin';

export interface UserRow {
  id: string;
  email: string;
  name: string;
  role: UserRole;
  /** Null until the one-time link was used. */
  password: string | null;
  disabled: 0 | 1;
  created_at: string;
  seen_at: string | null;
}

export interface OneTimeLinkRow {
  hash: string;
  /** Null: whoever uses it becomes the first user. */
  user_id: string | null;
  created_at: string;
  expires_at: string;
}

export interface SessionRow {
  hash: string;
  user_id: string;
  created_at: string;
  seen_at: string;
  expires_at: string;
}

export interface ApiTokenRow {
  id: string;
  hash: string;
  user_id: string;
  name: string;
  role: UserRole;
  created_at: string;
  expires_at: string | null;
  used_at: string | null;
}

export interface AuditRow {
  id: string;
  at: string;
  who: string | null;
  token: string | null;
  action: string;
  connection: string | null;
  subject: string | null;
  outcome: 'ok' | 'refused';
  detail: string;
}

export interface SavedConnectionRow {
  name: string;
  version: number;
  settings: string;
  saved_at: string;
  saved_by: string | null;
}

export interface PauseRow {
  connection: string;
  at: string;
  by_whom: string | null;
}

export interface AlertRow {
  id: string;
  connection: string;
  kind: string;
  severity: 'warning' | 'critical';
  message: string;
  since: string;
  ended_at: string | null;
  told: string;
}

export interface JobTimeRow {
  connection: string;
  work: 'sync' | 'verify' | 'opt-outs';
  /** Null = not before somebody says so. */
  due_at: string | null;
  /** When a worker was last asked to do it. */
  asked_at: string | null;
  /** When a person wanted it at once, whatever the schedule says. */
  wanted_at: string | null;
}

export interface AskedRunRow {
  id: string;
  connection: string;
  lane: 'asked' | 'align';
  what: string;
  asked_at: string;
  due_at: string;
  /** When a worker was last told of it. */
  told_at: string | null;
  tries: number;
  cancelled: number;
}

export interface JobFailureRow {
  connection: string;
  work: JobTimeRow['work'] | AskedRunRow['lane'];
  failures: number;
  since: string;
  at: string;
  reason: string;
  what: string | null;
}

export interface PaceRow {
  /** Hash of the credential or account that the limit is counted for. */
  limit_key: string;
  version: number;
  state: string;
  /** Milliseconds since the epoch. */
  used_at: number;
}

export interface ServiceTables {
  users: UserRow;
  one_time_links: OneTimeLinkRow;
  sessions: SessionRow;
  api_tokens: ApiTokenRow;
  audit: AuditRow;
  saved_connections: SavedConnectionRow;
  pauses: PauseRow;
  alerts: AlertRow;
  job_times: JobTimeRow;
  paces: PaceRow;
  asked_runs: AskedRunRow;
  job_failures: JobFailureRow;
}
