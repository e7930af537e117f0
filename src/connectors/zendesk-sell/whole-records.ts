// Records that lack an attribute which somebody reads: asked for once more before that is taken for a blank. Sell sends what is
// empty as null, so an attribute that is not there at all is more likely to have got lost than to be empty.
import type { Role } from '../../core/model/identity.ts';
import type { CrmSelection } from '../connector.ts';
import type { HttpClient } from '../http/http-client.ts';
import { ADDRESS_ATTRIBUTES } from './attributes.table.ts';
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

export function createWholeRecords(http: HttpClient): WholeRecords {
  /** `lead email`: left out when asked for once more as well. Then this is how a blank is spelt here. */
  const omitted = new Set<string>();

  function lacking(role: Role, wire: WireRecord, selection: CrmSelection): readonly string[] {
    if (wire.is_organization === true) return [];
    const mapped = selection.paths
      .filter((path) => !RELATION_PATHS.has(path))
      .map((path) => path.split('.')[0] ?? path);
    return [...ALWAYS[role], ...mapped].filter((name) => !omitted.has(`${role} ${name}`) && !has(role, wire, name));
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
      for (const wire of again.values())
        for (const name of lacking(role, wire, selection)) omitted.add(`${role} ${name}`);
      return wires.map((wire) => (doubtful.includes(wire) ? (again.get(wire.id) ?? wire) : wire));
    },
  };
}

function has(role: Role, wire: WireRecord, name: string): boolean {
  if (!Object.hasOwn(wire, name)) return false;
  const value = wire[name];
  return !ADDRESS_ATTRIBUTES[role].includes(name) || (typeof value === 'object' && !Array.isArray(value));
}
