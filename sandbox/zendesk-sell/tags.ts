// Tags: made on first use, unique by name within a resource type, carried by records by name.
// Never keeps a count; a tag nobody carries stays.

import { attributeError, notFound, unprocessable } from './errors.ts';
import { NO_TAGS, type TagRecord, type TagResource } from './records.ts';
import type { WorldState } from './world-state.ts';

/** Makes sure a tag exists. */
export function ensureTag(world: WorldState, resource: TagResource, name: string, userId: number): TagRecord {
  const id = world.tagId(resource, name);
  const known = id === undefined ? undefined : world.tags.get(id);
  if (known) return known;
  const now = world.now();
  const tag: TagRecord = {
    id: world.nextId('tag'),
    name,
    resource_type: resource,
    creator_id: userId,
    created_at: now,
    updated_at: now,
  };
  world.tags.put(tag);
  world.setTagId(resource, name, tag.id);
  world.touched('tag', tag.id);
  return tag;
}

/** Tag names as a record keeps them; unknown ones become tags. */
export function adoptTags(
  world: WorldState,
  resource: TagResource,
  names: readonly string[],
  userId: number,
): readonly string[] {
  if (names.length === 0) return NO_TAGS;
  return names.map((name) => ensureTag(world, resource, name, userId).name);
}

/**
 * Renames a tag on every record that carries it.
 * @throws SellRefusal 404 for an unknown id, 422 already_exists for a name in use.
 */
export function renameTag(world: WorldState, id: number, name: string): TagRecord {
  const tag = world.tags.get(id);
  if (!tag) throw notFound('tag', id);
  const other = world.tagId(tag.resource_type, name);
  if (other !== undefined && other !== id) throw unprocessable([attributeError.alreadyExists('tag', '/name')]);
  const renamed = { ...tag, name, updated_at: world.nextUpdate(tag.updated_at) };
  world.setTagId(tag.resource_type, tag.name, undefined);
  world.setTagId(tag.resource_type, name, id);
  world.tags.put(renamed);
  world.touched('tag', id);
  rewriteTags(world, tag, (names) => names.map((existing) => (existing === tag.name ? name : existing)));
  return renamed;
}

/**
 * Deletes a tag and takes it off every record.
 * @throws SellRefusal 404 for an unknown id.
 */
export function deleteTag(world: WorldState, id: number): void {
  const tag = world.tags.remove(id);
  if (!tag) throw notFound('tag', id);
  world.setTagId(tag.resource_type, tag.name, undefined);
  world.deleted('tag', id);
  rewriteTags(world, tag, (names) => names.filter((existing) => existing !== tag.name));
}

function rewriteTags(world: WorldState, tag: TagRecord, change: (names: readonly string[]) => readonly string[]): void {
  if (tag.resource_type === 'contact') {
    for (const record of [...world.contacts.values()].filter((contact) => contact.tags.includes(tag.name))) {
      world.contacts.put({ ...record, tags: change(record.tags), updated_at: world.nextUpdate(record.updated_at) });
      world.touched('contact', record.id);
    }
  } else if (tag.resource_type === 'lead') {
    for (const record of [...world.leads.values()].filter((lead) => lead.tags.includes(tag.name))) {
      world.leads.put({ ...record, tags: change(record.tags), updated_at: world.nextUpdate(record.updated_at) });
      world.touched('lead', record.id);
    }
  }
}
