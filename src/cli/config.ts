// `lockstep config …`: the schema for editors, and the configuration as it applies. Never prints a secret.
import { parse, stringify } from 'yaml';
import { configJsonSchema } from '../config/json-schema.ts';
import { redact } from '../config/redact.ts';
import type { CliContext } from './context.ts';
import type { Program } from './program.ts';
import { withApp } from './run-connections.ts';

export function register(program: Program, context: CliContext): void {
  const config = program.command('config').description('look at the configuration');
  config
    .command('schema')
    .description('print the JSON Schema of the configuration file')
    .action(() => {
      const schema = configJsonSchema();
      context.output.result({ json: () => schema, text: () => JSON.stringify(schema, null, 2) });
    });
  config
    .command('show')
    .description('print the configuration with every default filled in and secrets hidden')
    .action(() => {
      const shown = redact(context.loadConfig());
      context.output.result({ json: () => shown, text: () => stringify(shown, { aliasDuplicateObjects: false }) });
    });
  config
    .command('export')
    .description(
      'print all connections, those of the database included, as a configuration file; secrets become ${NAMES}',
    )
    .action(() =>
      withApp(context, async (app) => {
        const yaml = await app.book.exportYaml();
        context.output.result({ json: () => parse(yaml) as unknown, text: () => yaml.trimEnd() });
      }),
    );
}
