// One person in two services and what the sync knows of it: plain values, a clock of its own, faults and late news by hand.
// It makes the services stricter than they need be where they are not documented, and never helps the sync.
import { answeredAt } from '../../src/core/consent/state-words.ts';
import type { Role } from '../../src/core/model/identity.ts';
import type { Link } from '../../src/core/model/link.ts';
import type { Action, Effect, PersonPlan } from '../../src/core/model/plan.ts';
import type { ChannelState, CrmRecord, MarketingRecord } from '../../src/core/model/record.ts';
import type { Settings } from '../../src/core/model/settings.ts';
import { planPerson } from '../../src/core/plan/plan-person.ts';
import { ADDRESS, aMailing, aRecord } from '../core/plan/a-person.ts';
import { personKeys, viewOf, type World } from '../core/plan/small-world.ts';

/** What becomes of one write. `ghost` = it worked and the answer was lost; `lost` = reported as done and without effect. */
export type Fate = 'done' | 'failed' | 'ghost' | 'lost';
export type Word = 'in' | 'out' | 'nothing';

export interface Late {
  /** Records whose news the CRM's feed keeps for later. */
  readonly crm: boolean;
  readonly contact: boolean;
  /** The list of those who left is behind the contacts. */
  readonly events: boolean;
}

interface Known {
  readonly world: World;
  readonly leftAt: string | null;
}

const MAILABLE: readonly ChannelState[] = ['subscribed', 'soft-bounced'];
const START = Date.parse('2026-03-01T08:00:00.000Z');

export class ConsentWorld {
  #now = START;
  readonly #crm = new Map<string, CrmRecord>();
  /** Versions that the CRM's feed has handed over: it never hands one over twice. */
  readonly #sent = new Map<string, CrmRecord>();
  contact: MarketingRecord | null = null;
  /** When the address last left, by whomever. */
  leftAt: number | null = null;
  /** Whether the contact is out for a reason: not because the sync made it so for want of any word. (O16) */
  saidNo = false;
  /** Times at which the person came back in marketing by its own hand. */
  readonly backs: number[] = [];
  /** Edits in the CRM that brought an opt-in, and those that brought an opt-out which the sync can see. */
  readonly optIns: number[] = [];
  readonly optOuts: { readonly key: string; readonly at: number }[] = [];
  /** Whether the configuration takes the tag `vip` for an opt-in. */
  vipMeansYes = false;
  /** The latest opt-out in the CRM that the sync knew of while the person was opted out in marketing. */
  stood = 0;
  known: Known = { world: { crm: [], mailing: [], assumed: {}, links: [], suppressed: [], next: 1000 }, leftAt: null };
  #next = 5000;
  /** Times the sync read records directly to be sure of an order. */
  looks = 0;

  wait(ms: number): void {
    this.#now += ms;
  }

