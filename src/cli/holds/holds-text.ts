// Holds for a terminal: by code, by what is wrong, then who. Shortens long lists and says so.
import type { StoredHold } from '../../app.ts';
import type { Output } from '../output.ts';
import { countText } from '../product-words.ts';

/** Records named under one reason, unless a limit was asked for. */
const NAMED = 10;
const ORDER = { action: 0, waiting: 1, info: 2 } as const;
const SEVERITY_WORDS = {
  action: 'needs somebody',
  waiting: 'waits and goes by itself',
  info: 'for information, nothing to do',
} as const;

export function holdsText(
  holds: readonly StoredHold[],
  output: Output,
  asked: { readonly all: boolean; readonly filtered: boolean },
): string {
  if (holds.length === 0) return asked.filtered ? 'Nothing of that kind is held.' : 'Nothing is held.';
  const byCode = [...Map.groupBy(holds, (hold) => hold.code)].sort(
    ([, [a]], [, [b]]) => ORDER[a?.severity ?? 'info'] - ORDER[b?.severity ?? 'info'],
  );
  const shown = asked.all ? Number.POSITIVE_INFINITY : NAMED;
  const blocks = byCode.map(([code, own]) => {
    const severity = own[0]?.severity ?? 'info';
    const style = severity === 'action' ? 'yellow' : 'dim';
    const head = `${output.style(style, code)}  ${own.length.toLocaleString('en-GB')}  ${output.style('dim', SEVERITY_WORDS[severity])}`;
    const reasons = [
      ...Map.groupBy(own, (hold) => `${hold.message}\n${hold.fix}\n${JSON.stringify(hold.asks?.choices)}`).values(),
    ].sort((a, b) => b.length - a.length);
    return [head, ...reasons.flatMap((same) => reasonLines(same, output, shown))].join('\n');
  });
  const held = holds.filter(({ severity }) => severity === 'action').length;
  const total = `${countText(held, 'record')} ${held === 1 ? 'needs' : 'need'} somebody, ${countText(holds.length - held, 'other')} noted or waiting.`;
  return `${blocks.join('\n\n')}\n\n${total} Once mended, the next sync tries them by itself.`;
}

function reasonLines(same: readonly StoredHold[], output: Output, shown: number): readonly string[] {
  const [first] = same;
  if (first === undefined) return [];
  const width = Math.max(...same.slice(0, shown).map((hold) => whoOf(hold).length));
  const lines = [`  ${first.message}`, `  ${output.style('dim', first.fix)}`];
  for (const { choice, means } of first.asks?.choices ?? [])
    lines.push(output.style('dim', `    lockstep holds decide ID --${choice}  ${means}`));
  for (const hold of same.slice(0, shown)) {
    const { entity, crmId, marketingId, attempts, id } = hold;
    const places = [
      crmId === null ? null : `Sell ${entity} ${crmId}`,
      marketingId === null ? null : `Dotdigital ${marketingId}`,
    ];
    const where = places.filter((place) => place !== null).join(', ');
    const tries = attempts > 1 ? `, met ${attempts} times` : '';
    lines.push(`    ${whoOf(hold).padEnd(width)}  ${where}${tries}  ${output.style('dim', id)}`);
  }
  if (same.length > shown) {
    const more = (same.length - shown).toLocaleString('en-GB');
    lines.push(
      output.style(
        'dim',
        `    … and ${more} more; "lockstep holds --code ${first.code} --limit ${same.length}" lists them all`,
      ),
    );
  }
  return lines;
}

function whoOf(hold: StoredHold): string {
  const { email, crmId, marketingId, field } = hold;
  return email ?? (crmId === null && marketingId === null ? field : null) ?? 'no address';
}
