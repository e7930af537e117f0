// What is known of a person for a terminal: who, the values side by side, what waits, whether mail is allowed, what was done and why.
import type { Explanation, HistoryEntry, StoredAction, Value } from '../../app.ts';
import type { Output } from '../output.ts';
import { inProductNames, SYSTEM_NAME, timeText } from '../product-words.ts';
import { shortId, valueText } from '../report-text.ts';
import type { Words } from './explanation-json.ts';

const KIND = {
  create: 'created',
  update: 'updated',
  delete: 'deleted',
  'set-consent': 'consent set',
  'list-add': 'put on a list',
  'list-remove': 'taken off a list',
} as const;
const STATE: { readonly [S in StoredAction['state']]: string } = {
  planned: 'planned',
  sent: 'sent, not answered yet',
  done: '',
  failed: 'FAILED',
  held: 'refused and held',
  parked: 'waits for approval',
  dropped: 'dropped',
  unknown: 'the answer was lost',
};

export function explanationText(email: string, one: Explanation, output: Output, words: Words): string {
  const { consent, history, holds } = one;
  const heading = (text: string): string => output.style('bold', text);
  const mail = consent.mayMail ? output.style('green', 'yes') : output.style('yellow', 'no');
  const parts = [
    `${heading(email)}  ${output.style('dim', one.connection)}`,
    `May be mailed: ${mail}, ${inProductNames(consent.because)}.`,
    '',
    heading('Records'),
    ...recordLines(one),
    '',
    heading('Links'),
    ...(one.links.length === 0 ? ['  None.'] : one.links.flatMap((link) => linkLines(link, one, output, words))),
  ];
  if (holds.length > 0) {
    parts.push('', heading('Held'));
    for (const { code, row, message, fix, firstSeen } of holds) {
      parts.push(
        `  ${output.style('yellow', code)} (${row}, since ${timeText(firstSeen)}): ${message}`,
        `    ${output.style('dim', fix)}`,
      );
    }
  }
  parts.push('', heading('What was decided, newest first'));
  parts.push(
    ...(history.length === 0
      ? ['  Nothing was written yet.']
      : history.flatMap((entry) => entryLines(entry, output, words))),
  );
  if (one.more) parts.push(output.style('dim', '  … and more; --limit shows them.'));
  return parts.join('\n');
}

function recordLines({ crm, marketing, suppressions }: Explanation): readonly string[] {
  const lines = crm.map(({ record }) => {
    const { role, id, firstName, lastName, status, state, email, tags } = record;
    const name = [firstName, lastName].filter((part) => part !== null).join(' ') || 'no name';
    const facts = [
      name,
      email ?? 'no address',
      status === null ? null : `status ${status}`,
      tags.length === 0 ? null : `tags ${tags.join(', ')}`,
    ];
    return `  Sell ${role} ${id}: ${facts.filter((fact) => fact !== null).join(', ')}${state === 'present' ? '' : ` (${state})`}`;
  });
  for (const { record } of marketing) {
    const { id, email, channel, state } = record;
    const gone = state === 'present' ? '' : ` (${state})`;
    lines.push(`  Dotdigital contact ${id}: ${email ?? 'no address'}, e-mail ${channel.reason}${gone}`);
  }
  for (const { emailKey, reason, at } of suppressions)
    lines.push(`  Suppressed in Dotdigital: ${emailKey}, ${reason}, ${timeText(at)}`);
  return lines.length === 0 ? ['  None.'] : lines;
}

/** One line of the link, then its fields: what both last agreed on, and what waits to be read back. */
function linkLines(
  link: Explanation['links'][number],
  one: Explanation,
  output: Output,
  words: Words,
): readonly string[] {
  const { role, state, because, crmId, marketingId, base, unconfirmed } = link;
  const why = because === null ? '' : ` (${because}: ${inProductNames(words.explainBecause(because))})`;
  const lines = [`  Sell ${role} ${crmId} ↔ Dotdigital contact ${marketingId}: ${state}${why}`];
  if (state === 'severed') return lines;
  const record = one.marketing.find((item) => item.record.id === marketingId)?.record;
  const fields = [...new Set([...Object.keys(base), ...Object.keys(unconfirmed)])].sort();
  const width = Math.max(0, ...fields.map((field) => field.length));
  for (const field of fields) {
    const agreed = base[field];
    const waiting = unconfirmed[field];
    const text = agreed === undefined ? '' : agreedText(agreed.crm, agreed.marketing);
    const mark =
      waiting === undefined
        ? ''
        : `${agreed === undefined ? '' : '; '}${valueText(waiting.to)} was written and waits to be read back`;
    lines.push(output.style('dim', `    ${field.padEnd(width)}  ${text}${mark}`));
  }
  if (record?.assumed === true)
    lines.push(output.style('dim', '    The Dotdigital contact was written and not read back yet.'));
  return lines;
}

function agreedText(crm: Value, marketing: Value): string {
  const [a, b] = [valueText(crm), valueText(marketing)];
  return a === b ? a : `Sell ${a}, Dotdigital ${b}`;
}

function entryLines(entry: HistoryEntry, output: Output, words: Words): readonly string[] {
  const { at, runId, row } = entry;
  const head = `  ${timeText(at)}  ${output.style('cyan', row.padEnd(4))}`;
  const run = output.style('dim', `run ${shortId(runId)}`);
  if (entry.type === 'note') return [`${head} ${inProductNames(entry.text)}  ${run}`];
  const { state, error, action } = entry.stored;
  const record = action.system === 'crm' ? action.entity : 'contact';
  const what = `${SYSTEM_NAME[action.system]} ${record} ${KIND[action.kind]}`;
  const ended = STATE[state] === '' ? '' : `: ${STATE[state]}`;
  const lines = [
    `${head} ${what}${ended}  ${run}`,
    `      ${output.style('dim', inProductNames(words.explainRow(row)))}`,
  ];
  for (const [field, { from, to }] of Object.entries(action.changes)) {
    lines.push(`      ${field}: ${from === null ? valueText(to) : `${valueText(from)} → ${valueText(to)}`}`);
  }
  if (error !== null) lines.push(`      ${error}`);
  return lines;
}
