// The two accounts kept alike the obvious way, as a script of an afternoon or a zap does it: whatever changed since the last look is looked up on the
// other side by its address, one record at a time, and written over. Its only memory is the time of that look. A yardstick for the benchmarks.
import type { Started } from './accounts-process.ts';

/** Sell path → data field; the parts of an address are one level down. */
const FIELDS = [
  { sell: ['first_name'], dotdigital: 'FIRSTNAME' },
  { sell: ['last_name'], dotdigital: 'LASTNAME' },
  { sell: ['address', 'postal_code'], dotdigital: 'POSTCODE' },
] as const;

/** What is compared and copied, by data field. */
type Values = { readonly [dataField: string]: string };

interface SellContact {
  readonly id: number;
  readonly email: string | null;
  readonly updated_at: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly address: { readonly [part: string]: string | null } | null;
}

interface DotdigitalContact {
  readonly identifiers: { readonly email?: string };
  readonly dataFields?: { readonly [name: string]: unknown };
}

export interface ObviousWay {
  /** One look at both sides; `since` in milliseconds is the last look's begin. */
  cycle(since: number): Promise<void>;
}

export function obviousWay({ sell, dotdigital }: Started): ObviousWay {
  const basic = Buffer.from(`${dotdigital.user}:${dotdigital.password}`).toString('base64');
  const ask = async <T>(url: string, authorization: string, method = 'GET', body?: unknown): Promise<T | null> => {
    const answer = await fetch(url, {
      method,
      headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const inSell = <T>(path: string, method?: string, data?: unknown): Promise<T | null> =>
    ask<T>(`${sell.url}${path}`, `Bearer ${sell.accessToken}`, method, data === undefined ? undefined : { data });
  const inDotdigital = <T>(path: string, method?: string, body?: unknown): Promise<T | null> =>
    ask<T>(`${dotdigital.url}${path}`, `Basic ${basic}`, method, body);

  async function changedInSell(since: number): Promise<SellContact[]> {
    const found: SellContact[] = [];
    for (let page = 1; ; page += 1) {
      const path = `/v2/contacts?sort_by=updated_at:desc&per_page=100&page=${page}`;
      const items = (await inSell<{ readonly items: readonly { readonly data: SellContact }[] }>(path))?.items ?? [];
      const recent = items.map(({ data }) => data).filter((one) => Date.parse(one.updated_at) >= since);
      found.push(...recent);
      if (recent.length < 100) return found;
    }
  }

  async function changedInDotdigital(since: number): Promise<DotdigitalContact[]> {
    interface Page {
      readonly _items: readonly DotdigitalContact[];
      readonly _links: { readonly next?: { readonly marker: string } };
    }
    const found: DotdigitalContact[] = [];
    const query = new URLSearchParams({
      '~modified': `gte::${new Date(since).toISOString()}`,
      'data-fields': '[[ALL]]',
      limit: '1000',
    });
    for (;;) {
      const page = await inDotdigital<Page>(`/contacts/v3?${query.toString()}`);
      found.push(...(page?._items ?? []));
      const marker = page?._links.next?.marker;
      if (marker === undefined || marker === '') return found;
      query.set('marker', marker);
    }
  }

  async function toDotdigital(contact: SellContact): Promise<void> {
    if (contact.email === null) return;
    const path = `/contacts/v3/email/${encodeURIComponent(contact.email)}`;
    const values = valuesOfSell(contact);
    const there = await inDotdigital<DotdigitalContact>(path);
    if (there !== null && same(values, valuesOfDotdigital(there))) return;
    await inDotdigital(path, 'PATCH', { identifiers: { email: contact.email }, dataFields: values });
  }

  async function toSell(contact: DotdigitalContact): Promise<void> {
    const { email } = contact.identifiers;
    if (email === undefined) return;
    const values = valuesOfDotdigital(contact);
    const path = `/v2/contacts?email=${encodeURIComponent(email)}`;
    const found = await inSell<{ readonly items: readonly { readonly data: SellContact }[] }>(path);
    const there = found?.items[0]?.data;
    if (there === undefined) await inSell('/v2/contacts', 'POST', { email, ...sellBody(values) });
    else if (!same(values, valuesOfSell(there))) await inSell(`/v2/contacts/${there.id}`, 'PUT', sellBody(values));
  }

  return {
    cycle: async (since) => {
      for (const contact of await changedInSell(since)) await toDotdigital(contact);
      for (const contact of await changedInDotdigital(since)) await toSell(contact);
    },
  };
}

function valuesOfSell({ first_name, last_name, address }: SellContact): Values {
  return { FIRSTNAME: first_name ?? '', LASTNAME: last_name ?? '', POSTCODE: address?.['postal_code'] ?? '' };
}

function valuesOfDotdigital({ dataFields }: DotdigitalContact): Values {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return Object.fromEntries(FIELDS.map(({ dotdigital }) => [dotdigital, text(dataFields?.[dotdigital])]));
}

function sellBody(values: Values): object {
  return {
    first_name: values['FIRSTNAME'],
    last_name: values['LASTNAME'],
    address: { postal_code: values['POSTCODE'] },
  };
}

function same(one: Values, other: Values): boolean {
  return Object.entries(one).every(([name, value]) => other[name] === value);
}
