// The frame of a write that takes others back, and what it replaces in its turn. Decides nothing.
import type { Action, CrmWrite, MarketingWrite } from '../model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { Raw } from '../model/value.ts';
import type { Target } from './invert-target.ts';
import { UNDO_ROW } from './invert-view.ts';

export function undoAction(
  target: Target,
  part: Pick<Action, 'lane' | 'kind' | 'changes'> & {
    readonly crm: CrmWrite | null;
    readonly marketing: MarketingWrite | null;
    readonly name?: string;
    readonly effects?: Action['effects'];
  },
): Action {
  const { lane, kind, changes, crm, marketing, name, effects } = part;
  const action: Action = {
    id: `${target.key}/undo/${name ?? kind}`,
    row: UNDO_ROW,
    rows: [UNDO_ROW, ...target.rows.filter((row) => row !== UNDO_ROW)],
    lane,
    kind,
    system: target.system,
    entity: target.entity,
    email: target.email,
    crmId: target.crmId,
    marketingId: target.marketingId,
    changes,
    clears: Object.values(changes).some((change) => change.to === null),
    crm,
    marketing,
    effects: effects ?? [],
  };
  return withReplaced(action, target.record);
}

/** (R17) The raw values that a write replaces, for the journal: a canonical value does not say how a side spelt it. */
export function withReplaced(action: Action, record: CrmRecord | MarketingRecord | null): Action {
  const set = action.marketing?.set ?? action.crm?.set ?? {};
  if (record === null || action.kind === 'create') return action;
  const replaced: Record<string, Raw> = {};
  for (const name of Object.keys(set)) {
    // A data field that was not read was not there yet; of a CRM record nothing is assumed.
    const before = record.values[name];
    if (before !== undefined) replaced[name] = before;
    else if (action.system === 'marketing') replaced[name] = null;
  }
  return Object.keys(replaced).length === 0 ? action : { ...action, replaced };
}
