// Nobody's value is taken away because a service left it out of an answer: a clear on one side needs a blank on the other. (C8, R6)
import { crmKey, type LinkRow, marketingKey } from './known.ts';
import type { Setup } from './setup.ts';
import type { Change, Seen } from './witness.ts';

/** @param changes of the whole story, in which nothing was taken back  @returns what must not have been, in words */
export function clearsWithoutCause(
  changes: readonly Change[],
  links: readonly LinkRow[],
  setup: Setup,
): readonly string[] {
  const fields = [...setup.contacts.fields, ...setup.leads.fields];
  return changes.flatMap((change) => {
    const { key, what, record, cause, before, after, at } = change;
    if (cause !== 'program' || isBlank(before) || !isBlank(after)) return [];
    const inSell = record.side === 'sell';
    const others = fields.flatMap((field) => {
      const [here, there] = inSell ? [field.sell, field.dotdigital] : [field.dotdigital, field.sell];
      return here === what ? [there] : [];
    });
    if (others.length === 0) return [];
    const partners = links.flatMap((link) => {
      const [crm, marketing] = [crmKey(link.role, link.crm_id), marketingKey(link.marketing_id)];
      return crm === key ? [marketing] : marketing === key ? [crm] : [];
    });
    if (partners.length === 0) return [];
    const blank = changes.some(
      (other) => other.at <= at && partners.includes(other.key) && others.some((name) => wasBlank(other, name)),
    );
    return blank
      ? []
      : [`C8: ${what} of ${key} "${String(before)}" was cleared, and ${partners.join(', ')} never was blank`];
  });
}

function wasBlank({ what, before, after, record }: Change, name: string): boolean {
  if (what === 'created') return isBlank(nowIn(record, name));
  return what === name && (isBlank(before) || isBlank(after));
}

function nowIn(record: Seen, name: string): unknown {
  return name === 'tags' ? record.tags : record.fields[name];
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
