// Says what must be true, by the semantics and nothing else: it imports nothing of Lockstep and reads its database only as an
// operator would, for links and open holds. Its laws are described in README.md.
import { plain } from '../plain-values.ts';
import type { Accounts } from './accounts.ts';
import { judgeCatalogue } from './catalogue-law.ts';
import { ChangeLaw } from './change-law.ts';
import { ConsentLaw } from './consent-law.ts';
import { crmKey, hashOf, type Known, type LinkRow, marketingKey, readBaseline, readKnown } from './known.ts';
import { Meetings, type Run } from './meetings.ts';
import type { Direction, MappedField, ObjectSetup, Setup } from './setup.ts';
import { addressOf, isConsentTag, isMailable, isOut, wordOf } from './statements.ts';
import { UndoLaw, type UndoWords } from './undo-law.ts';
import type { Change, Seen, Witness } from './witness.ts';

const SHOWN = 4;
const KINDS = ['contact', 'lead'] as const;

export class Oracle {
  #setup: Setup;
  readonly #accounts: Accounts;
  readonly #witness: Witness;
  readonly #file: string;
  readonly #consent: ConsentLaw;
  /** When the present run began. */
  #runBegan = 0;
  #readUntil = 0;
  #runKind = '';
  /** How many changes had been seen when it began. */
  #seenBefore = 0;
  readonly #undoLaw: UndoLaw;
  readonly #changeLaw: ChangeLaw;
  /** When the configuration last changed. */
  #configuredAt = 0;
  /** All there were, those that a database from a backup knows nothing of included. */
  readonly #runs: Run[] = [];
  readonly #meetings = new Meetings();
  /** When the last undo ended. */
  #undoneAt = Infinity;
  /** `record field` of everything an undo wrote. */
  readonly #undone = new Set<string>();
  #rejected = false;
  /** Older databases that came back: when, and up to when they had read. */
  readonly #restores: { readonly at: number; readonly readUntil: number }[] = [];

