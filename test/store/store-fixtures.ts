// Real stores in temporary folders and small makers of records. Holds no expectation.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Hold } from '../../src/core/model/hold.ts';
import type { Action } from '../../src/core/model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../../src/core/model/record.ts';
import type { CrmItem } from '../../src/store/crm-records.ts';
import type { StoreErrorKind } from '../../src/store/error.ts';
import { StoreError } from '../../src/store/error.ts';
import type { Store } from '../../src/store/executor.ts';
import type { NewLink } from '../../src/store/links.ts';
import type { MarketingItem } from '../../src/store/marketing-records.ts';
import { openStore, type StoreOptions } from '../../src/store/open-store.ts';
import { giveBack, lendPostgres, newDatabase } from '../postgres/databases.ts';

export const C = 'acme';

/** ISO time of a minute of one day; minutes order the steps of a test. */
export function at(minute: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
}

const folders: string[] = [];
const stores: Store[] = [];
const urls: string[] = [];

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const url of urls.splice(0)) await giveBack(url);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-store-'));
  folders.push(folder);
  return folder;
}

/** A new database, of the kind that the tests run on, gone after the test. @param empty without our tables, on PostgreSQL */
export async function newUrl(empty = false): Promise<string> {
  const url = empty ? await lendPostgres(true) : await newDatabase(tempFolder());
  urls.push(url);
  return url;
}

/** A store on a new database, closed after the test. */
export async function newStore(): Promise<Store> {
  return storeAt(await newUrl());
}

/** One more store on a database, closed after the test. */
export async function storeAt(url: string, options: StoreOptions = {}): Promise<Store> {
  const store = await openStore(url, options);
  stores.push(store);
  return store;
}

/** A store on a SQLite file, closed after the test. */
export async function fileStore(path = join(tempFolder(), 'lockstep.db'), options: StoreOptions = {}): Promise<Store> {
  return storeAt(`sqlite:${path}`, options);
}

/** The kind of the StoreError that `work` must end with. */
export async function refusal(work: Promise<unknown>): Promise<StoreErrorKind> {
  try {
    await work;
  } catch (error) {
    if (error instanceof StoreError) return error.kind;
    throw error;
  }
  throw new Error('expected a StoreError');
}

export function crm(id: string, over: Partial<CrmRecord> = {}): CrmItem {
  const record: CrmRecord = {
    role: 'contact',
    id,
    email: `p${id}@example.com`,
    firstName: 'Ada',
    lastName: 'Lovelace',
    values: { first_name: 'Ada' },
    tags: [],
    status: null,
    ownerId: null,
    isOrganisation: false,
    createdAt: at(0),
    updatedAt: at(0),
    revision: null,
    state: 'present',
    ...over,
  };
  return { record, emailKey: record.email === null ? null : record.email.toLowerCase() };
}

export function marketing(id: string, over: Partial<MarketingRecord> = {}): MarketingItem {
  const record: MarketingRecord = {
    id,
    email: `p${id}@example.com`,
    values: { FIRSTNAME: 'Ada' },
    channel: { state: 'subscribed', reason: 'subscribed', optInType: 'single' },
    lists: null,
    createdAt: at(0),
    updatedAt: at(0),
    state: 'present',
    assumed: false,
    ...over,
  };
  return { record, emailKey: record.email === null ? null : record.email.toLowerCase() };
}

export function link(id: string, crmId: string, marketingId: string, over: Partial<NewLink> = {}): NewLink {
  return {
    id,
    connection: C,
    role: 'contact',
    crmId,
    marketingId,
    state: 'active',
    because: null,
    base: {},
    unconfirmed: {},
    emailHash: null,
    ...over,
  };
}

export function hold(over: Partial<Hold> = {}): Hold {
  return {
    code: 'NAME_MISSING',
    row: 'C10',
    entity: 'contact',
    email: 'a@example.com',
    crmId: '1',
    marketingId: '2',
    field: null,
    message: 'No last name.',
    fix: 'Add a last name.',
    refs: [],
    ...over,
  };
}

export function action(id: string, over: Partial<Action> = {}): Action {
  return {
    id,
    row: 'C5',
    rows: ['C5'],
    lane: 'update',
    kind: 'update',
    system: 'marketing',
    entity: 'contact',
    email: 'a@example.com',
    crmId: '1',
    marketingId: '2',
    changes: { FIRSTNAME: { from: 'A', to: 'B' } },
    clears: false,
    crm: null,
    marketing: { set: { FIRSTNAME: 'B' } },
    effects: [],
    ...over,
  };
}
