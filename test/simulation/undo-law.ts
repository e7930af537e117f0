// The law of undo: what a run wrote is back afterwards, wherever nobody changed it since; what somebody did change stays as they
// left it; nobody is subscribed again; and no later sync pushes what was taken back. (decision 27, R17)
import { plain } from '../plain-values.ts';
import { crmKey, type LinkRow, marketingKey } from './known.ts';
import type { MappedField } from './setup.ts';
import { addressOf, isMailable, isOut } from './statements.ts';
import type { Change, Seen, Witness } from './witness.ts';

/** What undo said of itself. */
export interface UndoWords {
  /** Id of the run that was taken back. */
  readonly undoes: string;
  readonly state: string;
  /** What stays, as it was named. */
  readonly named: readonly Named[];
}

export interface Named {
  readonly system: 'crm' | 'marketing';
  readonly entity: string;
  readonly crmId: string | null;
  readonly marketingId: string | null;
  /** Null = the whole record. */
  readonly field: string | null;
}

/** Places in the witness's list of changes. */
interface Span {
  readonly from: number;
  readonly to: number;
  /** It met no faults: all it wrote was written by then. */
  readonly whole: boolean;
}

/** What was taken back: what it read when the undo began, when that was, and records of the other account that it belonged to. */
interface Back {
  readonly before: unknown;
  readonly at: number;
  readonly partners: ReadonlySet<string>;
}

/** One field of one record over a run. */
interface Written {
  readonly key: string;
  readonly what: string;
  readonly before: unknown;
  /** Somebody had just edited it, and the run may not have known. */
  readonly overEdit: boolean;
}

const ENDED_WELL: ReadonlySet<string> = new Set(['ok', 'ok_with_holds', 'parked']);
const ID_FIELDS: ReadonlySet<string> = new Set(['SELL_CONTACT_ID', 'SELL_LEAD_ID']);

export class UndoLaw {
  readonly #witness: Pick<Witness, 'changes' | 'records'>;
  /** Whether the account shows the record to whoever comes through the API. */
  readonly #shows: (record: Seen) => boolean;
  /** Runs that ended by themselves, by id. */
  readonly #runs = new Map<string, Span>();
  /** By `key what`, those that nobody touched since. */
  readonly #back = new Map<string, Back>();
  /** When younger databases were in use than the one that is now; milliseconds. */
  readonly #forgotten: { readonly from: number; readonly to: number }[] = [];

  readonly #links: () => readonly LinkRow[];
  readonly #fields: () => readonly MappedField[];
  /** Ids of the lists that stand for a lead's status. */
  readonly #listsOf: (status: string) => readonly string[];
  /** Whether a list is there still, by id. */
  readonly #hasList: (id: string) => boolean;

  constructor(
    witness: Pick<Witness, 'changes' | 'records'>,
    {
      shows,
      links,
      fields,
      listsOf,
      hasList,
    }: {
      shows: (record: Seen) => boolean;
      links: () => readonly LinkRow[];
      fields: () => readonly MappedField[];
      listsOf: (status: string) => readonly string[];
      hasList: (id: string) => boolean;
    },
  ) {
    this.#witness = witness;
    this.#shows = shows;
    this.#links = links;
    this.#fields = fields;
    this.#listsOf = listsOf;
    this.#hasList = hasList;
  }

  /** @param from how many changes had been seen when it began @param whole it met no faults */
  runEnded(id: string, from: number, whole: boolean): void {
    this.#runs.set(id, { from, to: this.#witness.changes.length, whole });
  }

