// Consent under undo goes one way only: an opt-in that the run made is taken back, an opt-out stays. (decision 27)
import { TAGS } from '../consent/own-tags.ts';
import { crmSide } from '../merge/merge-field.ts';
import type { Action } from '../model/plan.ts';
import type { ChannelState, CrmRecord } from '../model/record.ts';
import type { Settings } from '../model/settings.ts';
import type { Raw } from '../model/value.ts';
import { undoAction } from './invert-action.ts';
import { sameRaw } from './invert-fields.ts';
import type { Target } from './invert-target.ts';
import { UNDO_ROW } from './invert-view.ts';

const MAILABLE: readonly ChannelState[] = ['subscribed', 'pending', 'soft-bounced'];

export function invertConsent(settings: Settings, target: Target): void {
  const last = target.writes.findLast(({ action }) => action.kind === 'set-consent');
  if (last === undefined) return;
  if (last.action.lane === 'opt-out') {
    target.skip(
      'consent',
      last.action.changes['consent']?.to ?? null,
      `stays opted out in ${settings.labels[target.system]}: an opt-out is never undone`,
    );
    return;
  }
  const { marketing, crm } = target;
  if (marketing !== null) unsubscribe(settings, target, marketing.channel.state);
  else if (crm !== null) takeBackSignals(settings, target, crm, last.action);
}

function unsubscribe(settings: Settings, target: Target, state: ChannelState): void {
  if (!MAILABLE.includes(state)) return;
  target.consent = 'out';
  target.actions.push(
    undoAction(target, {
      lane: 'opt-out',
      kind: 'set-consent',
      changes: { consent: { from: state, to: 'unsubscribed' } },
      crm: null,
      marketing: { set: {}, channel: { state: 'unsubscribed' } },
      effects: [
        {
          type: 'consent',
          system: 'marketing',
          state: 'optedOut',
          signal: 'undo of the opt-in',
          effectiveAt: null,
          row: UNDO_ROW,
          crmId: target.crmId,
          marketingId: target.marketingId,
          written: `unsubscribed in ${settings.labels.marketing}`,
        },
      ],
    }),
  );
}

/** Tags and field of the CRM record, as far as they still say what the run wrote. */
function takeBackSignals(settings: Settings, target: Target, crm: CrmRecord, action: Action): void {
  const write = action.crm;
  if (write === null) return;
  const removeTags = (write.addTags ?? []).filter((tag) => crm.tags.includes(tag));
  const set: Record<string, Raw> = {};
  for (const [path, raw] of Object.entries(write.set)) {
    const before = action.replaced?.[path];
    if (before !== undefined && sameRaw(crm.values[path] ?? null, raw)) set[path] = before;
  }
  if (removeTags.length === 0 && Object.keys(set).length === 0) {
    target.skip('consent', null, 'was changed since');
    return;
  }
  const addTags = write.removeTags ?? [];
  const back: Readonly<Record<string, Raw>> = {
    ...set,
    [TAGS]: [...crm.tags.filter((tag) => !removeTags.includes(tag)), ...addTags],
  };
  // Where they are mapped as well, the other side is not to be told of it. (decision 27)
  for (const field of settings.roles[target.entity].fields) {
    const raw = back[field.crm.path];
    if (raw !== undefined) target.restored.set(field.crm.path, { value: crmSide(field, raw).value });
  }
  const { from, to } = action.changes['consent'] ?? { from: null, to: null };
  target.consent = from === 'optedOut' ? 'out' : 'unknown';
  target.actions.push(
    undoAction(target, {
      lane: 'opt-out',
      kind: 'set-consent',
      changes: { consent: { from: to, to: from } },
      crm: {
        set,
        ...(removeTags.length === 0 ? {} : { removeTags }),
        ...(addTags.length === 0 ? {} : { addTags }),
        ...(write.whole === undefined ? {} : { whole: write.whole }),
      },
      marketing: null,
    }),
  );
}
