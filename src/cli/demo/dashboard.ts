// The demo's dashboard: served beside the story and showing its runs as they happen. Starts no run by itself.
import type { App, Service } from '../../app.ts';
import type { CliContext } from '../context.ts';
import { packageVersion } from '../program.ts';
import { logDestination } from '../serve/log-destination.ts';
import { portFault } from '../serve/port-fault.ts';
import { readyDashboard } from '../serve/ready-dashboard.ts';

const HOST = '127.0.0.1';
/** Where `lockstep serve` listens, too. */
const PORT = 8484;

export interface DemoDashboard {
  /** The application, with runs that the dashboard follows. */
  readonly app: App;
  stop(): Promise<void>;
}

/** @param port null: the usual one, or any free one when that is taken @throws CliError when the port that was asked for cannot be used */
export async function openDashboard(context: CliContext, app: App, port: number | null): Promise<DemoDashboard> {
  const { createLog, startService } = await import('../../app.ts');
  const { output, signal } = context;
  await readyDashboard((text) => output.info(text));
  const stop = new AbortController();
  const start = (on: number): Promise<Service> =>
    startService(app, {
      host: HOST,
      port: on,
      letIn: 'guest',
      signal: AbortSignal.any([signal, stop.signal]),
      version: packageVersion(),
      // The story starts its runs itself: none comes in between.
      only: [],
      log: createLog(logDestination(output), 'warn'),
    });
  const service = await start(port ?? PORT)
    .catch((error: unknown) => {
      if (port !== null || !(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      return start(0);
    })
    .catch((error: unknown) => {
      throw portFault(error, HOST, port ?? PORT, '--port');
    });
  const words = `  Dashboard     ${service.url}  open this and you are in:\n                ${service.guestLink ?? ''}`;
  // The one thing a script that reads the JSON needs to know before the end.
  if (output.options.json) output.info(words);
  else output.print(words);
  return {
    app: { ...app, engine: service.engine },
    stop: async () => {
      stop.abort();
      await service.done;
    },
  };
}
