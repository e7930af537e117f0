// What undo leaves alone, in words. Decides nothing.
import type { Skipped } from '../core/plan/invert-view.ts';

/** Named one by one in a report; the rest is counted and kept with the run. */
const NAMED = 20;

export function skippedText(skipped: readonly Skipped[], runId: string): string | null {
  if (skipped.length === 0) return null;
  const lines = skipped.slice(0, NAMED).map(skippedLine);
  if (skipped.length > NAMED)
    lines.push(`and ${skipped.length - NAMED} more: "lockstep runs ${runId}" has them among its notes`);
  return [
    `${skipped.length === 1 ? 'One part of the run stays as it is' : `${skipped.length} parts of the run stay as they are`}:`,
    ...lines,
  ].join('\n');
}

/** `ada@example.com (contact): FIRSTNAME was changed since (now "Ada")`. */
export function skippedLine({ email, entity, field, present, why }: Skipped): string {
  const about = field === null || field === 'consent';
  const now = about || present === null ? '' : ` (now ${JSON.stringify(present)})`;
  return `${email ?? 'a record without an address'} (${entity}): ${about ? why : `${field} ${why}`}${now}`;
}
