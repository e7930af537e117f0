// A port that cannot be listened on, told in words. Leaves every other error as it is.
import { CliError, EXIT } from '../exit-code.ts';

const REASONS: { readonly [code: string]: string } = {
  EADDRINUSE: 'it is in use',
  EACCES: 'it needs more rights',
  EADDRNOTAVAIL: 'there is no such address here',
  ENOTFOUND: 'there is no such address here',
};

/** @param options by which another place is named */
export function portFault(error: unknown, host: string, port: number, options: string): unknown {
  const reason = error instanceof Error && 'code' in error ? REASONS[String(error.code)] : undefined;
  if (reason === undefined) return error;
  return new CliError(EXIT.aborted, `${host}:${port} cannot be listened on: ${reason}`, {
    hint: `Name another one with ${options}.`,
    cause: error,
  });
}
