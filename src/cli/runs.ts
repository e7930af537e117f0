// `lockstep runs [ID]`: what ran, newest first, or everything about one run. Only reads the database.
import type { App, ProductAction, RunReport, StoredAction, StoredNote, StoredRun } from '../app.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { countText, durationText, timeText } from './product-words.ts';
import type { Program } from './program.ts';
import { runJson } from './report-json.ts';
import { actionText, runText, shortId, stateText } from './report-text.ts';
import { withApp } from './run-connections.ts';
import { wholeNumber } from './sandbox/option-values.ts';

/** Runs in a list, and lines of each part of one run, where nothing else was asked for. */
const RUNS = 20;
const LINES = 50;

export function register(program: Program, context: CliContext): void {
  program
    .command('runs')
    .description('what ran, newest first; with the id of a run (or its beginning): what it did')
    .argument('[id]', 'id of a run, or the beginning of one')
    .option('--limit <n>', `at most so many runs (default ${RUNS}), or writes of one run`, wholeNumber(1, 1_000_000))
    .option('--after <n>', 'with an id: go on after this write of the page before', wholeNumber(0, 1_000_000_000))
    .action(async (id, { limit, after }) => {
      await withApp(context, async (app) => {
        if (id === undefined) await showList(context, app, limit ?? RUNS);
        else await showOne(context, app, id, { limit, after });
      });
    });
}

async function showList(context: CliContext, app: App, limit: number): Promise<void> {
  const { leaseHolder, listRuns, storedReport } = await import('../app.ts');
  const named = context.options.connection === undefined ? undefined : (await context.connections(app))[0]?.name;
  const runs = await listRuns(app.store, { limit, ...(named === undefined ? {} : { connection: named }) });
  const reports: RunReport[] = [];
  for (const run of runs) reports.push(await storedReport(app.store, run));
  const held = new Set<string>();
  for (const name of new Set(runs.map((run) => run.connection))) {
    if ((await leaseHolder(app.store, name, new Date().toISOString())) !== null) held.add(name);
  }
  const width = Math.max(0, ...runs.map((run) => run.connection.length));
  const { output } = context;
  context.output.result({
    json: () => ({ runs: reports.map((report) => runJson(report, null)) }),
    text: () => {
      if (reports.length === 0) return 'Nothing ran yet. "lockstep align --preview" shows what an alignment would do.';
      const lines = reports.map((report) => {
        const { id, connection, kind, actions, startedAt, finishedAt } = report;
        const state = stateText(report, output, held.has(connection));
        const did = isDry(kind)
          ? `${actions.total.toLocaleString('en-GB')} planned`
          : countText(actions.total, 'write');
        const took = finishedAt === null ? '' : `, ${durationText(Date.parse(finishedAt) - Date.parse(startedAt))}`;
        return `${shortId(id)}  ${timeText(startedAt).padEnd(22)} ${connection.padEnd(width)}  ${kind.padEnd(7)}  ${state}, ${did}${took}`;
      });
      if (reports.length === limit) lines.push(output.style('dim', `The newest ${limit}; --limit shows more.`));
      return lines.join('\n');
    },
  });
}

interface Page {
  readonly limit: number | undefined;
  readonly after: number | undefined;
}

async function showOne(context: CliContext, app: App, id: string, page: Page): Promise<void> {
  const { leaseHolder, listActions, notesOfRun, plannedOf, plannedProductsOf, productActions, storedReport } =
    await import('../app.ts');
  const run = await runNamed(app, id);
  const report = await storedReport(app.store, run);
  const wholeDocument = context.options.json === true && page.limit === undefined && page.after === undefined;
  const afterSeq = page.after ?? -1;
  const limit = page.limit ?? LINES;
  const persons = wholeDocument
    ? await Array.fromAsync(plannedOf(app.store, run.id))
    : await listActions(app.store, run.id, { afterSeq, limit });
  const products = wholeDocument
    ? await Array.fromAsync(plannedProductsOf(app.store, run.id))
    : persons.length < limit
      ? await productActions(app.store, run.id, { afterSeq, limit: limit - persons.length })
      : [];
  const writes = [...persons, ...products];
  const notes = await notesOfRun(app.store, run.id, { limit: LINES + 1 });
  const held = (await leaseHolder(app.store, run.connection, new Date().toISOString())) !== null;
  const { output } = context;
  output.result({
    json: () => ({
      runs: [
        {
          ...runJson(report, writes),
          notes: notes.map(({ row, text, at, emailKey }) => ({ row, text, at, email: emailKey })),
        },
      ],
    }),
    text: () => {
      const took =
        run.finishedAt === null
          ? held
            ? 'still under way'
            : 'broke off'
          : `took ${durationText(Date.parse(run.finishedAt) - Date.parse(run.startedAt))}`;
      const lines = [runText(report, output, !isDry(run.kind)), `  Started ${timeText(run.startedAt)}, ${took}`];
      if (writes.length > 0)
        lines.push('', isDry(run.kind) ? 'Planned' : 'Writes', ...writes.map((one) => writeText(one, run, context)));
      const last = writes.at(-1);
      if (last !== undefined && writes.length === (page.limit ?? LINES)) {
        const more = `lockstep runs ${shortId(run.id)} --after ${last.seq}`;
        lines.push(output.style('dim', `More, if there are any: ${more}`));
      }
      if (notes.length > 0) lines.push('', 'Notes', ...notes.slice(0, LINES).map(noteText));
      if (notes.length > LINES)
        lines.push(output.style('dim', `… and more; "lockstep explain EMAIL" shows those of one person.`));
      return lines.join('\n');
    },
  });
}

/** @throws CliError (exit 2) when no run or more than one begins like this */
export async function runNamed(app: App, id: string): Promise<StoredRun> {
  const { findRuns } = await import('../app.ts');
  const found = await findRuns(app.store, id.toLowerCase(), 4);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only === undefined) {
    throw new CliError(EXIT.usage, `there is no run "${id}"`, { hint: '"lockstep runs" lists them.' });
  }
  const names = found.slice(0, 3).map((run) => run.id);
  throw new CliError(
    EXIT.usage,
    `several runs begin with "${id}": ${names.join(', ')}${found.length > 3 ? ', …' : ''}`,
    {
      hint: 'Give a few more characters.',
    },
  );
}

function writeText(stored: StoredAction | ProductAction, run: StoredRun, context: CliContext): string {
  const { state, error } = stored;
  const text = `  ${actionText(stored, context.output)}`;
  if (isDry(run.kind) || state === 'done') return text;
  const style = state === 'failed' || state === 'unknown' ? 'red' : 'yellow';
  return `${text}\n       ${context.output.style(style, STATE_WORDS[state])}${error === null ? '' : `: ${error}`}`;
}

const STATE_WORDS: { readonly [S in StoredAction['state']]: string } = {
  planned: 'not sent yet',
  sent: 'sent, not answered yet',
  done: 'done',
  failed: 'failed',
  held: 'refused and held',
  parked: 'waits for approval',
  dropped: 'dropped, planned anew',
  unknown: 'the answer was lost; it is looked up before anything is repeated',
};

function noteText({ row, text, emailKey }: StoredNote): string {
  return `  ${row.padEnd(4)} ${emailKey === null ? '' : `${emailKey}: `}${text}`;
}

function isDry(kind: StoredRun['kind']): boolean {
  return kind === 'plan' || kind === 'preview';
}
