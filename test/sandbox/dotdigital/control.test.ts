// The control API, faults, counters, reset, and that the README names every switch.

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { switchTable } from '../../../sandbox/dotdigital/switches.ts';
import { AUTHORIZATION, row, setUp } from './harness.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

describe('control API', () => {
  it('throws switches and refuses unknown ones', async () => {
    const bench = setUp();
    const { body } = await bench.call('PATCH', '/_control/switches', { listChangeBumpsUpdated: true });
    expect([body['listChangeBumpsUpdated'], bench.switches.listChangeBumpsUpdated]).toEqual([true, true]);
    expect((await bench.call('PATCH', '/_control/switches', { nope: 1 })).status).toBe(400);
    expect((await bench.call('PATCH', '/_control/switches', { pageOrder: 'random' })).status).toBe(400);
  });

  it('acts as people do and shows what is true', async () => {
    const bench = setUp();
    const post = async (path: string, body?: unknown) => (await bench.call('POST', `/_control${path}`, body)).status;
    expect(await post('/lists', { name: 'L' })).toBe(201);
    expect(await post('/data-fields', { name: 'CITY', type: 'String' })).toBe(201);
    expect(
      await post('/contacts', [{ email: 'a@example.com', fields: { CITY: 'Bonn' } }, { email: 'b@example.com' }]),
    ).toBe(201);
    bench.clock.advance(500);
    expect(await post('/contacts/a@example.com/join-list', { list: 'l' })).toBe(204);
    expect(
      (
        await bench.call('PATCH', '/_control/contacts/b@example.com', {
          email: 'c@example.com',
          fields: { CITY: 'Ulm' },
        })
      ).status,
    ).toBe(204);
    const { body } = await bench.call('GET', '/_control/contacts/a@example.com');
    expect(body).toMatchObject({ fields: { CITY: 'Bonn' }, lists: [{ name: 'L', addedAt: bench.clock.now() }] });
    for (const [action, status] of [
      ['complain', 'ispComplained'],
      ['suppress', 'ispComplained'],
    ] as const) {
      await post(`/contacts/a@example.com/${action}`);
      expect(bench.world.contact('a@example.com')?.emailStatus).toBe(status);
    }
    for (const [action, status] of [
      ['bounce', 'hardBounced'],
      ['resubscribe', 'subscribed'],
      ['unsubscribe', 'unsubscribed'],
      ['suppress', 'suppressed'],
    ] as const) {
      await post(`/contacts/c@example.com/${action}`);
      expect(bench.world.contact('c@example.com')?.emailStatus).toBe(status);
    }
    expect((await bench.call('GET', '/_control/suppressions')).body).toHaveLength(2);
    expect((await bench.call('DELETE', '/_control/contacts/a@example.com')).status).toBe(204);
    expect(await post('/contacts/a@example.com/restore')).toBe(204);
    expect((await bench.call('PATCH', '/_control/lists/L', { name: 'M' })).status).toBe(204);
    expect((await bench.call('GET', '/_control/lists')).body.at(-1)).toMatchObject({ name: 'M', members: 0 });
    expect(await post('/contacts/a@example.com/dance')).toBe(404);
    expect(await post('/contacts/nobody@example.com/unsubscribe')).toBe(400);
  });

  it('dumps contacts by page and as a stream over a socket', async () => {
    const bench = setUp();
    open.push(bench.app);
    for (let count = 0; count < 5; count += 1) bench.world.addContact({ email: `p${count}@example.com` });
    const page = (await bench.call('GET', '/_control/contacts?limit=3')).body;
    expect([page['items']?.length, page['next']]).toEqual([3, 30_000_003]);
    expect((await bench.call('GET', `/_control/contacts?after=${page['next'] as string}`)).body['items']).toHaveLength(
      2,
    );
    const url = await bench.app.listen({ host: '127.0.0.1', port: 0 });
    const lines = (await (await fetch(`${url}/_control/contacts.ndjson`)).text()).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { email: string }).email)).toEqual(
      [0, 1, 2, 3, 4].map((n) => `p${n}@example.com`),
    );
  });

  it('lays down how jobs go and finishes them', async () => {
    const bench = setUp();
    await bench.call('POST', '/_control/jobs/plan', { kind: 'contact-import', delayMs: 1e9 });
    const { body } = await bench.call('PUT', '/contacts/v3/import', { contacts: [row('a@example.com')] });
    const id = body['importId'] as string;
    expect((await bench.call('GET', '/_control/jobs')).body).toMatchObject([{ id, done: false, size: 1 }]);
    expect((await bench.call('POST', `/_control/jobs/${id}/finish`, { status: 'RejectedByWatchdog' })).status).toBe(
      204,
    );
    expect((await bench.call('GET', `/contacts/v3/import/${id}`)).body['status']).toBe('RejectedByWatchdog');
  });

  it('changes limits, counts requests but not itself, and resets', async () => {
    const bench = setUp();
    await bench.call('PUT', '/_control/limits', { scheme: 'tiered', perMinute: { high: 1 } });
    bench.world.addContact({ email: 'a@example.com' });
    await bench.call('GET', '/v2/data-fields');
    await bench.call('GET', '/v2/data-fields');
    await bench.call('PATCH', '/contacts/v3/email/a@example.com', {});
    expect((await bench.call('GET', '/_control/requests')).body).toEqual({
      total: 3,
      reads: 2,
      writes: 1,
      tooMany: 1,
      byRoute: { 'GET /v2/data-fields': 2, 'PATCH /contacts/v3/:identifier/:value': 1 },
      byStatus: { 200: 2, 429: 1 },
    });
    expect((await bench.call('POST', '/_control/reset')).status).toBe(204);
    expect((await bench.call('GET', '/_control')).body).toMatchObject({ contacts: 0, activeJobs: 0 });
    expect(bench.requests.read().total).toBe(0);
  });
});

