// What both sides are taken to agree on after an undo: each side as it then stands, so that nothing is pushed again. (decision 27)
// Pure; sends nothing.
import { CONSENT_KEY } from '../consent/state-words.ts';
import { countingList } from '../lifecycle/lead-lists.ts';
import { crmSide, marketingSide } from '../merge/merge-field.ts';
import type { BaseField, Link, Unconfirmed } from '../model/link.ts';
import type { Action, Effect } from '../model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { Settings } from '../model/settings.ts';
import { sameValue, type Value } from '../model/value.ts';
import { emailKey } from '../normalize/email.ts';
import { type Target, targetKey } from './invert-target.ts';
import type { PersonUndo, UndoView } from './invert-view.ts';
import { STATUS_KEY } from './plan-lead-status.ts';

/** One field of one link, before and after the undo. */
interface Step {
  readonly key: string;
  readonly crm: { readonly now: Value; readonly after: Value };
  readonly marketing: { readonly now: Value; readonly after: Value };
}

/**
 * Bases of all living links of the person. Where both sides read the same now, the new base is learnt before the write is
 * sent: should the write be lost, both still agree; should only its answer be lost, the value that comes back is known. Where
 * they differ, the base waits for the write that changes it. (R4) Where both are written, each may be refused or lost for itself:
 * what marketing reads is found out when it is read back, and the CRM's write says if it stays. So too beside a record that is to
 * be deleted: its delete may wait for approval or be rejected, and the link lives on meanwhile.
 */
export function rememberUndone(
  view: UndoView,
  settings: Settings,
  targets: readonly Target[],
): Pick<PersonUndo, 'actions' | 'effects'> {
  const effects: Effect[] = [];
  const late = new Map<Target, Effect[]>();
  const otherwise = new Map<Target, Effect[]>();
  const marketing = targets.find((target) => target.system === 'marketing') ?? null;
  for (const link of view.links) {
    if (link.state === 'shadow' || view.marketing === null || view.marketing.id !== link.marketingId) continue;
    const record = view.records.find((candidate) => candidate.role === link.role && candidate.id === link.crmId);
    const crm = targets.find((target) => target.key === targetKey('crm', link.role, link.crmId)) ?? null;
    if (record === undefined) continue;
    effects.push(...consentEffects(link, crm, marketing));
    const all = stepsOf(settings, link, record, view.marketing, crm, marketing);
    const both = all.filter(({ crm, marketing }) => isMoved(crm) && isMoved(marketing));
    if (both.length > 0) effects.push(baseEffect(link, fieldsOf(both, 'now'), marksOf(both)));
    if (both.length > 0 && crm !== null) push(otherwise, crm, staysEffect(link, both));
    const steps = all.filter((step) => !both.includes(step));
    const status = statusStep(view, settings, link, record, crm, marketing);
    const inStep = [...steps, ...(status === null ? [] : [status])].filter((step) =>
      sameValue(step.crm.now, step.marketing.now),
    );
    if (inStep.length > 0) effects.push(baseEffect(link, fieldsOf(inStep), {}));
    const apart = steps.filter((step) => !inStep.includes(step));
    const toMarketing = apart.filter((step) => isMoved(step.marketing));
    if (toMarketing.length > 0) effects.push(baseEffect(link, {}, marksOf(toMarketing)));
    const toCrm = apart.filter((step) => !toMarketing.includes(step));
    if (crm !== null && toCrm.length > 0) push(late, crm, baseEffect(link, fieldsOf(toCrm), {}));
    if (status !== null && !inStep.includes(status)) {
      const target = crm?.restored.has('status') === true ? crm : marketing;
      if (target !== null) push(late, target, baseEffect(link, fieldsOf([status]), {}));
    }
  }
  return {
    actions: targets.flatMap((target) => withEffects(target, late.get(target) ?? [], otherwise.get(target) ?? [])),
    effects,
  };
}

function isMoved({ now, after }: Step['crm']): boolean {
  return !sameValue(now, after);
}

/** Either side's word of consent as it will be; not applied, it only reads as said again. (O2, O6) */
function consentEffects(link: Link, crm: Target | null, marketing: Target | null): readonly Effect[] {
  const base = link.base[CONSENT_KEY];
  const [inCrm, inMarketing] = [crm?.consent ?? null, marketing?.consent ?? null];
  if (base === undefined || (inCrm === null && inMarketing === null)) return [];
  return [
    baseEffect(link, { [CONSENT_KEY]: { crm: inCrm ?? base.crm, marketing: inMarketing ?? base.marketing } }, {}),
  ];
}

