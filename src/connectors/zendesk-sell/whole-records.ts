// Records that lack an attribute which somebody reads: asked for once more before that is taken for a blank. Sell sends what is
// empty as null, so an attribute that is not there at all is more likely to have got lost than to be empty.
import type { Role } from '../../core/model/identity.ts';
import type { CrmSelection } from '../connector.ts';
import type { HttpClient } from '../http/http-client.ts';
import { ADDRESS_ATTRIBUTES } from './attributes.table.ts';
import { CUSTOM_PREFIX } from './custom-fields.ts';
import { splitAddressPart } from './observe.ts';
import { chunk, PAGE_SIZE, readPage } from './read-collection.ts';
import { pathOf } from './record-path.ts';
import { RELATION_PATHS } from './relations.ts';
import { type WireRecord, wireRecord } from './wire.ts';

export interface WholeRecords {
  /** The same records, in the same order. One call more for each hundred that lack something. */
  of(role: Role, wires: readonly WireRecord[], selection: CrmSelection): Promise<readonly WireRecord[]>;
}

/** What is read of every record, whatever is mapped: to match it, to hear its consent, to find its list. */
const ALWAYS: { readonly [R in Role]: readonly string[] } = {
  contact: ['email', 'first_name', 'last_name', 'tags', 'is_organization'],
  lead: ['email', 'first_name', 'last_name', 'tags', 'status'],
};

/** Whether unset custom fields are null or not there at all is not documented: learnt for all of them at once. */
const ANY_CUSTOM = `${CUSTOM_PREFIX}*`;

export function createWholeRecords(http: HttpClient): WholeRecords {
  /** `lead email`: left out when asked for once more as well. Then this is how a blank is spelt here. */
  const omitted = new Set<string>();

  function lacking(role: Role, wire: WireRecord, selection: CrmSelection): readonly string[] {
    if (wire.is_organization === true) return [];
    const paths = selection.paths.filter((path) => !RELATION_PATHS.has(path));
    return [...ALWAYS[role], ...paths].flatMap((path) => {
      const name = lackingPart(role, wire, path);
      return name === null || omitted.has(`${role} ${name}`) ? [] : [name];
    });
  }

  return {
    async of(role, wires, selection) {
      const doubtful = wires.filter((wire) => lacking(role, wire, selection).length > 0);
      if (doubtful.length === 0) return wires;
      const again = new Map<string, WireRecord>();
      for (const some of chunk([...new Set(doubtful.map(({ id }) => id))], PAGE_SIZE)) {
        const query = { ids: some.join(','), per_page: String(PAGE_SIZE) };
        const { items } = await readPage(http, { path: pathOf(role), query, item: wireRecord });
        for (const wire of items) if (some.includes(wire.id)) again.set(wire.id, wire);
      }
      const found = wires.map((wire) => {
        const second = doubtful.includes(wire) ? again.get(wire.id) : undefined;
        return second === undefined ? wire : together(role, wire, second);
      });
      for (const wire of found)
        if (again.has(wire.id)) for (const name of lacking(role, wire, selection)) omitted.add(`${role} ${name}`);
      return found;
    },
  };
}

/** The second answer, with what only the first one had in a form to be read. */
function together(role: Role, first: WireRecord, second: WireRecord): WireRecord {
  const kept = Object.entries(first).filter(
    ([name]) => name !== 'custom_fields' && lackingPart(role, second, name) !== null,
  );
  return {
    ...first,
    ...second,
    ...Object.fromEntries(kept),
    custom_fields: { ...first.custom_fields, ...second.custom_fields },
  };
}

/** The part of a record that a path would be read from and that is not there, or is nothing to read from; null = all is there. */
function lackingPart(role: Role, wire: WireRecord, path: string): string | null {
  if (path.startsWith(CUSTOM_PREFIX)) {
    const fields = wire.custom_fields;
    if (fields === undefined || fields === null) return CUSTOM_PREFIX;
    const name = path.slice(CUSTOM_PREFIX.length);
    const place = Object.hasOwn(fields, name) ? name : (splitAddressPart(name)?.name ?? name);
    return Object.hasOwn(fields, place) ? null : ANY_CUSTOM;
  }
  const name = path.split('.')[0] ?? path;
  if (!Object.hasOwn(wire, name)) return name;
  const value = wire[name];
  const readable = !ADDRESS_ATTRIBUTES[role].includes(name) || (typeof value === 'object' && !Array.isArray(value));
  return readable ? null : name;
}
