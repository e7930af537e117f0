// Where the log of `lockstep serve` goes: JSON lines on stderr for machines, readable lines where a person watches a terminal.
import type { Output } from '../output.ts';

interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
  readonly connection?: string;
  readonly state?: string;
  readonly writes?: number;
  readonly held?: number;
  readonly failed?: number;
  readonly reason?: string;
}

export function logDestination(output: Output): { write(line: string): void } {
  return { write: (line) => output.error(output.stderrIsTerminal ? readable(line, output) : line.trimEnd()) };
}

function readable(line: string, output: Output): string {
  const { time, level, msg, connection, state, writes, held, failed, reason } = JSON.parse(line) as LogLine;
  const style = level === 'error' ? 'red' : level === 'warn' ? 'yellow' : 'dim';
  const facts = [
    state === undefined || state === 'ok' ? null : state.replaceAll('_', ' '),
    writes === undefined ? null : `${writes} written`,
    held === undefined || held === 0 ? null : `${held} held or noted`,
    failed === undefined || failed === 0 ? null : `${failed} failed`,
  ].filter((fact) => fact !== null);
  const about = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  const who = connection === undefined ? '' : `${connection}: `;
  return `${output.onStderr(style, time.slice(11, 19))} ${who}${msg}${about}${reason === undefined ? '' : `: ${reason}`}`;
}
