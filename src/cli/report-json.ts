// Run reports and planned writes as the documented JSON, in the words of the two products. (contract 4)
import type { ProductAction, RunReport, StoredAction } from '../app.ts';
import { inProductNames, SYSTEM_LABEL } from './product-words.ts';
import { messageOf } from './report-text.ts';

function actionJson(stored: StoredAction | ProductAction) {
  const { action } = stored;
  // A create learns its id from its outcome.
  const { crmId, marketingId } = 'crmId' in stored ? stored : action;
  return {
    row: action.row,
    rows: action.rows,
    kind: action.kind,
    system: SYSTEM_LABEL[action.system],
    entity: action.entity,
    email: action.email,
    ...(action.entity === 'product' ? { name: action.name } : {}),
    sellId: crmId,
    dotdigitalId: marketingId,
    changes: action.changes,
  };
}

export function runJson(report: RunReport, planned: readonly (StoredAction | ProductAction)[] | null) {
  const { actions, apiCalls, message, problems, ...rest } = report;
  return {
    ...rest,
    actions: { total: actions.total, byKind: actions.byKind, bySystem: byLabel(actions.bySystem) },
    ...(planned === null ? {} : { planned: planned.map(actionJson) }),
    apiCalls: byLabel(apiCalls),
    ...(message === null ? {} : { message: messageOf(report) }),
    ...(problems.length === 0
      ? {}
      : { problems: problems.map((problem) => ({ ...problem, message: inProductNames(problem.message) })) }),
  };
}

function byLabel<T>(bySystem: { readonly crm: T; readonly marketing: T }): {
  readonly sell: T;
  readonly dotdigital: T;
} {
  return { sell: bySystem.crm, dotdigital: bySystem.marketing };
}
