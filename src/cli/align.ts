// `lockstep align`: the initial data alignment. Always shows its plan first; applies after a yes, or at once with --yes. (4.8)
import { confirm, isCancel } from '@clack/prompts';
import type { App } from '../app.ts';
import type { ConnectionConfig } from '../config/config.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { planText } from './plan.ts';
import type { Program } from './program.ts';
import { actionText, runText } from './report-text.ts';
import { exitCodeOf, partsOf, type Ran, runOne, runsJson, withApp } from './run-connections.ts';

/** Planned writes shown before the question; `--preview` prints them all. */
const SHOWN = 20;

interface Choice {
  readonly preview: boolean;
  readonly yes: boolean;
  readonly parts: ReturnType<typeof partsOf>;
  readonly limit: number | undefined;
}

export function register(program: Program, context: CliContext): void {
  program
    .command('align')
    .description('initial data alignment: shows its plan, then applies it')
    .option('--preview', 'print the whole plan and stop')
    .option('--yes', 'apply without asking')
    .option('--only <parts>', 'only these parts: contacts,leads,consent,products')
    .option('--first <number>', 'try so many people first; the alignment stays open')
    .action(async ({ preview, yes, only, first }) => {
      const choice: Choice = {
        preview: preview === true,
        yes: yes === true,
        parts: partsOf(only),
        limit: countOf(first),
      };
      await withApp(context, async (app) => {
        const ran: Ran[] = [];
        for (const connection of await context.connections(app))
          ran.push(...(await alignOne(context, app, connection, choice)));
        context.progress.stop();
        context.output.result({
          json: () => runsJson(ran),
          text: () => ran.map((one) => textOf(one, context)).join('\n'),
        });
        context.exitWith(exitCodeOf(ran));
      });
    });
}

function countOf(first: string | undefined): number | undefined {
  if (first === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(first)) throw new CliError(EXIT.usage, `--first takes a whole number above 0; got ${first}`);
  return Number(first);
}

async function alignOne(
  context: CliContext,
  app: App,
  connection: ConnectionConfig,
  choice: Choice,
): Promise<readonly Ran[]> {
  const options = { ...choice.parts, full: false, ...(choice.limit === undefined ? {} : { limit: choice.limit }) };
  if (choice.yes && !choice.preview)
    return [await runOne(context, app, connection, { kind: 'align', ...options }, false)];
  const preview = await runOne(context, app, connection, { kind: 'preview', ...options }, true);
  const settled = preview.report.state !== 'ok' && preview.report.state !== 'ok_with_holds';
  if (choice.preview || settled) return [preview];
  if (!(await agreed(context, preview))) return [preview];
  return [await runOne(context, app, connection, { kind: 'align', ...options }, false)];
}

async function agreed(context: CliContext, preview: Ran): Promise<boolean> {
  context.progress.stop();
  if (context.options.json === true || !process.stdin.isTTY) {
    throw new CliError(EXIT.usage, 'there is nobody to ask: give --preview to see the plan, or --yes to apply it');
  }
  context.output.info(
    (preview.planned ?? [])
      .slice(0, SHOWN)
      .map((action) => actionText(action, context.output))
      .join('\n'),
  );
  const more = (preview.planned?.length ?? 0) - SHOWN;
  if (more > 0) context.output.info(`… and ${more} more; "lockstep align --preview" prints them all.`);
  context.output.info(runText(preview.report, context.output, false));
  const answer = await confirm({ message: `Apply this plan to ${preview.report.connection}?`, initialValue: false });
  return !isCancel(answer) && answer;
}

function textOf(ran: Ran, context: CliContext): string {
  return ran.report.kind === 'preview' ? planText(ran, context) : runText(ran.report, context.output, true);
}
