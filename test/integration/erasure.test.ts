// Access to and erasure of one person: both sides, every table, the ledger, the guard, and what broke off in the middle.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { erasePerson } from '../../src/engine/erase-person.ts';
import { eraseRows, IMPERSONAL } from '../../src/store/erase-rows.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Tables } from '../../src/store/schema.ts';
import { ADA, person, startConsent } from './consent-people.ts';
import { contactOf } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';
import { engineOf } from './undoing.ts';

let world: TwoAccounts;
afterEach(() => world.stop());

interface Receipt {
  readonly id: string;
}
interface Erasure {
  readonly found: boolean;
  readonly receipt: Receipt | null;
  readonly earlier: Receipt | null;
}

const erase = async (email = ADA) => erasePerson(await engineOf(world), email);

async function eraseByCommand(email = ADA): Promise<Erasure & { readonly code: number }> {
  const { code, json } = await world.lockstep('person', 'erase', email, '--yes');
  const [erasure] = (json as { readonly erasures: readonly Erasure[] }).erasures;
  if (erasure === undefined) throw new Error('One connection, one erasure.');
  return { code, ...erasure };
}

/** Ada as contact with a duplicate and as lead, Bob beside her; Ada has opted out in Sell, renamed once, and was written both ways. */
async function adaAndBob(optOut = true): Promise<void> {
  world = await startConsent({ more: { leads: { enabled: true, multipleMatch: 'email-and-names' } } });
  const ada = world.sell.world.createContact({
    ...person,
    email: 'ada.byron@example.com',
    address: { postal_code: 'AB1 2CD' },
  });
  world.sell.world.createContact({
    first_name: 'Bob',
    last_name: 'Boole',
    email: 'bob@example.com',
    customer_status: 'current',
  });
  await world.cycle('align');
  await world.cycle('sync');
  world.sell.world.updateContact(ada.id, { email: ADA, ...(optOut ? { tags: ['unsubscribed'] } : {}) });
  await world.cycle('sync');
  world.sell.world.createContact({ ...person, last_name: 'King' });
  world.sell.world.createLead({ first_name: 'Ada', last_name: 'Lovelace', email: ADA, status: 'New' });
  await world.cycle('sync');
  world.sell.world.updateContact(ada.id, { first_name: 'Augusta' });
  await world.cycle('sync');
}

const WORDS = ['ada@example.com', 'ada.byron@example.com', 'Lovelace', 'Augusta'];

/** Which words stand anywhere in what is stored: in a file's free pages and log as well, on a server in the rows. */
async function remains(words: readonly string[]): Promise<readonly string[]> {
  const files = ['lockstep.db', 'lockstep.db-wal']
    .map((name) => join(world.folder, name))
    .filter((file) => existsSync(file));
  const bytes = files.map((file) => readFileSync(file).toString('latin1').toLowerCase()).join('');
  const stored = files.length > 0 ? bytes : (await everyRow()).toLowerCase();
  return words.filter((word) => stored.includes(word.toLowerCase()));
}

async function everyRow(): Promise<string> {
  const { store } = await world.app();
  const tables = await store.db.introspection.getTables();
  return store.snapshot(async (tx) => {
    const pages = await Promise.all(
      tables.map(({ name }) => Array.fromAsync(store.backend.pages(tx, name as keyof Tables))),
    );
    return JSON.stringify(pages);
  });
}

describe('person export', () => {
  it('gives everything that is held as one document, and says so when nothing is', async () => {
    await adaAndBob();
    const { json } = await world.lockstep('person', 'export', 'ADA@example.com');
    const [one] = (json as { readonly connections: readonly { readonly [part: string]: unknown }[] }).connections;
    expect(one).toMatchObject({
      addresses: expect.arrayContaining([ADA]),
      sell: { contacts: [{ firstName: 'Augusta' }, { lastName: 'King' }], leads: [{ email: ADA }] },
      dotdigital: { contacts: [{ email: ADA }], leadLists: [{}] },
      erased: null,
    });
    expect(one?.['journal']).toEqual(
      expect.arrayContaining([expect.objectContaining({ changes: { FIRSTNAME: { from: 'Ada', to: 'Augusta' } } })]),
    );
    expect(one?.['consent']).toEqual(
      expect.arrayContaining([expect.objectContaining({ state: 'optedOut', row: 'O1' })]),
    );
    expect(((one?.['links'] ?? []) as readonly { readonly state: string }[]).map(({ state }) => state).sort()).toEqual([
      'active',
      'active',
      'shadow',
    ]);
    const file = join(world.folder, 'ada.json');
    expect((await world.words('person', 'export', ADA, '--out', file)).code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ email: ADA, found: true });
    expect((await world.words('person', 'export', ADA, '--out', file)).code).toBe(2);
    const nobody = await world.lockstep('person', 'export', 'nobody@example.com');
    expect(nobody.json).toMatchObject({ found: false, connections: [] });
  });
});

