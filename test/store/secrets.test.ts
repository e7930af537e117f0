import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StoreError } from '../../src/store/error.ts';
import { openSecret, sealSecret } from '../../src/store/secret.ts';
import { deleteSecret, getSecret, putSecret } from '../../src/store/secrets.ts';
import { at, newStore, refusal } from './store-fixtures.ts';

const KEY = randomBytes(32);
const PLACE = { connection: 'acme', name: 'sell.refreshToken' };

function kindOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof StoreError) return error.kind;
    throw error;
  }
  return 'opened';
}

describe('sealed secrets', () => {
  test('open with their key at their place and nowhere else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (plain, connection, name) => {
        const place = { connection, name };
        const sealed = sealSecret(KEY, place, plain);
        expect(openSecret(KEY, place, sealed)).toBe(plain);
        expect(kindOf(() => openSecret(KEY, { connection: `${connection}x`, name }, sealed))).toBe('tampered');
        expect(kindOf(() => openSecret(KEY, { connection, name: `${name}x` }, sealed))).toBe('tampered');
      }),
    );
  });

  test('are never the same text twice and never show the secret', () => {
    const [a, b] = [sealSecret(KEY, PLACE, 'refresh-token'), sealSecret(KEY, PLACE, 'refresh-token')];
    expect(a).not.toBe(b);
    expect(a).toMatch(/^v1\./);
    expect(a).not.toContain(Buffer.from('refresh-token').toString('base64url'));
  });

  test('another key is told from a damaged value', () => {
    const sealed = sealSecret(KEY, PLACE, 'refresh-token');
    expect(kindOf(() => openSecret(randomBytes(32), PLACE, sealed))).toBe('wrong-key');
    expect(kindOf(() => openSecret(KEY, PLACE, sealed))).toBe('opened');
    expect(kindOf(() => openSecret(KEY.subarray(1), PLACE, sealed))).toBe('misuse');
    expect(kindOf(() => sealSecret(KEY.subarray(1), PLACE, 'x'))).toBe('misuse');
  });

  test('a change of any bit of nonce, text or tag is noticed', () => {
    const [version = '', mark = '', nonce = '', body = ''] = sealSecret(KEY, PLACE, 'refresh-token').split('.');
    const flip = (part: string, bit: number): string => {
      const bytes = Buffer.from(part, 'base64url');
      const at = bit % (bytes.length * 8);
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
      return bytes.toString('base64url');
    };
    for (let bit = 0; bit < Buffer.from(body, 'base64url').length * 8; bit++) {
      expect(kindOf(() => openSecret(KEY, PLACE, [version, mark, nonce, flip(body, bit)].join('.')))).toBe('tampered');
      expect(kindOf(() => openSecret(KEY, PLACE, [version, mark, flip(nonce, bit), body].join('.')))).toBe('tampered');
    }
  });

  test.each(['', 'v1', 'v2.a.b.c', 'plain text', 'v1.a.b.c.d'])('what is no sealed secret is refused: %j', (text) => {
    expect(kindOf(() => openSecret(KEY, PLACE, text))).toBe('tampered');
  });

  test('a value cut short is refused', () => {
    const sealed = sealSecret(KEY, PLACE, '');
    for (let cut = 1; cut < 22; cut++)
      expect(kindOf(() => openSecret(KEY, PLACE, sealed.slice(0, -cut)))).toBe('tampered');
  });
});

describe('stored secrets', () => {
  test('are replaced, read back and deleted', async () => {
    const store = await newStore();
    expect(await getSecret(store, KEY, PLACE)).toBeNull();
    await putSecret(store, KEY, PLACE, 'first', at(1));
    await putSecret(store, KEY, PLACE, 'second', at(2));
    expect(await getSecret(store, KEY, PLACE)).toBe('second');
    expect(await refusal(getSecret(store, randomBytes(32), PLACE))).toBe('wrong-key');
    const rows = await store.db.selectFrom('secrets').selectAll().execute();
    expect(rows).toMatchObject([{ connection: 'acme', name: 'sell.refreshToken', updated_at: at(2) }]);
    expect(JSON.stringify(rows)).not.toContain('second');
    await deleteSecret(store, PLACE);
    expect(await getSecret(store, KEY, PLACE)).toBeNull();
  });

  test('a row moved to another connection does not open', async () => {
    const store = await newStore();
    await putSecret(store, KEY, PLACE, 'token', at(1));
    await store.db.updateTable('secrets').set({ connection: 'other' }).execute();
    expect(await refusal(getSecret(store, KEY, { ...PLACE, connection: 'other' }))).toBe('tampered');
  });
});
