// Notes of plans: worth telling, neither a write nor a hold. Kept with their run.
import type { RowId } from '../core/model/row.ts';
import type { Executor } from './executor.ts';
import { batches } from './keys.ts';
import type { NoteRow } from './schema.ts';

export interface StoredNote {
  readonly runId: string;
  readonly connection: string;
  readonly personKey: string;
  readonly row: RowId;
  readonly text: string;
  readonly emailKey: string | null;
  readonly at: string;
}

/** @throws StoreError `constraint` for an unknown run */
export async function insertNotes(ex: Executor, notes: readonly StoredNote[]): Promise<void> {
  for (const batch of batches(notes)) {
    await ex.db
      .insertInto('notes')
      .values(
        batch.map(
          (note): NoteRow => ({
            run_id: note.runId,
            connection: note.connection,
            person_key: note.personKey,
            row_id: note.row,
            text: note.text,
            email_key: note.emailKey,
            at: note.at,
          }),
        ),
      )
      .execute();
  }
}

export async function notesOfRun(
  ex: Executor,
  runId: string,
  page: { readonly offset?: number; readonly limit?: number } = {},
): Promise<readonly StoredNote[]> {
  const rows = await ex.db
    .selectFrom('notes')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('at')
    .orderBy('person_key')
    .orderBy('row_id')
    .limit(page.limit ?? 500)
    .offset(page.offset ?? 0)
    .execute();
  return rows.map(toNote);
}

/** Of these addresses and of these persons under whatever address they had; newest first. */
export async function notesAbout(
  ex: Executor,
  connection: string,
  whose: { readonly emailKeys: readonly string[]; readonly personKeys: readonly string[] },
  limit = 100,
): Promise<readonly StoredNote[]> {
  const found = new Map<string, StoredNote>();
  for (const [column, keys] of [
    ['email_key', whose.emailKeys],
    ['person_key', whose.personKeys],
  ] as const) {
    for (const batch of batches(keys)) {
      const rows = await ex.db
        .selectFrom('notes')
        .selectAll()
        .where('connection', '=', connection)
        .where(column, 'in', batch)
        .orderBy('at', 'desc')
        .orderBy('row_id')
        .limit(limit)
        .execute();
      for (const row of rows) found.set(JSON.stringify(row), toNote(row));
    }
  }
  return [...found.values()].sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0)).slice(0, limit);
}

function toNote(row: NoteRow): StoredNote {
  return {
    runId: row.run_id,
    connection: row.connection,
    personKey: row.person_key,
    row: row.row_id,
    text: row.text,
    emailKey: row.email_key,
    at: row.at,
  };
}
