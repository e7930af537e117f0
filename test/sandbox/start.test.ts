// Both services with their people: what was seeded is what the services themselves would take, and nothing is left behind.
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../sandbox/clock.ts';
import { controlExamples } from '../../sandbox/control-examples.ts';
import { LEAD_LISTS, LEAD_STATUSES } from '../../sandbox/people/account-schema.ts';
import { type RunningSandbox, startSandbox } from '../../sandbox/start.ts';

const running: RunningSandbox[] = [];
async function start(options: Parameters<typeof startSandbox>[0]): Promise<RunningSandbox> {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.stop()));
});

interface Page {
  readonly items: readonly { readonly data: { readonly [name: string]: unknown } }[];
}

const sellHeaders = ({ sell }: RunningSandbox) => ({
  authorization: `Bearer ${sell.accessToken}`,
  'user-agent': 'test/1.0',
  'content-type': 'application/json',
});
const dotdigitalHeaders = ({ dotdigital }: RunningSandbox) => ({
  authorization: `Basic ${Buffer.from(`${dotdigital.user}:${dotdigital.password}`).toString('base64')}`,
  'content-type': 'application/json',
});

async function readAll(sandbox: RunningSandbox, path: string): Promise<Page['items']> {
  const items: Page['items'][number][] = [];
  for (let page = 1; ; page += 1) {
    const response = await fetch(`${sandbox.sell.url}${path}?sort_by=id&per_page=100&page=${page}`, {
      headers: sellHeaders(sandbox),
    });
    expect(response.status).toBe(200);
    const { items: more } = (await response.json()) as Page;
    if (more.length === 0) return items;
    items.push(...more);
  }
}

