// What is known of a person as the documented JSON. (contract 4) With several connections, each item names its own.
import type { Explanation, HistoryEntry } from '../../app.ts';
import { holdJson } from '../holds/hold-json.ts';
import { inProductNames, SYSTEM_LABEL } from '../product-words.ts';

/** How reasons become sentences. */
export interface Words {
  explainRow(row: HistoryEntry['row']): string;
  explainBecause(because: string): string;
}

const NOWHERE = { state: 'unknown', because: 'nothing is known of this address', mayMail: false } as const;

export function explanationJson(email: string, found: readonly Explanation[], words: Words) {
  return {
    email,
    links: found.flatMap((one) => one.links.map((link) => linkJson(link, words))),
    sell: {
      contacts: found.flatMap((one) => crmJson(one, 'contact')),
      leads: found.flatMap((one) => crmJson(one, 'lead')),
    },
    dotdigital: { contacts: found.flatMap(marketingJson), suppressions: found.flatMap(suppressionJson) },
    holds: found.flatMap((one) => one.holds.map(holdJson)),
    consent: consentJson(found),
    history: found
      .flatMap((one) => one.history.map((entry) => entryJson(one.connection, entry, words)))
      .sort(newestFirst),
    more: found.some(({ more }) => more),
  };
}

function linkJson(link: Explanation['links'][number], words: Words) {
  const { connection, role, state, because, crmId, marketingId, base, unconfirmed } = link;
  const reason = because === null ? {} : { why: inProductNames(words.explainBecause(because)) };
  return {
    connection,
    role,
    state,
    because,
    ...reason,
    sellId: crmId,
    dotdigitalId: marketingId,
    base: Object.fromEntries(
      Object.entries(base).map(([field, value]) => [field, { sell: value.crm, dotdigital: value.marketing }]),
    ),
    unconfirmed: Object.fromEntries(
      Object.entries(unconfirmed).map(([field, { from, to, tries }]) => [field, { from, to, tries }]),
    ),
  };
}

function crmJson({ crm, connection }: Explanation, role: 'contact' | 'lead') {
  return crm
    .filter(({ record }) => record.role === role)
    .map(({ record: { role: _, ...record }, observedAt }) => ({ connection, ...record, observedAt }));
}

function marketingJson({ marketing, connection }: Explanation) {
  return marketing.map(({ record, observedAt }) => ({ connection, ...record, observedAt }));
}

function suppressionJson({ suppressions, connection }: Explanation) {
  return suppressions.map(({ emailKey, marketingId, reason, at }) => ({
    connection,
    email: emailKey,
    dotdigitalId: marketingId,
    reason,
    at,
  }));
}

/** The strictest word of all connections that know the person. (P5) */
function consentJson(found: readonly Explanation[]) {
  const order = ['optedOut', 'pending', 'unknown', 'optedIn'];
  const [first = NOWHERE] = found
    .map(({ consent }) => consent)
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return {
    state: first.state,
    because: inProductNames(first.because),
    mayMail: first.mayMail,
    history: found.flatMap(consentHistory),
  };
}

/** What the ledger says, oldest first. */
function consentHistory({ connection, ledger }: Explanation) {
  return ledger.map(({ at, system, state, signal, effectiveAt, row, written, runId }) => ({
    at,
    connection,
    system: SYSTEM_LABEL[system],
    state,
    signal,
    effectiveAt,
    row,
    written,
    run: runId,
  }));
}

function entryJson(connection: string, entry: HistoryEntry, words: Words) {
  const { at, runId, row } = entry;
  const frame = { at, connection, run: runId, row, because: inProductNames(words.explainRow(row)) };
  if (entry.type === 'note')
    return { ...frame, system: null, kind: 'note', changes: {}, text: inProductNames(entry.text) };
  const { state, error, action, crmId, marketingId } = entry.stored;
  return {
    ...frame,
    rows: action.rows,
    system: SYSTEM_LABEL[action.system],
    kind: action.kind,
    entity: action.entity,
    state,
    email: action.email,
    sellId: crmId,
    dotdigitalId: marketingId,
    changes: action.changes,
    ...(error === null ? {} : { error }),
  };
}

function newestFirst(a: { readonly at: string }, b: { readonly at: string }): number {
  return a.at > b.at ? -1 : a.at < b.at ? 1 : 0;
}