  get records(): readonly CrmRecord[] {
    return [...this.#crm.values()];
  }

  isMailable(): boolean {
    return this.contact !== null && MAILABLE.includes(this.contact.channel.state);
  }

  // What people do.

  addRecord(role: Role, id: string, word: Word): void {
    const base = aRecord({}, { role, id, updatedAt: this.#second(), status: null });
    this.#put({ ...base, tags: tagsOf(word) });
    this.#note(`${role}:${id}`, 'nothing', word);
  }

  say(key: string, word: Word): void {
    const record = this.#crm.get(key);
    if (record === undefined || record.state !== 'present') return;
    const others = record.tags.filter((tag) => tag !== 'newsletter' && tag !== 'unsubscribed');
    this.#note(key, wordOf(record), word);
    this.#put({ ...record, tags: [...others, ...tagsOf(word)], updatedAt: this.#second() });
  }

  toggleTag(key: string, tag: string): void {
    const record = this.#crm.get(key);
    if (record === undefined || record.state !== 'present') return;
    const has = record.tags.includes(tag);
    if (tag === 'vip' && this.vipMeansYes && !has) this.optIns.push(this.#now);
    this.#put({
      ...record,
      tags: has ? record.tags.filter((own) => own !== tag) : [...record.tags, tag],
      updatedAt: this.#second(),
    });
  }

  edit(key: string): void {
    const record = this.#crm.get(key);
    if (record === undefined || record.state !== 'present') return;
    this.#put({
      ...record,
      values: { ...record.values, 'address.postal_code': String(this.#now % 90_000) },
      updatedAt: this.#second(),
    });
  }

  remove(key: string): void {
    const record = this.#crm.get(key);
    if (record !== undefined) this.#put({ ...record, state: 'deleted', updatedAt: this.#second() });
  }

  addContact(state: ChannelState): void {
    this.contact = aMailing({ SELL_CONTACT_ID: null }, { channel: channelOf(state) });
    if (isOut(state)) this.leftAt = this.#now;
    this.saidNo = isOut(state);
  }

  leave(state: ChannelState): void {
    if (this.contact === null || isOut(this.contact.channel.state)) return;
    this.#setChannel(state);
    this.saidNo = true;
  }

  comeBack(): void {
    if (this.contact === null || this.isMailable() || this.contact.channel.state === 'none') return;
    this.#setChannel('subscribed');
    this.backs.push(this.#now);
  }

  // What the sync does.

  pull(late: Late, full: boolean): void {
    const { world, leftAt } = this.known;
    let { crm } = world;
    if (!late.crm || full) {
      for (const [key, record] of this.#crm) {
        if (this.#sent.get(key) === record && !full) continue;
        this.#sent.set(key, record);
        crm = [...crm.filter((other) => keyOf(other) !== key), record];
      }
    }
    const knownLeft = late.events && !full ? leftAt : this.leftAt === null ? null : new Date(this.leftAt).toISOString();
    let { mailing, assumed } = world;
    if (this.contact !== null && (!late.contact || full)) {
      mailing = [this.contact];
      assumed = {};
    } else if (knownLeft !== leftAt) {
      const seen = (record: MarketingRecord): MarketingRecord =>
        isOut(record.channel.state) || record.channel.state === 'blocked'
          ? record
          : { ...record, channel: channelOf('unsubscribed') };
      mailing = mailing.map(seen);
      assumed = Object.fromEntries(Object.entries(assumed).map(([id, record]) => [id, seen(record)]));
    }
    const suppressed = knownLeft !== null && mailing.length === 0 ? [ADDRESS] : [];
    this.known = { world: { ...world, crm, mailing, assumed, suppressed }, leftAt: knownLeft };
  }

  /** Plans everybody and sends what was planned. @param crash after so many writes the process is gone */
  cycle(settings: Settings, fates: (n: number) => Fate, crash: number): readonly Action[] {
    const sent: Action[] = [];
    for (let pass = 0; pass < 3; pass += 1) {
      const due: Action[] = [];
      let again = false;
      for (const key of personKeys(this.known.world)) {
        const view = { ...viewOf(this.known.world, key), optedOutAt: key.startsWith('m:') ? this.known.leftAt : null };
        const plan = this.#planned(key, planPerson(view, settings), settings);
        again ||= plan.again;
        this.#learn(plan.effects, null, null);
        due.push(...plan.actions);
      }
      for (const action of due.toSorted((a, b) => rank(a) - rank(b))) {
        if (sent.length >= crash) return sent;
        this.#send(action, fates(sent.length));
        sent.push(action);
      }
      if (!again) break;
    }
    if (this.contact !== null && isOut(this.contact.channel.state)) {
      for (const record of this.known.world.crm.filter((one) => one.state === 'present' && wordOf(one) === 'out')) {
        this.stood = Math.max(
          this.stood,
          ...this.optOuts.filter(({ key }) => key === keyOf(record)).map(({ at }) => at),
        );
      }
    }
    return sent;
  }

  /** A direct look tells the record as it is, whatever the feed still keeps back. */
  #planned(key: string, plan: PersonPlan, settings: Settings): PersonPlan {
    if (plan.look === undefined) return plan;
    const { world } = this.known;
    const seen = plan.look
      .flatMap(({ role, id }) => this.#crm.get(`${role}:${id}`) ?? [])
      .filter(({ state }) => state === 'present');
    this.looks += 1;
    const others = world.crm.filter((known) => !seen.some((record) => keyOf(record) === keyOf(known)));
    this.known = { ...this.known, world: { ...world, crm: [...others, ...seen] } };
    const view = viewOf(this.known.world, key);
    return planPerson(
      { ...view, optedOutAt: key.startsWith('m:') ? this.known.leftAt : null, fresh: seen.map(keyOf) },
      settings,
    );
  }

  #send(action: Action, fate: Fate): void {
    if (fate === 'failed') return;
    if (action.system === 'crm') this.#sendCrm(action, fate);
    else this.#sendMarketing(action, fate);
  }

  #sendCrm(action: Action, fate: Fate): void {
    // A CRM answers with the record: no write of it is reported as done and had no effect.
    const { crm } = action;
    if (crm === null) throw new Error('A CRM action carries a CRM write.');
    const key = `${action.entity}:${action.crmId ?? String(this.#next++)}`;
    const before = this.#crm.get(key);
    if (action.crmId !== null && before?.state !== 'present') return;
    const base = before ?? aRecord({}, { role: action.entity, id: key.split(':')[1] ?? '' });
    const removed = new Set(crm.removeTags ?? []);
    const tags = [...new Set([...base.tags, ...(crm.addTags ?? [])])].filter((tag) => !removed.has(tag));
    const after: CrmRecord = { ...base, values: { ...base.values, ...crm.set }, tags, updatedAt: this.#second() };
    // Said by the person a moment before it was written by the sync: from then on nobody can tell the two apart.
    if (before !== undefined && wordOf(before) === 'out' && wordOf(after) === 'out') {
      this.optOuts.splice(0, this.optOuts.length, ...this.optOuts.filter((said) => said.key !== key));
    }
    this.#put(after);
    if (fate === 'ghost') return;
    const { world } = this.known;
    this.known = {
      ...this.known,
      world: { ...world, crm: [...world.crm.filter((other) => keyOf(other) !== key), after] },
    };
    this.#learn(answeredAt(action.effects, after.updatedAt), after.id, action.marketingId);
  }

  #sendMarketing(action: Action, fate: Fate): void {
    const { marketing } = action;
    if (marketing === null || action.kind === 'delete') return;
    if (marketing.resubscribe !== undefined) {
      const refused =
        this.contact === null ||
        this.contact.channel.state === 'blocked' ||
        this.contact.channel.state === 'hard-bounced';
      if (refused) return;
      if (fate !== 'lost') this.#setChannel(marketing.resubscribe.challenge ? 'pending' : 'subscribed');
      if (fate !== 'ghost') this.#learn(action.effects, action.crmId, action.marketingId);
      return;
    }
    const { channel } = marketing;
    if (fate !== 'lost') {
      if (channel !== undefined) this.saidNo ||= this.contact !== null || !action.rows.includes('O16');
      this.contact ??= aMailing({ SELL_CONTACT_ID: null }, { channel: channelOf('none') });
      this.contact = { ...this.contact, values: { ...this.contact.values, ...marketing.set } };
      if (channel !== undefined) this.#write(channel.state);
    }
    if (fate === 'ghost') return;
    const id = this.contact?.id ?? '900';
    const { world } = this.known;
    const seen =
      world.assumed[id] ??
      world.mailing.find((record) => record.id === id) ??
      aMailing({}, { channel: channelOf('none') });
    const meant: MarketingRecord = {
      ...seen,
      values: { ...seen.values, ...marketing.set },
      assumed: true,
      ...(channel === undefined ? {} : { channel: channelOf(channel.state) }),
    };
    const mailing = world.mailing.some((record) => record.id === id) ? world.mailing : [...world.mailing, meant];
    this.known = {
      ...this.known,
      world: { ...world, mailing, assumed: { ...world.assumed, [id]: meant }, suppressed: [] },
    };
    this.#learn(action.effects, action.crmId, id);
  }

  /** An import: somebody who left is asked for a confirmation at most, and nobody is brought back from a complaint. */
  #write(state: 'subscribed' | 'unsubscribed' | 'suppressed'): void {
    const now = this.contact?.channel.state ?? 'none';
    if (now === 'blocked' || now === 'hard-bounced') return;
    if (state !== 'subscribed') this.#setChannel(state);
    else
      this.#setChannel(
        this.leftAt !== null && now !== 'subscribed' && now !== 'soft-bounced' ? 'pending' : 'subscribed',
      );
  }

