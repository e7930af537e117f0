// Says what must be true, by the semantics and nothing else: it imports nothing of Lockstep and reads its database only as an
// operator would, for links and open holds. Its laws are described in README.md.
import { plain } from '../plain-values.ts';
import { crmKey, hashOf, type Known, type LinkRow, marketingKey, readKnown } from './known.ts';
import type { Direction, MappedField, ObjectSetup, Setup } from './setup.ts';
import { addressOf, isMailable, isOut, Statements, wordOf } from './statements.ts';
import type { Change, Seen, Side, Witness } from './witness.ts';

const SECOND = 1000;
const SHOWN = 4;

export class Oracle {
  readonly #setup: Setup;
  readonly #witness: Witness;
  readonly #file: string;
  readonly #said = new Statements();
  /** When the present run began. */
  #runBegan = 0;
  #undoing = false;
  /** Ends of cycles that went through. */
  readonly #cycles: number[] = [];
  /** Records an undo wrote to, whose present difference is meant. (decision 27) */
  readonly #undone = new Set<string>();
  #rejected = false;

  constructor(setup: Setup, witness: Witness, file: string) {
    this.#setup = setup;
    this.#witness = witness;
    this.#file = file;
  }

  /** What people did. */
  heard(changes: readonly Change[]): void {
    this.#said.hear(changes, (kind) => this.#object(kind).enabled);
  }

  runBegins(now: number, kind: string): void {
    this.#runBegan = now;
    this.#undoing = kind === 'undo';
    this.#rejected ||= kind === 'reject' || kind === 'decide';
  }

  runEnded(now: number, state: string): void {
    this.#undoing = false;
    if (['ok', 'ok_with_holds', 'parked'].includes(state)) this.#cycles.push(now);
  }

  /** What changed through the API. @returns what must not have */
  watched(changes: readonly Change[]): readonly string[] {
    const wrong: string[] = [];
    for (const change of changes) {
      const { what, record, after } = change;
      if (this.#undoing) this.#undone.add(record.key);
      if (record.side === 'dotdigital' && (what === 'created' || what === 'channel') && record.channel === 'subscribed')
        wrong.push(...this.#subscribed(record, what === 'created'));
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
      ...this.#consent(known),
    ];
  }

  /** (decision 8, O1-O18) Nobody is subscribed whose last word, before this run began, was no. */
  #subscribed(record: Seen, isNew: boolean): readonly string[] {
    // For a new contact a no counts that stands: one that was taken back before anybody knew of the person says nothing. (P4)
    const sides = isNew && !this.#standsNo(record) ? (['dotdigital'] as const) : this.#listens();
    const keys = this.#personOf(readKnown(this.#file), record);
    const address = addressOf(record);
    const no = this.#said.last('no', keys, address, sides, this.#runBegan);
    if (no === null || this.#undoing) return [];
    const yes = this.#said.last('yes', keys, address, sides);
    if (yes !== null && yes >= Math.floor(no / SECOND) * SECOND - this.#skew()) return [];
    return [
      `decision 8: ${record.key} <${record.email ?? ''}> is subscribed, said no ${clock(no)}${yes === null ? '' : `, yes ${clock(yes)}`}`,
    ];
  }

  #standsNo(record: Seen): boolean {
    const address = addressOf(record);
    return [...this.#witness.records.values()].some(
      (other) =>
        other.side === 'sell' &&
        !other.hidden &&
        this.#object(other.kind).enabled &&
        addressOf(other) === address &&
        wordOf(other.tags) === 'no',
    );
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
        this.#lastChange(other.key, ['created', 'email', 'hidden'], null) < this.#runBegan,
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
    if (link.state !== 'active') return [];
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
      if (difference === null || this.#mayDiffer(object, field, link, crm, marketing, difference)) return [];
      return [
        `R2: ${crm.key} and ${marketing.key} <${marketing.email ?? ''}>: ${field.dotdigital} "${difference.sell}" in Sell against "${difference.dotdigital}"`,
      ];
    });
  }

  /** Where the account keeps whoever left from the API, nobody can read what is edited there. */
  #isUnseen({ channel }: Seen): boolean {
    return this.#setup.dotdigitalSwitches['suppressedShown'] === false && !isMailable(channel);
  }