  constructor(setup: Setup, accounts: Accounts, file: string) {
    const { witness } = accounts;
    this.#setup = setup;
    this.#accounts = accounts;
    this.#witness = witness;
    this.#file = file;
    this.#consent = new ConsentLaw(setup, witness, file);
    this.#changeLaw = new ChangeLaw(setup, witness);
    this.#undoLaw = new UndoLaw(witness, {
      shows: (record) => !record.hidden && !this.#isUnseen(record),
      links: () => readKnown(file).links,
      fields: () => [this.#setup.contacts, this.#setup.leads].flatMap(({ enabled, fields }) => (enabled ? fields : [])),
      listsOf: (status) => {
        const lists = accounts.dotdigital.world.lists();
        // Whoever renames a list gives it a number.
        const isOf = (name: string): boolean => name.replace(/( \(\d+\))+$/, '') === `Zendesk Sell - Leads: ${status}`;
        return lists.flatMap(({ id, name }) => (isOf(name) ? [String(id)] : []));
      },
      hasList: (id) => accounts.dotdigital.world.lists().some((list) => String(list.id) === id),
    });
  }

  get #undoing(): boolean {
    return this.#runKind === 'undo';
  }

  /** What people did. */
  heard(changes: readonly Change[]): void {
    this.#consent.heard(changes, this.#runKind === '' ? null : this.#runBegan);
    if (changes.length > 0) this.#undoLaw.touched(this.#samePerson(changes));
  }

  runBegins(now: number, kind: string): void {
    const recorded = readBaseline(this.#file);
    // The one before was killed.
    if (this.#runKind !== '') {
      this.#remember({ kind: this.#runKind, began: this.#runBegan, ended: now, whole: false });
      this.#changeLaw.runKilled(this.#runKind, recorded, this.#runBegan);
    }
    this.#changeLaw.runBegins(recorded);
    this.#meetings.saw(readKnown(this.#file));
    this.#runBegan = now;
    this.#runKind = kind;
    this.#seenBefore = this.#witness.changes.length;
    this.#rejected ||= kind === 'reject' || kind === 'decide';
    if (!['sync', 'full', 'plan', 'undo'].includes(kind)) this.#undoLaw.forget();
  }

  /** The present run ended by itself. @param whole it met no faults */
  ranAs(id: string, whole: boolean): void {
    this.#undoLaw.runEnded(id, this.#seenBefore, whole);
  }

  /** The present run, an undo, has ended. @returns what must not be */
  undone(words: UndoWords): readonly string[] {
    return this.#undoLaw.judge(words, this.#seenBefore);
  }

  configured(setup: Setup, now: number): void {
    this.#setup = setup;
    this.#configuredAt = now;
    this.#consent.configured(setup);
    this.#changeLaw.configured(setup);
    this.#undoLaw.forget();
  }

  /** The database is copied. @returns up to when it knows what was said */
  kept(): number {
    this.#meetings.kept();
    return this.#readUntil;
  }

  /** An older database, of which the last run to go through ended at `readUntil`, knows nothing of what was undone and said since. */
  restored(readUntil: number, now: number): void {
    this.#meetings.restored();
    this.#undoLaw.restored(readUntil, now);
    this.#restores.push({ at: now, readUntil });
    this.#readUntil = readUntil;
    this.#consent.readUntil(readUntil);
  }

  #remember(run: Run): void {
    this.#runs.push(run);
    this.#meetings.ended(run, readKnown(this.#file));
  }

  /** @param state of the run, or the word of what somebody did; one that compared nothing ends in none of those that go through */
  runEnded(now: number, state: string): void {
    this.#changeLaw.runEnded(this.#runKind, state, this.#runBegan);
    if (this.#undoing) this.#undoneAt = now;
    const whole = ['ok', 'ok_with_holds', 'parked'].includes(state);
    this.#remember({ kind: this.#runKind, began: this.#runBegan, ended: now, whole });
    this.#runKind = '';
    if (!whole) return;
    this.#readUntil = this.#runBegan;
    this.#consent.readUntil(this.#runBegan);
  }

  /** What changed through the API. @returns what must not have */
  watched(changes: readonly Change[]): readonly string[] {
    const wrong: string[] = [];
    if (['sync', 'full'].includes(this.#runKind)) {
      if (changes.length > 0) this.#metAnew();
      this.#consentSpoke(changes);
      wrong.push(...this.#undoLaw.watched(changes));
    }
    if (changes.length > 0) wrong.push(...this.#changeLaw.watched(this.#runKind, changes, readKnown(this.#file)));
    for (const change of changes) {
      const { what, record, after } = change;
      if (record.side === 'dotdigital' && (what === 'created' || what === 'channel') && record.channel === 'subscribed')
        wrong.push(...this.#consent.subscribed(change, this.#runBegan));
      if (this.#undoing) this.#undone.add(`${record.key} ${what}`);
      if (what === 'created' && record.side === 'sell') wrong.push(...this.#doubled(record));
      if (what === 'deleted') wrong.push(...this.#lost(record));
      if (what === 'email' && after === null) wrong.push(`the address of ${record.key} was taken away`);
    }
    return wrong;
  }

  /** To be asked once nothing moves any more. @returns what must not be */
  judge(): readonly string[] {
    const known = readKnown(this.#file);
    return [
      ...known.links.flatMap((link) => this.#disagreement(known, link)),
      ...this.#nowhere(known),
      ...this.#consent.judge(known),
      ...judgeCatalogue(this.#setup, this.#accounts, known, { rejected: this.#rejected }),
    ];
  }

  /** (H1-H6) Never a second record of an address that was there before the run began. */
  #doubled(record: Seen): readonly string[] {
    const address = addressOf(record);
    if (address === null) return [];
    const twin = [...this.#witness.records.values()].find(
      (other) =>
        other.side === 'sell' &&
        other.kind === record.kind &&
        other.key !== record.key &&
        !other.hidden &&
        addressOf(other) === address &&
        this.#lastChange(other.key, ['created', 'email', 'hidden']) < this.#runBegan,
    );
    return twin === undefined || this.#undoing
      ? []
      : [`4.4: ${record.key} <${address}> was made although ${twin.key} was there`];
  }

  /** (S8, S15, S16) Nobody is deleted in Sell; nobody in Dotdigital whose record is still there. */
  #lost(record: Seen): readonly string[] {
    if (this.#undoing) return [];
    if (record.side === 'sell') return [`S16: ${record.key} <${record.email ?? ''}> was deleted in Sell`];
    const links = readKnown(this.#file).links.filter((link) => link.marketing_id === record.id);
    // One that is hidden may read as deleted, in the feed and when it is asked for.
    const related = links.filter(
      (link) =>
        link.state !== 'severed' &&
        link.state !== 'shadow' &&
        this.#witness.records.get(crmKey(link.role, link.crm_id))?.hidden === false,
    );
    if (related.length > 0)
      return [
        `S8, S15: ${record.key} was deleted although ${related.map((link) => crmKey(link.role, link.crm_id)).join(', ')} is there`,
      ];
    return links.length > 0
      ? []
      : [`D3: ${record.key} <${record.email ?? ''}> was deleted without ever having had a Sell record`];
  }

  #disagreement(known: Known, link: LinkRow): readonly string[] {
    if (link.state !== 'active' || !this.#object(link.role).enabled) return [];
    const [crmId, marketingId] = [crmKey(link.role, link.crm_id), marketingKey(link.marketing_id)];
    if (known.held.has(crmId) || known.held.has(marketingId)) return [];
    const [crm, marketing] = [this.#witness.records.get(crmId), this.#witness.records.get(marketingId)];
    if (marketing === undefined && this.#leftFor(link)) return [];
    if (crm === undefined || marketing === undefined)
      return [
        `D12, D15: ${crmId} and ${marketingId} are linked, and ${crm === undefined ? 'the first' : 'the second'} is not there`,
      ];
    if (crm.hidden || this.#isUnseen(marketing)) return [];
    const object = this.#object(link.role);
    const both = known.links.some(
      (other) => other.state !== 'severed' && other.role === 'contact' && other.marketing_id === link.marketing_id,
    );
    const shared = new Set(
      this.#setup.contacts.enabled ? this.#setup.contacts.fields.map(({ dotdigital }) => dotdigital) : [],
    );
    return object.fields.flatMap((field) => {
      // (L16) What both roles map is the contact's.
      if (link.role === 'lead' && both && shared.has(field.dotdigital)) return [];
      const difference = differenceOf(field, crm, marketing);
      if (difference === null || this.#mayDiffer(object, field, { link, crm, marketing }, difference, known)) return [];
      return [
        `R2: ${crm.key} and ${marketing.key} <${marketing.email ?? ''}>: ${field.dotdigital} "${difference.sell}" in Sell against "${difference.dotdigital}"`,
      ];
    });
  }

  /** Where the account keeps whoever left from the API, and with them whose mail bounced, nobody can read what is edited there. */
  #isUnseen({ channel }: Seen): boolean {
    return this.#setup.dotdigitalSwitches['suppressedShown'] === false && channel !== 'subscribed';
  }

  /**
   * Whoever left and is deleted may merely be hidden, where nobody who left in the same way is shown or ever was: nobody can tell. It is
   * the address that left, be it as another contact's.
   */
  #leftFor(link: LinkRow): boolean {
    const key = marketingKey(link.marketing_id);
    const own = this.#witness.changes.findLast(({ record }) => record.key === key);
    const address = own === undefined ? null : addressOf(own.record);
    const left = this.#witness.changes.findLast(
      ({ record }) =>
        record.side === 'dotdigital' &&
        (record.key === key || (address !== null && addressOf(record) === address)) &&
        isOut(record.channel),
    );
    if (left === undefined) return false;
    const { channel } = left.record;
    const others = [...this.#witness.records.values()].some((other) => other.channel === channel);
    const shown = others || this.#wasShown(channel);
    return !shown || this.#setup.dotdigitalSwitches['suppressedShown'] === false;
  }

  /** A run that went through has read somebody who had left so and was edited since, and no older database has forgotten it. */
  #wasShown(channel: string | null): boolean {
    const { changes } = this.#witness;
    return changes.some(({ key, at, what, cause, record }, n) => {
      if (record.side !== 'dotdigital' || record.channel !== channel || cause !== 'people') return false;
      if (['deleted', 'channel', 'lists'].includes(what)) return false;
      const next = changes
        .slice(n + 1)
        .find((later) => later.key === key && ['deleted', 'channel'].includes(later.what));
      return this.#runs.some(
        ({ kind, whole, began, ended }) =>
          whole &&
          ['sync', 'full', 'align'].includes(kind) &&
          began > at &&
          ended < (next?.at ?? Infinity) &&
          this.#restores.every((restore) => restore.at < ended || restore.readUntil >= began),
      );
    });
  }

  #mayDiffer(
    object: ObjectSetup,
    field: MappedField,
    { link, crm, marketing }: Pair,
    difference: Difference,
    { links }: Known,
  ): boolean {
    const direction = narrower(object.direction, field.direction);
    const blank = difference.sell === '' || difference.dotdigital === '';
    const [inSell, inDotdigital] = [
      this.#lastEdit(crm.key, field.sell, field.kind),
      this.#lastEdit(marketing.key, field.dotdigital, field.kind),
    ];
    if (blank && (field.blank === 'ignore' || this.#rejected)) return true;
    // What differs since before the first cycle under this configuration is decided as where two records meet.
    const settledAt = this.#configuredAt === 0 ? 0 : this.#meetings.nextCycle(this.#configuredAt);
    const oneWay = direction !== 'bi-directional';
    const untold = (run: Run): boolean => oneWay && this.#mayHaveMet(marketing, run);
    const met = this.#meetings.metAt(link, {
      field: field.dotdigital,
      oneWay,
      partial: this.#setup.partialWrite,
      untold,
    });
    // What both roles map is the lead's once the person is no contact any more. (L17)
    const shared = this.#setup.contacts.fields.some(({ dotdigital }) => dotdigital === field.dotdigital);
    const free = shared ? this.#meetings.contactEnded(link, links) : 0;
    const linked = Math.max(met.at, settledAt, free);
    const { mode, winner } = object.alignment;
    // (4.8) An alignment that is not to write a side fills no blank there.
    const fills = mode === 'both' || mode === (difference.sell === '' ? 'dotdigital-to-sell' : 'sell-to-dotdigital');
    if (blank && (this.#configuredAt > 0 || (met.aligned && !fills)) && Math.max(inSell, inDotdigital) <= linked)
      return true;
    const decides = decidesAll(object);
    // (decision 27) What was taken back stays, until an alignment that may write it decides otherwise.
    const rewrites = decides && rewritesAll(object, field);
    // What was taken back in a record is so in the one that takes over. (D4)
    const inPlace = [crm.key, ...predecessors(link, links)].some((key) => this.#wasUndone(key, field.sell));
    const undone = inPlace || this.#wasUndone(marketing.key, field.dotdigital);
    // Tags of consent are no part of an alignment's field: they have rules of their own. (R19)
    const consent = field.sell === 'tags' && onlyConsent(difference);
    if (undone && (!rewrites || consent)) return true;
    // So they stay as they are where what stands in Dotdigital was to be written. (R19)
    const first = Math.max(inSell, inDotdigital) <= linked;
    if (consent && (inDotdigital > inSell || (first && winner === 'dotdigital'))) return true;
    if (direction === 'bi-directional') {
      return !decides && !blank && Math.max(inSell, inDotdigital) < linked;
    }
    // What was edited on the side that is not written back stands, until the other side changes. (4.1: report)
    const [source, target] = direction === 'sell-to-dotdigital' ? [inSell, inDotdigital] : [inDotdigital, inSell];
    const seenBetween = this.#cycles.some((end) => end > target && end > this.#configuredAt && end < source);
    return blank || source < linked || !seenBetween;
  }

  /** Ends of cycles that went through. */
  get #cycles(): readonly number[] {
    return this.#runs.flatMap(({ whole, ended }) => (whole ? [ended] : []));
  }

  /** The run made the contact through an import that did not have to say so: it may have been there already, for all anybody knows. */
  #mayHaveMet({ key }: Seen, { began, ended }: Run): boolean {
    return (
      (this.#setup.dotdigitalSwitches['importReport'] ?? 'named') !== 'named' &&
      this.#witness.changes.some(
        (change) =>
          change.key === key &&
          change.what === 'created' &&
          change.cause === 'program' &&
          began <= change.at &&
          change.at <= ended,
      )
    );
  }

  /**
   * (R19) Consent is written past the field rules: a data field that shows the tags has news then, whatever an undo took back. And no
   * undo takes a no back, so that none is pushed again. (decision 8)
   */
  #consentSpoke(changes: readonly Change[]): void {
    const spoken = changes.filter(
      ({ key, what, before, record, cause }) =>
        what === 'tags' &&
        cause === 'program' &&
        wordOf(before as readonly string[]) !== wordOf(record.tags) &&
        (wordOf(record.tags) === 'no' || !this.#undoLaw.isBack(key, what)),
    );
    if (spoken.length === 0) return;
    const shown = [this.#setup.contacts, this.#setup.leads].flatMap(({ fields }) =>
      fields.flatMap(({ sell, dotdigital }) => (sell === 'tags' ? [dotdigital] : [])),
    );
    for (const change of spoken)
      this.#undoLaw.touched(
        this.#samePerson([change]),
        new Set(wordOf(change.record.tags) === 'no' ? ['tags', ...shown] : shown),
      );
  }

  /** (C2) Whoever is linked with another record after an undo is compared with that one as where two meet for the first time. */
  #metAnew(): void {
    const { links } = readKnown(this.#file);
    const isPair = (one: LinkRow, other: LinkRow): boolean =>
      one.role === other.role && one.crm_id === other.crm_id && one.marketing_id === other.marketing_id;
    for (const link of links)
      if (
        link.state === 'active' &&
        Date.parse(link.created_at) >= this.#undoneAt &&
        !links.some((other) => other !== link && isPair(other, link))
      )
        this.#undoLaw.touched(new Set([crmKey(link.role, link.crm_id), marketingKey(link.marketing_id)]));
  }

  #wasUndone(key: string, field: string): boolean {
    return this.#undone.has(`${key} ${field}`);
  }

  /** Nobody lost: who belongs to a configured direction is linked, held, or remembered as deleted. */
  #nowhere(known: Known): readonly string[] {
    const { contacts, leads, namesRequiredFor } = this.#setup;
    const linked = new Set(
      known.links
        .filter(({ state }) => state !== 'severed')
        .flatMap((link) => [crmKey(link.role, link.crm_id), `${link.role} of ${marketingKey(link.marketing_id)}`]),
    );
    const ended = new Set(
      known.links
        .filter(({ state }) => state === 'severed')
        .flatMap((link) => [
          crmKey(link.role, link.crm_id),
          marketingKey(link.marketing_id),
          ...(link.email_hash === null ? [] : [link.email_hash]),
        ]),
    );
    const hides = this.#setup.dotdigitalSwitches['suppressedShown'] === false;
    const isEnded = (record: Seen): boolean =>
      known.apart.has(record.key) || ended.has(record.key) || ended.has(hashOf(addressOf(record) ?? ''));
    // Of several records with one address, the one that stands for them is held for all. (decision 22)
    const waiting = new Set<string>();
    for (const record of this.#witness.records.values()) {
      const address = addressOf(record) ?? '';
      if (known.held.has(record.key)) {
        waiting.add(`${record.side} ${record.kind} ${address}`);
        // Whoever has the address of a held contact waits for it.
        if (record.side === 'dotdigital') for (const kind of KINDS) waiting.add(`sell ${kind} ${address}`);
      }
      // So does whoever has the address of one that is paused. (C33)
      if (record.tags.includes('no-sync')) waiting.add(`sell ${record.kind} ${address}`);
      // Nobody can be made beside a contact that the account hides, nor be told why.
      if (hides && record.side === 'dotdigital' && isOut(record.channel))
        for (const kind of KINDS) waiting.add(`sell ${kind} ${address}`);
    }
    const wrong: string[] = [];
    for (const record of this.#witness.records.values()) {
      const address = addressOf(record);
      if (
        waiting.has(`${record.side} ${record.kind} ${address ?? ''}`) ||
        isEnded(record) ||
        address === null ||
        !/^p\d+@example\.org$/.test(address)
      )
        continue;
      if (record.side === 'sell') {
        const object = record.kind === 'contact' ? contacts : leads;
        // (4.8) An alignment that is not to write both ways leaves people as they are until they change.
        if (
          !object.enabled ||
          object.alignment.mode !== 'both' ||
          object.direction === 'dotdigital-to-sell' ||
          record.hidden ||
          record.tags.includes('no-sync')
        )
          continue;
        const named = hasText(record.fields['first_name']) && hasText(record.fields['last_name']);
        if (!linked.has(record.key) && (named || namesRequiredFor !== 'both'))
          wrong.push(`C1, L2: ${record.key} <${address}> is neither in Dotdigital nor held`);
      } else if (
        contacts.enabled &&
        contacts.alignment.mode === 'both' &&
        contacts.direction !== 'sell-to-dotdigital' &&
        isMailable(record.channel)
      ) {
        const named = hasText(record.fields['FIRSTNAME']) && hasText(record.fields['LASTNAME']);
        const marked = record.fields['CUSTOMER_STATUS'] === 'current';
        if (named && marked && !linked.has(`contact of ${record.key}`))
          wrong.push(`C4: ${record.key} <${address}> is neither in Sell nor held`);
      }
    }
    return wrong.slice(0, SHOWN);
  }

  /** The records changed, and whatever was ever linked with them or has the same address. */
  #samePerson(changes: readonly Change[]): ReadonlySet<string> {
    const keys = new Set(changes.map(({ key }) => key));
    const addresses = new Set(changes.map(({ record }) => addressOf(record)));
    for (const link of readKnown(this.#file).links) {
      const [crm, marketing] = [crmKey(link.role, link.crm_id), marketingKey(link.marketing_id)];
      if (!keys.has(crm) && !keys.has(marketing)) continue;
      keys.add(crm);
      keys.add(marketing);
    }
    for (const record of this.#witness.records.values())
      if (addressOf(record) !== null && addresses.has(addressOf(record))) keys.add(record.key);
    return keys;
  }

  #object(role: 'contact' | 'lead'): ObjectSetup {
    return role === 'contact' ? this.#setup.contacts : this.#setup.leads;
  }

  /** When people last gave it another value; another spelling of the same says nothing. */
  #lastEdit(key: string, what: string, kind: MappedField['kind']): number {
    const edits = this.#witness.changes.filter(
      (change) =>
        change.key === key &&
        change.cause === 'people' &&
        (change.what === 'created' ||
          (change.what === what && plain(kind, change.before) !== plain(kind, change.after))),
    );
    // Nor does another value that was taken back before any run could read it.
    for (let last = edits.pop(); last !== undefined; last = edits.pop()) {
      const { at, after } = last;
      const first = edits.findIndex(
        (edit) =>
          edit.what === what && plain(kind, edit.before) === plain(kind, after) && !this.#ranBetween(edit.at, at),
      );
      if (first === -1) return at;
      edits.splice(first);
    }
    return 0;
  }

  #ranBetween(from: number, to: number): boolean {
    return (this.#runKind !== '' && this.#runBegan <= to) || this.#meetings.ranBetween(from, to);
  }

  /** When one of these last changed; 0 = never. */
  #lastChange(key: string, whats: readonly string[]): number {
    let latest = 0;
    for (const change of this.#witness.changes)
      if (change.key === key && whats.includes(change.what)) latest = change.at;
    return latest;
  }
}

/** (4.8) Whether an alignment leaves no two values different. */
function decidesAll({ alignment: { mode, winner } }: ObjectSetup): boolean {
  return mode === 'both' && winner !== 'fill-blanks';
}

/** Records of the same contact that this one has taken over from. */
function predecessors({ role, marketing_id }: LinkRow, links: readonly LinkRow[]): readonly string[] {
  const ended = links.filter(
    (link) => link.because === 'D4' && link.role === role && link.marketing_id === marketing_id,
  );
  return ended.map((link) => crmKey(link.role, link.crm_id));
}

/** (4.8) Whether it may write the side that has to give way. */
function rewritesAll(object: ObjectSetup, field: MappedField): boolean {
  const direction = narrower(object.direction, field.direction);
  const otherWay = object.alignment.winner === 'sell' ? 'dotdigital-to-sell' : 'sell-to-dotdigital';
  return decidesAll(object) && direction !== otherWay;
}

interface Pair {
  readonly link: LinkRow;
  readonly crm: Seen;
  readonly marketing: Seen;
}

interface Difference {
  readonly sell: string;
  readonly dotdigital: string;
}

function differenceOf(field: MappedField, crm: Seen, marketing: Seen): Difference | null {
  const tags = field.sell === 'tags';
  const [sell, dotdigital] = [
    plain(field.kind, tags ? crm.tags : crm.fields[field.sell]),
    plain(field.kind, marketing.fields[field.dotdigital]),
  ];
  return sell === dotdigital ? null : { sell, dotdigital };
}

function onlyConsent({ sell, dotdigital }: Difference): boolean {
  const others = (tags: string): string =>
    tags
      .split('|')
      .filter((tag) => !isConsentTag(tag))
      .join('|');
  return others(sell) === others(dotdigital);
}

function narrower(object: Direction, field: Direction | undefined): Direction {
  return object === 'bi-directional' ? (field ?? object) : object;
}

function hasText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
