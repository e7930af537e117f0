// `lockstep ledger`: the consent history of a person, or the whole of it; `ledger verify`: whether it is still what was written.
// Changes nothing.
import type { LedgerEntry } from '../app.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { countText, SYSTEM_LABEL, SYSTEM_NAME, timeText } from './product-words.ts';
import type { Program } from './program.ts';
import { withApp } from './run-connections.ts';

interface Told {
  readonly connection: string;
  readonly entry: LedgerEntry;
}

export function register(program: Program, context: CliContext): void {
  const ledger = program
    .command('ledger')
    .description('consent history of a person; "ledger verify" checks that nobody changed it')
    .argument('<email>', 'address of the person')
    .option('--csv', 'as comma-separated values, one entry a line')
    .action(async (email, { csv }) => {
      await withApp(context, async (app) => {
        const { explainAddress, hashAddress, personData } = await import('../app.ts');
        const told: Told[] = [];
        for (const { name } of await context.connections(app)) {
          const { ledger: known } = await explainAddress(app.store, name, email, hashAddress, 1);
          // Of somebody who was erased the entries stay, without a word of whom they are about.
          const { ledger: own } = await personData(app.store, name, email, hashAddress, app.secretKey);
          const entries = new Map([...known, ...own].map((entry) => [entry.seq, entry]));
          told.push(...[...entries.values()].sort(inOrder).map((entry) => ({ connection: name, entry })));
        }
        context.output.result({
          json: () => ({ email, ledger: told.map(entryJson) }),
          text: () =>
            csv === true
              ? csvText(told)
              : told.length === 0
                ? `Nothing is recorded about the consent of ${email}.`
                : told.map(entryText).join('\n'),
        });
      });
    });
  ledger
    .command('export')
    .description('the whole ledger in order, for an auditor: every entry with its hash and the one before it')
    .option('--csv', 'as comma-separated values, one entry a line')
    .action(async (own) => {
      // The command above has an option of the same name, and takes it first.
      const csv = own.csv ?? ledger.opts().csv;
      await withApp(context, async (app) => {
        const { wholeLedger } = await import('../app.ts');
        const told: Told[] = [];
        for (const { name } of await context.connections(app))
          for await (const page of wholeLedger(app.store, name))
            told.push(...page.map((entry) => ({ connection: name, entry })));
        context.output.result({
          json: () => ({ ledger: told.map(entryJson) }),
          text: () => (csv === true ? csvText(told) : JSON.stringify({ ledger: told.map(entryJson) }, null, 2)),
        });
      });
    });
  ledger
    .command('verify')
    .description('recompute the chain of the whole ledger')
    .action(async () => {
      await withApp(context, async (app) => {
        const { ledgerWitnesses, verifyLedger } = await import('../app.ts');
        const checks = await Promise.all(
          (await context.connections(app)).map(async ({ name }) => ({
            connection: name,
            check: await verifyLedger(app.store, name, await ledgerWitnesses(app.store, name)),
          })),
        );
        const broken = checks.filter(({ check }) => check.type === 'broken');
        context.output.result({
          json: () => ({
            ledger: checks.map(({ connection, check }) => ({ connection, ...check })),
            ok: broken.length === 0,
          }),
          text: () =>
            checks
              .map(({ connection, check }) =>
                check.type === 'sound'
                  ? `${connection}: sound, ${countText(check.entries, 'entry', 'entries')}${check.redacted === 0 ? '' : `, ${check.redacted} of them redacted by erasures`}`
                  : `${connection}: BROKEN at entry ${check.seq}: ${check.why}`,
              )
              .join('\n'),
        });
        if (broken.length > 0) throw new CliError(EXIT.failedRecords, 'the consent ledger is not what was written');
      });
    });
}

function inOrder(a: LedgerEntry, b: LedgerEntry): number {
  return a.seq - b.seq;
}

function entryJson({ connection, entry }: Told) {
  const { crmId, marketingId, system, runId, emailKey, ...rest } = entry;
  return {
    connection,
    ...rest,
    email: emailKey,
    system: SYSTEM_LABEL[system],
    run: runId,
    sellId: crmId,
    dotdigitalId: marketingId,
  };
}

const COLUMNS = [
  'seq',
  'at',
  'connection',
  'email',
  'system',
  'sellId',
  'dotdigitalId',
  'state',
  'signal',
  'effectiveAt',
  'row',
  'written',
  'run',
  'person',
  'erasureId',
  'previous',
  'digest',
  'hash',
] as const;

/** For a spreadsheet: a cell that would be taken for a formula is quoted as text. */
function csvText(told: readonly Told[]): string {
  const cell = (value: unknown): string => {
    const text = value === null || value === undefined ? '' : String(value);
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [
    COLUMNS.join(','),
    ...told.map(entryJson).map((entry) => COLUMNS.map((name) => cell(entry[name])).join(',')),
  ].join('\n');
}

const STATE_WORDS: { readonly [state: string]: string } = {
  optedIn: 'opted in',
  optedOut: 'opted out',
  pending: 'asked to confirm',
  unknown: 'nothing known',
};

function entryText({ connection, entry }: Told): string {
  const effective = entry.effectiveAt === null ? '' : `, in effect since ${timeText(entry.effectiveAt)}`;
  const written = entry.written === null ? '' : ` → ${entry.written}`;
  const state = STATE_WORDS[entry.state] ?? entry.state;
  return `${timeText(entry.at)}  ${connection}  ${entry.row.padEnd(4)} ${SYSTEM_NAME[entry.system].padEnd(10)} ${state} (${entry.signal}${effective})${written}`;
}