  /** Whoever ever left and is deleted may merely be hidden, as those who left are: nobody can tell. */
  #leftFor(link: LinkRow): boolean {
    const key = marketingKey(link.marketing_id);
    return this.#witness.changes.some(({ record }) => record.key === key && isOut(record.channel));
  }

  #mayDiffer(
    object: ObjectSetup,
    field: MappedField,
    link: LinkRow,
    crm: Seen,
    marketing: Seen,
    difference: Difference,
  ): boolean {
    const direction = narrower(object.direction, field.direction);
    const blank = difference.sell === '' || difference.dotdigital === '';
    const [inSell, inDotdigital] = [
      this.#lastChange(crm.key, [field.sell === 'tags' ? 'tags' : field.sell, 'created'], 'people'),
      this.#lastChange(marketing.key, [field.dotdigital, 'created'], 'people'),
    ];
    if (this.#undone.has(crm.key) || this.#undone.has(marketing.key)) return true;
    if (blank && (field.blank === 'ignore' || this.#rejected)) return true;
    const linked = Date.parse(link.created_at);
    if (direction === 'bi-directional') {
      const { mode, winner } = object.alignment;
      const decides = mode === 'both' && winner !== 'fill-blanks';
      return !decides && !blank && Math.max(inSell, inDotdigital) < linked;
    }
    // What was edited on the side that is not written back stands, until the other side changes. (4.1: report)
    const [source, target] = direction === 'sell-to-dotdigital' ? [inSell, inDotdigital] : [inDotdigital, inSell];
    const seenBetween = this.#cycles.some((end) => end > target && end < source);
    return blank || source < linked || !seenBetween;
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
    const isEnded = (record: Seen): boolean => ended.has(record.key) || ended.has(hashOf(addressOf(record) ?? ''));
    // Of several records with one address, the one that stands for them is held for all. (decision 22)
    const waiting = new Set<string>();
    for (const record of this.#witness.records.values())
      if (known.held.has(record.key)) waiting.add(`${record.side} ${record.kind} ${addressOf(record) ?? ''}`);
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

  /** (4.5) Both sides say the same of whoever said no. */
  #consent(known: Known): readonly string[] {
    const { consent } = this.#setup;
    const wrong: string[] = [];
    for (const record of this.#witness.records.values()) {
      if (record.side !== 'dotdigital') continue;
      const keys = this.#personOf(known, record);
      const address = addressOf(record);
      const ddNo = this.#said.last('no', keys, address, ['dotdigital']);
      const ddYes = this.#said.last('yes', keys, address, ['dotdigital']) ?? 0;
      const sellYes = this.#said.last('yes', keys, address, ['sell']) ?? 0;
      const linked = known.links.filter((link) => link.marketing_id === record.id && link.state !== 'severed');
      const toMarketing = consent.enabled && consent.direction !== 'dotdigital-to-sell';
      const toSell =
        consent.enabled && consent.direction !== 'sell-to-dotdigital' && consent.optOutTrigger === 'immediate';
      if (isMailable(record.channel)) {
        const since = ddNo === null ? 0 : Math.floor(ddNo / SECOND) * SECOND - this.#skew();
        if (ddNo !== null && ddYes < ddNo && !(toMarketing && sellYes >= since))
          wrong.push(`O4-O6: ${record.key} <${address ?? ''}> is mailed, left ${clock(ddNo)}`);
        if (toMarketing)
          for (const link of linked) {
            const crm = this.#witness.records.get(crmKey(link.role, link.crm_id));
            if (crm === undefined || crm.hidden || wordOf(crm.tags) !== 'no') continue;
            const sellNo = this.#said.last('no', new Set([crm.key]), null, ['sell']) ?? 0;
            if (consent.direction === 'bi-directional' && ddYes >= sellNo) continue;
            wrong.push(`O1: ${record.key} <${address ?? ''}> is mailed although ${crm.key} says no`);
          }
      } else if (toSell && ddNo !== null && isOut(record.channel) && sellYes < ddNo - this.#skew() - SECOND) {
        for (const link of linked) {
          const crm = this.#witness.records.get(crmKey(link.role, link.crm_id));
          if (crm === undefined || crm.hidden || link.state === 'shadow' || known.held.has(crm.key)) continue;
          if (wordOf(crm.tags) !== 'no') wrong.push(`O7, O8: ${crm.key} was not told that ${record.key} left`);
        }
      }
    }
    return wrong;
  }

  /** Whose word counts towards Dotdigital. */
  #listens(): readonly Side[] {
    const { enabled, direction } = this.#setup.consent;
    return enabled && direction !== 'dotdigital-to-sell' ? ['sell', 'dotdigital'] : ['dotdigital'];
  }

  #personOf(known: Known, record: Seen): ReadonlySet<string> {
    return new Set([
      record.key,
      ...known.links
        .filter((link) => link.marketing_id === record.id && link.state !== 'severed')
        .map((link) => crmKey(link.role, link.crm_id)),
    ]);
  }

  #object(role: 'contact' | 'lead'): ObjectSetup {
    return role === 'contact' ? this.#setup.contacts : this.#setup.leads;
  }

  /** Clocks that are off make times comparable only so far. */
  #skew(): number {
    return Math.abs(this.#setup.skew.sell) + Math.abs(this.#setup.skew.dotdigital) + 2 * SECOND;
  }

  /** When one of these last changed; 0 = never. */
  #lastChange(key: string, whats: readonly string[], cause: 'people' | null): number {
    let latest = 0;
    for (const change of this.#witness.changes)
      if (change.key === key && whats.includes(change.what) && (cause === null || change.cause === cause))
        latest = change.at;
    return latest;
  }
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

function narrower(object: Direction, field: Direction | undefined): Direction {
  return object === 'bi-directional' ? (field ?? object) : object;
}

function hasText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(5, 23);
}
