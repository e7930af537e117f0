// The laws of consent: nobody is subscribed against their last word, and both sides say the same of whoever said no. (4.5, decision 8)
import { fold } from '../plain-values.ts';
import { crmKey, type Known, readKnown } from './known.ts';
import type { Setup } from './setup.ts';
import { addressOf, isMailable, isOut, Statements, type Word, wordOf } from './statements.ts';
import type { Change, Kind, Seen, Side, Witness } from './witness.ts';

const SECOND = 1000;

export class ConsentLaw {
  #setup: Setup;
  readonly #witness: Witness;
  readonly #file: string;
  readonly #said = new Statements();
  /** When the program subscribed a contact because of a yes, whoever said it since gone or unlinked. */
  readonly #brought = new Map<string, number>();

  constructor(setup: Setup, witness: Witness, file: string) {
    this.#setup = setup;
    this.#witness = witness;
    this.#file = file;
  }

  configured(setup: Setup): void {
    this.#setup = setup;
  }

  /** What people did, while a run that began then goes on; null = no run. */
  heard(changes: readonly Change[], runBegan: number | null): void {
    const listens = (kind: Kind, word: Word): boolean => (word === 'no' ? this.#hearsNo(kind) : this.#listensTo(kind));
    this.#said.hear(changes, listens, runBegan);
    // Whoever gives a contact another address in Dotdigital takes its consent along.
    for (const { key, what, before, record } of changes) {
      const brought = what === 'email' ? this.#brought.get(contactAt(key, before as string | null)) : undefined;
      if (brought !== undefined) this.#brought.set(contactAt(key, record.email), brought);
    }
  }

  /** What was said until then is known to the program's database. */
  readUntil(at: number): void {
    this.#said.readUntil(at);
  }

  /** (decision 8, O1-O18) Nobody is subscribed whose last word, before this run began, was no. */
  subscribed({ record, what, at }: Change, runBegan: number): readonly string[] {
    // For a new contact a no counts that stands: one that was taken back before anybody knew of the person says nothing. (P4)
    const sides = what === 'created' && !this.#standsNo(record) ? (['dotdigital'] as const) : this.#listens();
    const keys = this.#personOf(readKnown(this.#file), record);
    const address = addressOf(record);
    const no = this.#said.last('no', keys, address, sides, runBegan);
    const yes = this.#said.last('yes', keys, address, sides);
    if (no === null || (yes !== null && yes >= Math.floor(no / SECOND) * SECOND - this.#skew())) {
      this.#brought.set(contactAt(record.key, record.email), at);
      return [];
    }
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
        this.#hearsNo(other.kind) &&
        addressOf(other) === address &&
        wordOf(other.tags) === 'no',
    );
  }

  /** (4.5) Both sides say the same of whoever said no. */
  judge(known: Known): readonly string[] {
    const { consent } = this.#setup;
    const wrong: string[] = [];
    for (const record of this.#witness.records.values()) {
      if (record.side !== 'dotdigital' || this.#isHidden(record)) continue;
      const keys = this.#personOf(known, record);
      const address = this.#isNamedByPeople(record) ? null : addressOf(record);
      const ddNo = this.#said.last('no', keys, address, ['dotdigital']);
      const ddYes = this.#said.last('yes', keys, address, ['dotdigital']) ?? 0;
      const sellYes = this.#said.last('yes', keys, address, ['sell']) ?? 0;
      const linked = known.links.filter(
        (link) => link.marketing_id === record.id && link.state !== 'severed' && this.#listensTo(link.role),
      );
      const toMarketing = consent.enabled && consent.direction !== 'dotdigital-to-sell';
      const toSell =
        consent.enabled && consent.direction !== 'sell-to-dotdigital' && consent.optOutTrigger === 'immediate';
      if (isMailable(record.channel)) {
        if (toMarketing)
          for (const other of this.#witness.records.values()) {
            if (other.side !== 'sell' || other.hidden || this.#listensTo(other.kind) || address === null) continue;
            if (addressOf(other) !== address || wordOf(other.tags) !== 'no') continue;
            const sellNo = this.#said.last('no', new Set([other.key]), null, ['sell']) ?? 0;
            if (consent.direction === 'bi-directional' && ddYes >= sellNo) continue;
            wrong.push(`O1, C35: ${record.key} <${address}> is mailed although ${other.key}, which is off, says no`);
          }
        const since = ddNo === null ? 0 : Math.floor(ddNo / SECOND) * SECOND - this.#skew();
        if (
          ddNo !== null &&
          Math.max(ddYes, this.#brought.get(contactAt(record.key, record.email)) ?? 0) < ddNo &&
          !(toMarketing && sellYes >= since)
        )
          wrong.push(`O4-O6: ${record.key} <${record.email ?? ''}> is mailed, left ${clock(ddNo)}`);
        if (toMarketing)
          for (const link of linked) {
            const crm = this.#witness.records.get(crmKey(link.role, link.crm_id));
            if (crm === undefined || crm.hidden || wordOf(crm.tags) !== 'no') continue;
            const sellNo = this.#said.last('no', new Set([crm.key]), null, ['sell']) ?? 0;
            if (consent.direction === 'bi-directional' && ddYes >= sellNo) continue;
            wrong.push(`O1: ${record.key} <${record.email ?? ''}> is mailed although ${crm.key} says no`);
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

  /** Mail that bounced hides a contact as well, where the account shows nobody who left. */
  #isHidden({ channel }: Seen): boolean {
    return this.#setup.dotdigitalSwitches['suppressedShown'] === false && channel === 'softBounced';
  }

  /** Whoever gave a contact in Dotdigital its address knows there who left under it before. */
  #isNamedByPeople({ key }: Seen): boolean {
    const { changes } = this.#witness;
    return (
      changes.findLast((one) => one.key === key && (one.what === 'email' || one.what === 'created'))?.cause !==
      'program'
    );
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

  #listensTo(kind: Seen['kind']): boolean {
    return (kind === 'contact' ? this.#setup.contacts : this.#setup.leads).enabled;
  }

  /** (decision 8, C35) Also of what is switched off, while consent is not. */
  #hearsNo(kind: Seen['kind']): boolean {
    return this.#setup.consent.enabled || this.#listensTo(kind);
  }

  /** Clocks that are off make times comparable only so far. */
  #skew(): number {
    return Math.abs(this.#setup.skew.sell) + Math.abs(this.#setup.skew.dotdigital) + 2 * SECOND;
  }
}

function contactAt(key: string, email: string | null): string {
  return `${key} ${fold(email) ?? ''}`;
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(5, 23);
}
