// Why records are held back, code by code, each with an example and what to do about it. Never decides or changes a hold.
import type { App } from '../../app.ts';
import type { Output } from '../output.ts';

export interface HeldCode {
  readonly code: string;
  readonly severity: 'action' | 'info' | 'waiting';
  readonly total: number;
  /** One of them, in words. */
  readonly example: { readonly who: string; readonly message: string; readonly fix: string } | null;
}

/** Every code with open holds, those that need somebody first, then by number. */
export async function heldCodes(app: App, connection: string): Promise<readonly HeldCode[]> {
  const { countHoldsByCode, listHolds } = await import('../../app.ts');
  const found: HeldCode[] = [];
  for (const { code, severity, total } of await countHoldsByCode(app.store, connection)) {
    const [first] = await listHolds(app.store, { connection, codes: [code], severities: [severity], limit: 1 });
    const who =
      first?.email ?? (first?.crmId ? `${first.entity} ${first.crmId}` : `contact ${first?.marketingId ?? '?'}`);
    found.push({
      code,
      severity,
      total,
      example: first === undefined ? null : { who, message: first.message, fix: first.fix },
    });
  }
  const order = { action: 0, waiting: 1, info: 2 } as const;
  return found.sort((a, b) => order[a.severity] - order[b.severity] || b.total - a.total);
}

/** Three lines a code. */
export function heldText(held: readonly HeldCode[], output: Output): string {
  return held
    .map(({ code, severity, total, example }) => {
      const note = severity === 'info' ? output.style('dim', ' (for information)') : '';
      const head = `  ${output.style('yellow', code)} ${total.toLocaleString('en-GB')}${note}`;
      if (example === null) return head;
      return `${head}\n    e.g. ${example.who}: ${example.message}\n    ${output.style('dim', example.fix)}`;
    })
    .join('\n');
}
