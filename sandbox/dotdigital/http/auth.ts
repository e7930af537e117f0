// Basic authentication as the service does it, and the refusal each framework gives. Never looks at what is asked for.

import { timingSafeEqual } from 'node:crypto';
import type { ApiUser } from '../options.ts';
import { Refusal, refuseV3 } from '../wire/refusal.ts';

/** True for a path of the older framework. */
export function isV2(url: string): boolean {
  return url.startsWith('/v2/') || url === '/v2';
}

function same(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The API user of an `Authorization` header; undefined when it names none or the password is wrong. */
export function findApiUser(users: readonly ApiUser[], header: string | undefined): ApiUser | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const name = text.slice(0, colon).toLowerCase();
  const password = text.slice(colon + 1);
  return users.find(
    (user) => user.enabled !== false && user.user.toLowerCase() === name && same(user.password, password),
  );
}

/** The 401 of the framework the URL belongs to. */
export function refuseUnauthorized(url: string): Refusal {
  return isV2(url)
    ? new Refusal(401, { message: 'Authorization has been denied for this request.' })
    : refuseV3(401, 'unauthorized', 'Unauthorized');
}

/** The 403 for an account of another region. */
export function refuseRegion(url: string): Refusal {
  return isV2(url)
    ? new Refusal(403, { message: 'Forbidden: Access is denied' })
    : refuseV3(403, 'accounts:forbidden', 'Access is denied');
}
