// `lockstep demo`: two simulated services, messy people, an alignment and a sync before one's eyes. Never touches a real account or the user's files.
import type { App } from '../app.ts';
import type { CliContext } from './context.ts';
import { compareSides } from './demo/agreement.ts';
import { catalogueText, optOutsText } from './demo/crossings.ts';
import { type DemoDashboard, openDashboard } from './demo/dashboard.ts';
import { heldCodes, heldText } from './demo/hold-summary.ts';
import { followedText, leadJourneys } from './demo/lead-journeys.ts';
import { createWorkspace, type Workspace } from './demo/workspace.ts';
import { EXIT } from './exit-code.ts';
import type { Program } from './program.ts';
import { actionText, runText } from './report-text.ts';
import { exitCodeOf, type Ran, runOne, runsJson } from './run-connections.ts';
import { wholeNumber } from './sandbox/option-values.ts';
import { pause } from './sandbox/until-aborted.ts';

const PEOPLE = 2500;
/** Milliseconds between two rounds of edits and sync. */
const ROUND_MS = 15_000;
const BUSY_MS = 500;
/** Edits in the round that follows the first sync, and in each later one. */
const EDITS = { first: 40, later: 8 } as const;
/** Writes shown for each row of the rules. */
const SAMPLES_PER_ROW = 2;

interface Stage {
  readonly context: CliContext;
  readonly app: App;
  readonly workspace: Workspace;
  readonly sandbox: import('../../sandbox/start.ts').RunningSandbox;
}

