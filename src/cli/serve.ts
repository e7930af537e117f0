// `lockstep serve`: cycles on schedule, the HTTP API and the dashboard, until it is told to stop. `lockstep worker`: one more of it.
import type { App } from '../app.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { countText, durationText } from './product-words.ts';
import { type Program, packageVersion } from './program.ts';
import { withApp } from './run-connections.ts';
import { wholeNumber } from './sandbox/option-values.ts';
import { logDestination } from './serve/log-destination.ts';
import { portFault } from './serve/port-fault.ts';
import { readyDashboard } from './serve/ready-dashboard.ts';

export function register(program: Program, context: CliContext): void {
  program
    .command('serve')
    .description('run every connection on its schedule, and serve the dashboard and its API, until stopped')
    .option('--host <host>', 'address to listen on (default: server.host of the configuration)')
    .option('--port <n>', 'port to listen on (default: server.port of the configuration)', wholeNumber(0, 65_535))
    .option('--concurrency <n>', 'connections under way at once (default: 4)', wholeNumber(1, 1000))
    .action(async ({ host, port, concurrency }) => {
      await untilStopped(context, ({ config: { server } }) => ({
        host: host ?? server.host,
        port: port ?? server.port,
        concurrency,
      }));
    });
  program
    .command('worker')
    .description('share the work of a PostgreSQL database with every other process on it, until stopped')
    .option(
      '--host <host>',
      'address to listen on for /healthz and /readyz (default: server.host of the configuration)',
    )
    .option('--port <n>', 'port to listen on (default: any free one)', wholeNumber(0, 65_535))
    .option('--concurrency <n>', 'connections under way at once (default: 4)', wholeNumber(1, 1000))
    .action(async ({ host, port, concurrency }) => {
      await untilStopped(context, ({ config, store }) => {
        if (store.backend.kind !== 'postgres')
          throw new CliError(EXIT.usage, 'workers share a PostgreSQL database, and this one is a file', {
            hint: 'With SQLite "lockstep serve" does all the work. "lockstep db copy --to postgres://…" moves it.',
          });
        return { host: host ?? config.server.host, port: port ?? 0, concurrency, worker: true };
      });
    });
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly concurrency: number | undefined;
  /** Nobody has to log in here. */
  readonly worker?: true;
}

async function untilStopped(context: CliContext, placeOf: (app: App) => Place): Promise<void> {
  await withApp(context, (app) => serveUntilStopped(context, app, placeOf(app)), 'none');
  // Being told to end is what a service is for; only Ctrl-C counts as an interruption.
  if (context.stoppedBy === 'SIGTERM') context.exitWith(EXIT.done);
}

async function serveUntilStopped(context: CliContext, app: App, place: Place): Promise<void> {
  const { createLog, startService } = await import('../app.ts');
  const { output, signal, options } = context;
  const { host, port, concurrency, worker = false } = place;
  // A name that is wrong is told before anything runs.
  const connections = options.connection === undefined ? await app.book.configs() : await context.connections(app);
  await readyDashboard((text) => output.info(text));
  const service = await startService(app, {
    host,
    port,
    ...(concurrency === undefined ? {} : { concurrency }),
    letIn: worker ? 'nobody' : 'first-user',
    signal,
    version: packageVersion(),
    only: options.connection === undefined ? null : connections.map(({ name }) => name),
    log: createLog(logDestination(output), output.options.quiet ? 'warn' : 'info'),
  }).catch((error: unknown) => {
    throw portFault(error, host, port, '--host and --port');
  });
  const { url, setupLink } = service;
  output.result({
    json: () => ({
      url,
      connections: connections.map(({ name, schedule }) => ({ name, everyMs: schedule.everyMs })),
      ...(setupLink === null ? {} : { setupLink }),
    }),
    text: () => {
      const lines = connections.map(({ name, schedule }) => `  ${name}  every ${durationText(schedule.everyMs)}`);
      const what =
        connections.length === 0
          ? 'No connection yet: make one in the dashboard.'
          : `Serving ${countText(connections.length, 'connection')}:`;
      const first =
        setupLink === null
          ? []
          : ['', 'Nobody can log in yet. This link makes the first user, once, within a day:', `  ${setupLink}`, ''];
      return [what, ...lines, `Dashboard: ${url}`, ...first, 'Ctrl-C stops.'].join('\n');
    },
  });
  await service.done;
}
