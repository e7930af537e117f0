// Reads a configuration file and hands back either the complete configuration or every problem at once. Never throws for a bad file.
import { readFileSync } from 'node:fs';
import { checkValue } from './check-value.ts';
import { completeConnection } from './complete-connection.ts';
import type { Config, MailConfig } from './config.ts';
import { type ConfigInput, parseSecretKey } from './config-schema.ts';
import { type Environment, interpolate } from './interpolate.ts';
import type { PlacedMessage } from './issue-text.ts';
import type { Problem } from './problem.ts';
import { FIXED } from './profiles.table.ts';
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
  const { value: root, problems: secretProblems } = resolveSecrets(filled, options.cwd);
  if (options.overrides?.database !== undefined && typeof root === 'object' && root !== null) {
    (root as { [key: string]: unknown })['database'] = options.overrides.database;
  }
  const checked = checkValue(root, { missing, fromEnvironment, secretProblems });
  if ('faults' in checked) return { problems: place(source, checked.faults) };
  return { ok: complete(checked.ok, source.file) };
}

function place(source: SourceDocument, faults: readonly PlacedMessage[]): readonly Problem[] {
  return faults
    .map(({ path, message }) => source.problemAt(path, message))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** What applies where there is no file at all: every connection is made in the dashboard. */
export function emptyConfig(database?: string | undefined): Config {
  return complete({ version: 1, ...(database === undefined ? {} : { database }) }, null);
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
