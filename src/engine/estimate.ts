// About what a plan would cost if it were applied now: calls and time. A rule of thumb, not a promise; decides nothing.
import type { System } from '../core/model/identity.ts';
import type { ActionKind } from '../core/model/plan.ts';

/** Rows of one bulk job of the marketing system, and about how long one takes. */
const ROWS_PER_JOB = 5000;
const JOB_SECONDS = 30;
/** Calls of one bulk job: handing in, asking, reading its report. */
const CALLS_PER_JOB = 4;
const UNPACED = 50;

export interface Estimate {
  readonly calls: { readonly crm: number; readonly marketing: number };
  readonly seconds: number;
}

/** @param crmPerSecond calls a second that the CRM takes; 0 = as fast as it answers */
export function estimateOf(
  groups: readonly { readonly system: System; readonly kind: ActionKind; readonly total: number }[],
  crmPerSecond: number,
): Estimate {
  const total = (system: System): number =>
    groups.reduce((sum, group) => sum + (group.system === system ? group.total : 0), 0);
  const crm = total('crm');
  const jobs = Math.ceil(total('marketing') / ROWS_PER_JOB);
  return {
    calls: { crm, marketing: jobs * CALLS_PER_JOB },
    // Both sides are written one after the other.
    seconds: Math.ceil(crm / (crmPerSecond > 0 ? crmPerSecond : UNPACED)) + jobs * JOB_SECONDS,
  };
}
