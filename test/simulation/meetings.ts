// When the two ends of a link were first compared as what they are to each other now: a link may be older than that.
import type { LinkRow } from './known.ts';

interface Sight {
  /** The state it was first seen in. */
  readonly first: LinkRow['state'];
  /** When it was first seen active, and severed; null = not yet. */
  active: number | null;
  severed: number | null;
}

export class Meetings {
  readonly #sights = new Map<string, Sight>();

  /** To be told after every run. */
  saw(links: readonly LinkRow[]): void {
    for (const link of links) {
      const known = this.#sights.get(nameOf(link));
      const sight = known ?? { first: link.state, active: null, severed: null };
      this.#sights.set(nameOf(link), sight);
      if (link.state === 'active') sight.active ??= Date.parse(known === undefined ? link.created_at : link.updated_at);
      if (link.state === 'severed') sight.severed ??= Date.parse(link.updated_at);
    }
  }

  /**
   * Whoever was paused at first is compared when it takes part (C33); an extra record that takes over is merged with what the other one
   * had agreed on, so that it meets the contact anew only where nothing would be written back (D4).
   */
  of(link: LinkRow, oneWay: boolean): number {
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
