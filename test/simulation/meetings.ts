// When the two ends of a link were first compared as what they are to each other now: a link may be older than that, and an older
// database knows less. Reads nothing but what it is told.
import { crmKey, type Hold, type Known, type LinkRow, marketingKey } from './known.ts';

export interface Run {
  readonly kind: string;
  readonly began: number;
  readonly ended: number;
  /** It went through. */
  readonly whole: boolean;
}

interface PastRun extends Run {
  /** Links that took part when it ended, with what was held of them. */
  readonly links: ReadonlyMap<string, readonly Hold[]>;
}

interface Sight {
  /** The state it was first seen in. */
  readonly first: LinkRow['state'];
  /** When it was first seen active, and severed; null = not yet. */
  readonly active: number | null;
  readonly severed: number | null;
}

interface Memory {
  readonly runs: readonly PastRun[];
  readonly sights: ReadonlyMap<string, Sight>;
}

/** Which field is compared, and how. */
export interface Question {
  /** As holds name it. */
  readonly field: string;
  /** Nothing is written back. */
  readonly oneWay: boolean;
  /** One field that does not fit holds that field alone. (C28) */
  readonly partial: boolean;
  /** The import did not say whether it made the contact: it may have been there, so nothing is known before the next look. (R4) */
  readonly untold: (run: Run) => boolean;
}

/** Holds that keep a linked pair from being written. */
const WRITES_NOTHING: ReadonlySet<string> = new Set([
  'NAME_MISSING',
  'EMAIL_MISSING',
  'EMAIL_INVALID',
  'EMAIL_BLOCKED',
  'EMAIL_TAKEN',
  'ADDRESS_INVALID',
  'NOT_PROSPECT_OR_CUSTOMER',
  'VALUE_UNMAPPABLE',
  'REMOTE_REJECTED',
]);

export class Meetings {
  #runs: readonly PastRun[] = [];
  #sights: ReadonlyMap<string, Sight> = new Map();
  #copy: Memory = { runs: [], sights: new Map() };

  /** To be told before and after every run. */
  saw({ links }: Known): void {
    const sights = new Map(this.#sights);
    for (const link of links) {
      const known = sights.get(nameOf(link));
      const at = Date.parse(known === undefined ? link.created_at : link.updated_at);
      sights.set(nameOf(link), {
        first: known?.first ?? link.state,
        active: known?.active ?? (link.state === 'active' ? at : null),
        severed: known?.severed ?? (link.state === 'severed' ? Date.parse(link.updated_at) : null),
      });
    }
    this.#sights = sights;
  }

  ended(run: Run, known: Known): void {
    this.saw(known);
    const links = known.links.flatMap((link) => {
      const keys = [crmKey(link.role, link.crm_id), marketingKey(link.marketing_id)];
      const holds = keys.flatMap((key) => known.held.get(key) ?? []);
      return link.state === 'active' ? [[nameOf(link), holds] as const] : [];
    });
    this.#runs = [...this.#runs, { ...run, links: new Map(links) }];
  }

  /** The database is copied. */
  kept(): void {
    this.#copy = { runs: this.#runs, sights: this.#sights };
  }

  /** The copy is in use again: it knows of nothing that came after it. */
  restored(): void {
    ({ runs: this.#runs, sights: this.#sights } = this.#copy);
  }

  /** Whether a run that the database knows of read what was there at some time in between. */
  ranBetween(from: number, to: number): boolean {
    return this.#runs.some(({ began, ended }) => began <= to && ended >= from);
  }

  /** When the first run after this went through; Infinity = none did. */
  nextCycle(after: number): number {
    return this.#runs.find(({ whole, ended }) => whole && ended > after)?.ended ?? Infinity;
  }

  /** Where the run that linked them broke off, or something was held of the field, nothing is agreed before the end of the next one. (R11, S25) */
  metAt(
    link: LinkRow,
    { field, oneWay, partial, untold }: Question,
  ): { readonly at: number; readonly aligned: boolean } {
    const name = nameOf(link);
    const at = this.#tookPartAt(link, oneWay);
    const compares = ({ links }: PastRun): boolean => {
      const holds = links.get(name);
      const holding = (hold: Hold): boolean =>
        WRITES_NOTHING.has(hold.code) && (hold.field === null || hold.field === field || !partial);
      return holds !== undefined && !holds.some(holding);
    };
    const own = this.#runs.find(({ began, ended }) => began <= at && at <= ended);
    if (own !== undefined && (own.kind === 'approve' || (own.whole && compares(own) && !untold(own))))
      return { at, aligned: own.kind === 'align' };
    const next = this.#runs.find((run) => run.whole && run.ended > (own?.ended ?? at) && compares(run));
    return { at: next?.ended ?? at, aligned: next?.kind === 'align' };
  }

  /**
   * Whoever was paused at first is compared when it takes part (C33); an extra record that takes over is merged with what the other one
   * had agreed on, so that it meets the contact anew only where nothing would be written back (D4).
   */
  #tookPartAt(link: LinkRow, oneWay: boolean): number {
    const sight = this.#sights.get(nameOf(link));
    const waited = sight?.first === 'paused' || (sight?.first === 'shadow' && oneWay);
    return (waited ? sight.active : null) ?? Date.parse(link.created_at);
  }

  /** (L17) When the last contact of the lead's person ended; 0 = there was none. */
  contactEnded({ role, marketing_id }: LinkRow, links: readonly LinkRow[]): number {
    const contacts = links.filter((link) => link.role === 'contact' && link.marketing_id === marketing_id);
    const ends = contacts.map((link) => this.#sights.get(nameOf(link))?.severed ?? 0);
    return role === 'lead' ? Math.max(0, ...ends) : 0;
  }
}

function nameOf({ role, crm_id, marketing_id, created_at }: LinkRow): string {
  return `${role} ${crm_id} ${marketing_id} ${created_at}`;
}
