// The schema that editors use says the same as the program.
import { describe, expect, it } from 'vitest';
import { configJsonSchema, defaultAt, isSecret, type JsonSchema, keysAt } from '../../src/config/json-schema.ts';

const at = (schema: JsonSchema, ...path: readonly string[]): JsonSchema | undefined =>
  path.reduce<JsonSchema | undefined>((here, key) => (key === '[]' ? here?.items : here?.properties?.[key]), schema);

describe('JSON Schema', () => {
  const schema = configJsonSchema();

  it('forbids unknown keys everywhere', () => {
    const open: string[] = [];
    const walk = (here: JsonSchema, path: string): void => {
      if (here.properties !== undefined && here.additionalProperties !== false) open.push(path);
      for (const [key, child] of Object.entries(here.properties ?? {})) walk(child, `${path}.${key}`);
      if (here.items !== undefined) walk(here.items, `${path}[]`);
      for (const form of here.anyOf ?? []) walk(form, path);
    };
    walk(schema, '');
    expect(open).toEqual([]);
  });

  it('describes every setting', () => {
    const bare: string[] = [];
    const walk = (here: JsonSchema, path: string): void => {
      for (const [key, child] of Object.entries(here.properties ?? {})) {
        const group = child.properties !== undefined;
        if (!group && (child.description ?? '').length < 5) bare.push(`${path}${key}`);
        walk(child, `${path}${key}.`);
      }
      if (here.items !== undefined) walk(here.items, `${path}[].`);
      for (const form of here.anyOf ?? []) walk(form, path);
    };
    walk(schema, '');
    expect(bare).toEqual([]);
  });

  it('gives the defaults both profiles share, and none where they differ or a choice is due', () => {
    expect(at(schema, 'database')?.default).toBe('sqlite:./lockstep-data/lockstep.db');
    const connection = at(schema, 'connections', '[]') ?? {};
    expect(at(connection, 'contacts', 'direction')?.default).toBe('bi-directional');
    expect(at(connection, 'sell', 'requestsPerSecond')?.default).toBe(10);
    expect(at(connection, 'contacts', 'delete')).not.toHaveProperty('default');
    expect(at(connection, 'contacts', 'multipleMatch')).not.toHaveProperty('default');
  });

  it('has a default, a choice that is due, or a key that is required, for every setting of a connection', () => {
    const without: string[] = [];
    const walk = (here: JsonSchema, path: readonly string[]): void => {
      for (const [key, child] of Object.entries(here.properties ?? {})) {
        const below = [...path, key];
        if (child.properties !== undefined) walk(child, below);
        else if (defaultAt('classic', below) === undefined && here.required?.includes(key) !== true)
          without.push(below.join('.'));
      }
    };
    walk(at(schema, 'connections', '[]') ?? {}, []);
    expect(without.filter((path) => !/^(sell|dotdigital)\./.test(path))).toEqual([]);
  });

  it('knows secrets and keys by path', () => {
    expect(isSecret(['connections', 0, 'sell', 'accessToken'])).toBe(true);
    expect(isSecret(['connections', 3, 'alerts', 1, 'webhook'])).toBe(true);
    expect(isSecret(['connections', 0, 'dotdigital', 'user'])).toBe(false);
    expect(keysAt(['connections', 0, 'alerts', 0])).toEqual(['webhook', 'email']);
    expect(keysAt(['nowhere'])).toEqual([]);
  });
});
