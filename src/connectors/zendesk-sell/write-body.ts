// A write in the port's terms turned into the `data` of a Sell request. Pure; never sends an attribute nobody asked to change,
// and never `is_organization`, which would turn a person into an organisation.
import type { Role } from '../../core/model/identity.ts';
import type { CrmWrite } from '../../core/model/plan.ts';
import type { Raw } from '../../core/model/value.ts';
import type { CrmWhole } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import { ADDRESS_ATTRIBUTES, ADDRESS_PARTS, WRITABLE } from './attributes.table.ts';
import { CUSTOM_PREFIX } from './custom-fields.ts';
import { splitAddressPart } from './observe.ts';

export type SellData = { readonly [attribute: string]: unknown };
type Address = { readonly [part: string]: string | null };

/** What decides how a path is written. */
export interface Shape {
  readonly role: Role;
  /** Whether the custom field of this name is an address. */
  isCustomAddress(name: string): boolean;
}

/** Body of a create: blanks are left out, an address comes with all five parts. */
export function createBody(write: CrmWrite, shape: Shape): SellData {
  return compact(build(write, shape, null));
}

/**
 * Body of an update: changed attributes only, whole values merged into what was read afresh. Empty when nothing is left to change.
 * @throws TypeError when a whole value is to be written without `fresh`.
 */
export function updateBody(write: CrmWrite, shape: Shape, fresh: CrmWhole | null): SellData {
  if (fresh === null && touchesWhole(write, shape))
    throw new TypeError('whole values need their fresh state to be merged into');
  return build(write, shape, fresh ?? { attributes: {} });
}

function build(write: CrmWrite, shape: Shape, fresh: CrmWhole | null): SellData {
  const data: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const [path, raw] of Object.entries(write.set)) {
    const target = targetOf(path, shape);
    switch (target.type) {
      case 'attribute':
        data[target.name] = raw;
        break;
      case 'address':
        data[target.name] = withPart(data[target.name] ?? fresh?.attributes[target.name], target.part, raw);
        break;
      case 'custom':
        custom[target.name] = raw === null && Array.isArray(fresh?.attributes[path]) ? [] : raw;
        break;
      case 'custom-address':
        custom[target.name] = withPart(
          custom[target.name] ?? fresh?.attributes[CUSTOM_PREFIX + target.name],
          target.part,
          raw,
        );
        break;
      case 'tags':
        break;
    }
  }
  if (Object.keys(custom).length > 0) data['custom_fields'] = custom;
  if (write.email !== undefined) data['email'] = write.email;
  if (write.status !== undefined) data['status'] = write.status;
  const tags = mergeTags(write, fresh);
  if (tags !== null) data['tags'] = tags;
  return data;
}

type Target =
  | { readonly type: 'attribute' | 'custom'; readonly name: string }
  | { readonly type: 'address' | 'custom-address'; readonly name: string; readonly part: string }
  | { readonly type: 'tags' };

function targetOf(path: string, shape: Shape): Target {
  if (path === 'tags') return { type: 'tags' };
  if (path.startsWith(CUSTOM_PREFIX)) {
    const name = path.slice(CUSTOM_PREFIX.length);
    const address = splitAddressPart(name);
    return address !== null && shape.isCustomAddress(address.name)
      ? { type: 'custom-address', ...address }
      : { type: 'custom', name };
  }
  const address = splitAddressPart(path);
  if (address !== null && ADDRESS_ATTRIBUTES[shape.role].includes(address.name)) return { type: 'address', ...address };
  if (WRITABLE[shape.role].has(path)) return { type: 'attribute', name: path };
  throw new ConnectorError(`${path} of a ${shape.role} cannot be written`, {
    kind: 'rejected',
    outcome: 'not-sent',
    field: path,
  });
}

function touchesWhole(write: CrmWrite, shape: Shape): boolean {
  if ((write.addTags?.length ?? 0) > 0 || (write.removeTags?.length ?? 0) > 0) return true;
  return Object.keys(write.set).some((path) => targetOf(path, shape).type.endsWith('address'));
}

/** All five parts are sent every time: whether Sell keeps or clears parts left out is not documented. */
function withPart(before: unknown, part: string, raw: Raw): Address {
  const known = typeof before === 'object' && before !== null ? (before as { readonly [part: string]: unknown }) : {};
  const address = ADDRESS_PARTS.map((key) => {
    const value = key === part ? raw : known[key];
    return [key, typeof value === 'string' && value !== '' ? value : null] as const;
  });
  return Object.fromEntries(address);
}

/** The list to write, or null when tags stay as they are. */
function mergeTags(write: CrmWrite, fresh: CrmWhole | null): readonly string[] | null {
  const given = write.set['tags'];
  const present = fresh?.attributes['tags'];
  const before = Array.isArray(present) ? (present as readonly string[]) : [];
  const start = given === undefined ? before : Array.isArray(given) ? (given as readonly string[]) : [];
  const removed = new Set(write.removeTags ?? []);
  const after = [...new Set([...start, ...(write.addTags ?? [])])].filter((tag) => !removed.has(tag));
  const isSame = after.length === before.length && after.every((tag) => before.includes(tag));
  if (given !== undefined && present === undefined) return after;
  return isSame ? null : after;
}

function compact(data: SellData): SellData {
  const entries = Object.entries(data).flatMap(([key, value]) => {
    if (key !== 'custom_fields') return isBlank(value) ? [] : [[key, value] as const];
    const custom = compact(value as SellData);
    return Object.keys(custom).length === 0 ? [] : [[key, custom] as const];
  });
  return Object.fromEntries(entries);
}

function isBlank(value: unknown): boolean {
  if (value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.values(value as object).every((part) => part === null);
}
