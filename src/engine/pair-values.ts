// Linked records side by side, by the mapping as it is now, from what the mirror holds. Asks neither service and decides nothing.
import type { CompiledField } from '../core/mapping/compiled-field.ts';
import { crmSide, marketingSide } from '../core/merge/merge-field.ts';
import type { Role } from '../core/model/identity.ts';
import type { Value } from '../core/model/value.ts';
import { getConnection } from '../store/connections.ts';
import type { Engine, LiveAccounts } from './engine.ts';
import type { Explanation } from './explain.ts';

export interface KeptMapping {
  readonly fields: { readonly [R in Role]: readonly CompiledField[] };
  readonly listNames: ReadonlyMap<string, string>;
}

export interface PairValues {
  readonly key: string;
  readonly path: string | null;
  readonly crm: Value;
  readonly marketing: Value;
}

/** The mapping against both accounts as they were last read; null before that. */
export async function keptMapping(engine: Engine): Promise<KeptMapping | null> {
  const stored = await getConnection(engine.store, engine.name);
  const live = (stored?.live ?? null) as LiveAccounts | null;
  if (live === null) return null;
  const { settings } = engine.compile(live, 'sync');
  return {
    fields: { contact: settings.roles.contact.fields, lead: settings.roles.lead.fields },
    listNames: new Map(live.lists.map(({ id, name }) => [id, name])),
  };
}

/** By link id: every mapped field, and what the link remembers of others. */
export function pairValues(
  { links, crm, marketing }: Pick<Explanation, 'links' | 'crm' | 'marketing'>,
  { fields }: KeptMapping,
): ReadonlyMap<string, readonly PairValues[]> {
  const records = new Map(crm.map(({ record }) => [`${record.role} ${record.id}`, record]));
  const contacts = new Map(marketing.map(({ record }) => [record.id, record]));
  return new Map(
    links.map((link) => {
      const ours = records.get(`${link.role} ${link.crmId}`);
      const theirs = contacts.get(link.marketingId);
      const mapped = fields[link.role].map(
        (field): PairValues => ({
          key: field.key,
          path: field.crm.path,
          crm: readable(crmSide(field, ours?.values[field.crm.path] ?? null).value),
          marketing: readable(marketingSide(field, theirs?.values[field.marketing.name] ?? null).value),
        }),
      );
      const known = new Set(mapped.map(({ key }) => key));
      const others = Object.keys(link.base)
        .filter((key) => !known.has(key))
        .map(
          (key): PairValues =>
            key === 'email'
              ? { key, path: key, crm: ours?.email ?? null, marketing: theirs?.email ?? null }
              : {
                  key,
                  path: null,
                  crm: null,
                  marketing: theirs?.values[key] === undefined ? null : String(theirs.values[key]),
                },
        );
      return [
        link.id,
        [...others.filter(({ key }) => key === 'email'), ...mapped, ...others.filter(({ key }) => key !== 'email')],
      ];
    }),
  );
}

/** A value that cannot be read as its type stands there as it was spelt. */
function readable(value: Value): Value {
  return typeof value === 'string' && value.startsWith('\u0000') ? value.slice(1) : value;
}
