// What people carry: session and link secrets, API tokens, passwords. Made here, known only by their hash afterwards.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** 256 random bits: nobody guesses it, so a plain hash of it is enough. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Sent back by our own pages with every change; nobody who cannot read our answers knows it. */
export function csrfTokenOf(sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update('csrf').digest('base64url');
}

export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(a)), Buffer.from(hashSecret(b)));
}

/** argon2id is this library's default; cost as OWASP advises: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** In PHC text, cost and salt included. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

let nobody: Promise<string> | null = null;

/** Takes as long for a user that is not there as for one that is. @param stored null: no such user, or no password yet */
export async function passwordFits(stored: string | null, password: string): Promise<boolean> {
  nobody ??= hashPassword(newSecret());
  const fits = await verify(stored ?? (await nobody), password);
  return stored !== null && fits;
}
