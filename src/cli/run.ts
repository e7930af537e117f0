// One invocation of the command line, from arguments to exit code. The edge where every error becomes words. (contract 6)
import { CommanderError } from 'commander';
import type { Environment } from '../config/environment.ts';
import { CliContext, type Terminal } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit-code.ts';
import type { Interruption } from './interruption.ts';
import { createProgram, globalOptions, type Register } from './program.ts';

export interface Invocation {
  /** Without the names of node and of the script. */
  readonly args: readonly string[];
  readonly env: Environment;
  readonly terminal: Terminal;
  readonly interruption: Interruption;
  readonly commands: readonly Register[];
}

/** Runs the command and says how the process should end. Never throws. */
export async function run(invocation: Invocation): Promise<ExitCode> {
  const { args, env, terminal, interruption, commands } = invocation;
  const program = createProgram();
  const context = new CliContext({ env, terminal, interruption, options: () => globalOptions(program) });
  program.configureOutput({
    writeOut: (text) => void terminal.stdout.write(text),
    writeErr: (text) => void terminal.stderr.write(text),
  });
  for (const register of commands) register(program, context);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return context.finish();
  } catch (error) {
    return explain(error, context, interruption, args.includes('--json'));
  }
}

function explain(error: unknown, context: CliContext, interruption: Interruption, json: boolean): ExitCode {
  const finished = context.finish();
  if (error instanceof CommanderError) {
    const fine = error.code === 'commander.helpDisplayed' || error.code === 'commander.version';
    if (!fine && json) printFault(context, { exitCode: EXIT.usage, message: error.message.replace(/^error: /, '') });
    return fine || error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  const { output } = context;
  if (error instanceof CliError) {
    output.error(`${output.onStderr('red', 'lockstep:')} ${error.message}`);
    for (const { text } of error.details) output.error(`  ${text}`);
    if (error.hint !== null) output.error(error.hint);
    const problems = error.details.map((detail) => detail.json);
    if (json) printFault(context, { exitCode: error.exitCode, message: error.message, hint: error.hint, problems });
    return error.exitCode;
  }
  if (interruption.interrupted) return finished;
  const message = error instanceof Error ? error.message : String(error);
  output.error(`${output.onStderr('red', 'lockstep: unexpected error:')} ${message}`);
  if (error instanceof Error && error.stack !== undefined) output.error(output.onStderr('dim', error.stack));
  output.error('This is a bug in Lockstep. The state is safe; running the command again goes on where it ended.');
  output.error('Please report it with the lines above (they hold no credentials, but may hold an address).');
  if (json) printFault(context, { exitCode: EXIT.bug, message });
  return EXIT.bug;
}

/** With --json a script finds the reason on stdout as well, unless the result is there already. */
function printFault(
  context: CliContext,
  fault: { readonly exitCode: ExitCode; readonly [key: string]: unknown },
): void {
  context.output.fault({ error: fault });
}
