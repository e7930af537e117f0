// The configuration's JSON Schema, for editors and for `lockstep config schema`, with every default filled in.
import { z } from 'zod';
import { configSchema } from './config-schema.ts';
import type { ConfigPath } from './problem.ts';
import { FIXED, MustChoose, PROFILES } from './profiles.table.ts';

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: { readonly [key: string]: JsonSchema };
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly writeOnly?: boolean;
  readonly default?: unknown;
}

const isPlain = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof MustChoose);

/** The default of a setting of a connection by profile; undefined where there is none, `MustChoose` where one has to be chosen. */
export function defaultAt(profile: keyof typeof PROFILES, path: readonly string[]): unknown {
  let at: unknown = { ...PROFILES[profile], sell: FIXED.sell, dotdigital: FIXED.dotdigital, profile: 'classic' };
  for (const step of path) at = isPlain(at) ? at[step] : undefined;
  return at;
}

function withDefaults(
  schema: JsonSchema,
  path: readonly string[],
  lookUp: (path: readonly string[]) => unknown,
): JsonSchema {
  const found = path.length === 0 ? undefined : lookUp(path);
  const leaf = found !== undefined && !isPlain(found) && !(found instanceof MustChoose) ? { default: found } : {};
  if (schema.properties === undefined) return { ...schema, ...leaf };
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([key, child]) => [key, withDefaults(child, [...path, key], lookUp)]),
  );
  return { ...schema, properties };
}

/** JSON Schema (draft 2020-12). A default is given where both profiles agree on it. */
export function configJsonSchema(): JsonSchema {
  const bare = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' }) as JsonSchema;
  const fixed = (path: readonly string[]): unknown => {
    let at: unknown = { database: FIXED.database, server: FIXED.server };
    for (const step of path) at = isPlain(at) ? at[step] : undefined;
    return at;
  };
  const agreed = (path: readonly string[]): unknown => {
    const [a, b] = [defaultAt('classic', path), defaultAt('recommended', path)];
    return JSON.stringify(a) === JSON.stringify(b) ? a : undefined;
  };
  const schema = withDefaults(bare, [], fixed);
  const connections = schema.properties?.['connections'];
  if (connections?.items === undefined) return schema;
  const items = withDefaults(connections.items, [], agreed);
  return { ...schema, properties: { ...schema.properties, connections: { ...connections, items } } };
}

let cached: JsonSchema | undefined;

/** The part of the schema that describes what stands at `path`, or null. Where several forms are allowed, all their keys count. */
export function schemaAt(path: ConfigPath): JsonSchema | null {
  cached ??= configJsonSchema();
  let at: JsonSchema | undefined = cached;
  for (const step of path) {
    const forms: readonly JsonSchema[] = at?.anyOf ?? (at === undefined ? [] : [at]);
    at =
      typeof step === 'number'
        ? forms.find((form) => form.items)?.items
        : forms.map((form) => form.properties?.[step]).find(Boolean);
    if (at === undefined) return null;
  }
  return at;
}

/** The keys that may stand at `path`. */
export function keysAt(path: ConfigPath): readonly string[] {
  const schema = schemaAt(path);
  return (schema?.anyOf ?? (schema === null ? [] : [schema])).flatMap((form) => Object.keys(form.properties ?? {}));
}

/** True when the value at `path` is never shown. */
export function isSecret(path: ConfigPath): boolean {
  return schemaAt(path)?.writeOnly === true;
}
