// `lockstep init`: the set-up wizard. Connects, tests, reads both schemas, proposes the mapping, writes the configuration file.
// Writes to neither service.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import type { App, Check } from '../app.ts';
import { checkContext } from '../config/check-context.ts';
import type { ConnectionConfig } from '../config/config.ts';
import { proposeFields } from '../config/propose-fields.ts';
import { type Checked, checksText } from './check/checklist.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { accountsOf, type Credentials, credentialsFrom, type Secret } from './init/credentials.ts';
import { askPerson, NOBODY, type Questions } from './init/questions.ts';
import { type Given, type Proposals, settingsFrom, split, WORDS } from './init/settings.ts';
import { withTrial } from './init/trial.ts';
import type { Program } from './program.ts';

export function register(program: Program, context: CliContext): void {
  program
    .command('init')
    .description('set up a connection: tests both accounts, proposes the mapping, writes the configuration file')
    .option('--name <name>', 'name of the connection (default: main)')
    .option('--profile <profile>', WORDS.profile.join(', '))
    .option('--sync <parts>', `what to keep in step: ${WORDS.sync.join(',')}`)
    .option('--direction <direction>', WORDS.direction.join(', '))
    .option('--multiple-match <rule>', WORDS.multipleMatch.join(', '))
    .option('--unknown-consent-as <state>', WORDS.unknownConsentAs.join(', '))
    .option('--consent-direction <direction>', WORDS.consentDirection.join(', '))
    .option('--consent-default <state>', WORDS.consentDefault.join(', '))
    .option('--opt-in-tags <tags>', 'Sell tags that mean opted in, separated by commas')
    .option('--opt-out-tags <tags>', 'Sell tags that mean opted out')
    .option('--sell-url <url>', 'address of the Sell API, if it is another one')
    .option('--dotdigital-url <url>', 'address of the Dotdigital API, if it is another one')
    .option('--dotdigital-user <user>', 'API user; without it the environment variable DOTDIGITAL_USER')
    .option('--yes', 'ask nothing: take what is proposed; secrets come from SELL_ACCESS_TOKEN and DOTDIGITAL_PASSWORD')
    .option('--force', 'replace a configuration file that is there')
    .action(async (options) => {
      const file = context.options.config;
      if (existsSync(file) && options.force !== true) {
        throw new CliError(EXIT.usage, `${file} is there already`, {
          hint: 'Name another file with --config, or replace it with --force.',
        });
      }
      const given = givenIn(options);
      const { stdin, stderr } = context.terminal;
      const asks = options.yes !== true && stdin?.isTTY === true && context.options.json !== true;
      const questions = asks && stdin !== undefined ? askPerson(stdin, stderr, context.signal) : NOBODY;
      const name = options.name ?? (asks ? await questions.text('A name for the connection', 'main') : 'main');
      const place = { configFile: file, name, asks };
      const credentials = await connected(context, questions, options, place);
      const proposals = await withTrial(credentials, { name }, (app, connection) => propose(context, app, connection));
      const settings = { name, ...(await settingsFrom(questions, given, proposals, asks)) };
      const checks = await withTrial(credentials, settings, (app, connection) => look(context, app, connection));
      if (
        asks &&
        !(await questions.yes(`${checksText(checks.map(named(name)), context.output)}\nWrite ${file}?`, true))
      )
        throw new CliError(EXIT.interrupted, 'nothing was written');
      write(file, credentials, settings);
      const ok = checks.every(({ status }) => status !== 'problem');
      context.output.result({
        json: () => ({
          config: file,
          connection: name,
          ok,
          checks: checks.map(({ id, status, message }) => ({ id, status, message })),
        }),
        text: () => `${asks ? '' : `${checksText(checks.map(named(name)), context.output)}\n`}${nextWords(file, ok)}`,
      });
      context.exitWith(ok ? EXIT.done : EXIT.usage);
    });
}

function named(connection: string): (check: Check) => Checked {
  return (check) => ({ connection, check });
}

function nextWords(file: string, ok: boolean): string {
  const first = ok ? '' : ' Mend what is named above, then "lockstep check" looks again.';
  return `Wrote ${file}.${first} Next: "lockstep align --preview" shows what an alignment would do.`;
}

interface Options {
  readonly [name: string]: string | boolean | undefined;
}

/** @throws CliError (exit 2) that names what there is */
function givenIn(options: Options): Given {
  const given: { [key: string]: unknown } = {};
  for (const [key, words] of Object.entries(WORDS)) {
    const value = options[key];
    if (typeof value !== 'string') continue;
    const all = key === 'sync' ? split(value) : [value];
    const odd = all.find((word) => !(words as readonly string[]).includes(word));
    if (odd !== undefined)
      throw new CliError(EXIT.usage, `there is no ${key} "${odd}"`, { hint: `There are: ${words.join(', ')}.` });
    given[key] = key === 'sync' ? all : value;
  }
  for (const key of ['optInTags', 'optOutTags']) {
    const value = options[key];
    if (typeof value === 'string') given[key] = split(value);
  }
  return given;
}

/** Credentials that both services accept; whoever can be asked is asked again. */
async function connected(
  context: CliContext,
  questions: Questions,
  options: { readonly sellUrl?: string; readonly dotdigitalUrl?: string; readonly dotdigitalUser?: string },
  place: { readonly configFile: string; readonly name: string; readonly asks: boolean },
): Promise<Credentials> {
  for (;;) {
    const credentials = await credentialsFrom(questions, context.env, options, place);
    const checks = await withTrial(credentials, { name: place.name }, (app, connection) =>
      look(context, app, connection),
    );
    const problems = checks.filter(({ status }) => status === 'problem');
    if (problems.length === 0) return credentials;
    const details = problems.map(({ id, message, fix }) => ({
      text: `${id}: ${message} ${fix ?? ''}`.trim(),
      json: { id, message, fix },
    }));
    const asked = credentials.sellToken.reference === null || credentials.password.reference === null;
    if (!place.asks || !asked) throw new CliError(EXIT.aborted, 'the accounts cannot be used:', { details });
    for (const { text } of details) context.output.error(`  ${text}`);
  }
}

async function look(context: CliContext, app: App, connection: ConnectionConfig): Promise<readonly Check[]> {
  const { checkConnection } = await import('../app.ts');
  context.output.info('Looking at both accounts …');
  const engine = await app.engine(connection, { signal: context.signal, probe: true });
  return (await checkConnection(engine, checkContext(connection))).filter(({ id }) => id !== 'run');
}

async function propose(context: CliContext, app: App, connection: ConnectionConfig): Promise<Proposals> {
  const engine = await app.engine(connection, { signal: context.signal, probe: true });
  const [crm, marketing] = await Promise.all([engine.crm.schema(), engine.marketing.schema()]);
  return { contact: proposeFields(crm.contact, marketing), lead: proposeFields(crm.lead, marketing) };
}

/** The file, and one more for each secret that no variable holds; only their owner reads them. */
function write(file: string, credentials: Credentials, { name, ...settings }: { readonly name: string }): void {
  const secrets: readonly Secret[] = [credentials.sellToken, credentials.password];
  for (const { reference, value, file: path } of secrets) {
    if (reference !== null) continue;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${value}\n`, { mode: 0o600 });
  }
  const connection = { name, ...accountsOf(credentials), ...settings };
  const text = stringify({ version: 1, connections: [connection] }, { lineWidth: 0, aliasDuplicateObjects: false });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `# yaml-language-server: $schema=./lockstep.schema.json\n${text}`, { mode: 0o600 });
}
