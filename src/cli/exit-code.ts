// What the process says when it ends, and the one error that carries such a code. (contract 2)

/** Exit codes scripts rely on. */
export const EXIT = {
  /** Also with holds. */
  done: 0,
  bug: 1,
  /** Usage or configuration. */
  usage: 2,
  /** Some records failed. */
  failedRecords: 3,
  /** Parked, waiting for approval. */
  parked: 4,
  /** Credentials, missing scope, wrong account, unreachable service, a run in progress, a database that cannot be used. */
  aborted: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An expected end of a command: printed without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** What to do next, one line. */
  readonly hint: string | null;
  /** Printed one a line below the message, and as `problems` with `--json`. */
  readonly details: readonly { readonly text: string; readonly json: unknown }[];

  constructor(
    exitCode: ExitCode,
    message: string,
    more: { readonly hint?: string; readonly details?: CliError['details']; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.exitCode = exitCode;
    this.hint = more.hint ?? null;
    this.details = more.details ?? [];
  }
}
