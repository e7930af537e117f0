// Deletes as a whole: the brake and its decisions, gaps in the feed, scans that miss records, sentinels (D18-D21, R13).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getConnection, updateConnection } from '../../src/store/connections.ts';
import {
  both,
  contactIn,
  DELIVERIES,
  decide,
  EMAIL,
  expectDone,
  isThere,
  leadIn,
  leadsOnly,
  linkOf,
  listsOf,
  on,
  parkedRun,
  settled,
  startLeads,
  statusOf,
  syncFully,
} from './lead-people.ts';
import { codes, decided, notedRows } from './looking.ts';
import type { TwoAccounts } from './two-accounts.ts';

describe.each(DELIVERIES)('deletes, gaps and sentinels, $name', (delivery) => {
  let world: TwoAccounts;
  beforeEach(async () => {
    world = await startLeads(delivery);
  });
  afterEach(() => world.stop());

  const people = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `p${n}@example.com`);
  const there = (emails: readonly string[]): number => emails.filter((email) => isThere(world, email)).length;

  describe('D18: the brake on deletes', () => {
    const emails = people(4);
    let ids: readonly number[];
    beforeEach(async () => {
      await world.configure(both({}, {}, { brakes: { delete: { count: 2, percent: 1 } } }));
      ids = emails.map((email) => contactIn(world, { email }));
      contactIn(world);
      await settled(world);
    });

    it('D18: up to the limit they are done', async () => {
      for (const id of ids.slice(0, 2)) world.sell.world.deleteContact(id);
      expect((await world.cycle('sync')).state).toBe('ok');
      expect(there(emails)).toBe(2);
    });

    it('D18: above it all wait, the rest of the run goes on, the exit code says so, and approval does what still holds', async () => {
      for (const id of ids) world.sell.world.deleteContact(id);
      const other = (await world.sellRecord('contacts', EMAIL)).id;
      world.sell.world.updateContact(other, { last_name: 'Goes on' });
      const answer = await world.lockstep('sync');
      expect([answer.code, (answer.json as { runs: { state: string }[] }).runs[0]?.state]).toEqual([4, 'parked']);
      expect([there(emails), world.dotdigital.world.contact(EMAIL)?.fields['LASTNAME']]).toEqual([4, 'Goes on']);
      expect(await codes(world)).toEqual(emails.map(() => 'BRAKE_PARKED'));
      await expectDone(world);
      expect(there(emails)).toBe(4);
      // What no longer holds by the time somebody decides: one is made again in Sell, one edited in Dotdigital.
      const [first, second] = emails;
      contactIn(world, { email: first });
      world.dotdigital.world.editContact(second ?? '', { fields: { LASTNAME: 'Edited since' } });
      const approved = await decide(world, 'approve', await parkedRun(world));
      expect(there(emails)).toBe(2);
      expect([isThere(world, first), isThere(world, second)]).toEqual([true, true]);
      expect(approved?.message).toContain('2 of the approved writes no longer hold');
      expect(approved?.message).toContain(first);
      expect(await codes(world)).toEqual(['EDITED_AFTER_DELETE']);
    });

    it('D18: rejected, everybody stays, and nobody is asked again', async () => {
      for (const id of ids) world.sell.world.deleteContact(id);
      await world.cycle('sync');
      await decide(world, 'reject', await parkedRun(world));
      await expectDone(world);
      expect([there(emails), await codes(world), (await world.cycle('sync')).state]).toEqual([4, [], 'ok']);
      expect((await world.sellRecords('contacts')).length).toBe(1);
    });

    it('D18: deletes of the last 24 hours count', async () => {
      for (const id of ids) {
        world.sell.world.deleteContact(id);
        await world.cycle('sync');
      }
      expect(there(emails)).toBe(2);
      expect((await codes(world)).filter((code) => code === 'BRAKE_PARKED').length).toBe(2);
    });
  });

  describe('D19: what is missing, hidden, or not gone at all', () => {
    it('D19: a record hidden from us (403) is held, never deleted, and goes on when it is shown again', async () => {
      world.sell.switches.hiddenRecordStatus = 403;
      const [id, lead] = [contactIn(world, { email: 'zc@example.com' }), leadIn(world)];
      await settled(world);
      world.sell.world.hide('contact', id);
      world.sell.world.hide('lead', lead);
      const run = await world.cycle('sync');
      expect([await decided(world, run.id), await codes(world)]).toEqual([
        [],
        ['PERMISSION_DENIED', 'PERMISSION_DENIED'],
      ]);
      await expectDone(world);
      expect([isThere(world), isThere(world, 'zc@example.com'), listsOf(world)]).toEqual([true, true, ['New']]);
      world.sell.world.show('contact', id);
      world.sell.world.show('lead', lead);
      await world.cycle('sync');
      expect([await codes(world), await linkOf(world, 'contact', id), await linkOf(world, 'lead', lead)]).toEqual([
        [],
        'active',
        'active',
      ]);
      await expectDone(world);
    });

    it('D19: hidden without a word: a compare finds out, and holds it', async () => {
      Object.assign(world.sell.switches, { hiddenRecordStatus: 403, syncHiddenRecords: 'silent' });
      const id = contactIn(world);
      await settled(world);
      world.sell.world.hide('contact', id);
      await syncFully(world);
      expect([await codes(world), isThere(world)]).toEqual([['PERMISSION_DENIED'], true]);
    });

    it('D19: missing from a compare without an event: a delete only after a second look, a cycle later', async () => {
      const lead = leadIn(world);
      await settled(world);
      // Gone without a word in the feed.
      world.sell.world.state.leads.remove(lead);
      const first = await syncFully(world);
      expect([await decided(world, first.id), isThere(world)]).toEqual([[], true]);
      const second = await world.cycle('sync');
      expect(await decided(world, second.id)).toEqual(['D6 delete marketing']);
      await expectDone(world);
    });

    it('D19: missing once and back the next time: nothing follows', async () => {
      const lead = leadIn(world);
      await settled(world);
      const record = world.sell.world.state.leads.get(lead);
      world.sell.world.state.leads.remove(lead);
      await syncFully(world);
      if (record !== undefined) world.sell.world.state.leads.put(record);
      await world.cycle('sync');
      expect([isThere(world), await linkOf(world, 'lead', lead)]).toEqual([true, 'active']);
      await expectDone(world);
    });

    it('D1, decision 6: a delete event of a record that still answers is no delete', async () => {
      const [id, lead] = [contactIn(world, { email: 'zc@example.com' }), leadIn(world)];
      await settled(world);
      world.sell.world.state.deleted('contact', id);
      world.sell.world.state.deleted('lead', lead);
      const run = await world.cycle('sync');
      expect(await decided(world, run.id)).toEqual([]);
      expect([await linkOf(world, 'contact', id), await linkOf(world, 'lead', lead), statusOf(world, lead)]).toEqual([
        'active',
        'active',
        'New',
      ]);
      await expectDone(world);
    });
  });

  describe('D20: a gap in the feed', () => {
    const forget = async (watermarks: { readonly [name: string]: string }, replica?: string): Promise<void> => {
      const { store } = await world.app();
      await updateConnection(store, 'acme', { watermarks, ...(replica === undefined ? {} : { replica }) });
    };

    it.each(['three days without a run', 'another device'])(
      'D20: %s: everything is compared, and deletes found wait for approval',
      async (gap) => {
        const [id, kept] = [contactIn(world), contactIn(world, { email: 'kept@example.com' })];
        await settled(world);
        world.sell.world.state.contacts.remove(id);
        if (gap === 'another device') await forget({}, '00000000-0000-4000-8000-000000000000');
        else await forget({ 'crm-pulled': new Date(Date.now() - 73 * 60 * 60 * 1000).toISOString() });
        const first = await world.cycle('sync');
        expect(await notedRows(world, first.id)).toEqual(['D20']);
        expect([isThere(world), await linkOf(world, 'contact', kept)]).toEqual([true, 'active']);
        const second = await world.cycle('sync');
        expect([second.state, await decided(world, second.id), isThere(world)]).toEqual([
          'parked',
          ['D1 delete marketing (parked)'],
          true,
        ]);
        await decide(world, 'approve', await parkedRun(world));
        expect([isThere(world), isThere(world, 'kept@example.com')]).toEqual([false, true]);
        await expectDone(world);
      },
    );

    it('D19, D20, R20: what only the comparison of every night misses is gone after the second look, and waits for approval', async () => {
      const id = contactIn(world);
      await settled(world);
      // As after the restore of an older database: another one had acknowledged the delete.
      world.sell.world.state.contacts.remove(id);
      expect([(await world.cycle('sync')).state, (await world.lockstep('verify')).code]).toEqual(['ok', 3]);
      const run = await world.cycle('sync');
      expect([run.state, await notedRows(world, run.id), isThere(world)]).toEqual(['parked', ['D20'], true]);
      await decide(world, 'approve', await parkedRun(world));
      expect([isThere(world), (await world.lockstep('verify')).code]).toEqual([false, 0]);
      await expectDone(world);
    });

    it.each(['verify', 'plan'])(
      'D19, D20: a %s between the two looks takes away neither the second nor the wait',
      async (command) => {
        const id = contactIn(world);
        await settled(world);
        world.sell.world.state.contacts.remove(id);
        await forget({ 'crm-pulled': new Date(Date.now() - 73 * 60 * 60 * 1000).toISOString() });
        await world.cycle('sync');
        await world.lockstep(command);
        expect([(await world.cycle('sync')).state, isThere(world)]).toEqual(['parked', true]);
      },
    );

    it('D20: a delete that the feed tells to a comparison after the gap waits for approval in the next run', async () => {
      const id = contactIn(world);
      await settled(world);
      world.sell.world.deleteContact(id);
      await forget({ 'crm-pulled': new Date(Date.now() - 73 * 60 * 60 * 1000).toISOString() });
      await world.lockstep('verify');
      expect([(await world.cycle('sync')).state, isThere(world)]).toEqual(['parked', true]);
    });

    it('D20: a delete that the feed tells after the gap waits for approval too', async () => {
      const id = contactIn(world);
      await settled(world);
      world.sell.world.deleteContact(id);
      await forget({ 'crm-pulled': new Date(Date.now() - 73 * 60 * 60 * 1000).toISOString() });
      expect([(await world.cycle('sync')).state, isThere(world)]).toEqual(['parked', true]);
    });

    it('D20: a session that is lost while it is read is no gap: all of it comes again', async () => {
      const leads = people(5).map((email) => leadIn(world, { email }));
      await settled(world);
      for (const lead of leads) world.sell.world.updateLead(lead, { last_name: 'Changed' });
      world.sell.world.deleteLead(leads[0] ?? 0);
      world.sell.faults.add({
        service: 'zendesk-sell',
        match: { method: 'GET', path: '/v2/sync/', nth: 2 },
        effect: {
          type: 'status',
          status: 404,
          body: { errors: [{ error: { code: 'not_found', message: 'gone' } }], meta: { http_status: '404' } },
        },
      });
      const run = await world.cycle('sync');
      expect([run.state, await notedRows(world, run.id)]).toEqual(['ok', []]);
      await world.cycle('sync');
      expect([
        isThere(world, 'p0@example.com'),
        world.dotdigital.world.contact('p4@example.com')?.fields['LASTNAME'],
      ]).toEqual([false, 'Changed']);
      expect((await getConnection((await world.app()).store, 'acme'))?.watermarks['crm-missing'] ?? '').toBe('');
    });
  });

  describe('D21, R13: sentinels', () => {
    const emptied = { type: 'status', status: 200 } as const;

    it('D21: a scan that shows nobody where many were aborts the run before anything is planned', async () => {
      const emails = people(120);
      for (const email of emails) contactIn(world, { email });
      await settled(world);
      world.dotdigital.faults.add({
        service: 'dotdigital',
        match: { method: 'GET', path: '/contacts/v3' },
        effect: { ...emptied, body: { _items: [], _links: { self: {}, next: null } } },
      });
      const dotdigital = await syncFully(world);
      expect([dotdigital.state, dotdigital.actions.total]).toEqual(['aborted', 0]);
      expect(dotdigital.message).toContain('Dotdigital shows no contacts at all');
      world.dotdigital.faults.clear();
      world.sell.faults.add({
        service: 'zendesk-sell',
        match: { method: 'GET', path: '/v2/contacts' },
        effect: { ...emptied, body: { items: [], meta: { type: 'collection', count: 0, links: { self: '' } } } },
      });
      const sell = await syncFully(world);
      expect([sell.state, sell.actions.total]).toEqual(['aborted', 0]);
      expect(sell.message).toContain('Sell shows no contacts at all');
      world.sell.faults.clear();
      await expectDone(world);
      expect(there(emails)).toBe(120);
    });

    it('D21: a lead list that shows nobody but counts many aborts the run, and pauses nobody', async () => {
      await world.configure(leadsOnly());
      const leads = people(120).map((email) => leadIn(world, { email }));
      await settled(world);
      world.dotdigital.faults.add({
        service: 'dotdigital',
        match: { method: 'GET', pattern: 'listId' },
        effect: { ...emptied, body: { _items: [], _links: { self: {}, next: null } } },
      });
      const run = await world.cycle('sync');
      expect([run.state, run.actions.total]).toEqual(['aborted', 0]);
      world.dotdigital.faults.clear();
      await expectDone(world);
      expect([await linkOf(world, 'lead', leads[0] ?? 0), on(world, 'New').length]).toEqual(['active', 120]);
    });

    it('R13, D21: the token of another account: nothing is read, nothing is deleted', async () => {
      const lead = leadIn(world);
      await settled(world);
      const other = await startLeads(delivery, {}, { sell: { account: { id: 4711, name: 'Another' } } });
      try {
        const address = other.sell.app.server.address();
        if (address === null || typeof address === 'string') throw new Error('The other account listens on a port.');
        await world.configure({
          ...both(),
          sell: { url: `http://127.0.0.1:${address.port}`, accessToken: other.sell.tokens[0]?.token },
        });
        const run = await world.cycle('sync');
        expect([run.state, run.actions.total]).toEqual(['aborted', 0]);
        expect(run.message).toContain('Wrong sell account');
        expect([isThere(world), listsOf(world), await linkOf(world, 'lead', lead)]).toEqual([true, ['New'], 'active']);
      } finally {
        await other.stop();
      }
    });
  });
});
