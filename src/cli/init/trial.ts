// A look at both accounts with settings that are in no file yet: through a configuration that lives as long as the look.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { App } from '../../app.ts';
import type { Config, ConnectionConfig } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { formatProblem } from '../../config/problem.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { type Credentials, PASSWORD, TOKEN } from './credentials.ts';

/** @param settings of the connection besides its accounts @throws CliError (exit 2) when they are no configuration */
export async function withTrial<T>(
  credentials: Credentials,
  settings: { readonly name: string; readonly [key: string]: unknown },
  work: (app: App, connection: ConnectionConfig) => Promise<T>,
): Promise<T> {
  const { sellUrl, dotdigitalUrl, user, sellToken, password } = credentials;
  const connection = {
    ...settings,
    sell: { ...(sellUrl === undefined ? {} : { url: sellUrl }), accessToken: `\${${TOKEN}}` },
    dotdigital: {
      ...(dotdigitalUrl === undefined ? {} : { url: dotdigitalUrl }),
      user,
      password: `\${${PASSWORD}}`,
    },
  };
  const env = { [TOKEN]: sellToken.value, [PASSWORD]: password.value };
  const config = await load({ version: 1, database: 'sqlite::memory:', connections: [connection] }, env);
  const [only] = config.connections;
  if (only === undefined) throw new Error('A configuration has at least one connection.');
  const { openApp } = await import('../../app.ts');
  const app = await openApp(config);
  try {
    return await work(app, only);
  } finally {
    await app.close();
  }
}

async function load(document: object, env: { readonly [name: string]: string }): Promise<Config> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-init-'));
  try {
    const file = join(folder, 'trial.yaml');
    await writeFile(file, stringify(document), { mode: 0o600 });
    const loaded = loadConfig({ file, env });
    if ('ok' in loaded) return loaded.ok;
    throw new CliError(EXIT.usage, 'these settings do not go together:', {
      details: loaded.problems.map((problem) => ({
        text: formatProblem({ ...problem, file: 'settings', line: null }),
        json: problem,
      })),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
