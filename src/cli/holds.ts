// `lockstep holds`: what waits and why; `holds retry`: has it tried again by the next cycle; `holds decide`: answers its question.
// Changes no record on either side.
import type { HoldSeverity, StoredHold } from '../app.ts';

import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { registerDecide } from './holds/decide.ts';
import { holdJson } from './holds/hold-json.ts';
import { holdsText } from './holds/holds-text.ts';
import { countText } from './product-words.ts';
import type { Program } from './program.ts';
import { withApp } from './run-connections.ts';
import { wholeNumber } from './sandbox/option-values.ts';

const PAGE = 500;
const SEVERITIES: readonly HoldSeverity[] = ['action', 'waiting', 'info'];

export function register(program: Program, context: CliContext): void {
  const holds = program
    .command('holds')
    .description('records that wait, why, and what to do; "holds retry" tries them again')
    .option('--code <code>', 'only this code, e.g. NAME_MISSING')
    .option('--severity <severity>', `only ${SEVERITIES.join(', ')}`)
    .option('--limit <n>', 'at most so many', wholeNumber(1, 10_000_000))
    .action(async ({ code, severity, limit }) => {
      await withApp(context, async (app) => {
        const { HOLD_CODES, listHolds } = await import('../app.ts');
        const filter = {
          ...(code === undefined ? {} : { codes: [await oneOf(code.toUpperCase(), HOLD_CODES, 'code')] }),
          ...(severity === undefined
            ? {}
            : { severities: [await oneOf(severity.toLowerCase(), SEVERITIES, 'severity')] }),
        };
        const found: StoredHold[] = [];
        for (const { name } of await context.connections(app)) {
          for (let after: StoredHold | undefined; ; ) {
            const room = Math.min(PAGE, (limit ?? Number.POSITIVE_INFINITY) - found.length);
            if (room <= 0) break;
            const more = { connection: name, limit: room, ...(after === undefined ? {} : { after }) };
            const page: readonly StoredHold[] = await listHolds(app.store, { ...filter, ...more });
            found.push(...page);
            after = page.at(-1);
            if (page.length < room) break;
          }
        }
        context.output.result({
          json: () => ({ holds: found.map(holdJson) }),
          text: () =>
            holdsText(found, context.output, {
              all: limit !== undefined,
              filtered: code !== undefined || severity !== undefined,
            }),
        });
      });
    });
  registerDecide(holds, context);
  holds
    .command('retry')
    .description('try held records again in the next cycle')
    .argument('[ids...]', 'ids of holds, as "lockstep holds" prints them')
    .option('--all', 'every hold')
    .action(async (ids, { all }) => {
      if (ids.length === 0 && all !== true) {
        throw new CliError(EXIT.usage, 'which holds? Give their ids, or --all', {
          hint: '"lockstep holds" lists them.',
        });
      }
      if (ids.length > 0 && all === true) throw new CliError(EXIT.usage, 'give ids or --all, not both');
      await withApp(context, async (app) => {
        const { wakeAll, wakeThese } = await import('../app.ts');
        let retried = 0;
        let unknown: readonly string[] = [];
        if (all === true) {
          for (const { name } of await context.connections(app)) retried += await wakeAll(app.store, name);
        } else {
          const known = new Set(await wakeThese(app.store, [...new Set(ids)]));
          retried = known.size;
          unknown = ids.filter((id) => !known.has(id));
          if (retried === 0) {
            throw new CliError(EXIT.usage, `there is no hold ${unknown.join(', ')}`, {
              hint: '"lockstep holds" lists them.',
            });
          }
          for (const id of unknown) context.output.warn(`there is no hold ${id}`);
        }
        context.output.result({
          json: () => ({ retried, unknown }),
          text: () =>
            retried === 0
              ? 'Nothing is held.'
              : `${countText(retried, 'hold')} will be tried again by the next sync ("lockstep sync" runs it now).`,
        });
      });
    });
}

/** @throws CliError (exit 2) that names what there is */
async function oneOf<T extends string>(given: string, known: readonly T[], what: string): Promise<T> {
  const found = known.find((one) => one === given);
  if (found !== undefined) return found;
  const { didYouMean } = await import('../app.ts');
  const meant = didYouMean(given, known);
  const hint = meant === null ? `There are: ${known.join(', ')}.` : `Did you mean ${meant}?`;
  throw new CliError(EXIT.usage, `there is no ${what} "${given}"`, { hint });
}
