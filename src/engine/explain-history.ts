// What was decided about some records and addresses, newest first: writes of the journal and notes. Plans that were only looked at are left out.
import type { Role } from '../core/model/identity.ts';
import type { RowId } from '../core/model/row.ts';
import { type ActionState, actionHistory, type HistoryOf, type StoredAction } from '../store/actions.ts';
import type { Executor } from '../store/executor.ts';
import { notesAbout } from '../store/notes.ts';
import { getRun, type RunKind } from '../store/runs.ts';

export type HistoryEntry =
  | {
      readonly type: 'write';
      readonly at: string;
      readonly runId: string;
      readonly row: RowId;
      readonly stored: StoredAction;
    }
  | { readonly type: 'note'; readonly at: string; readonly runId: string; readonly row: RowId; readonly text: string };

export interface Whose {
  readonly addresses: readonly string[];
  readonly marketingIds: ReadonlySet<string>;
  readonly crm: { readonly [R in Role]: ReadonlySet<string> };
}

const PAGE = 500;
/** Journal entries looked at, so that one address with endless previews cannot keep a person waiting. */
const MOST = 20_000;
const DRY: readonly RunKind[] = ['plan', 'preview'];
/** What was only planned, or planned anew, decided nothing. */
const SILENT: readonly ActionState[] = ['planned', 'dropped'];

/** Records that writes of these addresses were about: an old address still finds its person. */
export async function pastRecords(
  ex: Executor,
  connection: string,
  emailKeys: readonly string[],
): Promise<readonly { readonly role: Role; readonly crmId: string | null; readonly marketingId: string | null }[]> {
  const past = await actionHistory(ex, connection, { emailKeys }, { limit: PAGE });
  return past.map(({ action }) => ({ role: action.entity, crmId: action.crmId, marketingId: action.marketingId }));
}

/** @param limit entries; `more` says that there are further ones */
export async function historyOf(
  ex: Executor,
  connection: string,
  whose: Whose,
  limit: number,
): Promise<{ readonly entries: readonly HistoryEntry[]; readonly more: boolean }> {
  const of: HistoryOf = {
    emailKeys: whose.addresses,
    marketingIds: [...whose.marketingIds],
    crm: (['contact', 'lead'] as const).flatMap((role) => [...whose.crm[role]].map((id) => ({ role, id }))),
  };
  const entries: HistoryEntry[] = [];
  const kinds = new Map<string, RunKind>();
  for (let offset = 0; offset < MOST && entries.length <= limit; offset += PAGE) {
    const page = await actionHistory(ex, connection, of, { offset, limit: PAGE });
    for (const stored of page) {
      if (SILENT.includes(stored.state) || (await isDry(ex, stored.runId, kinds))) continue;
      const at = stored.settledAt ?? stored.sentAt ?? stored.plannedAt;
      entries.push({ type: 'write', at, runId: stored.runId, row: stored.action.row, stored });
    }
    if (page.length < PAGE) break;
  }
  const about = { emailKeys: whose.addresses, personKeys: [...whose.marketingIds].map((id) => `m:${id}`) };
  for (const note of await notesAbout(ex, connection, about, limit + 1)) {
    if (!(await isDry(ex, note.runId, kinds))) {
      entries.push({ type: 'note', at: note.at, runId: note.runId, row: note.row, text: note.text });
    }
  }
  // Equal times keep the journal's order: later writes of a run first.
  entries.sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0));
  return { entries: entries.slice(0, limit), more: entries.length > limit };
}

async function isDry(ex: Executor, runId: string, kinds: Map<string, RunKind>): Promise<boolean> {
  const known = kinds.get(runId) ?? (await getRun(ex, runId))?.kind;
  if (known === undefined) return false;
  kinds.set(runId, known);
  return DRY.includes(known);
}
