// `lockstep verify`: compares both sides completely, without what was remembered of them. Writes to neither service. (R20)
import type { Verification } from '../app.ts';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-code.ts';
import type { Output } from './output.ts';
import { countText } from './product-words.ts';
import type { Program } from './program.ts';
import { runText, valueText } from './report-text.ts';
import { exitCodeOf, type Ran, runWith, withApp } from './run-connections.ts';

export function register(program: Program, context: CliContext): void {
  program
    .command('verify')
    .description('read both sides completely and compare them field by field; writes to neither service')
    .action(async () => {
      await withApp(context, async (app) => {
        const { verify } = await import('../app.ts');
        const ran: Ran[] = [];
        const found: Verification[] = [];
        for (const connection of await context.connections(app)) {
          const { report, verification } = await runWith(context, app, connection, (engine) => verify(engine));
          ran.push({ report, planned: null });
          if (verification !== null) found.push(verification);
        }
        context.progress.stop();
        const failed = ran.filter(({ report }) => report.state === 'aborted');
        context.output.result({
          json: () => ({
            verify: found.map(verificationJson),
            failures: failed.map(({ report }) => ({ connection: report.connection, error: report.message })),
          }),
          text: () =>
            [
              ...found.map((one) => verificationText(one, context.output)),
              ...failed.map(({ report }) => runText(report, context.output, true)),
            ].join('\n'),
        });
        const end = exitCodeOf(ran);
        context.exitWith(end === EXIT.done && found.some(({ drift }) => drift > 0) ? EXIT.failedRecords : end);
      });
    });
}

function verificationJson({
  connection,
  pairs,
  fields,
  unlinked,
  missing,
  missingTotal,
  duplicates,
  drift,
}: Verification) {
  return {
    connection,
    pairs,
    drift,
    fields: fields.map(({ entity, field, equal, differ, held, muted, examples }) => ({
      entity,
      field,
      equal,
      differ,
      held,
      muted,
      examples: examples.map(({ email, crmId, marketingId, crm, marketing }) => ({
        email,
        sellId: crmId,
        dotdigitalId: marketingId,
        sell: crm,
        dotdigital: marketing,
      })),
    })),
    unlinked: {
      sell: unlinked.crm,
      dotdigital: unlinked.marketing,
      examples: unlinked.examples.map(({ system, entity, id, email }) => ({
        system: system === 'crm' ? 'sell' : 'dotdigital',
        entity,
        id,
        email,
      })),
    },
    missing: missing.map((one) => ({
      entity: one.entity,
      system: one.missing === 'crm' ? 'sell' : 'dotdigital',
      sellId: one.crmId,
      dotdigitalId: one.marketingId,
      email: one.email,
    })),
    missingTotal,
    duplicates: duplicates.map(({ entity, email, crmIds, linked }) => ({ entity, email, sellIds: crmIds, linked })),
  };
}

function verificationText(found: Verification, output: Output): string {
  const { connection, pairs, fields, unlinked, missing, missingTotal, duplicates, drift } = found;
  const verdict =
    drift === 0 ? output.style('green', 'in step') : output.style('yellow', countText(drift, 'unexplained difference'));
  const lines = [`${output.style('bold', connection)}  ${countText(pairs, 'pair')} compared, ${verdict}`];
  for (const { entity, field, equal, differ, held, muted, examples } of fields) {
    const parts = [
      `${equal} equal`,
      ...counted(differ, 'differ'),
      ...counted(held, 'held'),
      ...counted(muted, 'left as they are'),
    ];
    lines.push(`  ${entity.padEnd(7)} ${field.padEnd(20)} ${parts.join(', ')}`);
    for (const { email, crm, marketing } of examples)
      lines.push(
        output.style(
          'dim',
          `      ${email ?? 'no address'}: Sell ${valueText(crm)}, Dotdigital ${valueText(marketing)}`,
        ),
      );
  }
  if (unlinked.crm + unlinked.marketing > 0) {
    lines.push(
      `  Not linked yet: ${unlinked.crm} in Sell, ${unlinked.marketing} in Dotdigital; the next sync takes them up`,
    );
    for (const { system, entity, id, email } of unlinked.examples)
      lines.push(
        output.style(
          'dim',
          `      ${system === 'crm' ? `Sell ${entity}` : 'Dotdigital contact'} ${id}, ${email ?? 'no address'}`,
        ),
      );
  }
  if (missingTotal > 0) {
    lines.push(`  Linked, but gone on one side: ${missingTotal}`);
    for (const one of missing.slice(0, 5))
      lines.push(
        output.style(
          'dim',
          `      ${one.email ?? 'no address'}: ${one.missing === 'crm' ? `Sell ${one.entity} ${one.crmId}` : `Dotdigital contact ${one.marketingId}`}`,
        ),
      );
  }
  if (duplicates.length > 0)
    lines.push(`  ${countText(duplicates.length, 'address', 'addresses')} that several Sell records share`);
  return lines.join('\n');
}

function counted(count: number, word: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${word}`];
}
