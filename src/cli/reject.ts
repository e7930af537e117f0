// `lockstep reject RUN`: lets the writes that a run parked fall. Writes to neither service. (R14)
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { countText } from './product-words.ts';
import type { Program } from './program.ts';
import { runJson } from './report-json.ts';
import { runWith, withApp } from './run-connections.ts';
import { runOfConnection } from './run-of-connection.ts';

export function register(program: Program, context: CliContext): void {
  program
    .command('reject')
    .description('drop what a run parked; both sides stay as they are')
    .argument('<run>', 'id of the run, or the beginning of it')
    .action(async (id) => {
      await withApp(context, async (app) => {
        const { getRun, parkedCount, RunStopped, reject, storedReport } = await import('../app.ts');
        const { run, connection } = await runOfConnection(context, app, id);
        const waits = (await parkedCount(app.store, run.id)) > 0;
        const decided = !waits
          ? 0
          : await runWith(context, app, connection, (engine) => reject(engine, run.id)).catch((error: unknown) => {
              // Another run holds the connection, or decided it meanwhile.
              if (error instanceof RunStopped) throw new CliError(EXIT.aborted, error.message, { cause: error });
              throw error;
            });
        const report = await storedReport(app.store, (await getRun(app.store, run.id)) ?? run);
        context.progress.stop();
        context.output.result({
          json: () => ({ runs: [runJson(report, null)], decided }),
          text: () =>
            waits
              ? `${countText(decided, 'write')} of run ${run.id} dropped; both sides stay as they are.`
              : `Nothing of run ${run.id} waits for approval.`,
        });
      });
    });
}
