// What people decided, by question: kept for good, so that nothing is asked twice. Holds ids only, no address. (4.4)
import type { Asked, Choice, Decided } from '../core/model/choice.ts';
import type { Role } from '../core/model/identity.ts';
import type { Executor } from './executor.ts';
import type { StoredHold } from './holds.ts';
import { decodeJsonOrNull } from './json.ts';

export interface Decision {
  readonly connection: string;
  readonly question: string;
  readonly choice: Choice;
  readonly holdId: string;
  readonly entity: Role;
  readonly crmId: string | null;
  readonly marketingId: string | null;
  /** ISO UTC. */
  readonly decidedAt: string;
  readonly decidedBy: string;
}

/** The last word counts. */
export async function putDecision(ex: Executor, decision: Decision): Promise<void> {
  const { connection, question, choice, holdId, entity, crmId, marketingId, decidedAt, decidedBy } = decision;
  const said = { choice, hold_id: holdId, decided_at: decidedAt, decided_by: decidedBy };
  await ex.db
    .insertInto('decisions')
    .values({ connection, question, ...said, entity, crm_id: crmId, marketing_id: marketingId })
    .onConflict((oc) => oc.columns(['connection', 'question']).doUpdateSet(said))
    .execute();
}

/** Every decision of a connection: they are made by hand, and stay few. */
export async function decisionsOf(ex: Executor, connection: string): Promise<Decided> {
  const rows = await ex.db
    .selectFrom('decisions')
    .select(['question', 'choice'])
    .where('connection', '=', connection)
    .orderBy('question')
    .execute();
  return new Map(rows.map(({ question, choice }) => [question, choice]));
}

/** Holds whose question was decided and that are still open: the next plan carries the decision out. One that is back with another reason asks anew, or nothing. */
export async function decidedHolds(ex: Executor, connection: string): Promise<readonly string[]> {
  const rows = await ex.db
    .selectFrom('decisions')
    .innerJoin('holds', 'holds.id', 'decisions.hold_id')
    .select(['holds.id', 'holds.asks', 'decisions.question'])
    .where('decisions.connection', '=', connection)
    .where('holds.state', 'in', ['open', 'ignored'])
    .orderBy('holds.id')
    .execute();
  return rows.flatMap(({ id, asks, question }) => (decodeJsonOrNull<Asked>(asks)?.key === question ? [id] : []));
}

/** The answer to the question that a hold asks now. */
export async function decisionOfHold(
  ex: Executor,
  { id, asks }: Pick<StoredHold, 'id' | 'asks'>,
): Promise<Pick<Decision, 'choice' | 'decidedAt' | 'decidedBy'> | null> {
  if (asks === undefined) return null;
  const row = await ex.db
    .selectFrom('decisions')
    .select(['choice', 'decided_at as decidedAt', 'decided_by as decidedBy'])
    .where('hold_id', '=', id)
    .where('question', '=', asks.key)
    .executeTakeFirst();
  return row ?? null;
}

/** Decisions about these records, oldest first. */
export async function decisionsAbout(
  ex: Executor,
  connection: string,
  marketingIds: readonly string[],
  crm: { readonly [R in Role]: readonly string[] },
): Promise<readonly Decision[]> {
  const rows = await ex.db
    .selectFrom('decisions')
    .selectAll()
    .where('connection', '=', connection)
    .orderBy('decided_at')
    .orderBy('question')
    .execute();
  return rows
    .filter(
      (row) =>
        (row.crm_id !== null && crm[row.entity].includes(row.crm_id)) ||
        (row.marketing_id !== null && marketingIds.includes(row.marketing_id)),
    )
    .map((row) => ({
      connection: row.connection,
      question: row.question,
      choice: row.choice,
      holdId: row.hold_id,
      entity: row.entity,
      crmId: row.crm_id,
      marketingId: row.marketing_id,
      decidedAt: row.decided_at,
      decidedBy: row.decided_by,
    }));
}
