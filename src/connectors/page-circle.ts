// Notices a service that sends the same page of a list again and again. Remembers a digest of each page, and nothing of its items.
import { createHash } from 'node:crypto';
import { ConnectorError } from './error.ts';

/**
 * Told of every page that is not the last one.
 * @param repeats pages in a row that may bring nothing new, where pages are small enough to repeat by themselves
 * @throws ConnectorError `malformed` when the list cannot be completed
 */
export function createPageCircle(what: string, repeats = 0): (items: readonly unknown[]) => void {
  const seen = new Set<string>();
  let again = 0;
  return (items) => {
    const page = createHash('sha256').update(items.map(identityOf).sort().join('\n')).digest('base64');
    again = seen.has(page) ? again + 1 : 0;
    seen.add(page);
    if (again <= repeats) return;
    throw new ConnectorError(`${what}: a page came again that was already read; the list cannot be completed`, {
      kind: 'malformed',
      outcome: 'refused',
    });
  };
}

/** Whom an item is about, whatever else of it changes while the list is read. */
function identityOf(item: unknown): string {
  const own = typeof item === 'object' && item !== null ? (item as { readonly [key: string]: unknown }) : {};
  const inner = typeof own['data'] === 'object' && own['data'] !== null ? (own['data'] as typeof own) : own;
  return JSON.stringify(inner['contactId'] ?? inner['id'] ?? item) ?? '';
}
