// A run named on the command line together with the connection it belongs to. Changes nothing.
import type { App, StoredRun } from '../app.ts';
import type { ConnectionConfig } from '../config/config.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { runNamed } from './runs.ts';

export interface NamedRun {
  readonly run: StoredRun;
  readonly connection: ConnectionConfig;
}

/** @throws CliError (exit 2) when there is no such run, or its connection is not configured or not the one of --connection */
export async function runOfConnection(context: CliContext, app: App, id: string): Promise<NamedRun> {
  const run = await runNamed(app, id);
  const connection = app.config.connections.find(({ name }) => name === run.connection);
  if (connection === undefined) {
    throw new CliError(EXIT.usage, `run ${run.id} is of ${run.connection}, which is not in the configuration`, {
      hint: 'Give the configuration that has this connection with --config.',
    });
  }
  const { connection: wanted } = context.options;
  if (wanted !== undefined && wanted !== run.connection) {
    throw new CliError(EXIT.usage, `run ${run.id} is of ${run.connection}, not of ${wanted}`);
  }
  return { run, connection };
}