describe('a started sandbox', () => {
  it('listens on the loopback address only, answers both logins, and leaves no listener', async () => {
    const sandbox = await start({ people: 20, limits: 'off' });
    expect(new URL(sandbox.sell.url).hostname).toBe('127.0.0.1');
    expect(new URL(sandbox.dotdigital.url).hostname).toBe('127.0.0.1');
    const self = await fetch(`${sandbox.sell.url}/v2/accounts/self`, { headers: sellHeaders(sandbox) });
    expect(await self.json()).toMatchObject({ data: { currency: 'GBP' } });
    const account = await fetch(`${sandbox.dotdigital.url}/v2/account-info`, { headers: dotdigitalHeaders(sandbox) });
    const { properties } = (await account.json()) as {
      readonly properties: readonly { readonly name: string; readonly value: string }[];
    };
    expect(properties.find(({ name }) => name === 'ApiEndpoint')?.value).toBe(`${sandbox.dotdigital.url}/`);

    await sandbox.stop();
    await sandbox.stop();
    await expect(fetch(sandbox.sell.url)).rejects.toThrow();
    await expect(fetch(sandbox.dotdigital.url)).rejects.toThrow();
    const again = await start({ people: 5, sellPort: Number(new URL(sandbox.sell.url).port) });
    expect(again.sell.url).toBe(sandbox.sell.url);
  });

  it('gives up both listeners when one port is taken', async () => {
    const first = await start({ people: 1 });
    const sellPort = Number(new URL((await start({ people: 1 })).sell.url).port);
    await running.pop()?.stop();
    const taken = Number(new URL(first.dotdigital.url).port);
    await expect(startSandbox({ people: 1, sellPort, dotdigitalPort: taken })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    await expect(fetch(`http://127.0.0.1:${sellPort}`)).rejects.toThrow();
  });

  it('gives a refresh token that renews access', async () => {
    const sandbox = await start({ people: 1 });
    const { clientId, clientSecret, refreshToken } = sandbox.sell.oauth;
    const response = await fetch(`${sandbox.sell.url}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ scope: 'read write profile sync', token_type: 'bearer' });
  });

  it('holds the same accounts for the same seed, and others for another', async () => {
    const dump = async (seed: number): Promise<unknown> => {
      const clock = new ManualClock({ start: Date.UTC(2026, 0, 1) });
      const sandbox = await start({ people: 300, seed, clock, limits: 'off' });
      const contacts = await readAll(sandbox, '/v2/contacts');
      const leads = await readAll(sandbox, '/v2/leads');
      return {
        contacts,
        leads,
        marketing: [...sandbox.dotdigitalSandbox.world.contacts()],
        token: sandbox.sell.accessToken,
      };
    };
    const first = await dump(4);
    expect(await dump(4)).toEqual(first);
    expect(await dump(5)).not.toEqual(first);
  });

  it('holds nothing its own API would not take: every record can be written back as it is read', async () => {
    const sandbox = await start({ people: 500, limits: 'off' });
    const readOnly = ['id', 'creator_id', 'is_organization', 'created_at', 'updated_at'];
    const refused: unknown[] = [];
    for (const path of ['/v2/contacts', '/v2/leads', '/v2/products']) {
      const items = await readAll(sandbox, path);
      const { contacts, organisations, leads, products } = sandbox.counts;
      expect(items).toHaveLength(
        path === '/v2/contacts' ? contacts + organisations : path === '/v2/leads' ? leads : products,
      );
      for (const { data } of items) {
        // The name of a person is computed; of an organisation it is written.
        const computed = path === '/v2/contacts' && data['is_organization'] === false ? ['name'] : [];
        const skip = [...readOnly, ...computed];
        const body = Object.fromEntries(
          Object.entries(data).filter(
            ([name, value]) => !skip.includes(name) && !(name.endsWith('ing_address') && value === null),
          ),
        );
        const response = await sandbox.sellSandbox.app.inject({
          method: 'PUT',
          url: `${path}/${String(data['id'])}`,
          headers: sellHeaders(sandbox),
          payload: JSON.stringify({ data: body }),
        });
        if (response.statusCode !== 200) refused.push([path, data, response.json()]);
      }
    }
    expect(refused).toEqual([]);

    const headers = dotdigitalHeaders(sandbox);
    const listed = await fetch(
      `${sandbox.dotdigital.url}/contacts/v3?limit=5000&data-fields=${encodeURIComponent('[[ALL]]')}`,
      { headers },
    );
    const { _items: contacts } = (await listed.json()) as {
      readonly _items: readonly {
        readonly contactId: number;
        readonly identifiers: object;
        readonly dataFields: { readonly [name: string]: unknown };
      }[];
    };
    expect(contacts).toHaveLength(sandbox.counts.marketing);
    for (const {
      contactId,
      identifiers,
      dataFields: { LASTSUBSCRIBED: _, ...dataFields },
    } of contacts) {
      const response = await sandbox.dotdigitalSandbox.app.inject({
        method: 'PATCH',
        url: `/contacts/v3/contactId/${contactId}`,
        headers,
        payload: JSON.stringify({ identifiers, dataFields }),
      });
      if (response.statusCode !== 200) refused.push([contactId, dataFields, response.json()]);
    }
    expect(refused).toEqual([]);
  });

  it('L1: has every lead status, and only some of their lists', async () => {
    const sandbox = await start({ people: 200, limits: 'off' });
    const statuses = await fetch(`${sandbox.sell.url}/v2/lead_statuses`, { headers: sellHeaders(sandbox) });
    expect(((await statuses.json()) as Page).items.map(({ data }) => data['name'])).toEqual(LEAD_STATUSES);
    const lists = await fetch(`${sandbox.dotdigital.url}/v2/address-books`, { headers: dotdigitalHeaders(sandbox) });
    const names = ((await lists.json()) as readonly { readonly name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...LEAD_LISTS]));
    expect(LEAD_LISTS.length).toBeLessThan(LEAD_STATUSES.length);
  });

  it('keeps to the documented limits unless they are switched off', async () => {
    const hasty = async (sandbox: RunningSandbox): Promise<readonly number[]> =>
      Promise.all(
        Array.from(
          { length: 40 },
          async () => (await fetch(`${sandbox.sell.url}/v2/users/self`, { headers: sellHeaders(sandbox) })).status,
        ),
      );
    const clock = new ManualClock();
    expect((await hasty(await start({ people: 1, clock }))).filter((status) => status === 429)).toHaveLength(30);
    expect(await hasty(await start({ people: 1, clock, limits: 'off' }))).not.toContain(429);
    const { headers } = await fetch(`${(await start({ people: 1 })).dotdigital.url}/contacts/v3?limit=1`, {
      headers: dotdigitalHeaders(running.at(-1) as RunningSandbox),
    });
    expect(headers.get('x-ratelimit-limit')).toBe('150');
  });

  it('takes in 20,000 people', async () => {
    const sandbox = await start({ people: 20_000, limits: 'off' });
    const { counts, sellSandbox, dotdigitalSandbox } = sandbox;
    expect(sellSandbox.world.state.contacts.size).toBe(counts.contacts + counts.organisations);
    expect(dotdigitalSandbox.world.contactCount).toBe(counts.marketing);
    expect(counts.contacts + counts.leads + counts.marketing).toBeGreaterThan(25_000);
  });

  it('takes in equal pairs without anything beside them', async () => {
    const sandbox = await start({ people: 500, population: 'equal-pairs', limits: 'off' });
    expect(sandbox.counts).toEqual({ organisations: 0, contacts: 500, leads: 0, products: 0, marketing: 500 });
  });

  it('offers examples of acting as a person that work', async () => {
    const sandbox = await start({ people: 100, limits: 'off' });
    const examples = controlExamples(sandbox);
    expect(examples.length).toBeGreaterThan(5);
    for (const { method, url, body, does } of examples) {
      const init =
        body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      expect((await fetch(url, { method, ...init })).ok, does).toBe(true);
    }
  });
});
