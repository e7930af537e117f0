// `lockstep undo RUN`: takes back what a run wrote. Shows its plan; applies it after a yes, or at once with --yes. (decision 27)
import { confirm, isCancel } from '@clack/prompts';
import type { App, Undone } from '../app.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { SYSTEM_LABEL } from './product-words.ts';
import type { Program } from './program.ts';
import { runJson } from './report-json.ts';
import { actionText, runText } from './report-text.ts';
import { everyWrite, exitCodeOf, type Ran, runWith, withApp } from './run-connections.ts';
import { type NamedRun, runOfConnection } from './run-of-connection.ts';

/** Runs that wrote something; the others have nothing to take back. */
const WRITING: readonly string[] = ['align', 'sync', 'undo'];
/** Planned writes shown before the question. */
const SHOWN = 20;

interface Done {
  readonly ran: Ran;
  readonly skipped: Undone['skipped'];
  readonly applied: boolean;
}

export function register(program: Program, context: CliContext): void {
  program
    .command('undo')
    .description('take back what a run wrote, where nobody touched it since: shows the plan, then applies it')
    .argument('<run>', 'id of the run, or the beginning of it')
    .option('--yes', 'apply without asking')
    .action(async (id, { yes }) => {
      await withApp(context, async (app) => {
        const named = await runOfConnection(context, app, id);
        if (!WRITING.includes(named.run.kind)) {
          throw new CliError(
            EXIT.usage,
            `run ${named.run.id} is a ${named.run.kind}: it wrote nothing that could be taken back`,
          );
        }
        const done = await undoNamed(context, app, named, yes === true);
        context.progress.stop();
        context.output.result({ json: () => ({ runs: [undoneJson(done)] }), text: () => undoneText(done, context) });
        context.exitWith(exitCodeOf([done.ran]));
      });
    });
}

async function undoNamed(context: CliContext, app: App, named: NamedRun, yes: boolean): Promise<Done> {
  if (yes) return undoOnce(context, app, named, false);
  const preview = await undoOnce(context, app, named, true);
  const nobodyToAsk = context.options.json === true || !process.stdin.isTTY;
  if (nobodyToAsk || preview.ran.report.state !== 'ok' || preview.ran.report.actions.total === 0) return preview;
  context.progress.stop();
  const planned = preview.ran.planned ?? [];
  context.output.info(
    planned
      .slice(0, SHOWN)
      .map((action) => actionText(action, context.output))
      .join('\n'),
  );
  if (planned.length > SHOWN)
    context.output.info(
      `… and ${planned.length - SHOWN} more; "lockstep runs ${preview.ran.report.id}" prints them all.`,
    );
  context.output.info(runText(preview.ran.report, context.output, false));
  const answer = await confirm({ message: `Take this back in ${named.run.connection}?`, initialValue: false });
  return !isCancel(answer) && answer ? undoOnce(context, app, named, false) : preview;
}

async function undoOnce(context: CliContext, app: App, { run, connection }: NamedRun, preview: boolean): Promise<Done> {
  const { undo } = await import('../app.ts');
  const { report, skipped } = await runWith(context, app, connection, (engine) => undo(engine, run, { preview }));
  const planned = preview ? await everyWrite(app, report.id) : null;
  return { ran: { report, planned }, skipped, applied: !preview };
}

function undoneJson({ ran, skipped }: Done) {
  return {
    ...runJson(ran.report, ran.planned),
    skipped: skipped.map(({ system, entity, email, name, crmId, marketingId, field, present, why }) => ({
      system: SYSTEM_LABEL[system],
      entity,
      email,
      ...(name === undefined ? {} : { name }),
      sellId: crmId,
      dotdigitalId: marketingId,
      field,
      present,
      why,
    })),
  };
}

function undoneText({ ran, applied }: Done, context: CliContext): string {
  const { report, planned } = ran;
  const lines = (planned ?? []).map((action) => actionText(action, context.output));
  lines.push(runText(report, context.output, applied));
  if (!applied && report.actions.total > 0) lines.push('Nothing was written yet: give --yes to apply it.');
  return lines.join('\n');
}
