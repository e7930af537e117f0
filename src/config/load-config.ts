// Reads a configuration file and hands back either the complete configuration or every problem at once. Never throws for a bad file.
import { readFileSync } from 'node:fs';
import { completeConnection, unchosenSettings } from './complete-connection.ts';
import type { Config } from './config.ts';
import { type ConfigInput, configSchema, parseSecretKey } from './config-schema.ts';
import { type Environment, interpolate, pathKey } from './interpolate.ts';
import { explainIssue, type PlacedMessage, valueAt } from './issue-text.ts';
import type { ConfigPath, Problem } from './problem.ts';
import { FIXED } from './profiles.table.ts';
import { SECRET_KEY_NEEDED } from './secret-key.ts';
import { resolveSecrets } from './secrets.ts';
import { parseSource, type SourceDocument } from './source-document.ts';

export interface LoadOptions {
  /** As named on the command line; relative to `cwd`. */
  readonly file: string;
  readonly env: Environment;
  readonly overrides?: { readonly database?: string | undefined };
}

export type LoadResult = { readonly ok: Config } | { readonly problems: readonly Problem[] };

/** Texts from the environment that stand where a number or a switch belongs are read as such. */
function readAsTyped(
  root: unknown,
  fromEnvironment: ReadonlySet<string>,
  issues: readonly { readonly code: string; readonly path: readonly PropertyKey[]; readonly expected?: unknown }[],
): boolean {
  let changed = false;
  for (const issue of issues) {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const last = path.at(-1);
    if (issue.code !== 'invalid_type' || last === undefined || !fromEnvironment.has(pathKey(path))) continue;
    const text = String(valueAt(root, path)).trim();
    const typed =
      issue.expected === 'boolean'
        ? { true: true, false: false }[text]
        : /^-?\d+(\.\d+)?$/.test(text)
          ? Number(text)
          : undefined;
    const parent = valueAt(root, path.slice(0, -1));
    if (typed === undefined || typeof parent !== 'object' || parent === null) continue;
    (parent as { [key: string]: unknown })[String(last)] = typed;
    changed = true;
  }
  return changed;
}

/** Faults that lie between settings rather than in one. */
function crossCheck(input: unknown): readonly PlacedMessage[] {
  const problems: PlacedMessage[] = [];
  const secretKey = valueAt(input, ['secretKey']);
  if (typeof secretKey === 'string' && secretKey !== '-' && parseSecretKey(secretKey) === null) {
    problems.push({
      path: ['secretKey'],
      message: 'expected 32 bytes in base64 (44 characters) or hexadecimal (64 characters)',
    });
  }
  const connections = valueAt(input, ['connections']);
  const seen = new Map<unknown, number>();
  for (const [i, connection] of (Array.isArray(connections) ? connections : []).entries()) {
    const name = valueAt(connection, ['name']);
    const first = seen.get(name);
    if (first !== undefined) {
      problems.push({
        path: ['connections', i, 'name'],
        message: `the name "${String(name)}" is taken by connections[${first}]`,
      });
    } else if (typeof name === 'string') seen.set(name, i);
    problems.push(...repeatedFields(connection, i));
    problems.push(
      ...unchosenSettings(connection).map(({ path, message }) => ({ path: ['connections', i, ...path], message })),
    );
  }
  problems.push(...missingKey(input));
  return problems;
}

/** Renewed tokens are stored sealed, and on a server no file beside the database holds the key. */
function missingKey(root: unknown): readonly PlacedMessage[] {
  const connections = valueAt(root, ['connections']);
  const renews = (Array.isArray(connections) ? connections : []).some(
    (connection) => valueAt(connection, ['sell', 'oauth']) !== undefined,
  );
  const database = valueAt(root, ['database']);
  const given = valueAt(root, ['secretKey']);
  const needs = typeof database === 'string' && /^postgres(ql)?:/.test(database) && given === undefined;
  return renews && needs ? [{ path: ['secretKey'], message: SECRET_KEY_NEEDED }] : [];
}

