// Who said yes or no, where and when, from what people did and nothing else. (4.5)
import { fold } from '../plain-values.ts';
import { CONSENT_TAGS } from './setup.ts';
import type { Change, Kind, Seen, Side } from './witness.ts';

export type Word = 'yes' | 'no';

export interface Statement {
  readonly at: number;
  readonly word: Word;
  readonly side: Side;
  readonly key: string;
  /** Where nobody read it under this address, it goes to the next one with the person. (C23) */
  email: string | null;
  /** When it came to be under that address. */
  since: number;
  /** Mail that came back: the address's word, not the person's. (C23) */
  readonly bounced: boolean;
}

const MAILABLE: ReadonlySet<string> = new Set(['subscribed', 'softBounced']);
const NEITHER: ReadonlySet<string> = new Set(['noSubscription', 'pendingOptIn']);

export function isMailable(channel: string | null): boolean {
  return MAILABLE.has(channel ?? '');
}

export function isOut(channel: string | null): boolean {
  return channel !== null && !MAILABLE.has(channel) && !NEITHER.has(channel);
}

export function isConsentTag(tag: string): boolean {
  return tag === CONSENT_TAGS.optIn || tag === CONSENT_TAGS.optOut;
}

/** (P1-P3) What the tags of a Sell record say; null = nothing. */
export function wordOf(tags: readonly string[]): Word | null {
  const has = (word: string): boolean => tags.some((tag) => tag.toLowerCase() === word);
  return has(CONSENT_TAGS.optOut) ? 'no' : has(CONSENT_TAGS.optIn) ? 'yes' : null;
}

export class Statements {
  #all: Statement[] = [];
  /** What each record was called last, folded. */
  readonly #emails = new Map<string, string | null>();
  /** What the tags of a Sell record said before people touched them since a run read them, and when that was. */
  #readAs = new Map<string, { readonly word: Word | null; readonly at: number }>();
  /** Up to when the program has read what was said. */
  #readUntil = 0;

  /**
   * @param changes by people
   * @param listens whether anybody hears a word from records of a kind
   * @param runBegan when the run began that goes on meanwhile: it may have read what was said before it; null = no run
   */
  hear(changes: readonly Change[], listens: (kind: Kind, word: Word) => boolean, runBegan: number | null): void {
    const lead = changes.find(
      ({ what, record }) => what === 'deleted' && record.side === 'sell' && record.kind === 'lead',
    );
    for (const change of changes) {
      if (lead !== undefined && change.what === 'created') {
        this.#became(lead.record, change.record);
        continue;
      }
      if (change.what === 'deleted') this.#unheard(change.record);
      if (change.what === 'email') this.#followed(change.record, change.at);
      this.#emails.set(change.record.key, fold(change.record.email));
      if ((change.what === 'tags' || change.what === 'created') && !this.#readAs.has(change.record.key))
        this.#readAs.set(change.record.key, { word: wordBefore(change), at: change.at });
      const word = spoken(change);
      if (word === null || (change.record.side === 'sell' && !listens(change.record.kind, word))) continue;
      const { side, key, email } = change.record;
      if (side === 'sell' && this.#isTakenBack(key, word, runBegan)) continue;
      this.#all.push({
        at: change.at,
        word,
        side,
        key,
        email: fold(email),
        since: change.at,
        bounced: change.record.channel === 'hardBounced',
      });
    }
  }

  /** What a lead said goes on in the contact it became: nobody says it anew. (D8) */
  #became(lead: Seen, { key, email }: Seen): void {
    this.#emails.set(key, fold(email));
    this.#all.push(...this.#all.filter((one) => one.key === lead.key).map((one) => ({ ...one, key })));
  }

  /** A run went through, or an older database knows less again: under which address it was said is then forgotten as well. */
  readUntil(at: number): void {
    if (at < this.#readUntil)
      for (const one of this.#all) if (one.at >= at) one.email = this.#emails.get(one.key) ?? one.email;
    this.#readUntil = at;
    this.#readAs = new Map([...this.#readAs].filter(([, touched]) => touched.at >= at));
  }

  /** Tags that read as they did when a run read them last, whatever they were in between: nobody can know of that. Forgets it. */
  #isTakenBack(key: string, word: Word, runBegan: number | null): boolean {
    const touched = this.#readAs.get(key);
    if (touched === undefined || touched.word !== word || (runBegan !== null && touched.at < runBegan)) return false;
    this.#all = this.#all.filter((one) => one.key !== key || one.at < this.#readUntil);
    return true;
  }

  /** A no of somebody who was gone before a run read it, nobody can know. A yes stays their last word, should the contact come back with it. */
  #unheard({ key }: Seen): void {
    this.#all = this.#all.filter((one) => one.key !== key || one.word === 'yes' || one.since < this.#readUntil);
  }

  #followed({ key, email }: Seen, at: number): void {
    for (const one of this.#all)
      if (one.key === key && !one.bounced && one.since >= this.#readUntil) [one.email, one.since] = [fold(email), at];
  }

  /** Of somebody known by these records and this address; the latest of a word, or null. */
  last(
    word: Word,
    keys: ReadonlySet<string>,
    email: string | null,
    sides: readonly Side[],
    until = Infinity,
  ): number | null {
    let latest: number | null = null;
    for (const one of this.#all) {
      if (one.word !== word || one.at > until || !sides.includes(one.side)) continue;
      if ((one.bounced || !keys.has(one.key)) && (email === null || one.email !== email)) continue;
      latest = Math.max(latest ?? 0, one.at);
    }
    return latest;
  }
}

function wordBefore({ what, before, record }: Pick<Change, 'what' | 'before' | 'record'>): Word | null {
  return record.side === 'sell' && what === 'tags' ? wordOf(before as readonly string[]) : null;
}

function spoken({ what, before, record }: Change): Word | null {
  if (record.side === 'dotdigital') {
    if (what !== 'created' && what !== 'channel') return null;
    return isOut(record.channel) ? 'no' : record.channel === 'subscribed' ? 'yes' : null;
  }
  if (what !== 'created' && what !== 'tags') return null;
  const now = wordOf(record.tags);
  return now === wordBefore({ what, before, record }) ? null : now;
}

/** The folded address of a record. */
export function addressOf(record: Seen): string | null {
  return fold(record.email);
}
