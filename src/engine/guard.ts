// The guard of those who were erased: their addresses never get past the connectors' door, whatever id they come back under.
// Keeps keyed hashes only, and changes nothing on either side. (issue: erasure)
import type { CrmConnector, CrmObservation, CrmPage, MarketingConnector } from '../connectors/connector.ts';
import { emailKey } from '../core/normalize/email.ts';
import { guardedAddresses } from '../store/erasures.ts';
import type { Executor } from '../store/executor.ts';
import { keyedHash } from '../store/keyed-hash.ts';
import { keyMark } from '../store/secret.ts';
import { type Engine, RunStopped } from './engine.ts';

/** The form of an address that the guard compares: normal where it can be mailed, else as it stands. */
export function guardWord(email: string): string {
  const reading = emailKey(email);
  return reading.type === 'ok' ? reading.key : email.normalize('NFC').trim().toLowerCase();
}

/** Keyed hash of an address for one connection. */
export function guardHash(key: Uint8Array, connection: string, email: string): string {
  return keyedHash(key, ['erased address', connection, guardWord(email)]);
}

export interface Guarded {
  readonly engine: Engine;
  /** What was left out, for the report; null when there was nothing. */
  words(): string | null;
}

/** @throws RunStopped `aborted` when the hashes were made with another key: without it nobody could be kept out */
export async function guardEngine(engine: Engine): Promise<Guarded> {
  const isErased = await erasedTest(engine.store, engine);
  if (isErased === null) return { engine, words: () => null };
  const leftOut = new Set<string>();
  const passes = (place: string, { id, email }: { readonly id: string; readonly email: string | null }): boolean => {
    if (email === null || !isErased(email)) return true;
    leftOut.add(`${place} ${id}`);
    return false;
  };
  return {
    engine: {
      ...engine,
      crm: guardCrm(engine.crm, passes),
      marketing: guardMarketing(engine.marketing, passes, isErased),
    },
    words: () =>
      leftOut.size === 0
        ? null
        : `${leftOut.size === 1 ? 'One record' : `${leftOut.size} records`} of people who were erased ${leftOut.size === 1 ? 'was' : 'were'} left out. Whoever came back by their own will is let in with "lockstep person readmit EMAIL".`,
  };
}

async function erasedTest(
  ex: Executor,
  engine: Pick<Engine, 'name' | 'secretKey'>,
): Promise<((email: string) => boolean) | null> {
  const guarded = await guardedAddresses(ex, engine.name);
  if (guarded.length === 0) return null;
  const key = engine.secretKey();
  const mark = keyMark(key);
  if (guarded.some(({ keyMark: made }) => made !== mark))
    throw new RunStopped(
      'aborted',
      `The addresses of people who were erased from ${engine.name} were hashed with another key, so nobody could be kept out. Nothing was read. Put the key back (secretKey, or lockstep.key beside the database).`,
    );
  const hashes = new Set(guarded.map(({ hash }) => hash));
  return (email) => hashes.has(guardHash(key, engine.name, email));
}

type Passes = (place: string, record: { readonly id: string; readonly email: string | null }) => boolean;

function guardCrm(crm: CrmConnector, passes: Passes): CrmConnector {
  const observed = (seen: CrmObservation): boolean => seen.type === 'deleted' || passes(seen.record.role, seen.record);
  return {
    ...crm,
    async *pull(replica, selection) {
      for await (const page of crm.pull(replica, selection)) yield guardPage(page, observed);
    },
    async *scan(role, selection) {
      for await (const page of crm.scan(role, selection)) yield page.filter((record) => passes(role, record));
    },
    readMany: async (role, ids, selection) =>
      (await crm.readMany(role, ids, selection)).filter((record) => passes(role, record)),
    // As if it were not shown to us: nothing follows from that. (D19)
    async readOne(role, id, selection) {
      const answer = await crm.readOne(role, id, selection);
      return typeof answer === 'string' || passes(role, answer) ? answer : 'forbidden';
    },
    findByEmail: async (role, email, selection) =>
      (await crm.findByEmail(role, email, selection)).filter((record) => passes(role, record)),
    findMade: async (role, names, selection) =>
      (await crm.findMade(role, names, selection)).filter((record) => passes(role, record)),
    async update(role, id, write, fresh, selection) {
      const answer = await crm.update(role, id, write, fresh, selection);
      return passes(role, answer) ? answer : { ...answer, email: null };
    },
    readWhole: async (role, ids, selection) =>
      (await crm.readWhole(role, ids, selection)).filter(({ record }) => passes(role, record)),
  };
}

function guardPage(page: CrmPage, observed: (seen: CrmObservation) => boolean): CrmPage {
  return { ...page, observations: page.observations.filter(observed) };
}

function guardMarketing(
  marketing: MarketingConnector,
  passes: Passes,
  isErased: (email: string) => boolean,
): MarketingConnector {
  return {
    ...marketing,
    async *changedSince(since, selection) {
      for await (const page of marketing.changedSince(since, selection))
        yield page.filter((record) => passes('marketing', record));
    },
    async *scan(selection) {
      for await (const page of marketing.scan(selection)) yield page.filter((record) => passes('marketing', record));
    },
    async readOne(by, selection) {
      const answer = await marketing.readOne(by, selection);
      return answer === 'missing' || passes('marketing', answer) ? answer : 'missing';
    },
    async *suppressedSince(since) {
      for await (const page of marketing.suppressedSince(since))
        yield page.filter(({ email }) => email === '' || !isErased(email));
    },
  };
}
