// Insight data: collections, imports, records, bulk deletion, and an account without it.

import { describe, expect, it } from 'vitest';
import { type Bench, type Json, setUp } from './harness.ts';

const CATALOG = { collectionName: 'catalog_myStore', collectionScope: 'account', collectionType: 'catalog' };
const put = (bench: Bench, records: readonly object[], more: object = {}) =>
  bench.call('PUT', '/insightData/v3/import', { ...CATALOG, ...more, records });
async function importAll(bench: Bench, records: readonly object[], more: object = {}): Promise<Json> {
  const { body } = await put(bench, records, more);
  bench.clock.advance(bench.switches.insightDelayMs);
  return (await bench.call('GET', `/insightData/v3/import/${body['importId'] as string}`)).body;
}
const product = (key: string, price: unknown = 5) => ({ key, json: { name: key, price } });

describe('insight import', () => {
  it('makes the collection, goes through its states and replaces records whole', async () => {
    const bench = setUp();
    const { status, body } = await put(bench, [product('1'), product('2')]);
    expect(status).toBe(202);
    const poll = async () => (await bench.call('GET', `/insightData/v3/import/${body['importId'] as string}`)).body;
    expect([(await poll())['status'], (await poll())['status']]).toEqual(['NotStarted', 'Processing']);
    bench.clock.advance(bench.switches.insightDelayMs);
    expect(await poll()).toMatchObject({
      status: 'Finished',
      collectionName: 'catalog_myStore',
      summary: { totalRecords: 2, totalImported: 2, totalRejected: 0 },
    });
    await importAll(bench, [{ key: '1', json: { name: 'new' } }]);
    const record = await bench.call('GET', '/insightData/v3/account/catalog_myStore/1');
    expect(record.body).toMatchObject({
      key: '1',
      json: { name: 'new' },
      created: '2026-06-01T12:00:01.000Z',
      updated: '2026-06-01T12:00:02.000Z',
    });
    expect(record.body['json']).not.toHaveProperty('price');
    expect((await bench.call('GET', '/insightData/v3/collections')).body).toEqual([{ ...CATALOG, recordCount: 2 }]);
  });

  it('U12: ends in either word, or fails', async () => {
    const bench = setUp({ switches: { insightDoneWord: 'Complete' } });
    expect((await importAll(bench, [product('1')]))['status']).toBe('Complete');
    bench.world.planJob('insight-import', { status: 'Failed' });
    expect((await importAll(bench, [product('2')]))['status']).toBe('Failed');
    expect(bench.world.records('catalog_myStore')).toHaveLength(1);
  });

  it('rejects records one by one with reasons', async () => {
    const bench = setUp();
    bench.world.addContact({ email: 'a@example.com' });
    const result = await importAll(bench, [
      product('1', 5),
      product('2', 'five'),
      product('1'),
      product(''),
      { key: '3', json: 'x' },
      { key: '4', json: { 'a b': 1 } },
      { key: '5', json: { a: [[1]] } },
      { key: '6', json: { ['k'.repeat(200)]: 1 } },
      product('7', 1e16),
      { key: '8', json: { name: 'x'.repeat(70_000) } },
    ]);
    expect(result['failures']?.map((failure) => failure['failureReason'])).toEqual([
      'JsonValueIncompatibleWithSchema',
      'DuplicateKey',
      'InvalidClientKey',
      'InvalidJson',
      'JsonKeyInvalidCharacters',
      'JsonContainsNestedArray',
      'JsonKeyTooLong',
      'JsonNumberValueTooLarge',
      'JsonValueTooLong',
    ]);
    expect(result['failures']?.[0]?.['details']).toEqual(["Field 'price' is expected to be a number"]);
    const orders = { collectionName: 'Orders', collectionScope: 'contact', collectionType: 'orders' };
    const owned = (value: string, key: string) => ({
      ...product(key),
      contactIdentity: { identifier: 'email', value },
    });
    const second = await importAll(
      bench,
      [owned('a@example.com', '1'), owned('x@example.com', '2'), product('3')],
      orders,
    );
    expect(second['failures']?.map((failure) => failure['failureReason'])).toEqual([
      'ContactEmailDoesNotExist',
      'InvalidContactIdentifier',
    ]);
    expect((await bench.call('GET', '/insightData/v3/contacts/Orders')).body['_items']?.[0]?.['ownerContactId']).toBe(
      30_000_001,
    );
  });

  it('is refused while five are active, and when it is badly formed', async () => {
    const bench = setUp();
    for (let count = 0; count < 5; count += 1) await put(bench, [product('1')]);
    const sixth = await put(bench, [product('1')]);
    expect([sixth.status, sixth.body['errorCode']]).toEqual([429, 'insightData:tooManyActiveImports']);
    expect((await put(bench, [], {})).status).toBe(400);
    expect((await put(bench, [product('1')], { collectionName: '1x' })).body['errorCode']).toBe(
      'insightData:invalidId',
    );
    expect((await put(bench, [product('1')], { collectionType: 'things' })).status).toBe(400);
    expect(
      (await bench.call('GET', '/insightData/v3/import/c4920aee-3add-44e4-b8c0-dcbfacbfee40')).body['errorCode'],
    ).toBe('insightData:importNotFound');
  });
});

