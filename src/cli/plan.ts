// `lockstep plan`: what `sync` would do. Writes to neither service.
import type { CliContext } from './context.ts';
import type { Program } from './program.ts';
import { actionText, runText } from './report-text.ts';
import { exitCodeOf, partsOf, type Ran, runOne, runsJson, withApp } from './run-connections.ts';

export function register(program: Program, context: CliContext): void {
  program
    .command('plan')
    .description('read what changed and print what sync would do; writes to neither service')
    .option('--only <parts>', 'only these parts: contacts,leads,consent,products')
    .action(async ({ only }) => {
      const parts = partsOf(only);
      await withApp(context, async (app) => {
        const ran: Ran[] = [];
        for (const connection of await context.connections(app)) {
          ran.push(await runOne(context, app, connection, { kind: 'plan', ...parts, full: false }, true));
        }
        context.progress.stop();
        context.output.result({
          json: () => runsJson(ran),
          text: () => ran.map((one) => planText(one, context)).join('\n'),
        });
        context.exitWith(exitCodeOf(ran));
      });
    });
}

/** The plan line by line, then its totals. */
export function planText({ report, planned }: Ran, context: CliContext): string {
  const lines = (planned ?? []).map((action) => actionText(action, context.output));
  return [...lines, runText(report, context.output, false)].join('\n');
}
