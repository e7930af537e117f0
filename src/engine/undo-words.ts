// What undo leaves alone, in words. Decides nothing.
import { type Skipped, UNDO_ROW } from '../core/plan/invert-view.ts';
import type { StoredNote } from '../store/notes.ts';
import type { Engine } from './engine.ts';
import { addressKey } from './mirror-items.ts';

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
function skippedLine({ email, name, entity, field, present, why }: Skipped): string {
  const about = field === null || field === 'consent';
  const now = about || present === null ? '' : ` (now ${JSON.stringify(present)})`;
  return `${email ?? name ?? 'a record without an address'} (${entity}): ${about ? why : `${field} ${why}`}${now}`;
}

export function undoNote(engine: Engine, runId: string, personKey: string, skipped: Skipped): StoredNote {
  return {
    runId,
    connection: engine.name,
    personKey,
    row: UNDO_ROW,
    text: skippedLine(skipped),
    emailKey: addressKey(skipped.email),
    at: engine.now(),
  };
}
