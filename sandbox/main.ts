// The sandbox as a process of its own: prints where it listens, serves until SIGTERM or SIGINT. Never keeps anything.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startSandbox } from './start.ts';

const { values } = parseArgs({
  options: {
    'sell-port': { type: 'string', default: '0' },
    'dotdigital-port': { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    people: { type: 'string' },
    pairs: { type: 'string' },
    products: { type: 'string' },
    limits: { type: 'string', default: 'on' },
    json: { type: 'boolean', default: false },
  },
});

/** A whole number from 0, or the end of the process. */
function whole(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value;
  process.stderr.write(`--${name} takes a whole number; got ${text}\n`);
  process.exit(2);
}

if (values.limits !== 'on' && values.limits !== 'off') {
  process.stderr.write(`--limits takes on or off; got ${values.limits}\n`);
  process.exit(2);
}

const sandbox = await startSandbox({
  sellPort: whole('sell-port', values['sell-port']),
  dotdigitalPort: whole('dotdigital-port', values['dotdigital-port']),
  seed: whole('seed', values.seed),
  limits: values.limits,
  ...(values.pairs === undefined
    ? { people: whole('people', values.people ?? '3000') }
    : { people: whole('pairs', values.pairs), population: 'equal-pairs' }),
  ...(values.products === undefined ? {} : { products: whole('products', values.products) }),
});

const { sell, dotdigital, counts } = sandbox;
process.stdout.write(
  values.json
    ? `${JSON.stringify({ sell, dotdigital, counts })}\n`
    : `Zendesk Sell ${sell.url}  access token ${sell.accessToken}\nDotdigital   ${dotdigital.url}  user ${dotdigital.user}  password ${dotdigital.password}\n`,
);

const stop = (): void => void sandbox.stop().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
