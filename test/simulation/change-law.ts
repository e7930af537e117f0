// The laws of what changes around the records: after another configuration the first run takes nothing away (R12), and a field that
// is lost in one account is never taken for everybody's clearing it in the other (C26).
import { crmKey, type Known, marketingKey } from './known.ts';
import type { MappedField, Setup } from './setup.ts';
import { isConsentTag } from './statements.ts';
import type { Change, Seen, Witness } from './witness.ts';

const OWN_WILL: ReadonlySet<string> = new Set(['sync', 'full', 'align']);
/** Who is the only one to have lost a value may have been edited in the second of the last read. Milliseconds. */
const MOMENT = 15_000;
const ENDED_WELL: ReadonlySet<string> = new Set(['ok', 'ok_with_holds', 'parked', 'partial']);

export class ChangeLaw {
  readonly #witness: Witness;
  #setup: Setup;
  /** When the runs began that read both sides. */
  readonly #readings: number[] = [];
  /** Under which the last run went through. */
  #baseline: Setup;
  /** Nothing went through under this configuration yet. */
  #rebaselining = false;
  /** What the database says of the last configuration that went through. */
  #recorded: string | null = null;

  constructor(setup: Setup, witness: Witness) {
    this.#setup = setup;
    this.#baseline = setup;
    this.#witness = witness;
  }

  configured(setup: Setup): void {
    const parts = ({ products: _, contacts, leads, ...rest }: Setup): string =>
      JSON.stringify({ ...rest, contacts: { ...contacts, alignment: 0 }, leads: { ...leads, alignment: 0 } });
    // One that is changed back before any run saw it is the same. (R12)
    this.#rebaselining = parts(setup) !== parts(this.#baseline);
    this.#setup = setup;
  }

  /** @param recorded the configuration that the database says went through */
  runBegins(recorded: string | null): void {
    this.#recorded = recorded;
  }

  /** One that was killed when all was done and another configuration recorded was the first under it. (R12) */
  runKilled(kind: string, recorded: string | null, began: number): void {
    if (recorded !== null && recorded !== this.#recorded) this.runEnded(kind, 'ok', began);
  }

  /** @param began when it did, milliseconds */
  runEnded(kind: string, state: string, began: number): void {
    if (!OWN_WILL.has(kind) || !ENDED_WELL.has(state)) return;
    this.#rebaselining = false;
    this.#baseline = this.#setup;
    this.#readings.push(began);
  }

  /** What a run of that kind changed. @returns what must not be */
  watched(kind: string, changes: readonly Change[], known: Known): readonly string[] {
    if (!OWN_WILL.has(kind)) return [];
    return changes
      .filter(({ cause }) => cause === 'program')
      .flatMap((change) => [...this.#takenAway(change), ...this.#lostWithField(change, known)]);
  }

  #takenAway({ key, what, before, after, record }: Change): readonly string[] {
    if (!this.#rebaselining) return [];
    if (what === 'deleted')
      return [`R12: ${key} <${record.email ?? ''}> is deleted right after a change of the configuration`];
    const field = this.#fieldsOf(record).find((one) => nameIn(one, record) === what);
    // Tags of consent have rules of their own, and a data field shows what becomes of them. (R19)
    const ofConsent =
      field?.sell === 'tags' &&
      String(before)
        .split(/[;,]/)
        .every((tag) => isConsentTag(tag.trim()));
    if (field !== undefined && isBlank(after) && !isBlank(before) && !ofConsent)
      return [`R12: ${what} of ${key} is cleared right after a change of the configuration`];
    return [];
  }

  #lostWithField({ key, what, before, after, record }: Change, known: Known): readonly string[] {
    if (!isBlank(after) || isBlank(before) || what === 'created' || what === 'deleted') return [];
    for (const field of this.#fieldsOf(record).filter((one) => nameIn(one, record) === what))
      for (const other of othersOf(record, known)) {
        const name = other.startsWith('sell') ? field.sell : field.dotdigital;
        const last = this.#witness.changes.findLast((change) => change.key === other && change.what === name);
        if (last?.cause === 'schema' && isBlank(last.after) && this.#showsLoss(last, known))
          return [`C26: ${what} of ${key} is cleared because ${name} was lost in the other account`];
      }
    return [];
  }

  /**
   * Somebody lost the value, be it this one, which a run had read and nobody touched since: nobody can have cleared it there. Whom the
   * account hides, no run has read.
   */
  #showsLoss({ key, what, at, record }: Change, { links }: Known): boolean {
    const { changes } = this.#witness;
    const linked = new Set(
      links.flatMap((link) =>
        link.state === 'active' ? [crmKey(link.role, link.crm_id), marketingKey(link.marketing_id)] : [],
      ),
    );
    return changes.some(
      (other) =>
        other.cause === 'schema' &&
        other.at === at &&
        other.what === what &&
        other.record.side === record.side &&
        other.record.kind === record.kind &&
        linked.has(other.key) &&
        !this.#isHidden(other.record) &&
        changes.findLast((change) => change.key === other.key)?.at === at &&
        this.#wasRead(other.key, at, other.key === key ? MOMENT : 0),
    );
  }

  /** @param after how long after its last edit, milliseconds */
  #wasRead(key: string, until: number, after: number): boolean {
    const last = this.#witness.changes.findLast((change) => change.key === key && change.at < until)?.at ?? Infinity;
    return this.#readings.some((began) => began > last + after && began < until);
  }

  #isHidden({ channel }: Seen): boolean {
    return this.#setup.dotdigitalSwitches['suppressedShown'] === false && channel !== null && channel !== 'subscribed';
  }

  #fieldsOf({ side, kind }: Seen): readonly MappedField[] {
    const { contacts, leads } = this.#setup;
    if (side === 'dotdigital') return [contacts, leads].flatMap(({ enabled, fields }) => (enabled ? fields : []));
    return kind === 'contact' ? contacts.fields : leads.fields;
  }
}

function nameIn(field: MappedField, { side }: Seen): string {
  return side === 'sell' ? field.sell : field.dotdigital;
}

function othersOf({ key }: Seen, { links }: Known): readonly string[] {
  return links.flatMap((link) => {
    const [crm, marketing] = [crmKey(link.role, link.crm_id), marketingKey(link.marketing_id)];
    return key === crm ? [marketing] : key === marketing ? [crm] : [];
  });
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
