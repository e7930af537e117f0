// `lockstep explain EMAIL`: everything known about one person and why it is so. Only reads the database.
import type { Explanation } from '../app.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { explanationJson } from './explain/explanation-json.ts';
import { explanationText } from './explain/explanation-text.ts';
import type { Program } from './program.ts';
import { withApp } from './run-connections.ts';
import { wholeNumber } from './sandbox/option-values.ts';

/** Decisions shown where nothing else was asked for. */
const DECISIONS = 50;

export function register(program: Program, context: CliContext): void {
  program
    .command('explain')
    .description(
      'everything known about one person: links, values on both sides, holds, consent, every decision and why',
    )
    .argument('<email>', 'e-mail address, in any spelling; an old one finds the person too')
    .option('--limit <n>', `at most so many decisions (default ${DECISIONS})`, wholeNumber(1, 1_000_000))
    .action(async (email, { limit }) => {
      if (email.trim() === '') throw new CliError(EXIT.usage, 'an e-mail address is needed');
      await withApp(context, async (app) => {
        const { emailKey, explainAddress, explainBecause, explainRow, hashAddress, isUnknown } = await import(
          '../app.ts'
        );
        const words = { explainBecause, explainRow };
        const reading = emailKey(email);
        const address = reading.type === 'ok' ? reading.key : email.trim();
        const found: Explanation[] = [];
        for (const { name } of await context.connections(app)) {
          const one = await explainAddress(app.store, name, email, hashAddress, limit ?? DECISIONS);
          if (!isUnknown(one)) found.push(one);
        }
        context.output.result({
          json: () => explanationJson(address, found, words),
          text: () => {
            const fault = reading.type === 'invalid' ? `\nThe address ${reading.why}, so no mail could reach it.` : '';
            if (found.length === 0) return `${address}: nothing is known of this address.${fault}`;
            return found.map((one) => explanationText(address, one, context.output, words)).join('\n\n') + fault;
          },
        });
      });
    });
}
