// The writes of a run as a diff: what changes, on which side, by which rule.
import { z } from 'zod';
import type { RowId } from '../../core/model/row.ts';
import { addressKey } from '../../engine/mirror-items.ts';
import { type ProductAction, productActions } from '../../engine/product-actions.ts';
import { filteredActions } from '../../store/action-groups.ts';
import type { StoredAction } from '../../store/actions.ts';
import type { Executor } from '../../store/executor.ts';
import { cursorOf, pageOf, readCursor } from '../call.ts';
import type { Query } from '../contract/contract.ts';
import type { RunAction } from '../contract/runs.ts';
import type { ApiHost } from '../host.ts';
import type { Say } from './say.ts';

type Page = { readonly items: RunAction[]; readonly next: string | null };

const place = z.tuple([z.int().min(-1).max(Number.MAX_SAFE_INTEGER)]);

/** One order for all: writes to the catalogue come after those for persons. */
export async function actionPage(
  { store: ex, say }: ApiHost,
  runId: string,
  query: Query<'listRunActions'>,
): Promise<Page> {
  const { cursor, limit } = query;
  const [after] = cursor === undefined ? [-1] : readCursor(cursor, place);
  const persons = query.entity === 'product' ? [] : await personActions(ex, runId, query, after);
  const room = limit + 1 - persons.length;
  const products = room > 0 && mayBeProduct(query) ? await catalogueActions(ex, runId, query, after, room) : [];
  const found = [...persons.map((one) => personAction(one, say)), ...products.map((one) => productAction(one, say))];
  return pageOf(
    found,
    limit,
    (action) => action,
    ({ seq }) => cursorOf(seq),
  );
}

function personActions(
  ex: Executor,
  runId: string,
  query: Query<'listRunActions'>,
  afterSeq: number,
): Promise<readonly StoredAction[]> {
  const { state, kind, system, entity, row, email, limit } = query;
  // An address that cannot be one finds nobody, instead of everybody.
  const emailKey = email === undefined ? undefined : (addressKey(email) ?? email);
  return filteredActions(ex, runId, {
    afterSeq,
    limit: limit + 1,
    ...(state === undefined ? {} : { states: state }),
    ...(kind === undefined ? {} : { kinds: kind }),
    ...(system === undefined ? {} : { system }),
    ...(entity === undefined || entity === 'product' ? {} : { entity }),
    ...(row === undefined ? {} : { row: row as RowId }),
    ...(emailKey === undefined ? {} : { emailKey }),
  });
}

function mayBeProduct({ entity, system, email }: Query<'listRunActions'>): boolean {
  return (entity === undefined || entity === 'product') && system !== 'crm' && email === undefined;
}

/** Catalogues are small beside people: what does not fit the filter is passed over here. */
async function catalogueActions(
  ex: Executor,
  runId: string,
  { state, kind, row }: Query<'listRunActions'>,
  afterSeq: number,
  limit: number,
): Promise<readonly ProductAction[]> {
  const found: ProductAction[] = [];
  for (let after = afterSeq; found.length < limit; ) {
    const page = await productActions(ex, runId, { afterSeq: after, limit: 200 });
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.seq;
    found.push(
      ...page.filter(
        (one) =>
          (state === undefined || state.includes(one.state)) &&
          (kind === undefined || kind.includes(one.action.kind)) &&
          (row === undefined || one.action.row === row),
      ),
    );
  }
  return found.slice(0, limit);
}

function personAction(stored: StoredAction, say: Say): RunAction {
  const { action, crmId, marketingId, settledAt, sentAt, plannedAt } = stored;
  return {
    ...shownAction(stored, say),
    lane: action.lane,
    crmId,
    marketingId,
    consent: consentOf(action),
    at: settledAt ?? sentAt ?? plannedAt,
  };
}

function productAction(stored: ProductAction, say: Say): RunAction {
  const { kind, crmId, marketingId } = stored.action;
  return { ...shownAction(stored, say), lane: kind, crmId, marketingId, consent: null, at: stored.at };
}

/** What writes for a person and to the catalogue have in common. */
function shownAction({ seq, state, error, action }: StoredAction | ProductAction, say: Say) {
  const { row, rows, kind, system, entity, email, changes } = action;
  return {
    seq,
    row,
    rows: [...rows],
    why: say.row(row),
    kind,
    system,
    entity,
    email,
    changes: changesOf(changes),
    state,
    error,
  };
}

/** @internal Values as they are sent. */
export function changesOf(changes: StoredAction['action']['changes']): RunAction['changes'] {
  return Object.fromEntries(
    Object.entries(changes).map(([field, { from, to }]) => [field, { from: shownValue(from), to: shownValue(to) }]),
  );
}

type Shown = RunAction['changes'][string]['from'];

/** @internal */
export function shownValue(value: StoredAction['action']['changes'][string]['from']): Shown {
  return Array.isArray(value) ? [...(value as readonly string[])] : (value as Exclude<Shown, string[]>);
}

function consentOf({ marketing, crm }: StoredAction['action']): string | null {
  if (marketing?.resubscribe !== undefined)
    return marketing.resubscribe.challenge ? 'asked to confirm a new subscription' : 'subscribed again';
  if (marketing?.channel !== undefined) return marketing.channel.state;
  const tags = [...(crm?.addTags ?? []).map((tag) => `+${tag}`), ...(crm?.removeTags ?? []).map((tag) => `−${tag}`)];
  return tags.length === 0 ? null : `tags ${tags.join(', ')}`;
}
