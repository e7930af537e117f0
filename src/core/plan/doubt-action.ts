// What is remembered of a write that failed, as it may have been carried out all the same: read back, it is no edit of anybody's. (R4, contract 6)
// Pure; of writes that made a record, of consent, lists and an undo nothing is remembered here.
import type { BaseField, Unconfirmed } from '../model/link.ts';
import type { Action, Effect } from '../model/plan.ts';
import { UNDO_ROW } from './invert-view.ts';

export function doubtAction({ kind, row, system, effects }: Action): readonly Effect[] {
  if (kind !== 'update' || row === UNDO_ROW) return [];
  return effects.flatMap((effect): readonly Effect[] => {
    if (effect.type !== 'base') return [];
    const unconfirmed = system === 'crm' ? doubtedInCrm(effect.fields) : doubtedInMarketing(effect.unconfirmed);
    return Object.keys(unconfirmed).length === 0 ? [] : [{ ...effect, fields: {}, settled: [], unconfirmed }];
  });
}

function doubtedInCrm(fields: { readonly [key: string]: BaseField }): Record<string, Unconfirmed> {
  const mapped = Object.entries(fields).filter(([key]) => !key.startsWith('('));
  return Object.fromEntries(
    mapped.map(([key, { crm, marketing }]) => [key, { from: marketing, to: marketing, crm, tries: 0, doubted: 'crm' }]),
  );
}

/** One half of a write to both sides says nothing of the other. (C29) */
function doubtedInMarketing(marks: { readonly [key: string]: Unconfirmed }): Record<string, Unconfirmed> {
  const whole = Object.entries(marks).filter(([, { twoSided }]) => twoSided !== true);
  return Object.fromEntries(whole.map(([key, mark]) => [key, { ...mark, doubted: 'marketing' }]));
}
