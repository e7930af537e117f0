// The checklist of `lockstep check`, in words and as JSON, and what the configuration asks for that has no effect yet.
import type { Check } from '../../app.ts';
import type { ConnectionConfig } from '../../config/config.ts';
import type { Output } from '../output.ts';
import { countText, inProductNames } from '../product-words.ts';

export interface Checked {
  /** Null for what concerns all connections. */
  readonly connection: string | null;
  readonly check: Check;
}

const MARK = { ok: ['green', 'ok     '], warning: ['yellow', 'warning'], problem: ['red', 'PROBLEM'] } as const;

export function checksJson(checked: readonly Checked[]) {
  return {
    checks: checked.map(({ connection, check: { id, status, message, fix, path } }) => ({
      connection,
      id,
      status,
      message: inProductNames(message),
      ...(fix === undefined ? {} : { fix: inProductNames(fix) }),
      ...(path === undefined ? {} : { path }),
    })),
    ok: checked.every(({ check }) => check.status !== 'problem'),
  };
}

export function checksText(checked: readonly Checked[], output: Output): string {
  const lines: string[] = [];
  let heading: string | null = null;
  for (const { connection, check } of checked) {
    if (connection !== heading) lines.push('', output.style('bold', connection ?? ''));
    heading = connection;
    lines.push(...checkLines(check, output));
  }
  const count = (status: Check['status']): number => checked.filter(({ check }) => check.status === status).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const rest = warnings === 0 ? '' : `, ${countText(warnings, 'warning')}`;
  const verdict =
    problems === 0
      ? output.style('green', `Usable${rest}.`)
      : output.style('red', `${countText(problems, 'problem')}${rest}: not usable until mended.`);
  return [...lines, '', verdict].join('\n');
}

function checkLines({ id, status, message, fix, path }: Check, output: Output): readonly string[] {
  const [style, mark] = MARK[status];
  const where = path === undefined ? '' : `${path}: `;
  const line = `  ${output.style(style, mark)}  ${id.padEnd(WIDTH)}  ${where}${inProductNames(message)}`;
  if (fix === undefined) return [line];
  return [line, `${' '.repeat(WIDTH + 13)}${output.style('dim', `→ ${inProductNames(fix)}`)}`];
}

/** The longest usual id. */
const WIDTH = 23;

const SECTIONS: readonly (readonly [string, (connection: ConnectionConfig) => boolean, string])[] = [
  [
    'retention.ledger',
    ({ retention }) => retention.ledgerMs !== null,
    'the consent history is one chain and is kept whole',
  ],
];

/** Sections that are accepted and switched on, but do nothing in this version: silence would look like it worked. */
export function notInForce(connection: ConnectionConfig): readonly Check[] {
  return SECTIONS.filter(([, isOn]) => isOn(connection)).map(([section, , words]) => ({
    id: 'not-in-force',
    status: 'warning',
    path: section,
    message: `switched on, but without effect in this version: ${words}`,
  }));
}