  #setChannel(state: ChannelState): void {
    if (this.contact === null) return;
    if (isOut(state) && !isOut(this.contact.channel.state)) this.leftAt = this.#now;
    this.contact = { ...this.contact, channel: channelOf(state) };
  }

  #learn(effects: readonly Effect[], crmId: string | null, marketingId: string | null): void {
    let { links, next } = this.known.world;
    for (const effect of effects) {
      if (effect.type === 'link-state')
        links = links.map((link) =>
          link.id === effect.linkId ? { ...link, state: effect.state, because: effect.because } : link,
        );
    }
    for (const effect of effects) {
      if (effect.type !== 'link') continue;
      const [crm, marketing] = [effect.crmId ?? crmId, effect.marketingId ?? marketingId];
      if (crm === null || marketing === null) continue;
      if (links.some((link) => link.state !== 'severed' && link.role === effect.role && link.crmId === crm)) continue;
      const link: Link = {
        id: `link-${next}`,
        role: effect.role,
        crmId: crm,
        marketingId: marketing,
        state: effect.state,
        because: effect.because,
        base: {},
        unconfirmed: {},
      };
      links = [...links, link];
      next += 1;
    }
    for (const effect of effects) {
      if (effect.type !== 'base') continue;
      const [crm, marketing] = [effect.crmId ?? crmId, effect.marketingId ?? marketingId];
      links = links.map((link) => {
        if (
          link.state === 'severed' ||
          link.role !== effect.role ||
          link.crmId !== crm ||
          link.marketingId !== marketing
        )
          return link;
        const kept = Object.entries(link.unconfirmed).filter(([key]) => !effect.settled.includes(key));
        return {
          ...link,
          base: { ...link.base, ...effect.fields },
          unconfirmed: { ...Object.fromEntries(kept), ...effect.unconfirmed },
        };
      });
    }
    this.known = { ...this.known, world: { ...this.known.world, links, next } };
  }

  /** Another connection to the same accounts: nothing is known of anybody. */
  reconnect(): void {
    this.#sent.clear();
    this.known = {
      world: { crm: [], mailing: [], assumed: {}, links: [], suppressed: [], next: this.known.world.next },
      leftAt: null,
    };
  }

  #put(record: CrmRecord): void {
    this.#crm.set(keyOf(record), record);
  }

  #note(key: string, before: Word, after: Word): void {
    if (before === after) return;
    if (after === 'in') this.optIns.push(this.#now);
    // What was taken back and said again between two looks reads as if nothing had happened.
    const seen = this.known.world.crm.find((record) => keyOf(record) === key);
    if (after === 'out' && (seen === undefined || wordOf(seen) !== 'out')) this.optOuts.push({ key, at: this.#now });
  }

  /** The CRM tells whole seconds. */
  #second(): string {
    return `${new Date(this.#now).toISOString().slice(0, 19)}Z`;
  }
}

function rank(action: Action): number {
  return ['opt-out', 'create', 'update', 'list', 'opt-in', 'delete'].indexOf(action.lane);
}

export function keyOf(record: CrmRecord): string {
  return `${record.role}:${record.id}`;
}

export function wordOf(record: CrmRecord): Word {
  return record.tags.includes('unsubscribed') ? 'out' : record.tags.includes('newsletter') ? 'in' : 'nothing';
}

function tagsOf(word: Word): string[] {
  return word === 'in' ? ['newsletter'] : word === 'out' ? ['unsubscribed'] : [];
}

function channelOf(state: ChannelState): MarketingRecord['channel'] {
  return { state, reason: state, optInType: 'unknown' };
}

export function isOut(state: ChannelState): boolean {
  return state === 'unsubscribed' || state === 'suppressed' || state === 'blocked' || state === 'hard-bounced';
}
