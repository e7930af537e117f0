// What somebody should do next, read off how the connection stands. One sentence a step, the most urgent first.
import type { ConnectionStatus } from '../../app.ts';

export function nextSteps(status: ConnectionStatus): readonly string[] {
  const { alignedAt, lastRun, underWay, holds } = status;
  const steps: string[] = [];
  if (underWay !== null) steps.push('Wait for the run under way.');
  else if (lastRun !== null) steps.push(...afterRun(lastRun, alignedAt !== null));
  if (alignedAt === null && underWay === null) {
    if (lastRun === null) steps.push('Run "lockstep check" to see whether both accounts can be used.');
    steps.push('Run "lockstep align": it shows its plan and asks before anything is written.');
  }
  const waiting = holds
    .filter(({ severity }) => severity === 'action')
    .reduce((total, count) => total + count.total, 0);
  if (waiting > 0) steps.push('Run "lockstep holds" to see what waits for somebody, and why.');
  if (status.deadLetters.length > 0)
    steps.push('Look into the log of "lockstep serve" for what keeps failing; the dashboard tries it again.');
  if (steps.length === 0) steps.push('Nothing to do; "lockstep sync" runs a cycle now, "lockstep serve" on schedule.');
  return steps;
}

function afterRun(run: NonNullable<ConnectionStatus['lastRun']>, aligned: boolean): readonly string[] {
  switch (run.state) {
    case 'ok':
    case 'ok_with_holds':
      return [];
    case 'partial':
      return [`Run "lockstep runs ${run.id}" to see which writes failed; the next sync tries them again.`];
    case 'parked':
      // Before the alignment that is the usual end of a sync, and the step for it follows.
      return aligned ? [`Run "lockstep runs ${run.id}" to see what waits for approval.`] : [];
    case 'aborted':
      return ['Run "lockstep check" to see what keeps the last run from going through.'];
    case 'failed':
      return [`The last run met a bug: please report it with the output of "lockstep runs ${run.id}".`];
    case 'interrupted':
    case 'running':
      return ['The last run broke off; the next one goes on where it ended.'];
    default:
      return run.state satisfies never;
  }
}
