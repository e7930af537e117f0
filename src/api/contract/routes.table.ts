// Every call of the HTTP API in one table: where it is, who may make it, what it is for. Plain data: the dashboard loads it without any schema.

/** Least role that may make a call. `public`: without logging in. (contract 5) */
export type Access = 'public' | 'viewer' | 'operator' | 'admin';

export const TAGS = {
  Session: 'Logging in and out.',
  Users: 'People, their roles, API tokens, and what they did.',
  Connections: 'Pairs of accounts and their settings.',
  Drafts: 'Settings that are not saved yet, held against both accounts. Nothing is written anywhere.',
  Runs: 'Cycles, alignments, plans and undos: started, watched, decided.',
  Holds: 'What waits for a person.',
  People: 'Everything known about somebody.',
  Data: 'Lists and the product catalogue.',
  Service: 'How the whole service is.',
} as const;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for each parameter. */
  readonly path: string;
  readonly access: Access;
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  /** Of success; 200 where it is left out. 202: it goes on after the answer. */
  readonly status?: 201 | 202 | 204 | 303;
  /** A stream of server-sent events instead of one JSON document. */
  readonly stream?: true;
}

export const ROUTES = {
  getSetup: { method: 'GET', path: '/api/setup', access: 'public', tag: 'Session', summary: 'Whether the first user has still to be made, through the link that was printed at the first start' },
  finishSetup: { method: 'POST', path: '/api/setup', access: 'public', tag: 'Session', summary: 'Use a one-time link: choose name and password, and be logged in', status: 201 },
  logIn: { method: 'POST', path: '/api/session', access: 'public', tag: 'Session', summary: 'Log in with a password' },
  enterAsGuest: { method: 'POST', path: '/api/session/guest', access: 'public', tag: 'Session', summary: 'Log in by the link that a demo prints; refused by every other service' },
  getSession: { method: 'GET', path: '/api/session', access: 'viewer', tag: 'Session', summary: 'Who is logged in, and what the screen needs to know of this installation' },
  logOut: { method: 'DELETE', path: '/api/session', access: 'viewer', tag: 'Session', summary: 'Log out', status: 204 },
  changePassword: { method: 'PUT', path: '/api/session/password', access: 'viewer', tag: 'Session', summary: 'Change the own password; every other session of the user ends', status: 204 },

  listUsers: { method: 'GET', path: '/api/users', access: 'admin', tag: 'Users', summary: 'All users' },
  createUser: { method: 'POST', path: '/api/users', access: 'admin', tag: 'Users', summary: 'Invite somebody; the one-time link in the answer is shown once', status: 201 },
  updateUser: { method: 'PATCH', path: '/api/users/{user}', access: 'admin', tag: 'Users', summary: 'Change name, role, or whether the user may log in' },
  renewUserLink: { method: 'POST', path: '/api/users/{user}/link', access: 'admin', tag: 'Users', summary: 'A new one-time link, for a forgotten password or a lost invitation', status: 201 },
  deleteUser: { method: 'DELETE', path: '/api/users/{user}', access: 'admin', tag: 'Users', summary: 'Remove a user with all sessions and tokens', status: 204 },
  listTokens: { method: 'GET', path: '/api/tokens', access: 'viewer', tag: 'Users', summary: 'Own API tokens; for an admin those of everybody' },
  createToken: { method: 'POST', path: '/api/tokens', access: 'viewer', tag: 'Users', summary: 'A new API token, no stronger than its owner; the secret is shown once', status: 201 },
  deleteToken: { method: 'DELETE', path: '/api/tokens/{token}', access: 'viewer', tag: 'Users', summary: 'Revoke an API token', status: 204 },
  listAudit: { method: 'GET', path: '/api/audit', access: 'admin', tag: 'Users', summary: 'What people did, newest first' },

  listConnections: { method: 'GET', path: '/api/connections', access: 'viewer', tag: 'Connections', summary: 'All connections' },
  getConnection: { method: 'GET', path: '/api/connections/{connection}', access: 'viewer', tag: 'Connections', summary: 'One connection with its settings; secrets are never shown' },
  createConnection: { method: 'POST', path: '/api/connections', access: 'admin', tag: 'Connections', summary: 'Save a new connection to the database', status: 201 },
  updateConnection: { method: 'PUT', path: '/api/connections/{connection}', access: 'admin', tag: 'Connections', summary: 'Replace the settings; refused when somebody else saved meanwhile' },
  deleteConnection: { method: 'DELETE', path: '/api/connections/{connection}', access: 'admin', tag: 'Connections', summary: 'Remove a connection of the database; its history stays', status: 204 },
  takeOverConnection: {
    method: 'POST',
    path: '/api/connections/{connection}/take-over',
    access: 'admin',
    tag: 'Connections',
    summary: 'Copy a connection of the file into the database, where it can be edited; the file no longer counts for it',
  },
  testConnection: { method: 'POST', path: '/api/connections/{connection}/test', access: 'operator', tag: 'Connections', summary: 'Hold a saved connection against both accounts' },
  pauseConnection: { method: 'POST', path: '/api/connections/{connection}/pause', access: 'operator', tag: 'Connections', summary: 'Start nothing on schedule until it is resumed' },
  resumeConnection: { method: 'POST', path: '/api/connections/{connection}/resume', access: 'operator', tag: 'Connections', summary: 'Go on with the schedule' },
  exportConfig: { method: 'GET', path: '/api/config', access: 'admin', tag: 'Connections', summary: 'All connections as a configuration file; secrets become ${NAMES}' },
  testAlerts: {
    method: 'POST',
    path: '/api/connections/{connection}/alerts/test',
    access: 'admin',
    tag: 'Connections',
    summary: 'Send a test message to everybody an alert of this connection goes to',
  },

  validateDraft: { method: 'POST', path: '/api/drafts/validate', access: 'admin', tag: 'Drafts', summary: 'Every problem of the settings at once, and the settings with all defaults filled in' },
  testDraft: { method: 'POST', path: '/api/drafts/test', access: 'admin', tag: 'Drafts', summary: 'Try both accounts: credentials, scopes, region, permissions, mapping' },
  readDraftSchemas: { method: 'POST', path: '/api/drafts/schemas', access: 'admin', tag: 'Drafts', summary: 'The fields of both accounts as they are now' },
  suggestDraftMapping: { method: 'POST', path: '/api/drafts/suggestions', access: 'admin', tag: 'Drafts', summary: 'Pairs of fields that seem to mean the same' },
  fitDraft: { method: 'POST', path: '/api/drafts/fit', access: 'admin', tag: 'Drafts', summary: 'How well values of both accounts fit the mapping, on a sample' },
  startCrmAuthorization: { method: 'POST', path: '/api/crm-authorizations', access: 'admin', tag: 'Drafts', summary: 'Begin OAuth 2: the address to send the browser to', status: 201 },
  getCrmAuthorization: { method: 'GET', path: '/api/crm-authorizations/{authorization}', access: 'admin', tag: 'Drafts', summary: 'How an authorization ended' },
  finishCrmAuthorization: {
    method: 'GET',
    path: '/api/crm-authorizations/callback',
    access: 'public',
    tag: 'Drafts',
    summary: 'Where the CRM sends the browser back to; leads on to the dashboard',
    status: 303,
  },

  listRuns: { method: 'GET', path: '/api/runs', access: 'viewer', tag: 'Runs', summary: 'Runs, newest first' },
  startRun: { method: 'POST', path: '/api/runs', access: 'operator', tag: 'Runs', summary: 'Start a sync, a plan, a preview of the alignment, or the alignment', status: 202 },
  getRun: { method: 'GET', path: '/api/runs/{run}', access: 'viewer', tag: 'Runs', summary: 'One run: how it went, or how far it is' },
  listRunActions: { method: 'GET', path: '/api/runs/{run}/actions', access: 'viewer', tag: 'Runs', summary: 'Its writes in order, planned or done, each with what changes and why' },
  listRunNotes: { method: 'GET', path: '/api/runs/{run}/notes', access: 'viewer', tag: 'Runs', summary: 'What it noticed without writing' },
  cancelRun: {
    method: 'POST',
    path: '/api/runs/{run}/cancel',
    access: 'operator',
    tag: 'Runs',
    summary: 'Break off a run, whichever service or worker has it; the next one goes on where it ended',
    status: 202,
  },
  approveRun: { method: 'POST', path: '/api/runs/{run}/approve', access: 'operator', tag: 'Runs', summary: 'Apply what still holds of the parked writes', status: 202 },
  rejectRun: { method: 'POST', path: '/api/runs/{run}/reject', access: 'operator', tag: 'Runs', summary: 'Let the parked writes fall' },
  previewUndo: {
    method: 'POST',
    path: '/api/runs/{run}/undo-preview',
    access: 'operator',
    tag: 'Runs',
    summary: 'Plan the inverse of a run; the answer names the run that holds the plan',
    status: 202,
  },
  undoRun: { method: 'POST', path: '/api/runs/{run}/undo', access: 'operator', tag: 'Runs', summary: 'Take a run back', status: 202 },
  watch: { method: 'GET', path: '/api/events', access: 'viewer', tag: 'Runs', summary: 'What happens, as it happens', stream: true },

  listHolds: { method: 'GET', path: '/api/holds', access: 'viewer', tag: 'Holds', summary: 'What waits, oldest first' },
  countHolds: { method: 'GET', path: '/api/holds/counts', access: 'viewer', tag: 'Holds', summary: 'How many wait, by code' },
  getHold: { method: 'GET', path: '/api/holds/{hold}', access: 'viewer', tag: 'Holds', summary: 'One hold with the records it names' },
  retryHolds: { method: 'POST', path: '/api/holds/retry', access: 'operator', tag: 'Holds', summary: 'Try holds again in the next cycle' },
  ignoreHolds: { method: 'POST', path: '/api/holds/ignore', access: 'operator', tag: 'Holds', summary: 'Take holds out of the list; they come back when the record changes in another way' },
  reopenHolds: { method: 'POST', path: '/api/holds/reopen', access: 'operator', tag: 'Holds', summary: 'Put ignored holds back' },
  decideHold: { method: 'POST', path: '/api/holds/{hold}/decide', access: 'operator', tag: 'Holds', summary: 'Answer the question of a hold, once; the next cycle carries the answer out' },
  fixHold: { method: 'POST', path: '/api/holds/{hold}/fix', access: 'operator', tag: 'Holds', summary: 'Write a corrected value to the side that is at fault, and try again' },

  searchPeople: { method: 'GET', path: '/api/people', access: 'viewer', tag: 'People', summary: 'People whose address begins like this' },
  getPerson: {
    method: 'GET',
    path: '/api/connections/{connection}/person',
    access: 'viewer',
    tag: 'People',
    summary: 'Both records side by side, links, holds, decisions, and whether they may be mailed',
  },
  exportPerson: {
    method: 'POST',
    path: '/api/connections/{connection}/person/export',
    access: 'admin',
    tag: 'People',
    summary: 'Everything that is held here about a person, as one document',
  },
  previewErasure: {
    method: 'POST',
    path: '/api/connections/{connection}/person/erasure-preview',
    access: 'admin',
    tag: 'People',
    summary: 'What the erasure of a person would delete; nothing is written',
  },
  erasePerson: {
    method: 'POST',
    path: '/api/connections/{connection}/person/erase',
    access: 'admin',
    tag: 'People',
    summary: 'Erase a person on both sides and here, and keep them out; cannot be undone',
    status: 202,
  },
  readmitPerson: {
    method: 'POST',
    path: '/api/connections/{connection}/person/readmit',
    access: 'admin',
    tag: 'People',
    summary: 'Let a person in again who was erased and came back by their own will',
  },

  getLists: { method: 'GET', path: '/api/connections/{connection}/lists', access: 'viewer', tag: 'Data', summary: 'Lead statuses and the lists that stand for them' },
  listProducts: { method: 'GET', path: '/api/connections/{connection}/products', access: 'viewer', tag: 'Data', summary: 'The catalogue as it was last sent' },

  getOverview: { method: 'GET', path: '/api/overview', access: 'viewer', tag: 'Service', summary: 'How every connection is: health, last runs, lag, drift, holds, quota' },
  getActivity: { method: 'GET', path: '/api/activity', access: 'viewer', tag: 'Service', summary: 'Writes, holds and failures by day' },
  listAlerts: { method: 'GET', path: '/api/alerts', access: 'viewer', tag: 'Service', summary: 'What is wrong now, and what was' },
  listDeadLetters: { method: 'GET', path: '/api/dead-letters', access: 'viewer', tag: 'Service', summary: 'Work that failed again and again by errors nobody expected' },
  retryDeadLetter: { method: 'POST', path: '/api/dead-letters/retry', access: 'operator', tag: 'Service', summary: 'Try such work again now, and count from the start', status: 202 },
  getSettings: { method: 'GET', path: '/api/settings', access: 'admin', tag: 'Service', summary: 'How this installation is set up' },
} as const satisfies { readonly [id: string]: Route };

export type RouteId = keyof typeof ROUTES;
