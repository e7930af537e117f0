// A configuration file in a directory of its own, for tests. Removes it when the test is over.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Config, ConnectionConfig } from '../../src/config/config.ts';
import type { Environment } from '../../src/config/interpolate.ts';
import { type LoadResult, loadConfig } from '../../src/config/load-config.ts';
import type { Problem } from '../../src/config/problem.ts';

/** A fresh directory with these files; gone after the test. */
export function folderWith(files: { readonly [name: string]: string }): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export function load(yaml: string, env: Environment = {}, database?: string): LoadResult {
  const file = join(folderWith({ 'lockstep.yaml': yaml }), 'lockstep.yaml');
  return loadConfig({ file, env, overrides: { database } });
}

/** The configuration, which must be right. */
export function loadOk(yaml: string, env: Environment = {}): Config {
  const result = load(yaml, env);
  if ('problems' in result)
    throw new Error(result.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return result.ok;
}

/** The problems, of which there must be some. */
export function loadProblems(yaml: string, env: Environment = {}): readonly Problem[] {
  const result = load(yaml, env);
  if ('ok' in result) throw new Error('The configuration was accepted.');
  return result.problems;
}

/** One connection with these lines (indented by four) besides name and credentials. */
export function connectionYaml(lines = ''): string {
  return `version: 1
connections:
  - name: acme
    sell: { accessToken: token-1 }
    dotdigital: { user: apiuser@example.com, password: pass-1 }
${lines}`;
}

export function loadConnection(lines = ''): ConnectionConfig {
  const [connection] = loadOk(connectionYaml(lines)).connections;
  if (connection === undefined) throw new Error('No connection was read.');
  return connection;
}
