// `lockstep db …`: bring the database up to date, look it over, copy it. Never overwrites a file and calls no service.
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { Program } from './program.ts';
import { withApp } from './run-connections.ts';

export function register(program: Program, context: CliContext): void {
  const db = program.command('db').description('bring the database up to date, look it over, copy it');
  db.command('migrate')
    .description('bring the database up to date with this version (every command does so by itself)')
    .action(async () => {
      await withApp(context, async ({ config }) => {
        context.output.result({
          json: () => ({ database: config.database, migrated: true }),
          text: () => `${config.database} is up to date with this version.`,
        });
      });
    });
  db.command('verify')
    .description('read the whole database and say whether it is sound')
    .action(async () => {
      await withApp(context, async ({ config, store }) => {
        const { verifyStore } = await import('../app.ts');
        const { faults, rows } = await verifyStore(store);
        context.output.result({
          json: () => ({ database: config.database, ok: faults.length === 0, faults, rows }),
          text: () => verdict(config.database, faults, rows),
        });
        if (faults.length > 0) context.exitWith(EXIT.aborted);
      });
    });
  db.command('backup')
    .description('copy the database to a new file; runs may go on meanwhile')
    .argument('<file>', 'where to; must not exist yet')
    .action(async (file) => {
      await withApp(context, async ({ config, store }) => {
        const { copyStore } = await import('../app.ts');
        const target = resolve(file);
        reserve(file, target);
        try {
          await copyStore(store, target);
        } catch (error) {
          rmSync(target, { force: true });
          throw error;
        }
        const key = keyFileOf(config.database);
        context.output.result({
          json: () => ({ database: config.database, backup: target, keyFile: key }),
          text: () =>
            `${config.database} was copied to ${target}.${key === null ? '' : `\nKeep a copy of ${key} as well, in another place: it opens the secrets in the copy.`}`,
        });
      });
    });
}

function verdict(database: string, faults: readonly string[], rows: { readonly [table: string]: number }): string {
  if (faults.length > 0) {
    const lines = faults.map((fault) => `  ${fault}`);
    return [`${database} is damaged:`, ...lines, 'Stop every Lockstep that uses it and restore a backup.'].join('\n');
  }
  const width = Math.max(...Object.keys(rows).map((table) => table.length));
  const counts = Object.entries(rows).map(
    ([table, count]) => `  ${table.replaceAll('_', ' ').padEnd(width)}  ${count.toLocaleString('en-GB').padStart(9)}`,
  );
  return [`${database} is sound.`, ...counts].join('\n');
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
