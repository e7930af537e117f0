// Which connections a command is about. Never falls back to all when a name is wrong.
import { didYouMean } from '../core/mapping/did-you-mean.ts';
import type { ConnectionConfig } from './config.ts';

/** All connections, or the one of this name; else what to tell. */
export function pickConnections(
  connections: readonly ConnectionConfig[],
  name: string | undefined,
): { readonly connections: readonly ConnectionConfig[] } | { readonly problem: string } {
  if (connections.length === 0) {
    return {
      problem: 'there is no connection yet: write one into the file, or make one in the dashboard of "lockstep serve"',
    };
  }
  if (name === undefined) return { connections };
  const found = connections.filter((connection) => connection.name === name);
  if (found.length > 0) return { connections: found };
  const names = connections.map((connection) => connection.name);
  const meant = didYouMean(name, names);
  const hint = meant === null ? `there are: ${names.join(', ')}` : `did you mean "${meant}"?`;
  return { problem: `there is no connection "${name}"; ${hint}` };
}
