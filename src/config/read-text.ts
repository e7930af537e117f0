// Reads a file of text, in UTF-8 and of a bounded size. Never guesses at another encoding: a password would silently become another one.
import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes. Thousands of connections fit; an endless device does not. */
const LARGEST = 8 * 1024 * 1024;
const CHUNK = 64 * 1024;

/** The text, without a byte order mark; or why there is none, and the system's code where it gave one. */
export type ReadText = { readonly text: string } | { readonly why: string; readonly code: string };

export function readText(file: string): ReadText {
  let bytes: Buffer;
  try {
    bytes = readBytes(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { why: WHY[code] ?? (code === '' ? String(error) : code), code };
  }
  if (bytes.length > LARGEST) return { why: `it is larger than ${LARGEST / 1024 / 1024} MB`, code: '' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { why: 'it is no text in UTF-8; save it in that encoding', code: '' };
  }
}

const WHY: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a folder',
  ERR_INVALID_ARG_VALUE: 'no file can have such a name',
};

/** One chunk more than the largest at most. */
function readBytes(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let total = 0; total <= LARGEST; ) {
      const chunk = Buffer.alloc(CHUNK);
      const count = readSync(handle, chunk);
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      total += count;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(handle);
  }
}
