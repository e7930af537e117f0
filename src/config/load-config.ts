// Reads a configuration file and hands back either the complete configuration or every problem at once. Never throws for a bad file.
import { checkValue } from './check-value.ts';
import { completeConnection } from './complete-connection.ts';
import type { Config, MailConfig } from './config.ts';
import { type ConfigInput, parseSecretKey } from './config-schema.ts';
import { type Environment, interpolate } from './interpolate.ts';
import type { PlacedMessage } from './issue-text.ts';
import type { Problem } from './problem.ts';
import { FIXED } from './profiles.table.ts';
import { readText } from './read-text.ts';
import { resolveSecrets } from './secrets.ts';
import { parseSource, type SourceDocument } from './source-document.ts';

export interface LoadOptions {
  /** As named on the command line; relative to `cwd`. */
  readonly file: string;
  readonly env: Environment;
  readonly overrides?: { readonly database?: string | undefined };
}

export type LoadResult = { readonly ok: Config } | { readonly problems: readonly Problem[] };

function complete(input: ConfigInput, file: string | null): Config {
  return {
    file,
    database: input.database ?? FIXED.database,
    server: serverOf(input.server),
    secretKey: input.secretKey === undefined ? null : parseSecretKey(input.secretKey),
    connections: (input.connections ?? []).map(completeConnection),
    given: input.connections ?? [],
  };
}

function serverOf(server: ConfigInput['server']): Config['server'] {
  const { host, port, publicUrl, privateAddresses, mail } = server ?? {};
  return {
    host: host ?? FIXED.server.host,
    port: port ?? FIXED.server.port,
    publicUrl: publicUrl ?? null,
    privateAddresses: privateAddresses ?? FIXED.server.privateAddresses,
    mail: mail === undefined ? null : mailOf(mail),
  };
}

function mailOf({ host, port, secure = false, user, password, from }: MailInput): MailConfig {
  return { host, port: port ?? (secure ? 465 : 587), secure, user: user ?? null, password: password ?? null, from };
}

type MailInput = NonNullable<NonNullable<ConfigInput['server']>['mail']>;

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
  const { value: root, problems: secretProblems } = resolveSecrets(filled, options.cwd, fromEnvironment);
  if (options.overrides?.database !== undefined && typeof root === 'object' && root !== null) {
    (root as { [key: string]: unknown })['database'] = options.overrides.database;
  }
  const checked = checkValue(root, { missing, fromEnvironment, secretProblems });
  if ('faults' in checked) return { problems: place(source, checked.faults) };
  return { ok: complete(checked.ok, source.file) };
}

function place(source: SourceDocument, faults: readonly PlacedMessage[]): readonly Problem[] {
  const placed = faults
    .slice(0, MOST)
    .map(({ path, message }) => source.problemAt(path, message))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const more = faults.length - placed.length;
  return more === 0 ? placed : [...placed, problemOf(source.file, `and ${more} more; correct these first`)];
}

/** Nobody mends more at once, and finding the place of each takes its time. */
const MOST = 200;

/** Of the file as a whole. */
function problemOf(file: string, message: string): Problem {
  return { file, line: null, column: null, path: '', message };
}

/** What applies where there is no file at all: every connection is made in the dashboard. */
export function emptyConfig(database?: string | undefined): LoadResult {
  const root = { version: 1, ...(database === undefined ? {} : { database }) };
  const checked = checkValue(root, { missing: [], fromEnvironment: new Set(), secretProblems: [] });
  if ('ok' in checked) return { ok: complete(checked.ok, null) };
  return { problems: checked.faults.map(({ message }) => problemOf('--database', message)) };
}

/** Loads, interpolates, checks and completes the file. Secret files are read as well. (contract 3) */
export function loadConfig(options: LoadOptions): LoadResult {
  const read = readText(options.file);
  if ('text' in read) return checkSource(parseSource(options.file, read.text), { ...options, cwd: process.cwd() });
  const message =
    read.code === 'ENOENT'
      ? 'there is no such file; name one with --config, or write one (docs/configuration.md, "A first file")'
      : `the file cannot be read: ${read.why}`;
  return { problems: [problemOf(options.file, message)] };
}