  /** To be asked when an undo without faults has ended. @param from how many changes had been seen when it began @returns what must not be */
  judge(words: UndoWords, from: number): readonly string[] {
    const ended = this.#runs.get(words.undoes);
    const run = ended?.whole === true ? ended : undefined;
    const { changes } = this.#witness;
    const done = changes.slice(from).filter(({ cause }) => cause === 'program');
    const at = done[0]?.at ?? 0;
    for (const { key, what, before } of done.toReversed())
      this.#back.set(`${key} ${what}`, { before, at, partners: this.#partners(key, wasLiving) });
    const wrong = done.flatMap((change) => this.#overwritten(change, from, ended));
    if (run === undefined || !ENDED_WELL.has(words.state)) return wrong;
    const latest = lastChanges(changes.slice(0, from));
    const [made, revived] = [new Set<string>(), new Set<string>()];
    const written = new Map<string, Written>();
    for (const [at, change] of changes.slice(0, run.to).entries()) {
      const { key, what, before, cause } = change;
      const name = `${key} ${what}`;
      if (at < run.from || cause !== 'program') continue;
      if (what === 'created') made.add(key);
      // One that was deleted before, and which a write brought back, is no news of this run.
      if (what === 'created' && changes.slice(0, run.from).some((earlier) => earlier.key === key)) revived.add(key);
      if (made.has(key) || what === 'deleted' || written.has(name) || this.#wentWithOptOut(change)) continue;
      const earlier = lastChanges(changes.slice(0, at)).get(name);
      const overEdit = earlier?.change.cause === 'people' && (earlier.at >= run.from || this.#isUnread(earlier.change));
      written.set(name, { key, what, before, overEdit });
    }
    for (const key of made) if (!revived.has(key)) wrong.push(...this.#unmade(key, run, from, words));
    for (const one of written.values()) {
      const last = latest.get(`${one.key} ${one.what}`);
      // What is somebody else's since, or another run's, is not this undo's to give back.
      if (last === undefined || last.at >= run.to || last.change.cause !== 'program' || one.overEdit) continue;
      wrong.push(...this.#unrestored(one, words));
    }
    return wrong;
  }

  /**
   * Somebody changed these: from here on their other side may follow.
   * @param keys of records of the same person
   * @param whats what of them may; left out = all
   */
  touched(keys: ReadonlySet<string>, whats?: ReadonlySet<string>): void {
    for (const name of this.#back.keys()) {
      const key = [...keys].find((one) => name.startsWith(`${one} `));
      if (key !== undefined && whats?.has(name.slice(key.length + 1)) !== false) this.#back.delete(name);
    }
  }

  isBack(key: string, what: string): boolean {
    return this.#back.has(`${key} ${what}`);
  }

  /** Somebody asked for it: an alignment, a decision, an approval, another configuration. */
  forget(): void {
    this.#back.clear();
  }

  /** An older database knows nothing of what was read and done since. */
  restored(readUntil: number, now: number): void {
    this.forget();
    this.#forgotten.push({ from: readUntil, to: now });
  }

  /** What a sync wrote. @returns what must not be */
  watched(changes: readonly Change[]): readonly string[] {
    return (
      changes
        // The id of a living link goes along with whatever is written.
        .filter(({ what, cause }) => cause === 'program' && !ID_FIELDS.has(what))
        .filter((change) => this.isBack(change.key, change.what) && !this.#isTheirs(change))
        .filter((change) => !this.#leavesAsNoLead(change))
        .map(({ key, what }) => `decision 27: ${what} of ${key} was taken back by an undo and is pushed again`)
    );
  }

  /**
   * The value is the other account's own: of a record that it did not belong to when it was taken back; or another one than that, which
   * was there before the undo, of a record that takes the place of the one there was (D4), or of a contact that nobody could read until now.
   */
  #isTheirs({ key, what, after, record }: Change): boolean {
    const back = this.#back.get(`${key} ${what}`);
    if (back === undefined) return false;
    return this.#fields().some(({ sell, dotdigital, kind }) => {
      const [own, theirs] = record.side === 'sell' ? [sell, dotdigital] : [dotdigital, sell];
      if (own !== what) return false;
      const isAnother = plain(kind, after) !== plain(kind, back.before);
      return this.#others(record).some(
        (other) =>
          plain(kind, other.fields[theirs]) === plain(kind, after) &&
          (!back.partners.has(other.key) || (isAnother && this.#isOwn(other.key, theirs, back.at))),
      );
    });
  }

  /** Of people, or older than the undo. */
  #isOwn(key: string, what: string, undoneAt: number): boolean {
    const last = this.#witness.changes.findLast((change) => change.key === key && change.what === what);
    return last === undefined || last.cause === 'people' || last.at < undoneAt;
  }

  /** (D7, D8) Whoever is no lead any more leaves the lead lists, whoever put them there. */
  #leavesAsNoLead({ what, before, after, record }: Change): boolean {
    if (what !== 'lists' || (after as readonly string[]).some((list) => !(before as readonly string[]).includes(list)))
      return false;
    return !this.#links().some(
      ({ role, crm_id, marketing_id, state }) =>
        role === 'lead' &&
        marketing_id === record.id &&
        state !== 'shadow' &&
        this.#witness.records.has(crmKey('lead', crm_id)),
    );
  }

  /** An edit that no run could read: nobody is shown the contact, or the database that knew of it was replaced. (R7) */
  #isUnread({ at, record }: Change): boolean {
    return !this.#shows(record) || this.#forgotten.some(({ from, to }) => from <= at && at < to);
  }

  /** People who put back what a run did that an older database knows nothing of. */
  #leftNoTrace({ key, what, at, after }: Change): boolean {
    const forgotten = this.#witness.changes.filter(
      (change) =>
        change.key === key &&
        change.what === what &&
        change.at < at &&
        this.#forgotten.some(({ from, to }) => from <= change.at && change.at < to),
    );
    const [first] = forgotten;
    return first !== undefined && isSame(first.before, after) && forgotten.every(({ cause }) => cause === 'program');
  }

  /** No mapping reads it, and the record's time, a moment after the program's own write, tells nobody else's from that. */
  #isUntold({ key, what, at, record }: Change): boolean {
    // A service need not show whoever left on a list.
    if (what === 'lists' && isOut(record.channel)) return true;
    const read = ['email', 'tags', 'lists', 'channel', 'status'].includes(what);
    if (read || this.#fields().some(({ sell, dotdigital }) => sell === what || dotdigital === what)) return false;
    const own = this.#witness.changes.findLast(
      (change) => change.key === key && change.cause === 'program' && change.at <= at,
    );
    return own !== undefined && at - own.at < SAME_MOMENT;
  }

  /** A list that is deleted is nobody's work with the contacts on it. */
  #wentWithList({ what, before, after }: Change): boolean {
    if (what !== 'lists') return false;
    const [were, are] = [before as readonly string[], after as readonly string[]];
    return are.every((list) => were.includes(list)) && were.every((list) => are.includes(list) || !this.#hasList(list));
  }

  /** (decision 24) The service takes whoever opts out off their lists, and an opt-out is never undone. */
  #wentWithOptOut({ key, what, at, record }: Change): boolean {
    return (
      what === 'lists' &&
      isOut(record.channel) &&
      this.#witness.changes.some((change) => change.key === key && change.what === 'channel' && change.at === at)
    );
  }

  #overwritten({ key, what, before, after, record }: Change, from: number, run: Span | undefined): readonly string[] {
    const earlier = this.#witness.changes.slice(0, from).filter((change) => change.key === key);
    const last = earlier.findLast((change) => change.what === what || change.what === 'created');
    const meanwhile =
      run !== undefined && last !== undefined && this.#witness.changes.slice(run.from, run.to).includes(last);
    if (what === 'channel') {
      // (C23) Mail that came back is the word of the address, and stays with it.
      const leftBounce =
        before === 'hardBounced' &&
        this.#witness.changes.slice(from).some((change) => change.key === key && change.what === 'email');
      return record.channel === 'subscribed' && !leftBounce
        ? [`decision 27: undo subscribes ${key} <${record.email ?? ''}>`]
        : [];
    }
    if (!this.#shows(record)) return [];
    if (what === 'deleted')
      return earlier.findLast(
        (change) =>
          !isBounce(change) && !this.#leftNoTrace(change) && !this.#isUntold(change) && !this.#wentWithList(change),
      )?.cause === 'people'
        ? [`decision 27: undo deletes ${key} although somebody changed it since`]
        : [];
    // Of tags and lists it takes its own, whatever people did to others.
    if (what === 'created' || what === 'tags' || what === 'lists' || last?.cause !== 'people') return [];
    // Who gave it another value and then the run's own again, however spelt: it reads what the run wrote, and nobody can tell.
    const own = run === undefined ? undefined : this.#leftBy(run, key, what);
    const left = run?.whole === true ? own : (own ?? this.#leftBy({ from: 0, to: from }, key, what));
    if ((run !== undefined || left !== undefined) && this.#readsAs(record, what, left, before)) return [];
    // Nor where they gave it, unread, the very value that the run was about to send from the other account.
    if ((meanwhile || this.#isUnread(last)) && this.#isInOther(record, what, before)) return [];
    return [
      `decision 27: undo sets ${what} of ${key} from ${JSON.stringify(before)}, which somebody wrote, to ${JSON.stringify(after)}`,
    ];
  }

  /** Whether both are the same value of a mapped field. */
  #readsAs({ side }: Seen, what: string, left: unknown, before: unknown): boolean {
    if (isSame(left, before)) return true;
    const field = this.#fields().find(({ sell, dotdigital }) => (side === 'sell' ? sell : dotdigital) === what);
    return field !== undefined && plain(field.kind, left) === plain(field.kind, before);
  }

  /** What the run had made of it, of one that met faults what the program had; undefined = it left it alone. */
  #leftBy(run: Pick<Span, 'from' | 'to'>, key: string, what: string): unknown {
    const changes = this.#witness.changes.slice(run.from, run.to);
    return changes.findLast((change) => change.key === key && change.what === what && change.cause === 'program')
      ?.after;
  }

  /** Whether a record of the same address in the other account has the value, a lead's status as the list that stands for it. */
  #isInOther(record: Seen, what: string, value: unknown): boolean {
    const ids = what === 'status' ? this.#listsOf(String(value)) : [];
    return this.#others(record).some(
      ({ fields, lists }) =>
        Object.values(fields).some((one) => isSame(one, value)) || lists.some((list) => ids.includes(list)),
    );
  }

  /** Records of the other account that have the same address, or were ever linked. */
  #others(record: Seen): readonly Seen[] {
    const linked = this.#partners(record.key);
    return [...this.#witness.records.values()].filter(
      (other) => other.side !== record.side && (addressOf(other) === addressOf(record) || linked.has(other.key)),
    );
  }

  /** Records that are, or ever were, linked with it. */
  #partners(key: string, counts: (link: LinkRow) => boolean = () => true): ReadonlySet<string> {
    return new Set(
      this.#links()
        .filter(counts)
        .flatMap(({ role, crm_id, marketing_id }) => {
          const [crm, marketing] = [crmKey(role, crm_id), marketingKey(marketing_id)];
          return crm === key ? [marketing] : marketing === key ? [crm] : [];
        }),
    );
  }

  /** A record that the run made goes, unless somebody worked with it. */
  #unmade(key: string, run: Span, from: number, words: UndoWords): readonly string[] {
    const record = this.#witness.records.get(key);
    if (record === undefined || !this.#shows(record) || words.state === 'parked') return [];
    const since = this.#witness.changes
      .slice(run.from, from)
      .some((change, at) => change.key === key && (change.cause === 'people' || run.from + at >= run.to));
    if (since || isNamed(words, record, null)) return [];
    return [`decision 27: ${key} <${record.email ?? ''}>, which the run made, is still there after its undo`];
  }

  #unrestored({ key, what, before }: Written, words: UndoWords): readonly string[] {
    const record = this.#witness.records.get(key);
    if (record === undefined || !this.#shows(record)) return [];
    const now = valueIn(record, what);
    if (what === 'channel') {
      const wasIn = isMailable(before as string | null);
      const fine = isMailable(record.channel) ? wasIn : isOut(record.channel) || !wasIn;
      return fine ? [] : [`decision 27: ${key} <${record.email ?? ''}> is ${record.channel ?? ''} after the undo`];
    }
    if (isSame(now, before) || isNamed(words, record, what)) return [];
    // Whoever left is on no list that anybody is mailed by, and a service need not show it there; nor whose mail bounced for once.
    if (what === 'lists' && (isOut(record.channel) || record.channel === SOFT_BOUNCED)) return [];
    // An address that was blank is not taken away.
    if (what === 'email' && before === null) return [];
    return [
      `decision 27: ${what} of ${key} <${record.email ?? ''}> is ${JSON.stringify(now ?? null)} after the undo, was ${JSON.stringify(before)}`,
    ];
  }
}

