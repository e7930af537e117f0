// Undo of one person: what a run wrote, turned back wherever nobody touched it since. (R17, decision 27)
// Pure; never re-subscribes anybody and never overwrites what was changed after the run.
import type { Settings } from '../model/settings.ts';
import { rememberUndone } from './invert-base.ts';
import { invertConsent } from './invert-consent.ts';
import { invertCreate } from './invert-create.ts';
import { invertFields } from './invert-fields.ts';
import { invertLists } from './invert-lists.ts';
import { foldWrites, type Target } from './invert-target.ts';
import type { PersonUndo, UndoView } from './invert-view.ts';

/** Plans the inverse of one person's writes. Total and repeatable: what is back already gives nothing. (R18) */
export function invertPerson(view: UndoView, settings: Settings): PersonUndo {
  const targets = foldWrites(view).map((fold) => invertTarget(view, settings, fold));
  const learnt = rememberUndone(view, settings, targets);
  return {
    actions: learnt.actions,
    effects: learnt.effects,
    skipped: targets.flatMap((target) => target.skipped),
  };
}

function invertTarget(view: UndoView, settings: Settings, target: Target): Target {
  if (target.writes.some(({ action }) => action.kind === 'delete')) {
    skipDeleted(settings, target);
    return target;
  }
  if (target.writes.some(({ action }) => action.kind === 'create')) {
    invertCreate(view, settings, target);
    return target;
  }
  if (target.record === null || target.record.state !== 'present') {
    target.skip(null, null, `is no longer in ${settings.labels[target.system]}`);
    return target;
  }
  if (!settings.roles[target.entity].enabled) {
    target.skip(null, null, `stays: ${target.entity}s are switched off`);
    return target;
  }
  invertConsent(settings, target);
  invertFields(settings, target);
  invertLists(view, settings, target);
  return target;
}

/** Whoever is made anew comes without consent history and opt-outs, so that nobody is: people restore from the bin. */
function skipDeleted(settings: Settings, target: Target): void {
  if (target.record?.state === 'present') return;
  const label = settings.labels[target.system];
  target.skip(
    null,
    null,
    target.system === 'marketing'
      ? `was deleted in ${label}, which cannot be undone from here without losing its consent: its recycle bin keeps it for 30 days, restore it there`
      : `was deleted in ${label}, which cannot be undone from here`,
  );
}
