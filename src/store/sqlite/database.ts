// node:sqlite in the shape Kysely's SQLite driver asks for, with a cache of prepared statements. Knows no table.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { toStoreError } from './error-map.ts';

/** Characters of SQL whose statements are kept: bulk inserts are large texts, so the budget is by size, not by count. */
const CACHE_CHARACTERS = 1_000_000;

/** @throws StoreError from every call, whatever SQLite said. */
export function adaptDatabase(database: DatabaseSync): SqliteDatabase {
  const cache = new Map<string, SqliteStatement>();
  let cached = 0;
  return {
    prepare(sql) {
      const known = cache.get(sql);
      if (known !== undefined) {
        cache.delete(sql);
        cache.set(sql, known);
        return known;
      }
      const statement = mapped(() => adaptStatement(database.prepare(sql)));
      cache.set(sql, statement);
      cached += sql.length;
      for (const oldest of cache.keys()) {
        if (cached <= CACHE_CHARACTERS || oldest === sql) break;
        cache.delete(oldest);
        cached -= oldest.length;
      }
      return statement;
    },
    close() {
      cache.clear();
      if (database.isOpen) mapped(() => database.close());
    },
  };
}

function adaptStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => mapped(() => statement.all(...bound(parameters))),
    run: (parameters) => mapped(() => statement.run(...bound(parameters))),
    // A cached statement may be asked for again before an iteration ends, so the rows are taken at once.
    iterate: (parameters) => mapped(() => statement.all(...bound(parameters)).values()),
  };
}

function bound(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[];
}

function mapped<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw toStoreError(error);
  }
}
