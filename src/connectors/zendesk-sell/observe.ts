// A record as Sell sends it, turned into what the engine knows: only the selected paths, blanks as null. Never changes a value's text.
import type { Role } from '../../core/model/identity.ts';
import type { CrmRecord } from '../../core/model/record.ts';
import type { Raw } from '../../core/model/value.ts';
import type { CrmSelection, CrmWhole } from '../connector.ts';
import { ADDRESS_ATTRIBUTES, ADDRESS_PARTS } from './attributes.table.ts';
import { CUSTOM_PREFIX } from './custom-fields.ts';
import { RELATION_PATHS, type Relations } from './relations.ts';
import type { WireRecord } from './wire.ts';

export function observe(
  role: Role,
  wire: WireRecord,
  selection: CrmSelection,
  relations: Pick<Relations, 'valueOf'>,
  revision: number | null = null,
): CrmRecord {
  const values: Record<string, Raw> = {};
  for (const path of selection.paths) {
    values[path] = RELATION_PATHS.has(path) ? relations.valueOf(path, wire) : readPath(wire, path);
  }
  return {
    role,
    id: wire.id,
    email: blankToNull(wire.email),
    firstName: blankToNull(wire.first_name),
    lastName: blankToNull(wire.last_name),
    values,
    tags: tagsOf(wire),
    status: role === 'lead' ? nameOrText(wire['status']) : null,
    ownerId: wire.owner_id ?? null,
    isOrganisation: wire.is_organization === true,
    createdAt: wire.created_at ?? null,
    updatedAt: wire.updated_at ?? null,
    revision,
    state: 'present',
  };
}

/** The attributes that a write would replace as a whole, as they stand now. (R6, C17) */
export function wholeOf(role: Role, wire: WireRecord): CrmWhole {
  const attributes: Record<string, unknown> = { tags: tagsOf(wire) };
  for (const attribute of ADDRESS_ATTRIBUTES[role]) attributes[attribute] = wire[attribute] ?? null;
  for (const [name, value] of Object.entries(wire.custom_fields ?? {})) {
    if (typeof value === 'object' && value !== null) attributes[CUSTOM_PREFIX + name] = value;
  }
  return { attributes };
}

function tagsOf(wire: WireRecord): readonly string[] {
  return (wire.tags ?? []).flatMap((tag) => nameOrText(tag) ?? []);
}

function readPath(wire: WireRecord, path: string): Raw {
  if (path.startsWith(CUSTOM_PREFIX)) return readCustom(wire.custom_fields ?? {}, path.slice(CUSTOM_PREFIX.length));
  const [attribute = path, part] = path.split('.');
  const value = ownValue(wire, attribute);
  return toRaw(part === undefined ? value : memberOf(value, part));
}

/** A custom field's name may itself contain dots, so the whole name goes first; only then may it be a part of an address. */
function readCustom(fields: { readonly [name: string]: unknown }, name: string): Raw {
  if (Object.hasOwn(fields, name)) return toRaw(fields[name]);
  const address = splitAddressPart(name);
  return address === null ? null : toRaw(memberOf(ownValue(fields, address.name), address.part));
}

/** `Home.city` as field `Home` and part `city`; null when the name does not end in an address part. */
export function splitAddressPart(name: string): { readonly name: string; readonly part: string } | null {
  const dot = name.lastIndexOf('.');
  const part = name.slice(dot + 1);
  return dot > 0 && ADDRESS_PARTS.some((known) => known === part) ? { name: name.slice(0, dot), part } : null;
}

/** Numbers as text, chosen values by name, blanks (empty text or list) as null; dates stay the text they are. */
function toRaw(value: unknown): Raw {
  switch (typeof value) {
    case 'string':
      return blankToNull(value);
    case 'number':
      return String(value);
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : objectToRaw(value);
    default:
      return null;
  }
}

function objectToRaw(value: object): Raw {
  if (Array.isArray(value)) {
    const items = (value as readonly unknown[]).flatMap((item) => nameOrText(item) ?? []);
    return items.length === 0 ? null : items;
  }
  if ('name' in value) return nameOrText(value);
  const parts = Object.entries(value).map(([key, part]) => [key, nameOrText(part)] as const);
  return parts.every(([, part]) => part === null) ? null : Object.fromEntries(parts);
}

/** A text, a number as text, or the name of an {id, name} pair: list values come in either form. */
function nameOrText(value: unknown): string | null {
  const text = typeof value === 'object' && value !== null && 'name' in value ? value.name : value;
  if (typeof text === 'number') return String(text);
  return typeof text === 'string' && text !== '' ? text : null;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? ownValue(value as { readonly [name: string]: unknown }, key)
    : null;
}

function ownValue(value: { readonly [name: string]: unknown }, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : null;
}

function blankToNull(text: string | null | undefined): string | null {
  return text === undefined || text === null || text.trim() === '' ? null : text;
}
