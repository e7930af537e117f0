// Hashes that only the holder of the key can make: what is kept of somebody who was erased. Never reads a key from anywhere.
import { createHmac } from 'node:crypto';

/** @param key 32 bytes @returns hex; the same for the same words, and telling nothing of them without the key */
export function keyedHash(key: Uint8Array, words: readonly string[]): string {
  return createHmac('sha256', key)
    .update(JSON.stringify(['lockstep keyed hash', ...words]))
    .digest('hex');
}
