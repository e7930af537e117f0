// Run reports and planned writes in words for a terminal.
import type { ProductAction, RunReport, StoredAction, StoredRun, Value } from '../app.ts';
import type { Output } from './output.ts';
import { countText, durationText, inProductNames, SYSTEM_NAME, timeText } from './product-words.ts';

const STATE_STYLE = {
  ok: 'green',
  ok_with_holds: 'green',
  partial: 'yellow',
  parked: 'yellow',
  aborted: 'red',
  failed: 'red',
  interrupted: 'yellow',
  running: 'cyan',
} as const;
const STATE_WORDS = {
  ok: 'ok',
  ok_with_holds: 'ok, with holds',
  partial: 'partly failed',
  parked: 'parked',
  aborted: 'aborted',
  failed: 'failed',
  interrupted: 'interrupted',
  running: 'running',
} as const;
/** What was done, and what would be: one, and several. */
const KIND_WORDS = {
  create: ['created', 'new record', 'new records'],
  update: ['updated', 'update', 'updates'],
  delete: ['deleted', 'delete', 'deletes'],
  'set-consent': ['consent set', 'change of consent', 'changes of consent'],
  'list-add': ['added to a list', 'addition to a list', 'additions to lists'],
  'list-remove': ['taken off a list', 'removal from a list', 'removals from lists'],
} as const;

function kindText(kind: keyof typeof KIND_WORDS, count: number, applied: boolean): string {
  const [done, one, many] = KIND_WORDS[kind];
  return applied ? `${count.toLocaleString('en-GB')} ${done}` : countText(count, one, many);
}

export function runText(report: RunReport, output: Output, applied: boolean): string {
  const { actions, holds, apiCalls } = report;
  const state = output.style(STATE_STYLE[report.state], STATE_WORDS[report.state]);
  const lines = [
    `${output.style('bold', report.connection)}  ${report.kind}  ${state}  ${output.style('dim', `run ${report.id}`)}`,
  ];
  if (report.message !== null)
    lines.push(
      ...messageOf(report)
        .split('\n')
        .map((line) => `  ${line}`),
    );
  const kinds = Object.entries(actions.byKind).filter(([, count]) => count > 0);
  if (actions.total === 0) lines.push(`  ${nothingText(report, applied)}`);
  else {
    const parts = kinds.map(([kind, count]) => kindText(kind as keyof typeof KIND_WORDS, count, applied)).join(', ');
    lines.push(
      `  ${applied ? 'Written' : 'Would write'}: ${parts} (${actions.bySystem.crm} in Sell, ${actions.bySystem.marketing} in Dotdigital)`,
    );
  }
  if (holds.total > 0) {
    const codes = Object.entries(holds.byCode)
      .sort(([, a], [, b]) => b - a)
      .map(([code, count]) => `${code} ${count}`);
    lines.push(`  Held or noted: ${holds.total} (${codes.join(', ')})`);
  }
  for (const failure of report.failures.slice(0, 10))
    lines.push(`  ${output.style('red', 'failed')} ${failure.email ?? 'no address'}: ${failure.error}`);
  if (report.failures.length > 10)
    lines.push(`  … and ${report.failures.length - 10} more; "lockstep runs ${report.id}" lists them.`);
  const { crm, marketing } = apiCalls;
  lines.push(
    output.style(
      'dim',
      `  API calls: Sell ${crm.reads} read, ${crm.writes} write; Dotdigital ${marketing.reads} read, ${marketing.writes} write`,
    ),
  );
  return lines.join('\n');
}

/** What a run had to say; empty when it went through. Only what was found in the configuration speaks of sides instead of products. */
export function messageOf({ message, problems }: RunReport): string {
  if (message === null) return '';
  return problems.length === 0 ? message : inProductNames(message);
}

function nothingText({ state }: RunReport, applied: boolean): string {
  if (!applied)
    return state === 'ok' || state === 'ok_with_holds' ? 'Nothing would be written.' : 'Nothing was planned.';
  return state === 'ok' || state === 'ok_with_holds' ? 'Nothing to write: both sides agree.' : 'Nothing was written.';
}

/** A run in one line: `sync  ok  22 Nov 2026 15:05 UTC, took 3 s, run 1a2b3c4d`. `held`: some run has the connection now. */
export function runLine(run: StoredRun, output: Output, held: boolean): string {
  const { id, kind, startedAt, finishedAt } = run;
  const took = finishedAt === null ? '' : `, took ${durationText(Date.parse(finishedAt) - Date.parse(startedAt))}`;
  return `${kind}, ${stateText(run, output, held)}, ${timeText(startedAt)}${took}, run ${shortId(id)}`;
}

/** The state in words; a run that says it is running although nothing holds the connection died on the way. */
export function stateText(run: Pick<StoredRun, 'state'>, output: Output, held: boolean): string {
  const state = run.state === 'running' && !held ? 'interrupted' : run.state;
  return output.style(STATE_STYLE[state], STATE_WORDS[state]);
}

/** The beginning of a run's id; commands take it for the whole. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** One planned or done write: what, where, for whom, why. */
export function actionText({ action }: StoredAction | ProductAction, output: Output): string {
  const changes = Object.entries(action.changes)
    .filter(([field]) => field !== 'email' || action.kind !== 'create')
    .map(([field, { from, to }]) =>
      action.kind === 'create' ? `${field} ${valueText(to)}` : `${field} ${valueText(from)} → ${valueText(to)}`,
    );
  const head = `${action.row.padEnd(4)} ${action.kind.padEnd(11)} ${SYSTEM_NAME[action.system].padEnd(10)} ${action.entity.padEnd(7)}`;
  return `${output.style('cyan', head)} ${action.entity === 'product' ? action.name : (action.email ?? 'no address')}${changes.length > 0 ? `  ${output.style('dim', changes.join(', '))}` : ''}`;
}

export function valueText(value: Value): string {
  if (value === null) return '(blank)';
  return typeof value === 'string'
    ? JSON.stringify(value)
    : Array.isArray(value)
      ? JSON.stringify(value)
      : String(value);
}
