// Insight collections and their records in order of arrival. Never checks a record; see check-record.ts.

import type { InferredSchema } from './inferred-schema.ts';

export const COLLECTION_SCOPES = ['account', 'contact'] as const;
export type CollectionScope = (typeof COLLECTION_SCOPES)[number];

export const COLLECTION_TYPES = [
  'cartInsight',
  'catalog',
  'consentInsight',
  'custom',
  'easyEditorExtensions',
  'nostoEmailCampaigns',
  'orders',
  'productCategories',
  'webInsight',
  'wishList',
] as const;
export type CollectionType = (typeof COLLECTION_TYPES)[number];

/** A record; times in milliseconds since the epoch. */
export interface InsightRecord {
  readonly sequence: number;
  readonly key: string;
  json: Readonly<Record<string, unknown>>;
  readonly created: number;
  updated: number;
  readonly ownerContactId: number | undefined;
}

/** A collection. */
export interface InsightCollection {
  readonly name: string;
  readonly scope: CollectionScope;
  readonly type: CollectionType;
  records: Map<string, InsightRecord>;
  schema: InferredSchema;
}

/** Most collections of one account. */
const MAX_COLLECTIONS = 1000;

/** The insight data of an account. */
export class InsightStore {
  readonly #collections = new Map<string, InsightCollection>();
  #sequence = 0;

  all(): readonly InsightCollection[] {
    return [...this.#collections.values()];
  }

  get(name: string): InsightCollection | undefined {
    return this.#collections.get(name);
  }

  /** A new, empty collection; undefined when the account has as many as it may. */
  create(name: string, scope: CollectionScope, type: CollectionType): InsightCollection | undefined {
    if (this.#collections.size >= MAX_COLLECTIONS) return undefined;
    const collection: InsightCollection = { name, scope, type, records: new Map(), schema: new Map() };
    this.#collections.set(name, collection);
    return collection;
  }

  remove(name: string): void {
    this.#collections.delete(name);
  }

  /** Writes a record whole; true when it is new. */
  put(
    collection: InsightCollection,
    key: string,
    json: Readonly<Record<string, unknown>>,
    now: number,
    ownerContactId?: number,
  ): boolean {
    const known = collection.records.get(key);
    if (known) {
      known.json = json;
      known.updated = now;
      return false;
    }
    this.#sequence += 1;
    collection.records.set(key, { sequence: this.#sequence, key, json, created: now, updated: now, ownerContactId });
    return true;
  }
}
