// `lockstep approve RUN`: applies what still holds of the writes that a run parked. Planned anew against the present first. (R14)
import type { CliContext } from './context.ts';
import type { Program } from './program.ts';
import { runJson } from './report-json.ts';
import { runText } from './report-text.ts';
import { exitCodeOf, runWith, withApp } from './run-connections.ts';
import { runOfConnection } from './run-of-connection.ts';

export function register(program: Program, context: CliContext): void {
  program
    .command('approve')
    .description('apply what a run parked; what no longer holds is dropped and named')
    .argument('<run>', 'id of the run, or the beginning of it')
    .action(async (id) => {
      await withApp(context, async (app) => {
        const { approve, parkedCount, storedReport } = await import('../app.ts');
        const { run, connection } = await runOfConnection(context, app, id);
        if ((await parkedCount(app.store, run.id)) === 0) {
          const report = await storedReport(app.store, run);
          context.output.result({
            json: () => ({ runs: [runJson(report, null)], decided: 0 }),
            text: () => `Nothing of run ${run.id} waits for approval.`,
          });
          return;
        }
        const report = await runWith(context, app, connection, (engine) => approve(engine, run.id));
        context.progress.stop();
        context.output.result({
          json: () => ({ runs: [runJson(report, null)], decided: report.actions.total }),
          text: () => runText(report, context.output, true),
        });
        context.exitWith(exitCodeOf([{ report, planned: null }]));
      });
    });
}