describe('faults', () => {
  it('lose the answer of an import that was accepted', async () => {
    const bench = setUp();
    open.push(bench.app);
    bench.faults.add({
      service: 'dotdigital',
      match: { path: '/contacts/v3/import', times: 1 },
      effect: { type: 'drop-after' },
    });
    const url = await bench.app.listen({ host: '127.0.0.1', port: 0 });
    const send = fetch(`${url}/contacts/v3/import`, {
      method: 'PUT',
      headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
      body: JSON.stringify({ contacts: [row('a@example.com')] }),
    });
    await expect(send).rejects.toThrow();
    bench.clock.advance(bench.switches.importDelayMs);
    expect(bench.world.contact('a@example.com')?.status).toBe('subscribed');
    expect(bench.requests.read().byRoute).toEqual({ 'PUT /contacts/v3/import': 1 });
  });

  it('set over the control API answer in place of the service', async () => {
    const bench = setUp();
    const created = await bench.call('POST', '/_control/faults', {
      match: { path: '/v2', times: 1 },
      effect: { type: 'status', status: 503 },
    });
    expect(created.status).toBe(201);
    expect((await bench.call('GET', '/v2/data-fields')).status).toBe(503);
    expect((await bench.call('GET', '/v2/data-fields')).status).toBe(200);
    expect((await bench.call('GET', '/_control/faults')).body).toMatchObject([{ fired: 1, spent: true }]);
    expect((await bench.call('DELETE', `/_control/faults/${created.body['id'] as string}`)).status).toBe(204);
  });
});

describe('custom identifiers', () => {
  it('are listed, created and deleted unless in use', async () => {
    const bench = setUp();
    const path = '/configuration/v3/customIdentifiers';
    expect((await bench.call('POST', path, { name: 'sellId' })).status).toBe(201);
    expect((await bench.call('POST', path, { name: 'sellId' })).body['errorCode']).toBe(
      'customIdentifiers:nameAlreadyExists',
    );
    expect((await bench.call('POST', path, { name: 'x'.repeat(51) })).body['errorCode']).toBe(
      'customIdentifiers:nameTooLong',
    );
    bench.world.addContact({ email: 'a@example.com', customIds: { sellId: '1' } });
    expect((await bench.call('DELETE', `${path}/sellId`)).body['errorCode']).toBe('customIdentifiers:inUse');
    bench.world.editContact('a@example.com', { customIds: { sellId: null } });
    expect((await bench.call('DELETE', `${path}/sellId`)).status).toBe(204);
    expect((await bench.call('GET', path)).body).toEqual([]);
  });
});

it('the README names every switch with its default and meaning', () => {
  const readme = readFileSync(new URL('../../../sandbox/dotdigital/README.md', import.meta.url), 'utf8');
  for (const [name, spec] of Object.entries(switchTable)) {
    const line = readme.split('\n').find((text) => text.startsWith(`| \`${name}\` |`));
    expect(line).toContain(`| \`${spec.default}\` |`);
    expect(line).toContain(spec.meaning);
  }
});
