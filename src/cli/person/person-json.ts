// Everything held about a person as one document, in the words of the two products.
import type { PersonData } from '../../app.ts';
import { holdJson } from '../holds/hold-json.ts';
import { SYSTEM_LABEL } from '../product-words.ts';
import { receiptJson } from './receipt-words.ts';

export function personJson(data: PersonData) {
  return {
    connection: data.connection,
    addresses: data.addresses,
    sell: { contacts: crmJson(data, 'contact'), leads: crmJson(data, 'lead') },
    dotdigital: {
      contacts: data.marketing.map(({ record, emailKey: _, dirty: _news, ...seen }) => ({ ...record, ...seen })),
      leadLists: data.memberships.map(({ listId, marketingId, since }) => ({
        listId,
        dotdigitalId: marketingId,
        since,
      })),
      suppressions: data.suppressions.map(({ emailKey, marketingId, isContact: _, ...rest }) => ({
        email: emailKey,
        dotdigitalId: marketingId,
        ...rest,
      })),
    },
    links: data.links.map(linkJson),
    holds: data.holds.map((hold) => ({ ...holdJson(hold), state: hold.state, lastSeen: hold.lastSeen })),
    decisions: data.decisions.map(({ choice, question, entity, crmId, marketingId, decidedAt, decidedBy }) => ({
      choice,
      question: question.split(' ')[0],
      entity,
      sellId: crmId,
      dotdigitalId: marketingId,
      at: decidedAt,
      by: decidedBy,
    })),
    journal: data.journal.map(journalJson),
    notes: data.notes.map(({ at, runId, row, text }) => ({ at, run: runId, row, text })),
    consent: data.ledger.map(({ crmId, marketingId, system, runId, emailKey, ...entry }) => ({
      ...entry,
      email: emailKey,
      system: SYSTEM_LABEL[system],
      run: runId,
      sellId: crmId,
      dotdigitalId: marketingId,
    })),
    erased: data.erased === null ? null : receiptJson(data.erased),
  };
}

function crmJson({ crm }: PersonData, role: 'contact' | 'lead') {
  return crm
    .filter(({ record }) => record.role === role)
    .map(({ record: { role: _, ...record }, observedAt }) => ({ ...record, observedAt }));
}

function linkJson({
  id,
  role,
  state,
  because,
  crmId,
  marketingId,
  base,
  unconfirmed,
  emailHash,
  createdAt,
  updatedAt,
}: PersonData['links'][number]) {
  return {
    id,
    role,
    state,
    because,
    sellId: crmId,
    dotdigitalId: marketingId,
    lastAgreed: Object.fromEntries(
      Object.entries(base).map(([field, { crm, marketing }]) => [field, { sell: crm, dotdigital: marketing }]),
    ),
    waiting: Object.fromEntries(
      Object.entries(unconfirmed).map(([field, { from, to, crm, tries }]) => [field, { from, to, sell: crm, tries }]),
    ),
    emailHash,
    createdAt,
    updatedAt,
  };
}

/** A write with the values before and after it: what an undo would put back. */
function journalJson({
  runId,
  state,
  action,
  crmId,
  marketingId,
  error,
  outcome,
  plannedAt,
  sentAt,
  settledAt,
}: PersonData['journal'][number]) {
  return {
    run: runId,
    plannedAt,
    sentAt,
    settledAt,
    state,
    row: action.row,
    rows: action.rows,
    kind: action.kind,
    system: SYSTEM_LABEL[action.system],
    entity: action.entity,
    email: action.email,
    sellId: crmId,
    dotdigitalId: marketingId,
    changes: action.changes,
    replaced: action.replaced ?? {},
    written: action.crm ?? action.marketing,
    error,
    outcome,
  };
}