/** Two lines that write one data field would overwrite each other for ever. */
function repeatedFields(connection: unknown, index: number): readonly PlacedMessage[] {
  return ['contacts', 'leads'].flatMap((object) => {
    const fields = valueAt(connection, [object, 'fields']);
    const seen = new Map<string, number>();
    return (Array.isArray(fields) ? fields : []).flatMap((field: unknown, i): readonly PlacedMessage[] => {
      const name = valueAt(field, ['dotdigital']);
      if (typeof name !== 'string') return [];
      const first = seen.get(name.trim().toUpperCase());
      if (first === undefined) {
        seen.set(name.trim().toUpperCase(), i);
        return [];
      }
      return [
        {
          path: ['connections', index, object, 'fields', i, 'dotdigital'],
          message: `the data field ${name} is already mapped by fields[${first}]`,
        },
      ];
    });
  });
}

function complete(input: ConfigInput, file: string): Config {
  return {
    file,
    database: input.database ?? FIXED.database,
    server: { host: input.server?.host ?? FIXED.server.host, port: input.server?.port ?? FIXED.server.port },
    secretKey: input.secretKey === undefined ? null : parseSecretKey(input.secretKey),
    connections: input.connections.map(completeConnection),
  };
}

/** Checks what the file holds. */
function checkSource(
  source: SourceDocument,
  options: Omit<LoadOptions, 'file'> & { readonly cwd: string },
): LoadResult {
  if (source.problems.length > 0) return { problems: source.problems };
  if (source.value === null || source.value === undefined) {
    return { problems: [source.problemAt([], 'the file is empty; expected version: 1 and connections')] };
  }
  const { value: filled, fromEnvironment, missing } = interpolate(source.value, options.env);
  const { value: root, problems: secretProblems } = resolveSecrets(filled, options.cwd);
  if (options.overrides?.database !== undefined && typeof root === 'object' && root !== null) {
    (root as { [key: string]: unknown })['database'] = options.overrides.database;
  }
  let parsed = configSchema.safeParse(root);
  if (!parsed.success && readAsTyped(root, fromEnvironment, parsed.error.issues)) parsed = configSchema.safeParse(root);

  const faults: PlacedMessage[] = [...missing];
  const told = new Set(missing.map(({ path }) => pathKey(path)));
  const hidden = (path: ConfigPath): boolean => fromEnvironment.has(pathKey(path));
  const add = (more: readonly PlacedMessage[]): void => {
    for (const fault of more) if (!told.has(pathKey(fault.path))) faults.push(fault);
  };
  add(secretProblems);
  add(crossCheck(root));
  for (const issue of parsed.error?.issues ?? []) {
    const explained = explainIssue(issue, root, hidden);
    // An unknown key is worth telling even where its value had a problem of its own.
    if (issue.code === 'unrecognized_keys') faults.push(...explained);
    else add(explained);
  }
  if (!parsed.success || faults.length > 0) return { problems: place(source, faults) };
  return { ok: complete(parsed.data, source.file) };
}

function place(source: SourceDocument, faults: readonly PlacedMessage[]): readonly Problem[] {
  return faults
    .map(({ path, message }) => source.problemAt(path, message))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** Loads, interpolates, checks and completes the file. Secret files are read as well. (contract 3) */
export function loadConfig(options: LoadOptions): LoadResult {
  let text: string;
  try {
    text = readFileSync(options.file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const message =
      code === 'ENOENT'
        ? 'there is no such file; name one with --config, or write one (docs/configuration.md, "A first file")'
        : `cannot be read (${code === '' ? String(error) : code})`;
    return { problems: [{ file: options.file, line: null, column: null, path: '', message }] };
  }
  return checkSource(parseSource(options.file, text), { ...options, cwd: process.cwd() });
}
