// Notes are looked up by person too: somebody whose address changed is still the same one.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('create index notes_person on notes (connection, person_key)').execute(db);
}
