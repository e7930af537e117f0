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

/** Newest first. */
export async function notesByEmail(
  ex: Executor,
  connection: string,
  emailKey: string,
  limit = 100,
): Promise<readonly StoredNote[]> {
  const rows = await ex.db
    .selectFrom('notes')
    .selectAll()
    .where('connection', '=', connection)
    .where('email_key', '=', emailKey)
    .orderBy('at', 'desc')
    .orderBy('row_id')
    .limit(limit)
    .execute();
  return rows.map(toNote);
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
