// The command line as commander sees it: global options and how help and usage errors read. Runs nothing.
import { readFileSync } from 'node:fs';
import { Command } from '@commander-js/extra-typings';
import type { CliContext, GlobalOptions } from './context.ts';
import { DEFAULT_CONFIG } from './default-config.ts';

/** Version of the package. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

export function createProgram() {
  return new Command('lockstep')
    .description('Keeps Dotdigital and Zendesk Sell in step.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or the help of a command')
    .option('--config <file>', 'configuration file', DEFAULT_CONFIG)
    .option('--database <url>', 'database to use instead of the one in the configuration')
    .option('--connection <name>', 'only this connection (default: all)')
    .option('--json', 'print one JSON document on stdout; logs and progress go to stderr')
    .option('--quiet', 'print results and errors only')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true)
    .showHelpAfterError('("lockstep --help" lists the commands, "lockstep COMMAND --help" the options of one)')
    .exitOverride();
}

export type Program = ReturnType<typeof createProgram>;

/** Adds one command. Each file of this folder that holds a command exports one of these as `register`. */
export type Register = (program: Program, context: CliContext) => void;

/** The global options as they stand after parsing. */
export function globalOptions(program: Program): GlobalOptions {
  return program.opts();
}
