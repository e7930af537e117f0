// `lockstep sync`: one cycle now, for each chosen connection.
import type { CliContext } from './context.ts';
import type { Program } from './program.ts';
import { runText } from './report-text.ts';
import { exitCodeOf, partsOf, type Ran, runOne, runsJson, withApp } from './run-connections.ts';

export function register(program: Program, context: CliContext): void {
  program
    .command('sync')
    .description('run one cycle now: read what changed, decide, write')
    .option('--only <parts>', 'only these parts: contacts,leads,consent,products')
    .option('--full', 'read both sides completely and compare everything')
    .action(async ({ only, full }) => {
      const parts = partsOf(only);
      await withApp(context, async (app) => {
        const ran: Ran[] = [];
        for (const connection of await context.connections(app)) {
          ran.push(await runOne(context, app, connection, { kind: 'sync', ...parts, full: full === true }, false));
        }
        context.progress.stop();
        context.output.result({
          json: () => runsJson(ran),
          text: () => ran.map(({ report }) => runText(report, context.output, true)).join('\n'),
        });
        context.exitWith(exitCodeOf(ran));
      });
    });
}
