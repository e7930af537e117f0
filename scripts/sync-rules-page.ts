// docs/sync-rules.md from the decision tables of the core, found by their file name. Adds no rule and no explanation of its own.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { QUESTIONS, type Question } from '../src/core/lifecycle/questions.table.ts';
import type { DecisionTable, Facts } from '../src/core/model/decision-table.ts';
import { HOLD_CODES, severityOf } from '../src/core/model/hold.ts';
import { ROW_WORDS } from '../src/core/plan/row-words.ts';

type AnyTable = DecisionTable<Facts, string>;

const INTRO = `# The rules of synchronisation

<!-- Made by \`npm run docs\` from the tables in src/core. Change a table, not this page. -->

Every decision Lockstep makes is a row of one of these tables. Its id stands in plans, in the journal and in \`lockstep explain\`, so that "why did this happen?" leads here.
*CRM* is Zendesk Sell, *marketing* is Dotdigital. A row applies when all that stands under *when* holds; what is not named may be anything. For every situation that can
occur exactly one row applies; this is checked each time Lockstep starts.
`;

const SEVERITY = {
  action: 'needs somebody',
  info: 'good to know; counted, waits for nobody',
  waiting: 'goes away by itself',
} as const;

function isTable(value: unknown): value is AnyTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    'rows' in value &&
    'facts' in value &&
    'decide' in value &&
    'name' in value
  );
}

async function loadTables(): Promise<readonly AnyTable[]> {
  const core = join(import.meta.dirname, '..', 'src', 'core');
  const files = globSync('**/*.table.ts', { cwd: core }).sort();
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(join(core, file)).href) as Promise<{ readonly [name: string]: unknown }>),
  );
  return modules.flatMap((module) => Object.values(module).filter(isTable)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function section(table: AnyTable): string {
  const facts = Object.entries(table.facts).map(
    ([name, words]) => `- \`${name}\`: ${words.map((word) => `\`${word}\``).join(', ')}`,
  );
  const rows = table.rows.map(({ id, when, then, because }) => {
    const conditions = Object.entries(when).map(
      ([name, words]) => `${name}: ${(typeof words === 'string' ? [words] : (words ?? [])).join(' or ')}`,
    );
    return `| **${id}** | ${conditions.join('<br>') || 'always'} | ${then} | ${because} |`;
  });
  return [
    `## ${table.name[0]?.toUpperCase()}${table.name.slice(1)}`,
    '',
    'Facts:',
    '',
    ...facts,
    '',
    '| row | when | then | because |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function holdSection(): string {
  const rows = HOLD_CODES.map((code) => `| \`${code}\` | ${SEVERITY[severityOf(code)]} |`);
  return [
    '## What waits',
    '',
    'A record that cannot be synchronised is held under one of these codes. `lockstep holds` lists them with reason and remedy.',
    '',
    '| code | |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function questionSection(): string {
  const labels = { crm: 'Zendesk Sell', marketing: 'Dotdigital' };
  const rows = Object.values<Question>(QUESTIONS).flatMap(({ codes, rows: ids, choices }) =>
    Object.entries(choices).map(
      ([choice, means]) =>
        `| ${codes.map((code) => `\`${code}\``).join(', ')} | **${ids.join(', ')}** | \`--${choice}\` | ${means(labels)} |`,
    ),
  );
  return [
    '## What a person decides',
    '',
    'Some questions no rule may answer. `lockstep holds` shows what may be decided, `lockstep holds decide ID --CHOICE` decides it: once and for good, carried out by the next sync.',
    '',
    '| code | row | choice | it means |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function wordsSection(): string {
  const rows = Object.entries(ROW_WORDS).map(([id, words]) => `| **${id}** | ${words} |`);
  return [
    '## Every row in one sentence',
    '',
    'What `lockstep explain` says where no table gives one reason alone.',
    '',
    '| row | |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** The whole page. */
export async function syncRulesPage(): Promise<string> {
  const tables = await loadTables();
  return [INTRO, ...tables.map(section), wordsSection(), holdSection(), questionSection()].join('\n');
}
