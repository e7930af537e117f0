// `lockstep status`: how each connection stands and what to do next. Only reads the database.
import type { ConnectionStatus } from '../app.ts';
import type { CliContext } from './context.ts';
import { countText, timeText } from './product-words.ts';
import type { Program } from './program.ts';
import { runLine } from './report-text.ts';
import { withApp } from './run-connections.ts';
import { nextSteps } from './status/next-steps.ts';
import { summaryOf } from './status/summary.ts';

export function register(program: Program, context: CliContext): void {
  program
    .command('status')
    .description('how each connection stands: last run, what is linked, what waits, what to do next')
    .action(async () => {
      await withApp(context, async (app) => {
        const { connectionStatus } = await import('../app.ts');
        const found: ConnectionStatus[] = [];
        for (const { name } of await context.connections(app)) {
          found.push(await connectionStatus(app.store, name, new Date().toISOString()));
        }
        context.output.result({
          json: () => ({ connections: found.map((status) => ({ ...summaryOf(status), next: nextSteps(status) })) }),
          text: () => found.map((status) => statusText(status, context)).join('\n\n'),
        });
      });
    });
}

function statusText(status: ConnectionStatus, { output }: CliContext): string {
  const { lastRun, lastSuccess, lastVerify, underWay } = status;
  const { links, records, holds, news } = summaryOf(status);
  const lines: string[] = [output.style('bold', status.connection)];
  const line = (label: string, text: string): void => void lines.push(`  ${label.padEnd(13)} ${text}`);
  line('Aligned', status.alignedAt === null ? output.style('yellow', 'not yet') : timeText(status.alignedAt));
  if (underWay !== null) {
    const { run } = underWay;
    const words = run === null ? 'a run' : `${run.kind}, since ${timeText(run.startedAt)} (run ${run.id})`;
    line('Under way', output.style('cyan', words));
  }
  line('Last run', lastRun === null ? 'none yet' : runLine(lastRun, output, underWay !== null));
  if (lastRun?.error) lines.push(...lastRun.error.split('\n').map((text) => `${' '.repeat(16)}${text}`));
  if (lastRun !== null && lastSuccess?.id !== lastRun.id) {
    line('Last success', lastSuccess === null ? 'none yet' : runLine(lastSuccess, output, false));
  }
  if (lastVerify !== null) {
    const done = lastVerify.state === 'ok' || lastVerify.state === 'ok_with_holds';
    const found = lastVerify.error ?? (done ? 'both sides agree' : 'not finished');
    line('Compared', `${timeText(lastVerify.startedAt)}: ${found}`);
  }
  line('Linked', `${linkText('contact', links.contact)}, ${linkText('lead', links.lead)}`);
  if (status.optOutsPolledAt !== null) line('Opt-outs', `last looked for ${timeText(status.optOutsPolledAt)}`);
  const { sell, dotdigital } = records;
  const known = `Sell ${countText(sell.contacts, 'contact')} and ${countText(sell.leads, 'lead')}`;
  line('Known', `${known}, Dotdigital ${countText(dotdigital.contacts, 'contact')}`);
  if (news > 0) line('News', `${countText(news, 'record')} to look at in the next sync`);
  if (holds.total === 0) line('Held', 'nothing');
  for (const [severity, words] of HELD) {
    const byCode = status.holds.filter((count) => count.severity === severity).sort((a, b) => b.total - a.total);
    if (byCode.length === 0) continue;
    const codes = byCode.map(({ code, total }) => `${code} ${total.toLocaleString('en-GB')}`).join(', ');
    line(
      severity === 'info' ? 'Noted' : 'Held',
      `${holds.bySeverity[severity].toLocaleString('en-GB')} ${words}: ${codes}`,
    );
  }
  for (const { work, failures, since, reason } of status.deadLetters) {
    const words = `${work} ${failures} times in a row since ${timeText(since)}: ${reason}`;
    line('Keeps failing', output.style('red', words));
  }
  for (const [i, step] of nextSteps(status).entries()) line(i === 0 ? 'Next' : '', step);
  return lines.join('\n');
}

const HELD = [
  ['action', 'need somebody'],
  ['waiting', 'wait and go by themselves'],
  ['info', 'for information'],
] as const;

function linkText(role: 'contact' | 'lead', states: { readonly [state: string]: number }): string {
  const others = (['paused', 'held', 'shadow', 'severed'] as const).flatMap((state) => {
    const total = states[state] ?? 0;
    return total === 0 ? [] : [`${total.toLocaleString('en-GB')} ${LINK_WORDS[state]}`];
  });
  return `${countText(states['active'] ?? 0, role)}${others.length === 0 ? '' : ` (besides ${others.join(', ')})`}`;
}

const LINK_WORDS = { paused: 'paused', held: 'held', shadow: 'extra records left alone', severed: 'ended' } as const;
