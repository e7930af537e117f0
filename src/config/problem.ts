// One thing that is wrong with the configuration, where it stands and what was expected. Never holds a secret's value.

/** Steps from the root of the file: keys and positions in lists. */
export type ConfigPath = readonly (string | number)[];

export interface Problem {
  /** The file as it was named on the command line. */
  readonly file: string;
  /** From 1; null where the problem has no place in the file. */
  readonly line: number | null;
  /** From 1. */
  readonly column: number | null;
  /** `connections[0].contacts.direction`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and what was expected, one sentence or two. */
  readonly message: string;
}

/** `connections[0].contacts.direction` */
export function formatPath(path: ConfigPath): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? shownStep(step) : `.${shownStep(step)}`))
    .join('');
}

/** A key as it is shown: where the space after a colon was forgotten, the secret that follows is part of the key. */
export function shownStep(key: string): string {
  const [plain = ''] = /^[\p{L}\p{N}_.$<>-]{0,60}/u.exec(key) ?? [];
  return plain === key ? key : `${plain}…`;
}

/** `lockstep.yaml:12:7 connections[0].contacts.direction: expected …` */
export function formatProblem(problem: Problem): string {
  const place = problem.line === null ? problem.file : `${problem.file}:${problem.line}:${problem.column ?? 1}`;
  return `${place}${problem.path === '' ? '' : ` ${problem.path}`}: ${problem.message}`;
}
