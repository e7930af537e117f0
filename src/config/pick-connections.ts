// Which connections a command is about. Never falls back to all when a name is wrong.
import { didYouMean } from '../core/mapping/did-you-mean.ts';
import type { Config, ConnectionConfig } from './config.ts';

/** All connections, or the one of this name; else what to tell. */
export function pickConnections(
  config: Config,
  name: string | undefined,
): { readonly connections: readonly ConnectionConfig[] } | { readonly problem: string } {
  if (name === undefined) return { connections: config.connections };
  const found = config.connections.filter((connection) => connection.name === name);
  if (found.length > 0) return { connections: found };
  const names = config.connections.map((connection) => connection.name);
  const meant = didYouMean(name, names);
  const hint = meant === null ? `${config.file} has: ${names.join(', ')}` : `did you mean "${meant}"?`;
  return { problem: `there is no connection "${name}"; ${hint}` };
}