/** Until the undo that has just ended; a shadow is nobody's yet. */
function wasLiving({ state, because }: LinkRow): boolean {
  return because === 'R17' || (state !== 'severed' && state !== 'shadow');
}

const SOFT_BOUNCED = 'softBounced';
/** Milliseconds. */
const SAME_MOMENT = 1000;

/** Mail that bounced for once is nobody's work with a contact. */
function isBounce({ what, after }: Change): boolean {
  return what === 'channel' && after === SOFT_BOUNCED;
}

function lastChanges(
  changes: readonly Change[],
): ReadonlyMap<string, { readonly at: number; readonly change: Change }> {
  return new Map(changes.map((change, at) => [`${change.key} ${change.what}`, { at, change }]));
}

function valueIn(record: Seen, what: string): unknown {
  if (what === 'email' || what === 'channel' || what === 'tags' || what === 'lists') return record[what];
  return record.fields[what];
}

function isNamed({ named }: UndoWords, record: Seen, what: string | null): boolean {
  return named.some(({ system, entity, crmId, marketingId, field }) => {
    const key = system === 'crm' ? crmKey(entity, crmId ?? '') : marketingKey(marketingId ?? '');
    return key === record.key && (field === null || what === null || field === nameOf(what) || isPart(field, what));
  });
}

/** Consent and lists have names of their own in a plan. */
function nameOf(what: string): string {
  return what === 'tags' || what === 'channel' ? 'consent' : what;
}

function isPart(field: string, what: string): boolean {
  return field === what || (what === 'lists' && field.startsWith('list '));
}

function isSame(a: unknown, b: unknown): boolean {
  return textOf(a) === textOf(b);
}

/** Blanks are one, and what has no order is sorted. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'null' : JSON.stringify(value.map(String).sort());
  return JSON.stringify(value === '' ? null : (value ?? null));
}