function push(late: Map<Target, Effect[]>, target: Target, effect: Effect): void {
  const known = late.get(target);
  if (known === undefined) late.set(target, [effect]);
  else known.push(effect);
}

/** Onto the record's last write: with it everything is back. */
function withEffects(target: Target, effects: readonly Effect[], otherwise: readonly Effect[]): readonly Action[] {
  const last = target.actions.length - 1;
  return target.actions.map((action, place) =>
    place === last
      ? { ...action, effects: [...action.effects, ...effects], ...(otherwise.length === 0 ? {} : { otherwise }) }
      : action,
  );
}

function stepsOf(
  settings: Settings,
  link: Link,
  record: CrmRecord,
  contact: MarketingRecord,
  crm: Target | null,
  marketing: Target | null,
): readonly Step[] {
  const steps: Step[] = [];
  for (const field of settings.roles[link.role].fields) {
    const inCrm = crm?.restored.get(field.crm.path);
    const inMarketing = marketing?.restored.get(field.marketing.name);
    if (inCrm === undefined && inMarketing === undefined) continue;
    const crmNow = crmSide(field, record.values[field.crm.path] ?? null).value;
    const marketingNow = marketingSide(field, contact.values[field.marketing.name] ?? null).value;
    steps.push({
      key: field.key,
      crm: { now: crmNow, after: inCrm === undefined ? crmNow : inCrm.value },
      marketing: { now: marketingNow, after: inMarketing === undefined ? marketingNow : inMarketing.value },
    });
  }
  const inCrm = crm?.restored.get('email');
  const inMarketing = marketing?.restored.get('email');
  if (inCrm !== undefined || inMarketing !== undefined) {
    const [crmNow, marketingNow] = [addressOf(record), addressOf(contact)];
    steps.push({
      key: 'email',
      crm: { now: crmNow, after: inCrm === undefined ? crmNow : inCrm.value },
      marketing: { now: marketingNow, after: inMarketing === undefined ? marketingNow : inMarketing.value },
    });
  }
  return steps;
}

/** The lead's status and the list that will count for it. (L3, L5) */
function statusStep(
  view: UndoView,
  settings: Settings,
  link: Link,
  record: CrmRecord,
  crm: Target | null,
  marketing: Target | null,
): Step | null {
  const lists = settings.roles.lead.statusLists;
  const moved = (marketing?.left.length ?? 0) + (marketing?.joined.length ?? 0) > 0;
  const restored = crm?.restored.get('status');
  if (link.role !== 'lead' || lists === null || record.status === null || (!moved && restored === undefined))
    return null;
  const { status } = record;
  const before = countingList(view.leadLists, lists, status)?.list.status ?? null;
  const stay = view.leadLists.filter(({ listId }) => marketing?.left.includes(listId) !== true);
  const joins = (marketing?.joined ?? []).map((listId) => ({ listId, since: null }));
  const after = countingList([...stay, ...joins], lists, status)?.list.status ?? null;
  return {
    key: STATUS_KEY,
    crm: { now: status, after: restored === undefined ? status : restored.value },
    // On no list at all reads as taken off all of them, which leaves both sides alone; "never was on one" would join it again. (L8)
    marketing: { now: before, after: after ?? before ?? status },
  };
}

function fieldsOf(steps: readonly Step[], marketing: 'now' | 'after' = 'after'): Record<string, BaseField> {
  return Object.fromEntries(
    steps.map((step) => [step.key, { crm: step.crm.after, marketing: step.marketing[marketing], undone: true }]),
  );
}

function marksOf(steps: readonly Step[]): Record<string, Unconfirmed> {
  return Object.fromEntries(
    steps.map((step) => [
      step.key,
      { from: step.marketing.now, to: step.marketing.after, crm: step.crm.after, tries: 1, undone: true },
    ]),
  );
}

function staysEffect(link: Link, steps: readonly Step[]): Effect {
  const crmStays = Object.fromEntries(steps.map((step) => [step.key, step.crm.now]));
  return { ...baseEffect(link, {}, {}), crmStays };
}

function baseEffect(
  link: Link,
  fields: Record<string, BaseField>,
  unconfirmed: Record<string, Unconfirmed>,
): Extract<Effect, { type: 'base' }> {
  const settled = [...Object.keys(fields), ...Object.keys(unconfirmed)];
  return {
    type: 'base',
    role: link.role,
    crmId: link.crmId,
    marketingId: link.marketingId,
    fields,
    unconfirmed,
    settled,
  };
}

function addressOf(record: CrmRecord | MarketingRecord): string | null {
  const reading = emailKey(record.email);
  return reading.type === 'ok' ? reading.key : null;
}
