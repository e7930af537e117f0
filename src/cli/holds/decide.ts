// `lockstep holds decide ID --CHOICE`: answers the question of a hold; the next sync carries it out. Writes to neither service itself.
import type { Command, OptionValues } from '@commander-js/extra-typings';
import type { Choice } from '../../app.ts';
import type { CliContext } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { withApp } from '../run-connections.ts';

/** What each answer means, in general; `lockstep holds` says it for the case at hand. */
const ANSWERS: { readonly [C in Choice]: string } = {
  link: 'this record is the person',
  relink: 'link the two again, or to each other',
  swap: 'exchange the contacts of two records that exchanged their addresses',
  restore: 'put back what was deleted or renamed',
  create: 'make it all the same',
  delete: 'delete it after all',
  keep: 'keep it as it is; a contact stays unlinked',
  'keep-apart': 'leave the two as they are, and never ask again',
};

export function registerDecide<O extends OptionValues, G extends OptionValues>(
  holds: Command<[], O, G>,
  context: CliContext,
): void {
  const decide = holds
    .command('decide')
    .description('answer the question of a hold, once and for good; the next sync carries it out')
    .argument('<id>', 'id of the hold, as "lockstep holds" prints it');
  for (const [choice, means] of Object.entries(ANSWERS)) decide.option(`--${choice}`, means);
  decide.action(async (id, options) => {
    const given: { readonly [name: string]: unknown } = options;
    const choices = (Object.keys(ANSWERS) as Choice[]).filter((choice) => given[camelCase(choice)] === true);
    await withApp(context, async (app) => {
      const { decideHold, getHolds } = await import('../../app.ts');
      const [choice] = choices;
      if (choice === undefined || choices.length > 1) {
        const [hold] = await getHolds(app.store, [id]);
        throw new CliError(EXIT.usage, choice === undefined ? 'decide how?' : 'give one answer only', {
          hint: offers(hold === undefined ? null : (hold.asks?.choices ?? []), id),
        });
      }
      const answer = await decideHold(app.store, {
        holdId: id,
        choice,
        by: 'command line',
        at: new Date().toISOString(),
      });
      switch (answer.type) {
        case 'unknown':
          throw new CliError(EXIT.usage, `there is no hold ${id}`, { hint: '"lockstep holds" lists them.' });
        case 'not-offered':
          throw new CliError(EXIT.usage, `--${choice} is no answer to hold ${id}`, {
            hint: offers(answer.hold.asks?.choices ?? [], id),
          });
        case 'decided':
          context.output.result({
            json: () => ({ hold: id, code: answer.hold.code, choice }),
            text: () => `Decided. The next sync carries it out ("lockstep sync" runs it now).`,
          });
          return;
        default:
          answer satisfies never;
      }
    });
  });
}

/** @param choices null when there is no such hold */
function offers(choices: readonly { readonly choice: string; readonly means: string }[] | null, id: string): string {
  if (choices === null) return '"lockstep holds" lists what there is to decide.';
  if (choices.length === 0) return `Nothing is to be decided about hold ${id}: it goes once the record is mended.`;
  return `There is: ${choices.map(({ choice, means }) => `--${choice} (${means})`).join('; ')}.`;
}

function camelCase(word: string): string {
  return word.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
