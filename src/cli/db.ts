// `lockstep db …`: bring the database up to date, look it over, copy and move it. Never overwrites anything and calls no service.
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CopiedTable } from '../app.ts';
import { redactDatabase } from '../config/redact.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { Program } from './program.ts';
import { withApp } from './run-connections.ts';

export function register(program: Program, context: CliContext): void {
  const db = program.command('db').description('bring the database up to date, look it over, copy and move it');
  db.command('migrate')
    .description('bring the database up to date with this version (every command does so by itself)')
    .action(async () => {
      await withApp(context, async ({ config }) => {
        context.output.result({
          json: () => ({ database: redactDatabase(config.database), migrated: true }),
          text: () => `${redactDatabase(config.database)} is up to date with this version.`,
        });
      });
    });
  db.command('verify')
    .description('read the whole database and say whether it is sound')
    .action(async () => {
      await withApp(context, async ({ config, store }) => {
        const { verifyStore } = await import('../app.ts');
        const { faults, rows } = await verifyStore(store);
        const database = redactDatabase(config.database);
        context.output.result({
          json: () => ({ database, ok: faults.length === 0, faults, rows }),
          text: () => verdict(database, faults, rows),
        });
        if (faults.length > 0) context.exitWith(EXIT.aborted);
      });
    });
  db.command('backup')
    .description('copy the database to a new SQLite file; runs may go on meanwhile')
    .argument('<file>', 'where to; must not exist yet')
    .action((file) => backup(context, file));
  db.command('copy')
    .description('move to another database: copy everything into an empty one, and read it back before it counts')
    .requiredOption('--to <url>', 'sqlite:PATH or postgres://user:password@host:5432/name; must be empty')
    .action(({ to }) => copy(context, to));
}

async function backup(context: CliContext, file: string): Promise<void> {
  await withApp(context, async ({ config, store }) => {
    const { backupStore } = await import('../app.ts');
    const target = resolve(file);
    reserve(file, target);
    try {
      await backupStore(store, target, { progress: shown(context) });
    } catch (error) {
      for (const part of ['', '-wal', '-shm']) rmSync(`${target}${part}`, { force: true });
      throw error;
    }
    const key = keyFileOf(config.database);
    const database = redactDatabase(config.database);
    const words =
      key !== null
        ? `\nKeep a copy of ${key} as well, in another place: it opens the secrets in the copy.`
        : config.database.startsWith('sqlite:')
          ? ''
          : `\nIt is a SQLite file: work with it by --database sqlite:${file}, or bring it back into an empty server database with "lockstep --database sqlite:${file} db copy --to URL". For very large databases use pg_dump.`;
    context.output.result({
      json: () => ({ database, backup: target, keyFile: key }),
      text: () => `${database} was copied to ${target}.${words}`,
    });
  });
}

async function copy(context: CliContext, url: string): Promise<void> {
  await withApp(context, async ({ config, store }) => {
    const { copyStore, heldConnections, openStore } = await import('../app.ts');
    const from = redactDatabase(config.database);
    const to = redactDatabase(url);
    const held = await heldConnections(store, new Date().toISOString());
    if (held.length > 0) {
      throw new CliError(EXIT.aborted, `a run holds ${held.join(', ')}: what it still writes would be left behind`, {
        hint: 'Stop every Lockstep that uses the database, then copy.',
      });
    }
    const target = await openStore(url);
    let tables: readonly CopiedTable[];
    try {
      tables = await copyStore(store, target, { progress: shown(context) });
    } catch (error) {
      if (error instanceof Error && 'kind' in error && error.kind === 'misuse')
        throw new CliError(EXIT.usage, error.message, { hint: 'Name an empty database.', cause: error });
      throw error;
    } finally {
      await target.close();
    }
    const rows = Object.fromEntries(tables.map((table) => [table.table, table.rows]));
    const key = keyFileOf(config.database);
    context.output.result({
      json: () => ({ from, to, verified: true, rows, keyFile: key }),
      text: () =>
        [
          `${from} was copied to ${to} and read back: every row is the same.`,
          ...counted(rows),
          `Now name the new one as database: in the configuration${key === null ? '' : `, and ${key} as secretKeyFile`}. The old one was left as it is.`,
        ].join('\n'),
    });
  });
}

function shown(context: CliContext): (rows: number) => void {
  const task = context.progress.task('copying', 'rows');
  return (rows) => task.update(rows);
}

function verdict(database: string, faults: readonly string[], rows: { readonly [table: string]: number }): string {
  if (faults.length > 0) {
    const lines = faults.map((fault) => `  ${fault}`);
    return [`${database} is damaged:`, ...lines, 'Stop every Lockstep that uses it and restore a backup.'].join('\n');
  }
  return [`${database} is sound.`, ...counted(rows)].join('\n');
}

function counted(rows: { readonly [table: string]: number }): readonly string[] {
  const width = Math.max(...Object.keys(rows).map((table) => table.length));
  return Object.entries(rows).map(
    ([table, count]) => `  ${table.replaceAll('_', ' ').padEnd(width)}  ${count.toLocaleString('en-GB').padStart(9)}`,
  );
}

/** Makes the file, for its owner alone, or refuses: nothing is ever overwritten. */
function reserve(file: string, target: string): void {
  try {
    closeSync(openSync(target, 'wx', 0o600));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'EEXIST')
      throw new CliError(EXIT.usage, `${file} exists already, and nothing is overwritten`, {
        hint: 'Name a new file.',
      });
    const reason = code === 'ENOENT' ? 'its folder does not exist' : code;
    throw new CliError(EXIT.usage, `${file} cannot be written: ${reason}`, { cause: error });
  }
}

/** The key file beside the database, where there is one. */
function keyFileOf(database: string): string | null {
  const path = /^sqlite:(.+)$/.exec(database)?.[1];
  if (path === undefined || path === ':memory:') return null;
  const key = join(dirname(resolve(path)), 'lockstep.key');
  return existsSync(key) ? key : null;
}