describe('person erase', () => {
  it('reaches the contact of somebody who opted out where Dotdigital shows no such contact', async () => {
    await adaAndBob();
    expect(contactOf(world, ADA).emailStatus).toBe('unsubscribed');
    // Whether Dotdigital lets people who opted out be read is not documented.
    world.dotdigital.faults.add({
      service: 'dotdigital',
      match: { method: 'GET', pattern: '^/contacts/v3/(email|contactId)/' },
      effect: { type: 'status', status: 404, body: { errorCode: 'contacts:contactNotFound', description: 'hidden' } },
    });
    expect((await eraseByCommand()).receipt).not.toBeNull();
    expect(world.dotdigital.world.contact(ADA)?.deletedAt ?? 1).toBeGreaterThan(0);
  });

  it('erases on both sides and in every table, and leaves the others and the proof', async () => {
    await adaAndBob();
    const erased = await erase();
    expect(erased).toMatchObject({
      found: true,
      report: { state: 'ok', kind: 'erase' },
      left: [],
      receipt: { removed: { crm: { contact: 2, lead: 1 }, marketing: 1 }, optedOut: true, rewritten: true },
    });
    expect(JSON.stringify(erased.receipt)).not.toMatch(/ada@|lovelace/i);
    expect((await world.sellRecords('contacts')).map(({ email }) => email)).toEqual(['bob@example.com']);
    expect(await world.sellRecords('leads')).toEqual([]);
    expect(world.dotdigital.world.contact(ADA)?.deletedAt ?? 1).toBeGreaterThan(0);
    // The opt-out outlives the contact.
    expect(world.dotdigital.world.suppressions()).toEqual([
      expect.objectContaining({ email: ADA, status: 'suppressed' }),
    ]);
    expect(await remains(WORDS)).toEqual([]);
    expect(await remains(['bob@example.com', 'Boole'])).toHaveLength(2);
    const verified = await world.lockstep('ledger', 'verify');
    expect(verified).toMatchObject({ code: 0, json: { ok: true } });
    const redacted = erased.receipt?.removed.ledger ?? 0;
    expect(redacted).toBeGreaterThan(0);
    const { json } = await world.lockstep('person', 'export', ADA);
    const [held] = (
      json as { readonly connections: readonly { readonly consent: readonly object[]; readonly erased: object }[] }
    ).connections;
    expect(held?.erased).toMatchObject({ id: erased.receipt?.id });
    expect(held?.consent).toHaveLength(redacted + 1);
    expect(held?.consent).toEqual(
      expect.arrayContaining([expect.objectContaining({ state: 'optedOut', email: null, sellId: null })]),
    );
    // Twice is once.
    expect(await eraseByCommand()).toMatchObject({
      code: 0,
      found: false,
      receipt: null,
      earlier: { id: erased.receipt?.id },
    });
  });

  it('keeps the person out under any id on either side, and lets them in again on purpose', async () => {
    await adaAndBob();
    await erase();
    world.sell.world.createContact({ ...person, email: 'ADA@Example.com' });
    world.sell.world.createLead({ first_name: 'Ada', last_name: 'Lovelace', email: ADA, status: 'New' });
    for (const full of [false, true]) {
      const report = await world.cycle('sync', { full });
      expect(report.actions.total).toBe(0);
      expect(report.message).toMatch(/erased/);
      expect(world.dotdigital.world.contact(ADA)?.deletedAt ?? 1).toBeGreaterThan(0);
    }
    expect(await remains(WORDS)).toEqual([]);
    // Back in Dotdigital as well: nothing of it goes to Sell.
    world.dotdigital.world.restoreContact(ADA);
    world.dotdigital.world.editContact(ADA, { fields: { FIRSTNAME: 'Ada', CUSTOMER_STATUS: 'current' } });
    expect((await world.cycle('sync', { full: true })).actions.total).toBe(0);
    expect(await world.sellRecords('contacts')).toHaveLength(2);
    expect(await remains(WORDS)).toEqual([]);

    expect((await world.lockstep('person', 'readmit', 'nobody@example.com')).json).toMatchObject({ readmitted: [] });
    expect((await world.lockstep('person', 'readmit', ADA)).json).toMatchObject({ readmitted: [{ optedOut: true }] });
    await world.cycle('sync', { full: true });
    await world.cycle('sync');
    expect((await world.lockstep('explain', ADA)).json).toMatchObject({ consent: { state: 'optedOut' } });
    expect(world.dotdigital.world.contact(ADA)?.emailStatus).toBe('suppressed');
    expect((await world.lockstep('ledger', 'verify')).json).toMatchObject({ ok: true });
  });

  it('says what is left when a service refuses, keeps the person out meanwhile, and goes on where it ended', async () => {
    await adaAndBob(false);
    world.sell.faults.add({
      service: 'zendesk-sell',
      match: { method: 'DELETE', path: '/v2/leads' },
      effect: {
        type: 'status',
        status: 403,
        body: {
          errors: [{ error: { resource: 'lead', code: 'not_permitted', message: 'no', details: 'no' }, meta: {} }],
          meta: { http_status: '403' },
        },
      },
    });
    const first = await erase();
    expect(first).toMatchObject({ receipt: null, report: { state: 'partial' } });
    expect(first.left).toEqual([expect.stringMatching(/^sell lead \d+: /)]);
    expect(first.report.message).toMatch(/Run the same command again/);
    expect(await remains(WORDS)).toEqual([]);
    expect((await world.cycle('sync', { full: true })).actions.total).toBe(0);
    world.sell.faults.clear();
    const second = await erase();
    expect(second.receipt).toMatchObject({
      removed: { crm: { contact: 2, lead: 1 }, marketing: 1, here: { crm_records: 3 } },
      optedOut: false,
    });
    expect(await world.sellRecords('leads')).toEqual([]);
  });

  it('is taken up after kill -9 at any call', async () => {
    await adaAndBob();
    for (const moment of [8, 12]) {
      const child = spawn(
        process.execPath,
        [
          '--disable-warning=ExperimentalWarning',
          join(import.meta.dirname, '../../src/cli/main.ts'),
          ...['--config', join(world.folder, 'lockstep.yaml'), '--quiet', 'person', 'erase', ADA, '--yes'],
        ],
        { stdio: 'ignore', env: { PATH: process.env['PATH'] } },
      );
      let requests = 0;
      const count = (): void => {
        requests += 1;
        if (requests === moment) child.kill('SIGKILL');
      };
      const servers = [world.sell.app.server, world.dotdigital.app.server];
      for (const server of servers) server.prependListener('request', count);
      await once(child, 'close');
      for (const server of servers) server.off('request', count);
    }
    const last = await eraseByCommand();
    expect(last.receipt ?? last.earlier).toMatchObject({
      removed: { sell: { contacts: 2, leads: 1 }, dotdigital: { contacts: 1 } },
    });
    expect((await world.sellRecords('contacts')).map(({ email }) => email)).toEqual(['bob@example.com']);
    expect(await remains(WORDS)).toEqual([]);
    expect((await world.lockstep('ledger', 'verify')).json).toMatchObject({ ok: true });
  }, 60_000);

  it('finds a redaction that no erasure accounts for, and one that hides another person', async () => {
    await adaAndBob();
    await erase();
    const verify = async () => (await world.lockstep('ledger', 'verify')).json as object;
    const tamper = async (statement: string): Promise<void> => {
      await sql.raw(statement).execute((await world.app()).store.db);
    };
    expect(await verify()).toMatchObject({ ok: true });
    const last = '(select max(seq) from ledger where email_key is null and redacts is null)';
    await tamper(`update ledger set signal = signal || '!' where seq = ${last}`);
    expect(await verify()).toMatchObject({ ok: false, ledger: [{ why: 'the entry was changed' }] });
    await tamper(`update ledger set signal = rtrim(signal, '!') where seq = ${last}`);
    expect(await verify()).toMatchObject({ ok: true });
    await tamper(`update ledger set email_key = null, crm_id = null, marketing_id = null, salt = null, person = 'x',
      erasure_id = 'made up' where email_key = 'bob@example.com'`);
    expect(await verify()).toMatchObject({
      ok: false,
      ledger: [{ why: 'no erasure accounts for what was taken out' }],
    });
  });

  it('says that nobody is there, asks before it erases, and refuses another key', async () => {
    await adaAndBob();
    expect(await eraseByCommand('nobody@example.com')).toMatchObject({
      code: 0,
      found: false,
      receipt: null,
      earlier: null,
    });
    expect((await world.lockstep('person', 'erase', ADA)).code).toBe(2);
    await erase();
    const { store } = await world.app();
    await store.db.updateTable('erased_addresses').set({ key_mark: 'of another key' }).execute();
    const report = await world.cycle('sync');
    expect(report).toMatchObject({ state: 'aborted', message: expect.stringMatching(/another key/) });
  });

  it('leaves a person alone who had the address once', async () => {
    world = await startConsent();
    const ada = world.sell.world.createContact(person);
    await world.cycle('align');
    world.sell.world.updateContact(ada.id, { email: 'ada.king@example.com' });
    await world.cycle('sync');
    await world.cycle('sync');
    const { receipt } = await erase();
    expect(receipt?.removed).toMatchObject({ crm: { contact: 0, lead: 0 }, marketing: 0 });
    expect(await world.sellRecords('contacts')).toHaveLength(1);
    expect(world.dotdigital.world.contact('ada.king@example.com')).toBeDefined();
    await world.cycle('sync', { full: true });
    expect((await world.lockstep('explain', 'ada.king@example.com')).json).toMatchObject({
      links: [{ state: 'active' }],
    });
  });
});

it('leaves a database without the person as it is', async () => {
  world = await startConsent();
  const store = await openStore('sqlite::memory:');
  const tables = (await store.db.introspection.getTables()).map(({ name }) => name);
  expect(Object.keys(IMPERSONAL).filter((table) => !tables.includes(table))).toEqual([]);
  const none = { addresses: [], addressHashes: [], marketingIds: [], crm: { contact: [], lead: [] }, personKeys: [] };
  expect(await store.transaction((tx) => eraseRows(tx, 'acme', none))).toEqual({});
  await store.close();
});
