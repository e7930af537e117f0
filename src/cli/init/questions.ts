// The questions of the wizard, asked of a person, or answered with what was proposed. Knows nothing of what they are about.
import type { Readable, Writable } from 'node:stream';
import { confirm, isCancel, multiselect, password, select, text } from '@clack/prompts';
import { CliError, EXIT } from '../exit-code.ts';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

export interface Questions {
  /** A text that is not empty. @param proposal what stands there already */
  text(message: string, proposal?: string): Promise<string>;
  /** A text that may be left empty. */
  maybe(message: string): Promise<string>;
  secret(message: string): Promise<string>;
  one<T extends string>(message: string, choices: readonly Choice<T>[], proposal?: T): Promise<T>;
  many<T extends string>(message: string, choices: readonly Choice<T>[], proposal: readonly T[]): Promise<readonly T[]>;
  yes(message: string, proposal: boolean): Promise<boolean>;
}

/** @param setting what to give on the command line instead */
export function needed(setting: string): CliError {
  return new CliError(EXIT.usage, `there is nobody to ask: ${setting} is needed`, {
    hint: '"lockstep init --help" lists what can be given; with --yes what is proposed is taken for all else.',
  });
}

export function askPerson(input: Readable, output: Writable, signal: AbortSignal): Questions {
  const io = { input, output, signal };
  const answer = async <T>(asked: Promise<T | symbol>): Promise<T> => {
    const given = await asked;
    if (isCancel(given)) throw new CliError(EXIT.interrupted, 'nothing was written');
    return given as T;
  };
  const notEmpty = (value: string | undefined): string | undefined =>
    value === undefined || value.trim() === '' ? 'Something is needed here.' : undefined;
  return {
    text: async (message, proposal) =>
      (
        await answer<string>(
          text({ message, validate: notEmpty, ...(proposal === undefined ? {} : { initialValue: proposal }), ...io }),
        )
      ).trim(),
    maybe: async (message) => ((await answer<string | undefined>(text({ message, ...io }))) ?? '').trim(),
    secret: async (message) => (await answer<string>(password({ message, validate: notEmpty, ...io }))).trim(),
    one: (message, choices, proposal) =>
      answer(
        select<string>({
          message,
          options: [...choices],
          ...(proposal === undefined ? {} : { initialValue: proposal }),
          ...io,
        }),
      ) as Promise<never>,
    many: (message, choices, proposal) =>
      answer(
        multiselect<string>({
          message,
          options: [...choices],
          initialValues: [...proposal],
          required: false,
          ...io,
        }),
      ) as Promise<never>,
    yes: (message, proposal) => answer<boolean>(confirm({ message, initialValue: proposal, ...io })),
  };
}

/** Takes every proposal; where there is none, says what is needed. */
export const NOBODY: Questions = {
  text: (message, proposal) => (proposal === undefined ? Promise.reject(needed(message)) : Promise.resolve(proposal)),
  maybe: () => Promise.resolve(''),
  secret: (message) => Promise.reject(needed(message)),
  one: (message, _choices, proposal) =>
    proposal === undefined ? Promise.reject(needed(message)) : Promise.resolve(proposal),
  many: (_message, _choices, proposal) => Promise.resolve(proposal),
  yes: (_message, proposal) => Promise.resolve(proposal),
};
