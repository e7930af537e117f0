// What every command gets: the global options, the configuration, where to write, when to stop. Knows no command.
// Commands load the application themselves (`await import('../app.ts')`), so that --help stays quick.
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { App } from '../app.ts';
import type { Config, ConnectionConfig } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { emptyConfig, type LoadResult, loadConfig } from '../config/load-config.ts';
import { pickConnections } from '../config/pick-connections.ts';
import { formatProblem } from '../config/problem.ts';
import { DEFAULT_CONFIG } from './default-config.ts';
import { CliError, EXIT, type ExitCode } from './exit-code.ts';
import type { Interruption } from './interruption.ts';
import { Output } from './output.ts';
import { createProgress, type Progress } from './progress.ts';

/** Options every command understands, before or after its name. (contract 2) */
export interface GlobalOptions {
  readonly config: string;
  readonly database?: string | undefined;
  readonly connection?: string | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly color: boolean;
}

export interface Terminal {
  /** Left out: there is nobody to ask. */
  readonly stdin?: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: Writable & { readonly isTTY?: boolean | undefined };
  readonly stderr: Writable & { readonly isTTY?: boolean | undefined };
}

export class CliContext {
  readonly env: Environment;
  readonly terminal: Terminal;
  readonly #options: () => GlobalOptions;
  readonly #interruption: Interruption;
  #output: Output | null = null;
  #progress: Progress | null = null;
  #exitCode: ExitCode | null = null;

  constructor(parts: {
    readonly env: Environment;
    readonly terminal: Terminal;
    readonly options: () => GlobalOptions;
    readonly interruption: Interruption;
  }) {
    this.env = parts.env;
    this.terminal = parts.terminal;
    this.#options = parts.options;
    this.#interruption = parts.interruption;
  }

  /** As given on the command line; meaningful from a command's action on. */
  get options(): GlobalOptions {
    return this.#options();
  }

  get output(): Output {
    const { json, quiet, color } = this.options;
    const noColor = this.env['NO_COLOR'] !== undefined && this.env['NO_COLOR'] !== '';
    this.#output ??= new Output(this.terminal.stdout, this.terminal.stderr, {
      json: json === true,
      quiet: quiet === true,
      color: color && !noColor,
    });
    return this.#output;
  }

  get progress(): Progress {
    this.#progress ??= createProgress(this.output, this.terminal.stderr);
    return this.#progress;
  }

  /** Aborts on the first SIGINT or SIGTERM. A command that asks for it promises to end soon after. */
  get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  /** What ended the command from outside, if anything did. */
  get stoppedBy(): Interruption['by'] {
    return this.#interruption.by;
  }

  /** The complete configuration. Throws CliError (exit 2) with every problem at once. */
  loadConfig(needed: 'file' | 'none' = 'file'): Config {
    const { config: file, database } = this.options;
    const loaded = this.#withoutFile(needed) ?? loadConfig({ file, env: this.env, overrides: { database } });
    if ('ok' in loaded) return loaded.ok;
    const count = loaded.problems.length;
    throw new CliError(EXIT.usage, `the configuration has ${count === 1 ? 'a problem' : `${count} problems`}:`, {
      details: loaded.problems.map((problem) => ({ text: formatProblem(problem), json: problem })),
      hint: 'Every setting is described in docs/configuration.md; "lockstep config schema" prints the schema for your editor.',
    });
  }

  /** Connections may live in the database alone. Null where there is none either: then the missing file is what is wrong. */
  #withoutFile(needed: 'file' | 'none'): LoadResult | null {
    const { config: file, database } = this.options;
    if (file !== DEFAULT_CONFIG || existsSync(file)) return null;
    const empty = emptyConfig(database);
    const there = 'ok' in empty && existsSync(empty.ok.database.replace(/^sqlite:/, ''));
    return needed === 'none' || database !== undefined || there ? empty : null;
  }

  /** The connections the command is about: all, or the one of --connection. Throws CliError (exit 2). */
  async connections({ book }: { readonly book: Pick<App['book'], 'configs'> }): Promise<readonly ConnectionConfig[]> {
    const picked = pickConnections(await book.configs(), this.options.connection);
    if ('problem' in picked) throw new CliError(EXIT.usage, picked.problem);
    return picked.connections;
  }

  /** How the process ends. Left alone: 0, or 130 after an interruption. */
  exitWith(code: ExitCode): void {
    this.#exitCode = code;
  }

  /** @internal */
  finish(): ExitCode {
    this.#progress?.stop();
    return this.#exitCode ?? (this.#interruption.interrupted ? EXIT.interrupted : EXIT.done);
  }
}
