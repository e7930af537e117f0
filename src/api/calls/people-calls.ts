// People: found by address, told whole.
import type { Role } from '../../core/model/identity.ts';
import type { Value } from '../../core/model/value.ts';
import { type Explanation, explainAddress, isUnknown } from '../../engine/explain.ts';
import type { HistoryEntry } from '../../engine/explain-history.ts';
import { keptMapping, type PairValues, pairValues } from '../../engine/pair-values.ts';
import { erasedAs } from '../../engine/person-export.ts';
import { findByAddress, type PersonHit } from '../../store/people-search.ts';
import { notFound } from '../api-error.ts';
import type { Calls } from '../call.ts';
import type { Decision, FoundPerson, Person } from '../contract/people.ts';
import type { ApiHost, BookEntry } from '../host.ts';
import { changesOf, shownValue } from '../show/actions.ts';
import { crmRecordOf, marketingRecordOf } from '../show/records.ts';
import type { Say } from '../show/say.ts';
import { holdOf } from './hold-calls.ts';
import { receiptOf } from './privacy-calls.ts';

export function peopleCalls(host: ApiHost): Calls<'searchPeople' | 'getPerson'> {
  const { store } = host;

  return {
    searchPeople: async ({ query }) => {
      const { q, connection, limit } = query;
      const hits = await findByAddress(store, q.normalize('NFC').toLowerCase(), {
        limit: limit + 1,
        ...(connection === undefined ? {} : { connection }),
      });
      const people = [...peopleOf(hits).values()].sort((a, b) => (a.email < b.email ? -1 : a.email > b.email ? 1 : 0));
      return { people: people.slice(0, limit), more: people.length > limit };
    },

    getPerson: async ({ params, query, signal }) => {
      const { connection } = params;
      const { email, decisions } = query;
      const entry = await host.book.get(connection);
      if (entry === null) throw notFound('connection');
      const known = await explainAddress(store, connection, email, host.hashAddress, decisions);
      const engine = await host.engine(connection, signal);
      const mapping = await keptMapping(engine);
      const erased = await erasedAs(store, connection, email, engine.secretKey);
      const values = mapping === null ? null : pairValues(known, mapping);
      return {
        ...personOf(host, entry, email, known, values, mapping?.listNames ?? new Map()),
        erased: erased === null ? null : receiptOf(erased),
      };
    },
  };
}

function peopleOf(hits: readonly PersonHit[]): ReadonlyMap<string, FoundPerson> {
  const people = new Map<string, FoundPerson>();
  for (const { connection, emailKey, role, id, name } of hits) {
    const key = `${connection} ${emailKey}`;
    const person = people.get(key) ?? {
      connection,
      email: emailKey,
      name: null,
      contacts: [],
      leads: [],
      marketing: [],
    };
    const place: { readonly [R in Role]: string[] } = { contact: person.contacts, lead: person.leads };
    (role === null ? person.marketing : place[role]).push(id);
    people.set(key, { ...person, name: person.name ?? name });
  }
  return people;
}

function personOf(
  host: ApiHost,
  entry: BookEntry,
  email: string,
  known: Explanation,
  values: ReadonlyMap<string, readonly PairValues[]> | null,
  listNames: ReadonlyMap<string, string>,
): Omit<Person, 'erased'> {
  const { connection, crm, marketing, links, holds, suppressions, consent, ledger, history, more } = known;
  return {
    connection,
    email,
    known: !isUnknown(known),
    crm: crm.map((one) => crmRecordOf(entry, one)),
    marketing: marketing.map((one) => marketingRecordOf(one, listNames)),
    links: links.map(({ id, role, state, because, crmId, marketingId, createdAt, updatedAt, base, unconfirmed }) => ({
      id,
      role,
      state,
      because,
      why: because === null ? null : host.say.because(because),
      crmId,
      marketingId,
      createdAt,
      updatedAt,
      fields: (
        values?.get(id) ?? Object.keys(base).map((key) => ({ key, path: null, crm: null, marketing: null }))
      ).map(({ key, path, crm: ours, marketing: theirs }) => ({
        key,
        path,
        crm: shownValue(ours),
        marketing: shownValue(theirs),
        base: baseOf(base[key]),
        unconfirmed: unconfirmed[key] !== undefined,
        same: JSON.stringify(ours) === JSON.stringify(theirs),
      })),
    })),
    holds: holds.map((hold) => holdOf(host, hold)),
    suppressions: suppressions.map(({ emailKey, reason, at }) => ({ email: emailKey, reason, at })),
    consent: {
      mayMail: consent.mayMail,
      state: consent.state,
      because: host.say.text(consent.because),
      history: ledger.map(({ at, system, state, signal, effectiveAt, row, written, runId }) => ({
        at,
        system,
        state,
        signal,
        effectiveAt,
        row,
        why: host.say.row(row),
        written,
        run: runId,
      })),
    },
    decisions: history.map((entry) => decisionOf(host.say, entry)),
    more,
  };
}

function baseOf(field: { readonly crm: Value; readonly marketing: Value } | undefined) {
  return field === undefined ? null : { crm: shownValue(field.crm), marketing: shownValue(field.marketing) };
}

function decisionOf(say: Say, entry: HistoryEntry): Decision {
  const { at, runId, row } = entry;
  const frame = { at, run: runId, row, why: say.row(row) };
  if (entry.type === 'note') {
    return {
      ...frame,
      type: 'note',
      text: say.text(entry.text),
      system: null,
      kind: null,
      state: null,
      error: null,
      changes: {},
    };
  }
  const { action, state, error } = entry.stored;
  const { system, kind, changes } = action;
  return {
    ...frame,
    type: 'write',
    text: DONE[kind],
    system,
    kind,
    state,
    error,
    changes: changesOf(changes),
  };
}

const DONE: { readonly [K in NonNullable<Decision['kind']>]: string } = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  'set-consent': 'consent set',
  'list-add': 'put on a list',
  'list-remove': 'taken off a list',
};
