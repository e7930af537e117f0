// `lockstep sandbox`: the two simulated services, until Ctrl-C. Never reads a configuration and never syncs anything.
import { asCurl, controlExamples } from '../../sandbox/control-examples.ts';
import { type RunningSandbox, startSandbox } from '../../sandbox/start.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { Program } from './program.ts';
import { exampleConfig } from './sandbox/example-config.ts';
import { onOrOff, wholeNumber } from './sandbox/option-values.ts';
import { untilAborted } from './sandbox/until-aborted.ts';

export function register(program: Program, context: CliContext): void {
  program
    .command('sandbox')
    .description('start the simulated services only, and print their URLs and credentials')
    .option('--sell-port <n>', 'port of the simulated Zendesk Sell (default: any free one)', wholeNumber(0, 65_535), 0)
    .option(
      '--dotdigital-port <n>',
      'port of the simulated Dotdigital (default: any free one)',
      wholeNumber(0, 65_535),
      0,
    )
    .option('--seed <n>', 'the same seed makes the same people', wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--people <n>', 'how many people live there', wholeNumber(0, 1_000_000), 3000)
    .option('--limits <on|off>', 'the rate limits the services document', onOrOff, 'on' as const)
    .action(async (options) => {
      const { output } = context;
      const sandbox = await listening(options);
      try {
        output.result({ json: () => describe(sandbox), text: () => explain(sandbox) });
        await untilAborted(context.signal);
      } finally {
        await sandbox.stop();
      }
      context.exitWith(EXIT.done);
    });
}

/** Starts it, or says which port is taken. */
async function listening(options: {
  readonly sellPort: number;
  readonly dotdigitalPort: number;
  readonly seed: number;
  readonly people: number;
  readonly limits: 'on' | 'off';
}): Promise<RunningSandbox> {
  try {
    return await startSandbox(options);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
      throw new CliError(EXIT.aborted, `a port cannot be used: ${error.message}`, {
        hint: 'Leave --sell-port and --dotdigital-port out to take free ones.',
        cause: error,
      });
    }
    throw error;
  }
}

function describe({ sell, dotdigital, counts }: RunningSandbox): unknown {
  return { sell, dotdigital, counts };
}

function explain(sandbox: RunningSandbox): string {
  const { sell, dotdigital, counts } = sandbox;
  const number = (n: number): string => n.toLocaleString('en-GB');
  const config = exampleConfig({
    access: sandbox,
    database: 'sqlite:./lockstep-data/sandbox.db',
    name: 'sandbox',
  });
  return `Zendesk Sell    ${sell.url}
  access token  ${sell.accessToken}
  OAuth client  ${sell.oauth.clientId}  secret ${sell.oauth.clientSecret}  refresh token ${sell.oauth.refreshToken}
  ${number(counts.contacts)} contacts, ${number(counts.organisations)} organisations, ${number(counts.leads)} leads, ${number(counts.products)} products

Dotdigital      ${dotdigital.url}
  user          ${dotdigital.user}
  password      ${dotdigital.password}
  ${number(counts.marketing)} contacts

Save this as lockstep.yaml, then: lockstep align --preview

${config}
To act as a person while Lockstep runs:
${controlExamples(sandbox)
  .map((example) => `  # ${example.does}\n  ${asCurl(example)}`)
  .join('\n')}

Ctrl-C stops both services; nothing is kept.
`;
}