describe('records', () => {
  it('are paged by marker and filtered by change', async () => {
    const bench = setUp();
    await importAll(
      bench,
      ['1', '2', '3'].map((key) => product(key)),
    );
    const read = (query: string) => bench.call('GET', `/insightData/v3/account/catalog_myStore?${query}`);
    const first = (await read('limit=2')).body;
    expect(first['_items']?.map((item) => item['key'])).toEqual(['1', '2']);
    const marker = encodeURIComponent(first['_links']?.['next']?.['marker'] as string);
    const last = (await read(`limit=2&marker=${marker}`)).body;
    expect([last['_items']?.[0]?.['key'], last['_links']?.['next']]).toEqual(['3', undefined]);
    await importAll(bench, [product('2')]);
    expect((await read('~modified=gte::2026-06-01T12:00:02Z')).body['_items']?.map((item) => item['key'])).toEqual([
      '2',
    ]);
    expect((await read('limit=0')).status).toBe(400);
  });

  it('one by one: 201, 204, 404', async () => {
    const bench = setUp();
    const url = '/insightData/v3/account/catalog_x/9';
    expect((await bench.call('PUT', url, { name: 'a' })).body['errorCode']).toBe('insightData:collectionNotFound');
    const create = '/insightData/v3/collections/catalog_x?collectionScope=account&collectionType=catalog';
    expect([(await bench.call('POST', create)).status, (await bench.call('POST', create)).status]).toEqual([201, 200]);
    expect((await bench.call('PUT', url, { name: 'a' })).status).toBe(201);
    const replaced = await bench.call('PUT', url, { name: 'b' });
    expect([replaced.status, replaced.text]).toEqual([204, '']);
    expect((await bench.call('PUT', url, { name: 5 })).status).toBe(400);
    expect((await bench.call('DELETE', url)).status).toBe(204);
    expect((await bench.call('GET', url)).body['errorCode']).toBe('insightData:recordNotFound');
  });

  it('U12: are deleted in bulk under the plural path, the singular one, or both', async () => {
    for (const deleteRecordsPath of ['accounts', 'account', 'both'] as const) {
      const bench = setUp({ switches: { deleteRecordsPath } });
      await importAll(bench, [product('1'), product('2'), product('3'), product('4')]);
      const remove = (word: string, keys: readonly string[]) =>
        bench.call('DELETE', `/insightData/v3/${word}/catalog_myStore/deleteRecords`, { keys });
      const plural = await remove('accounts', ['1', 'x']);
      const singular = await remove('account', ['2']);
      expect([plural.status, singular.status]).toEqual([
        deleteRecordsPath === 'account' ? 404 : 200,
        deleteRecordsPath === 'accounts' ? 404 : 200,
      ]);
      if (plural.status === 200)
        expect(plural.body).toEqual({
          summary: { totalRecords: 2, totalDeleted: 1, totalNotFound: 1 },
          notFound: ['x'],
        });
      const word = deleteRecordsPath === 'account' ? 'account' : 'accounts';
      expect((await remove(word, [])).body['errorCode']).toBe('insightData:noRecordsSpecified');
    }
  });

  it('collections are described, emptied and deleted in the background', async () => {
    const bench = setUp();
    await importAll(bench, [
      { key: '1', json: { name: 'a', tags: ['x'], made: '2026-01-01T00:00:00Z', more: { ok: true } } },
    ]);
    const { body } = await bench.call('GET', '/insightData/v3/collections/catalog_myStore/schema');
    expect(
      body['schema']
        ?.find((field) => field['name'] === 'json')
        ?.['fields']?.map((field) => [field['name'], field['mode'], field['type']]),
    ).toEqual([
      ['name', 'NULLABLE', 'STRING'],
      ['tags', 'REPEATED', 'STRING'],
      ['made', 'NULLABLE', 'TIMESTAMP'],
      ['more', 'NULLABLE', 'RECORD'],
    ]);
    const run = async (path: string) => {
      const { body: job } = await bench.call('DELETE', `/insightData/v3/collections/catalog_myStore${path}`);
      bench.clock.advance(bench.switches.insightDelayMs);
      return (await bench.call('GET', `/insightData/v3/async/${job['jobId'] as string}`)).body;
    };
    expect(await run('/empty')).toMatchObject({ status: 'Finished', summary: { totalRecords: 1, totalProcessed: 1 } });
    expect(bench.world.records('catalog_myStore')).toEqual([]);
    expect((await run(''))['status']).toBe('Finished');
    expect(bench.world.collections()).toEqual([]);
  });
});

it('an account without insight data answers every call with 403', async () => {
  const bench = setUp({ switches: { insightEnabled: false } });
  expect((await put(bench, [product('1')])).status).toBe(403);
  expect((await bench.call('GET', '/insightData/v3/collections')).body['errorCode']).toBe('insightData:forbidden');
});
