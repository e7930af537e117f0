// All that a run did to one record of one system, folded into one before and one after. Decides nothing.
import type { Role, System } from '../model/identity.ts';
import type { Action, Change } from '../model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { Raw, Value } from '../model/value.ts';
import type { PastWrite, Skipped, UndoView } from './invert-view.ts';

/** One field over the whole run: as it was before the first write and after the last. */
export interface FoldedField {
  /** Canonical; left out for what is written along without being told, like ids. */
  readonly change: Change | null;
  /** Raw value before the first write; undefined where the journal does not have it. */
  readonly before: Raw | undefined;
  /** Raw value of the last write; undefined where it is no raw value (addresses, statuses). */
  readonly after: Raw | undefined;
}

/** A field that goes back, with the value it will read. */
export interface Restored {
  readonly value: Value;
}

/** A record under undo: what is known of it, and what becomes of it. Filled step by step. */
export class Target {
  readonly system: System;
  readonly entity: Role;
  readonly id: string;
  /** Null when the mirror does not know it. */
  readonly record: CrmRecord | MarketingRecord | null;
  readonly marketing: MarketingRecord | null;
  readonly crm: CrmRecord | null;
  readonly writes: readonly PastWrite[];
  readonly fields: ReadonlyMap<string, FoldedField>;
  /** Fields that an earlier undo of the run took back: what they read now, the run's own value too, somebody wrote since. */
  readonly takenBack: ReadonlySet<string>;
  /** Rows of the writes that are taken back. */
  readonly rows: readonly RowId[];
  readonly email: string | null;
  readonly crmId: string | null;
  readonly marketingId: string | null;
  readonly actions: Action[] = [];
  readonly skipped: Skipped[] = [];
  /** What the record's fields will read, by the plan's own names; `email` and `status` included. */
  readonly restored = new Map<string, Restored>();
  /** Lists left and joined, by id. */
  readonly left: string[] = [];
  readonly joined: string[] = [];
  /** The consent that the record will say, in the words of the base; null = unchanged. */
  consent: string | null = null;

  constructor(view: UndoView, writes: readonly PastWrite[]) {
    const [first] = writes;
    if (first === undefined) throw new Error('A record under undo was written at least once.');
    const { system, entity } = first.action;
    this.system = system;
    this.entity = entity;
    this.writes = writes;
    this.id = idOf(first);
    this.crm =
      system === 'crm'
        ? (view.records.find((record) => record.role === entity && record.id === this.id) ?? null)
        : null;
    this.marketing = system === 'marketing' && view.marketing?.id === this.id ? view.marketing : null;
    this.record = this.crm ?? this.marketing;
    this.fields = foldFields(writes);
    this.takenBack = new Set(
      [...this.fields.keys()].filter((name) => view.takenBack.has(fieldOfTarget(this.key, name))),
    );
    this.rows = [...new Set(writes.flatMap(({ action }) => action.rows))];
    this.email = this.record?.email ?? first.action.email;
    this.crmId = writes.find((write) => write.crmId !== null)?.crmId ?? null;
    this.marketingId = writes.find((write) => write.marketingId !== null)?.marketingId ?? null;
  }

  get key(): string {
    return targetKey(this.system, this.entity, this.id);
  }

  skip(field: string | null, present: Value, why: string): void {
    const { system, entity, email, crmId, marketingId } = this;
    this.skipped.push({ system, entity, email, crmId, marketingId, field, present, why });
  }
}

/** `marketing:ID`, `contact:ID` or `lead:ID`. */
export function targetKey(system: System, entity: Role, id: string): string {
  return `${system === 'marketing' ? 'marketing' : entity}:${id}`;
}

/** A field of a record under undo: `contact:ID status`. */
export function fieldOfTarget(key: string, name: string): string {
  return `${key} ${name}`;
}

/** Names of the fields that a write set; consent and lists are none. */
export function fieldsOfWrite({ changes, marketing, crm }: Action): readonly string[] {
  const set = marketing?.set ?? crm?.set ?? {};
  const names = new Set([...Object.keys(changes), ...Object.keys(set)]);
  return [...names].filter((name) => name !== 'consent' && !name.startsWith('list '));
}

/** One target a record, in the order in which the run first wrote them. */
export function foldWrites(view: UndoView): readonly Target[] {
  const groups = Map.groupBy(
    view.writes.filter((write) => idOf(write) !== ''),
    (write) => targetKey(write.action.system, write.action.entity, idOf(write)),
  );
  return [...groups.values()].map((writes) => new Target(view, writes));
}

function idOf({ action, crmId, marketingId }: PastWrite): string {
  return (action.system === 'marketing' ? marketingId : crmId) ?? '';
}

/** Not of a write of consent, which has rules of its own. */
function foldFields(writes: readonly PastWrite[]): ReadonlyMap<string, FoldedField> {
  const folded = new Map<string, FoldedField>();
  for (const { action } of writes) {
    if (action.kind === 'set-consent') continue;
    const set = action.marketing?.set ?? action.crm?.set ?? {};
    for (const name of fieldsOfWrite(action)) {
      const change = action.changes[name] ?? null;
      const known = folded.get(name);
      folded.set(name, {
        change:
          known?.change != null && change !== null
            ? { from: known.change.from, to: change.to }
            : (change ?? known?.change ?? null),
        before: known === undefined ? action.replaced?.[name] : known.before,
        after: set[name],
      });
    }
  }
  return folded;
}
