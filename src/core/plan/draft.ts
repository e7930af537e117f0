// Gathers one person's plan while it is made: at most one marketing write, one CRM write a role. Decides nothing.
import type { Asked } from '../model/choice.ts';
import type { Hold, HoldCode, RecordRef } from '../model/hold.ts';
import { ROLES, type Role } from '../model/identity.ts';
import type { PersonView } from '../model/person.ts';
import type { Action, Change, CrmWrite, Effect, MarketingWrite, Note, PersonPlan } from '../model/plan.ts';
import { LANES } from '../model/plan.ts';
import type { CrmRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { Settings } from '../model/settings.ts';
import type { Raw, Value } from '../model/value.ts';

/** The marketing write both roles add to. */
export interface MarketingDraft {
  readonly create: boolean;
  readonly entity: Role;
  readonly crmId: string;
  readonly email: string | null;
  rows: RowId[];
  set: Record<string, Raw>;
  changes: Record<string, Change>;
  /** Canonical results by field key, so that the second role sees what the first decided. (L16, L17) */
  results: Map<string, Value>;
  renameTo: string | null;
  lists: string[];
  channel: NonNullable<MarketingWrite['channel']> | null;
  effects: Effect[];
}

export interface Draft {
  readonly view: PersonView;
  readonly settings: Settings;
  marketing: MarketingDraft | null;
  readonly crm: Action[];
  readonly lists: Action[];
  /** The status that the lead's CRM record is to have. (L5) */
  leadStatus: { readonly from: string | null; readonly to: string; readonly row: RowId } | null;
  readonly effects: Effect[];
  readonly holds: Hold[];
  readonly notes: Note[];
  /** The effects change who the person is: plan the records once more after them. */
  again: boolean;
  /** Something waits for a run that may do it. */
  later: boolean;
  /** CRM records that have to be read directly before this plan counts. (O3) */
  readonly look: { readonly role: Role; readonly id: string }[];
}

export function startDraft(view: PersonView, settings: Settings): Draft {
  return {
    view,
    settings,
    marketing: null,
    crm: [],
    lists: [],
    leadStatus: null,
    effects: [],
    holds: [],
    notes: [],
    again: false,
    later: false,
    look: [],
  };
}

/** The marketing write of this plan, begun on first use for a CRM record. */
export function marketingDraft(draft: Draft, { role, id }: CrmRecord, email: string | null): MarketingDraft {
  draft.marketing ??= {
    create: draft.view.marketing === null,
    entity: role,
    crmId: id,
    email,
    rows: [],
    set: {},
    changes: {},
    results: new Map(),
    renameTo: null,
    lists: [],
    channel: null,
    effects: [],
  };
  return draft.marketing;
}

export function addCrmWrite(
  draft: Draft,
  role: Role,
  crmId: string | null,
  part: {
    readonly rows: readonly RowId[];
    readonly write: CrmWrite;
    readonly email: string | null;
    readonly changes: Readonly<Record<string, Change>>;
    readonly effects: readonly Effect[];
  },
): void {
  const kind = crmId === null ? 'create' : 'update';
  draft.crm.push({
    id: actionId(draft.view.key, 'crm', role, kind),
    row: firstRow(part.rows),
    rows: unique(part.rows),
    lane: kind,
    kind,
    system: 'crm',
    entity: role,
    email: part.email,
    crmId,
    marketingId: draft.view.marketing?.id ?? null,
    changes: part.changes,
    clears: clears(part.changes),
    crm: part.write,
    marketing: null,
    effects: part.effects,
  });
}

export function addHold(
  draft: Draft,
  role: Role,
  hold: {
    readonly code: HoldCode;
    readonly row: RowId;
    readonly crmId?: string | null;
    readonly email?: string | null;
    readonly field?: string | null;
    readonly message: string;
    readonly fix: string;
    readonly asks?: Asked;
    readonly refs?: readonly RecordRef[];
  },
): void {
  const crmId = hold.crmId ?? null;
  const marketingId = draft.view.marketing?.id ?? null;
  const refs: RecordRef[] = [...(hold.refs ?? [])];
  if (crmId !== null) refs.push({ system: 'crm', entity: role, id: crmId });
  if (marketingId !== null) refs.push({ system: 'marketing', entity: 'contact', id: marketingId });
  draft.holds.push({
    code: hold.code,
    row: hold.row,
    entity: role,
    email: hold.email ?? draft.view.marketing?.email ?? null,
    crmId,
    marketingId,
    field: hold.field ?? null,
    message: hold.message,
    fix: hold.fix,
    ...(hold.asks === undefined ? {} : { asks: hold.asks }),
    refs,
  });
}

/** The finished plan: actions in lane order, everything else in the order it was decided. (R18) */
export function finishDraft(draft: Draft): PersonPlan {
  const marketing = draft.marketing === null ? [] : [marketingAction(draft, draft.marketing)];
  const actions = [...marketing, ...draft.crm, ...draft.lists];
  return {
    key: draft.view.key,
    actions: [...actions].sort((a, b) => LANES.indexOf(a.lane) - LANES.indexOf(b.lane)),
    effects: draft.effects,
    holds: draft.holds,
    notes: draft.notes,
    again: draft.again,
    ...(draft.later ? { later: true as const } : {}),
    ...(draft.look.length === 0 ? {} : { look: draft.look }),
  };
}

function marketingAction(draft: Draft, part: MarketingDraft): Action {
  const kind = part.create ? 'create' : 'update';
  return {
    id: actionId(draft.view.key, 'marketing', part.entity, kind),
    row: firstRow(part.rows),
    rows: unique(part.rows),
    lane: kind,
    kind,
    system: 'marketing',
    entity: part.entity,
    email: part.email,
    crmId: part.crmId,
    marketingId: draft.view.marketing?.id ?? null,
    changes: part.changes,
    clears: clears(withoutIds(draft.settings, part.changes)),
    crm: null,
    marketing: {
      set: part.set,
      ...(part.renameTo === null ? {} : { email: part.renameTo }),
      ...(part.lists.length === 0 ? {} : { lists: part.lists }),
      ...(part.channel === null ? {} : { channel: part.channel }),
    },
    effects: part.effects,
  };
}

function actionId(key: string, system: string, role: Role, kind: string): string {
  return `${key}/${system}/${role}/${kind}`;
}

/** The id of a record that is gone is nobody's value: taking it off blanks nothing. (D2, D7) */
function withoutIds(settings: Settings, changes: Readonly<Record<string, Change>>): Readonly<Record<string, Change>> {
  const ids = ROLES.map((role) => settings.roles[role].idField);
  return Object.fromEntries(Object.entries(changes).filter(([name]) => !ids.includes(name)));
}

function clears(changes: Readonly<Record<string, Change>>): boolean {
  return Object.values(changes).some((change) => change.to === null);
}

function unique(rows: readonly RowId[]): readonly RowId[] {
  return [...new Set(rows)];
}

function firstRow(rows: readonly RowId[]): RowId {
  const [row] = rows;
  if (row === undefined) throw new Error('A write must carry the row that decided it.');
  return row;
}
