// The key that encrypts stored secrets: configured, or made once beside the database for its owner alone.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { secretKeyFor } from '../../src/config/secret-key.ts';
import { connectionYaml, folderWith, loadOk } from './write-config.ts';

const configFor = (folder: string) =>
  loadOk(`${connectionYaml()}database: sqlite:${join(folder, 'data', 'lockstep.db')}\n`);

describe('the key for stored secrets', () => {
  it('is made once beside the database, readable by its owner only, and stays', () => {
    const folder = folderWith({});
    const first = secretKeyFor(configFor(folder));
    expect(first).toHaveLength(32);
    expect(secretKeyFor(configFor(folder))).toEqual(first);
    expect(readdirSync(join(folder, 'data'))).toEqual(['lockstep.key']);
    expect(statSync(join(folder, 'data', 'lockstep.key')).mode & 0o777).toBe(0o600);
    expect(secretKeyFor(configFor(folderWith({})))).not.toEqual(first);
  });

  it('is the configured one where there is one, and no file is made', () => {
    const folder = folderWith({});
    const key = Buffer.alloc(32, 7);
    const config = loadOk(
      `${connectionYaml()}database: sqlite:${join(folder, 'a.db')}\nsecretKey: '${key.toString('hex')}'\n`,
    );
    expect(secretKeyFor(config)).toEqual(new Uint8Array(key));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is damaged is refused and left as it is', () => {
    const folder = folderWith({});
    secretKeyFor(configFor(folder));
    writeFileSync(join(folder, 'data', 'lockstep.key'), 'c2hvcnQ=');
    expect(() => secretKeyFor(configFor(folder))).toThrow(/lockstep\.key is damaged/);
  });
});