export function register(program: Program, context: CliContext): void {
  program
    .command('demo')
    .description('try everything on two simulated services with a few thousand messy people; needs no account')
    .option('--once', 'stop after the first sync')
    .option('--people <n>', 'how many people live there', wholeNumber(1, 200_000), PEOPLE)
    .option('--seed <n>', 'the same seed makes the same people', wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--port <n>', 'port of the dashboard (default: 8484, or any free one)', wholeNumber(0, 65_535))
    .action(async ({ once, people, seed, port }) => {
      const { startSandbox } = await import('../../sandbox/start.ts');
      const sandbox = await startSandbox({ people, seed });
      try {
        const workspace = await createWorkspace(sandbox);
        try {
          await inApp(context, sandbox, workspace, { once: once === true, seed, port: port ?? null });
        } finally {
          await workspace.remove();
        }
      } finally {
        await sandbox.stop();
      }
    });
}

async function inApp(
  context: CliContext,
  sandbox: Stage['sandbox'],
  workspace: Workspace,
  { once, seed, port }: { readonly once: boolean; readonly seed: number; readonly port: number | null },
): Promise<void> {
  const { openApp } = await import('../app.ts');
  const app = await openApp(workspace.config, { poll: { firstMs: 250, longestMs: 2000 } });
  let dashboard: DemoDashboard | null = null;
  try {
    introduce({ context, app, workspace, sandbox });
    // With --once it would be gone before anybody had opened it.
    dashboard = once ? null : await openDashboard(context, app, port);
    const stage: Stage = { context, app: dashboard?.app ?? app, workspace, sandbox };
    const ran = await firstSync(stage);
    const code = exitCodeOf(ran);
    if (!once && code === EXIT.done && !context.signal.aborted)
      await keepEditing(stage, seed, ran.find(({ report }) => report.kind === 'align')?.report.id ?? '');
    context.progress.stop();
    context.output.result({ json: () => runsJson(ran), text: () => '' });
    context.exitWith(context.signal.aborted && !once ? EXIT.done : code);
  } finally {
    await dashboard?.stop();
    await app.close();
  }
}

const count = (n: number): string => n.toLocaleString('en-GB');

function introduce({ context: { output }, sandbox, workspace }: Stage): void {
  const { counts, sell, dotdigital } = sandbox;
  output.print(output.style('bold', 'Two simulated services are running'));
  output.print(
    `  Zendesk Sell  ${sell.url}  ${count(counts.contacts)} contacts, ${count(counts.leads)} leads, ${count(counts.organisations)} organisations, ${count(counts.products)} products`,
  );
  output.print(`  Dotdigital    ${dotdigital.url}  ${count(counts.marketing)} contacts`);
  output.print(`  Configuration ${workspace.configFile}`);
}

/** Preview, alignment, the first sync, and one right after it that finds nothing left to do. */
async function firstSync(stage: Stage): Promise<readonly Ran[]> {
  const { context } = stage;
  const { output } = context;
  heading(stage, '1. What the alignment would do');
  const preview = await run(stage, 'preview');
  samples(stage, preview);
  output.print(runText(preview.report, output, false));
  also(stage, optOutsText(preview));
  if (stopped(preview)) return [preview];

  heading(stage, '2. The alignment');
  const align = await run(stage, 'align');
  output.print(runText(align.report, output, true));
  if (stopped(align)) return [preview, align];

  heading(stage, '3. Meanwhile people work with their leads, and the first sync follows');
  const journeys = leadJourneys(stage.sandbox);
  for (const { told } of journeys) output.print(`  ${told}`);
  const sync = await run(stage, 'sync');
  output.print('What followed:');
  output.print(followedText(journeys, sync, output));
  output.print('All of the sync, with the catalogue and with what an alignment never takes away:');
  output.print(runText(sync.report, output, true));
  also(stage, catalogueText(sync, stage.workspace.connection.products.collection));
  agreement(stage);
  const held = await heldCodes(stage.app, stage.workspace.connection.name);
  if (held.length > 0) {
    heading(stage, 'Held back, and why');
    output.print(heldText(held, output));
  }
  if (stopped(sync)) return [preview, align, sync];

  heading(stage, '4. A sync right after it');
  const again = await run(stage, 'sync');
  output.print(runText(again.report, output, true));
  return [preview, align, sync, again];
}

function also({ context: { output } }: Stage, text: string | null): void {
  if (text !== null) output.print(`  ${text}`);
}

/** People edit, the two services are brought in step, until Ctrl-C. */
async function keepEditing(stage: Stage, seed: number, aligned: string): Promise<void> {
  const { context, app, workspace, sandbox } = stage;
  const { output, signal } = context;
  const { pauses } = await import('../app.ts');
  const { createEditors } = await import('../../sandbox/people/editors.ts');
  const editors = createEditors({ sandbox, seed });
  for (let round = 1; !signal.aborted; round += 1) {
    heading(stage, round === 1 ? '5. People edit on both sides, and a sync follows' : `Round ${round}`);
    const edits = round === 1 ? EDITS.first : EDITS.later;
    for (let n = 0; n < edits; n += 1) output.print(`  ${editors.step()}`);
    if ((await pauses(app.store)).has(workspace.connection.name)) {
      output.print('  Paused in the dashboard: nothing is synchronised until it is resumed there.');
      await pause(ROUND_MS, signal);
      continue;
    }
    const sync = await unlessStopped(run(stage, 'sync'), signal);
    if (sync === null) return;
    for (const action of sync.planned ?? []) output.print(`  ${actionText(action, output)}`);
    output.print(runText(sync.report, output, true));
    agreement(stage);
    if (round === 1) {
      output.print(output.style('dim', '\nPeople go on editing; Ctrl-C ends the demo.'));
      output.print(output.style('dim', takeBackText(stage, aligned)));
    }
    await pause(ROUND_MS, signal);
  }
}

/** How to see an undo at work, while the demo runs. */
function takeBackText({ workspace }: Stage, aligned: string): string {
  const lockstep = `bin/lockstep --config ${workspace.configFile}`;
  return [
    'To take the alignment back: "Undo" on its page in the dashboard, or in another terminal',
    `  ${lockstep} undo ${aligned}`,
    '  It shows its plan and asks. What it would delete is above the delete limit and waits for "approve" with the id of the undo.',
  ].join('\n');
}

/** Null where Ctrl-C broke the work off: that is how a demo ends. */
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

function heading({ context: { output, progress } }: Stage, text: string): void {
  progress.stop();
  output.print(`\n${output.style('bold', text)}`);
}

async function run({ context, app, workspace }: Stage, kind: 'preview' | 'align' | 'sync'): Promise<Ran> {
  const { getRun } = await import('../app.ts');
  // As it stands now: somebody may have edited it in the dashboard.
  const connection = (await app.book.config(workspace.connection.name)) ?? workspace.connection;
  for (;;) {
    const ran = await runOne(context, app, connection, { kind, only: null, full: false }, kind !== 'align');
    // A run that somebody began in the dashboard goes first.
    const busy = ran.report.state === 'aborted' && (await getRun(app.store, ran.report.id)) === null;
    if (!busy || context.signal.aborted) return ran;
    await pause(BUSY_MS, context.signal);
  }
}

const stopped = ({ report }: Ran): boolean => report.state !== 'ok' && report.state !== 'ok_with_holds';

/** A few planned writes of every row, so that each rule at work is seen once. */
function samples({ context: { output } }: Stage, { planned }: Ran): void {
  const shown = new Map<string, number>();
  for (const stored of planned ?? []) {
    const key = `${stored.action.row} ${stored.action.kind} ${stored.action.system}`;
    const seen = shown.get(key) ?? 0;
    shown.set(key, seen + 1);
    if (seen < SAMPLES_PER_ROW) output.print(`  ${actionText(stored, output)}`);
  }
  const rest = (planned ?? []).length - [...shown.values()].reduce((sum, n) => sum + Math.min(n, SAMPLES_PER_ROW), 0);
  if (rest > 0) output.print(output.style('dim', `  … and ${count(rest)} more of these kinds`));
}

/** What a person would find who compared the two accounts by hand. */
function agreement({ context: { output }, sandbox }: Stage): void {
  const { contactPairs, leadPairs, disagreements } = compareSides(sandbox);
  output.print(
    `  Compared record by record: ${count(contactPairs)} contact pairs and ${count(leadPairs)} lead pairs, ${
      disagreements.length === 0
        ? output.style('green', 'all equal')
        : output.style('yellow', `${count(disagreements.length)} differ`)
    }`,
  );
  for (const { sellId, dotdigitalId, field, sell, dotdigital } of disagreements.slice(0, 5)) {
    output.print(
      `    Sell ${sellId} / Dotdigital ${dotdigitalId}: ${field} ${JSON.stringify(sell)} / ${JSON.stringify(dotdigital)}`,
    );
  }
}
