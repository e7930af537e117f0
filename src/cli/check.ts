// `lockstep check`: can everything work as configured? A checklist with what to do. Writes nothing to either service.
import type { App, Check } from '../app.ts';
import { checkContext } from '../config/check-context.ts';
import type { Config, ConnectionConfig } from '../config/config.ts';
import { redactDatabase } from '../config/redact.ts';
import { type Checked, checksJson, checksText, notInForce } from './check/checklist.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT, type ExitCode } from './exit-code.ts';
import { countText } from './product-words.ts';
import type { Program } from './program.ts';
import { withApp } from './run-connections.ts';

export function register(program: Program, context: CliContext): void {
  program
    .command('check')
    .description('check configuration, credentials, accounts, mapping and database; writes nothing to either service')
    .action(async () => {
      const checked: Checked[] = [];
      try {
        const config = context.loadConfig();
        checked.push({ connection: null, check: configured(config) });
        await withApp(context, async (app) => {
          checked.push({ connection: null, check: await checkDatabase(app) });
          for (const connection of await context.connections(app)) {
            for (const check of await checkOne(context, app, connection))
              checked.push({ connection: connection.name, check });
          }
        });
      } catch (error) {
        // The words go to stderr as with every command; a script finds them in the checklist as well.
        if (error instanceof CliError) {
          checked.push(...faultsOf(error));
          if (context.options.json === true) context.output.result({ json: () => checksJson(checked), text: () => '' });
        }
        throw error;
      }
      context.output.result({ json: () => checksJson(checked), text: () => checksText(checked, context.output) });
      context.exitWith(exitCode(checked));
    });
}

function configured(config: Config): Check {
  const names = config.connections.map(({ name }) => name).join(', ');
  const what = countText(config.connections.length, 'connection');
  return { id: 'config', status: 'ok', message: `${config.file ?? 'the configuration'} is sound: ${what} (${names})` };
}

async function checkDatabase(app: App): Promise<Check> {
  const { verifyStore } = await import('../app.ts');
  const { faults } = await verifyStore(app.store);
  const id = 'database';
  if (faults.length === 0) return { id, status: 'ok', message: `${redactDatabase(app.config.database)} is sound` };
  const fix = 'Restore a backup; "lockstep db verify" lists every fault.';
  return { id, status: 'problem', message: `the database is damaged: ${faults[0]}`, fix, fault: 'access' };
}

async function checkOne(context: CliContext, app: App, connection: ConnectionConfig): Promise<readonly Check[]> {
  const { alertChecks, checkConnection } = await import('../app.ts');
  context.output.info(`Looking at ${connection.name} …`);
  const oddities: string[] = [];
  const engine = await app.engine(connection, {
    signal: context.signal,
    probe: true,
    onOddity: ({ where, id, message }) => {
      // Fields that are not there yet have a line of their own.
      if (where !== 'data-fields') oddities.push(`${where}${id === null ? '' : ` ${id}`}: ${message}`);
    },
  });
  const checks = await checkConnection(engine, checkContext(connection));
  const further = [...alertChecks(app.config, connection), ...notInForce(connection)];
  const [first] = oddities;
  if (first === undefined) return [...checks, ...further];
  const message = `${countText(oddities.length, 'item')} of the services' answers could not be read, e.g. ${first}`;
  return [...checks, { id: 'answers', status: 'warning', message }, ...further];
}

/** An error that ended the checks early, as lines of the checklist. */
function faultsOf(error: CliError): readonly Checked[] {
  const id = error.exitCode === EXIT.usage ? 'config' : 'database';
  const status = 'problem';
  const fix =
    error.hint ?? (id === 'config' ? 'Correct the configuration.' : 'Mend the database, or name another one.');
  const fault = id === 'config' ? 'configuration' : 'access';
  if (error.details.length === 0)
    return [{ connection: null, check: { id, status, message: error.message, fix, fault } }];
  return error.details.map(({ text }) => ({ connection: null, check: { id, status, message: text, fix, fault } }));
}

/** Warnings let a connection be used. A credential that is refused says more than a mapping that could not be tried. (contract 2) */
function exitCode(checked: readonly Checked[]): ExitCode {
  const faults = checked.filter(({ check }) => check.status === 'problem').map(({ check }) => check.fault);
  if (faults.includes('access')) return EXIT.aborted;
  return faults.length > 0 ? EXIT.usage : EXIT.done;
}
