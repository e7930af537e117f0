// `lockstep serve`: cycles on schedule until it is told to stop, and two addresses that say whether it is well.
import type { App } from '../app.ts';
import type { ConnectionConfig } from '../config/config.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { countText, durationText } from './product-words.ts';
import type { Program } from './program.ts';
import { withApp } from './run-connections.ts';
import { wholeNumber } from './sandbox/option-values.ts';
import { logDestination } from './serve/log-destination.ts';

/** Calls the opt-out lane makes of one budget when somebody left: the question, once more under the lease. */
const OPT_OUT_RESERVE = 2;

export function register(program: Program, context: CliContext): void {
  program
    .command('serve')
    .description('run every connection on its schedule until stopped; /healthz and /readyz say whether it is well')
    .option('--host <host>', 'address to listen on (default: server.host of the configuration)')
    .option('--port <n>', 'port to listen on (default: server.port of the configuration)', wholeNumber(0, 65_535))
    .action(async ({ host, port }) => {
      await withApp(context, async (app) => {
        await serveUntilStopped(context, app, host ?? app.config.server.host, port ?? app.config.server.port);
      });
      // Being told to end is what a service is for; only Ctrl-C counts as an interruption.
      if (context.stoppedBy === 'SIGTERM') context.exitWith(EXIT.done);
    });
}

async function serveUntilStopped(context: CliContext, app: App, host: string, port: number): Promise<void> {
  const { createLog, serve } = await import('../app.ts');
  const { output, signal } = context;
  const connections = context.connections(app.config);
  const byName = new Map(connections.map((connection) => [connection.name, connection]));
  const log = createLog(logDestination(output), output.options.quiet ? 'warn' : 'info');
  const serving = await serve({
    store: app.store,
    connections: connections.map(({ name, schedule: { everyMs, verifyAt, timezone }, consent }) => ({
      name,
      everyMs,
      nightly: verifyAt === null ? null : { at: verifyAt, timeZone: timezone },
      optOutLane: carriesOptOuts(consent),
    })),
    engine: (name, ended, purpose) => {
      const connection = byName.get(name);
      if (connection === undefined) throw new Error(`There is no connection ${name}.`);
      const onOddity = (oddity: { readonly where: string }): void => {
        if (!connection.createDataFields || oddity.where !== 'data-fields') {
          log.warn({ connection: name, ...oddity }, 'part of an answer could not be read and was skipped');
        }
      };
      // However much a cycle has to do, the lane finds calls left when it asks.
      const reserve = purpose === 'cycle' && carriesOptOuts(connection.consent) ? OPT_OUT_RESERVE : 0;
      return app.engine(connection, { signal: ended, onOddity, reserve });
    },
    host,
    port,
    log,
    signal,
  }).catch((error: unknown) => {
    throw portFault(error, host, port);
  });
  output.result({
    json: () => ({
      url: serving.url,
      connections: connections.map(({ name, schedule }) => ({ name, everyMs: schedule.everyMs })),
    }),
    text: () => {
      const lines = connections.map(({ name, schedule }) => `  ${name}  every ${durationText(schedule.everyMs)}`);
      const health = `Well-being: ${serving.url}/healthz and ${serving.url}/readyz.`;
      return [`Serving ${countText(connections.length, 'connection')}:`, ...lines, `${health} Ctrl-C stops.`].join(
        '\n',
      );
    },
  });
  await serving.done;
}

/** (O8) Opt-outs in Dotdigital go to Sell at once. */
function carriesOptOuts({ enabled, direction, optOutTrigger }: ConnectionConfig['consent']): boolean {
  return enabled && direction !== 'sell-to-dotdigital' && optOutTrigger === 'immediate';
}

function portFault(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL' && code !== 'ENOTFOUND') return error;
  const reason =
    code === 'EADDRINUSE'
      ? 'it is in use'
      : code === 'EACCES'
        ? 'it needs more rights'
        : 'there is no such address here';
  return new CliError(EXIT.aborted, `${host}:${port} cannot be listened on: ${reason}`, {
    hint: 'Name another one with --host and --port.',
    cause: error,
  });
}
