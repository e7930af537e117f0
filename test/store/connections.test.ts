import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ensureConnection, getConnection, listConnections, updateConnection } from '../../src/store/connections.ts';
import { StoreError } from '../../src/store/error.ts';
import { canonicalJson, decodeJson, encodeJson } from '../../src/store/json.ts';
import { at, newStore } from './store-fixtures.ts';

describe('connections', () => {
  test('are made once and keep their replica', async () => {
    const store = await newStore();
    expect(await getConnection(store, 'acme')).toBeNull();
    const made = await ensureConnection(store, { name: 'acme', replica: 'r-1', now: at(1) });
    expect(await ensureConnection(store, { name: 'acme', replica: 'r-2', now: at(2) })).toEqual(made);
    expect(made).toEqual({
      name: 'acme',
      replica: 'r-1',
      createdAt: at(1),
      watermarks: {},
      crmAccountId: null,
      crmRegion: null,
      marketingAccountId: null,
      marketingRegion: null,
      fingerprint: null,
      alignedAt: null,
      crmLoadedAt: null,
      marketingLoadedAt: null,
      live: null,
      liveAt: null,
    });
  });

  test('remember what is set, member by member, and watermarks by name (R7, R13)', async () => {
    const store = await newStore();
    await ensureConnection(store, { name: 'acme', replica: 'r-1', now: at(1) });
    await ensureConnection(store, { name: 'other', replica: 'r-9', now: at(1) });
    await updateConnection(store, 'acme', {
      crmAccountId: '5',
      crmRegion: 'eu',
      marketingAccountId: '6',
      marketingRegion: 'r1',
      fingerprint: 'f',
      alignedAt: at(2),
      watermarks: { changed: at(3), suppressed: at(3) },
      crmLoadedAt: at(4),
      marketingLoadedAt: at(5),
      live: { fields: ['A'] },
      liveAt: at(5),
    });
    await updateConnection(store, 'acme', { watermarks: { changed: at(6) }, alignedAt: null, replica: 'r-2' });
    await updateConnection(store, 'acme', {});
    const [acme, other] = await listConnections(store);
    expect(acme).toMatchObject({
      crmAccountId: '5',
      crmRegion: 'eu',
      marketingAccountId: '6',
      marketingRegion: 'r1',
      fingerprint: 'f',
      alignedAt: null,
      replica: 'r-2',
      watermarks: { changed: at(6), suppressed: at(3) },
      crmLoadedAt: at(4),
      marketingLoadedAt: at(5),
      live: { fields: ['A'] },
      liveAt: at(5),
    });
    expect(other).toMatchObject({ name: 'other', replica: 'r-9', watermarks: {}, crmAccountId: null });
  });
});

describe('JSON columns', () => {
  test('give back the value, whatever its members are called', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(decodeJson(encodeJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    const odd: unknown = JSON.parse('{"b":{"__proto__":{"x":1},"constructor":2},"a":[{"d":1,"c":2}],"10":1,"9":2}');
    expect(canonicalJson(odd)).toBe('{"9":2,"10":1,"a":[{"c":2,"d":1}],"b":{"__proto__":{"x":1},"constructor":2}}');
    expect(decodeJson(encodeJson(odd))).toEqual(odd);
  });

  test('are the same text for the same value (R18)', () => {
    const shuffled = (value: unknown): unknown =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, member]) => [key, shuffled(member)]),
          )
        : value;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test.each(['{"v":2,"d":1}', '1', '', '{"v":1,"d":{'])('another version or no JSON is refused: %j', (text) => {
    expect(() => decodeJson(text)).toThrow(StoreError);
  });
});
