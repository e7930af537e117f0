// Encryption of stored secrets: AES-256-GCM, bound to the connection and name they belong to.
// Never reads a key from anywhere: the caller brings its 32 bytes.
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { StoreError } from './error.ts';

const VERSION = 'v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a secret is bound to: moved to another place in the table, it does not open. */
export interface SecretPlace {
  readonly connection: string;
  readonly name: string;
}

/**
 * @param key 32 bytes
 * @returns `v1.<key mark>.<nonce>.<ciphertext and tag>`, the parts in base64url
 * @throws StoreError `misuse` for a key of another length
 */
export function sealSecret(key: Uint8Array, place: SecretPlace, plain: string): string {
  requireKey(key);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(place));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, keyMark(key), nonce.toString('base64url'), sealed.toString('base64url')].join('.');
}

/**
 * @throws StoreError `wrong-key` when another key sealed it, `tampered` when it was altered, moved or is no sealed secret,
 * `misuse` for a key that is not 32 bytes
 */
export function openSecret(key: Uint8Array, place: SecretPlace, text: string): string {
  requireKey(key);
  const [version, mark, nonceText, sealedText, ...rest] = text.split('.');
  if (
    version !== VERSION ||
    mark === undefined ||
    nonceText === undefined ||
    sealedText === undefined ||
    rest.length > 0
  ) {
    throw new StoreError('tampered', `The stored secret ${nameOf(place)} has an unknown format: set it again.`);
  }
  if (mark !== keyMark(key)) {
    throw new StoreError(
      'wrong-key',
      `The stored secret ${nameOf(place)} was sealed with another key: use that key, or set the secret again.`,
    );
  }
  const nonce = Buffer.from(nonceText, 'base64url');
  const sealed = Buffer.from(sealedText, 'base64url');
  try {
    const split = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundTo(place));
    decipher.setAuthTag(sealed.subarray(split));
    return Buffer.concat([decipher.update(sealed.subarray(0, split)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new StoreError('tampered', `The stored secret ${nameOf(place)} was altered: set it again.`, cause);
  }
}

function requireKey(key: Uint8Array): void {
  if (key.length !== KEY_BYTES)
    throw new StoreError('misuse', `The key for stored secrets must have ${KEY_BYTES} bytes.`);
}

/** Tells keys apart without giving anything of them away. */
export function keyMark(key: Uint8Array): string {
  return createHmac('sha256', key).update('lockstep secret key mark').digest().subarray(0, 6).toString('base64url');
}

function boundTo(place: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([VERSION, place.connection, place.name]), 'utf8');
}

function nameOf(place: SecretPlace): string {
  return `"${place.name}" of connection "${place.connection}"`;
}
