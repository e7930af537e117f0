// The delete of a marketing contact as an action: the last lane, one for a person whichever of its records it is for. Decides nothing. (D1, D6)
import type { Role } from '../model/identity.ts';
import type { Link } from '../model/link.ts';
import type { Action } from '../model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { Draft } from './draft.ts';

/** What every marketing write about a record that is gone has in common. */
export function goneFrame(role: Role, record: CrmRecord, contact: MarketingRecord, row: RowId) {
  return {
    row,
    rows: [row],
    system: 'marketing',
    entity: role,
    email: contact.email,
    crmId: record.id,
    marketingId: contact.id,
    clears: false,
    crm: null,
  } as const satisfies Partial<Action>;
}

/** One delete, whichever of the person's records it is for: both roles may end in one cycle. */
export function deleteOnce(
  draft: Draft,
  role: Role,
  link: Link,
  record: CrmRecord,
  contact: MarketingRecord,
  row: RowId,
  queued: boolean,
): void {
  const at = draft.lists.findIndex((action) => action.kind === 'delete');
  const first = draft.lists[at];
  const action = deleteAction(draft, role, link, record, contact, row, queued);
  if (first === undefined) draft.lists.push(action);
  else
    draft.lists[at] = {
      ...first,
      rows: [...new Set([...first.rows, row])],
      effects: [...first.effects, ...action.effects],
      ...(queued ? { queued: true as const } : {}),
    };
}

/**
 * (S8, S15) Whoever gets a record in the other role by this very plan is related from then on: neither deleted nor taken off all lists. The
 * next run decides again.
 */
export function spareRelated(draft: Draft): void {
  const kept = draft.lists.filter(({ kind, row }) => kind !== 'delete' && (kind !== 'list-remove' || row !== 'D1'));
  if (kept.length === draft.lists.length || !draft.crm.some(({ kind }) => kind === 'create')) return;
  draft.lists.splice(0, draft.lists.length, ...kept);
  draft.later = true;
}

function deleteAction(
  draft: Draft,
  role: Role,
  link: Link,
  record: CrmRecord,
  contact: MarketingRecord,
  row: RowId,
  queued: boolean,
): Action {
  return {
    ...goneFrame(role, record, contact, row),
    id: `${draft.view.key}/marketing/${role}/delete`,
    lane: 'delete',
    kind: 'delete',
    changes: { email: { from: contact.email, to: null } },
    ...(queued ? { queued: true as const } : {}),
    marketing: { set: {} },
    effects: [{ type: 'link-state', linkId: link.id, state: 'severed', because: row, row }],
  };
}
