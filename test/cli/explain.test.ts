// `lockstep explain`: what is known of a person, found by any address it ever had. (contract 4)
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RowId } from '../../src/core/model/row.ts';
import { explainRow } from '../../src/core/plan/explain-row.ts';
import { startTwoAccounts, type TwoAccounts } from '../integration/two-accounts.ts';
import { ask } from './ask.ts';

let world: TwoAccounts;
beforeEach(async () => {
  world = await startTwoAccounts();
  world.sell.world.createContact({
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: 'ada@example.com',
    customer_status: 'current',
  });
});
afterEach(() => world.stop());

describe('a person on both sides', () => {
  it('has links with base values, both records, and every decision with its row and reason', async () => {
    await world.cycle('preview');
    const { id } = await world.cycle('align');
    await world.cycle('sync');
    const { json, code } = await ask(world, 'explain', ' ADA@Example.com ');
    expect(code).toBe(0);
    expect(json.email).toBe('ada@example.com');
    expect(json.links).toHaveLength(1);
    expect(json.links[0]).toMatchObject({
      role: 'contact',
      state: 'active',
      sellId: json.sell.contacts[0].id,
      dotdigitalId: json.dotdigital.contacts[0].id,
      base: { FIRSTNAME: { sell: 'Ada', dotdigital: 'Ada' } },
    });
    expect(json.sell.contacts[0]).toMatchObject({ email: 'ada@example.com', firstName: 'Ada' });
    expect(json.dotdigital.contacts[0]).toMatchObject({ values: { LASTNAME: 'Lovelace' } });
    // The preview decided nothing, so the alignment is the whole history.
    expect(json.history).toHaveLength(1);
    expect(json.history[0]).toMatchObject({
      run: id,
      row: 'C1',
      because: expect.stringContaining('Sell'),
      system: 'dotdigital',
      kind: 'create',
      changes: { FIRSTNAME: { from: null, to: 'Ada' } },
    });
  });

  it('C20: is found by the old address as well after a rename, newest decision first', async () => {
    await world.cycle('align');
    const ada = await world.sellRecord('contacts', 'ada@example.com');
    world.sell.world.updateContact(ada.id, { email: 'adele@example.com', first_name: 'Adele' });
    await world.cycle('sync');
    for (const address of ['adele@example.com', 'ada@example.com']) {
      const { json } = await ask(world, 'explain', address);
      expect(json.links.map((link) => link.sellId)).toEqual([String(ada.id)]);
      expect(json.history.map((entry) => entry.row)).toEqual(['C20', 'C1']);
      expect(json.links[0].unconfirmed['FIRSTNAME']).toMatchObject({ to: 'Adele' });
    }
  });

  it('answers whether the person may be mailed, and why', async () => {
    await world.cycle('align');
    expect((await ask(world, 'explain', 'ada@example.com')).json.consent).toMatchObject({
      state: 'optedIn',
      mayMail: true,
      history: [],
    });
    world.dotdigital.world.unsubscribe('ada@example.com');
    await world.cycle('sync');
    const { consent, dotdigital } = (await ask(world, 'explain', 'ada@example.com')).json;
    expect(consent).toMatchObject({ state: 'optedOut', mayMail: false });
    expect(consent.because).toContain('unsubscribed');
    expect(dotdigital.suppressions).toHaveLength(1);
    expect((await world.words('explain', 'ada@example.com')).stdout).toContain(
      'May be mailed: no, the contact is unsubscribed',
    );
  });
});

describe('people who share an address, and those who wait', () => {
  it('C3: shows the linked record and its double', async () => {
    world.sell.world.createContact({
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'Ada@example.com',
      customer_status: 'current',
    });
    await world.cycle('align');
    const { json } = await ask(world, 'explain', 'ada@example.com');
    expect(json.sell.contacts).toHaveLength(2);
    expect(json.links.map((link) => link.state).sort()).toEqual(['active', 'shadow']);
    const shadow = json.links.find((link) => link.state === 'shadow');
    expect(shadow).toMatchObject({ because: 'C3', why: expect.stringContaining('left alone') });
    expect(json.holds.map((hold) => hold.code)).toContain('DUP_SHADOWED');
  });

  it('C19: finds a record by an address that cannot be mailed', async () => {
    world.sell.world.createContact({
      first_name: 'Eve',
      last_name: 'Typo',
      email: 'eve@@example.com',
      customer_status: 'current',
    });
    await world.cycle('align');
    const { json } = await ask(world, 'explain', 'eve@@example.com');
    expect(json.holds).toMatchObject([{ code: 'EMAIL_INVALID' }]);
    expect(json.sell.contacts).toMatchObject([{ firstName: 'Eve' }]);
    expect(json.consent).toMatchObject({ state: 'unknown', mayMail: false });
  });
});

describe('an address nobody has', () => {
  it('is answered with empty parts and exit 0', async () => {
    await world.cycle('align');
    const { json, code } = await ask(world, 'explain', 'nobody@example.com');
    expect(code).toBe(0);
    expect(json).toMatchObject({
      email: 'nobody@example.com',
      links: [],
      sell: { contacts: [], leads: [] },
      dotdigital: { contacts: [], suppressions: [] },
      holds: [],
      consent: { state: 'unknown', mayMail: false },
      history: [],
    });
    expect((await world.words('explain', 'nobody@example.com')).stdout).toContain('nothing is known');
  });
});

describe('the words of the rows', () => {
  it('exist for every row id that the core or the engine names', () => {
    const root = join(import.meta.dirname, '..', '..', 'src');
    const files = globSync('{core,engine}/**/*.ts', { cwd: root });
    const ids = new Set(
      files.flatMap((file) =>
        [...readFileSync(join(root, file), 'utf8').matchAll(/'([CDHKLOPRS]\d{1,2})'/g)].map(([, id = '']) => id),
      ),
    );
    expect(ids.size).toBeGreaterThan(40);
    expect([...ids].filter((id) => explainRow(id as RowId) === id)).toEqual([]);
  });
});
