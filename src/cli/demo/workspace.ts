// The demo's own folder: configuration and database in a fresh temporary place, gone when the demo ends. Never touches the user's files.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, ConnectionConfig } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { exampleConfig, type SandboxAccess } from '../sandbox/example-config.ts';

export interface Workspace {
  readonly folder: string;
  readonly configFile: string;
  readonly config: Config;
  readonly connection: ConnectionConfig;
  /** Removes the folder and everything in it. */
  remove(): Promise<void>;
}

/**
 * Writes the configuration for two sandbox accounts and reads it back the way any configuration is read.
 * @throws Error when the configuration is refused, which would be a bug in the demo
 */
export async function createWorkspace(access: SandboxAccess): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-demo-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    return { folder, remove, ...(await furnish(folder, access)) };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function furnish(folder: string, access: SandboxAccess): Promise<Omit<Workspace, 'folder' | 'remove'>> {
  const configFile = join(folder, 'lockstep.yaml');
  const database = `sqlite:${join(folder, 'lockstep.db')}`;
  await writeFile(configFile, exampleConfig({ access, database, name: 'demo' }), { mode: 0o600 });
  const loaded = loadConfig({ file: configFile, env: {} });
  if (!('ok' in loaded)) {
    throw new Error(`the demo's configuration is refused: ${loaded.problems.map(({ message }) => message).join('; ')}`);
  }
  const [connection] = loaded.ok.connections;
  if (connection === undefined) throw new Error('the demo has no connection');
  return { configFile, config: loaded.ok, connection };
}
