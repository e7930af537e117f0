// Lets callers go when the limit that they share allows it: those of this process in one line, those of others through the place
// where the limit's state lies. Knows no service and never retries a call.
import { type News, type PacePlace, type PaceRules, placeInMemory, type Slot } from './pace.ts';
import type { PacedAnswer, Pacer } from './pacer.ts';
import type { HttpRuntime } from './runtime.ts';
import { type Waiter, WaitingLine } from './waiting-line.ts';

type PaceRuntime = Pick<HttpRuntime, 'now' | 'sleep' | 'random'>;

/** The limits that this process draws on. */
export interface Paces {
  /**
   * @param key of the limit: never a credential, it is stored
   * @param tenant callers of several tenants take turns
   */
  pacer<S>(key: string, tenant: string, rules: PaceRules<S>): Pacer;
}

/** Whose limit a connector draws on, and for whom. */
export interface PaceShare {
  readonly paces: Paces;
  readonly key: string;
  readonly tenant: string;
}

/** Lines kept although nobody stands in them: what they know is in the place. */
const LINES_KEPT = 1_000;
/** The place's state may have been mended by somebody else meanwhile: it is looked at again. Milliseconds. */
const LOOK_AGAIN_MS = 60_000;

export function createPaces(place: PacePlace, runtime: PaceRuntime): Paces {
  const users = new Map<string, { pacer(tenant: string): Pacer; readonly idle: boolean }>();
  return {
    pacer(key, tenant, rules) {
      const name = `${key} ${rules.name}`;
      let user = users.get(name);
      if (user === undefined) {
        user = new PaceUser(key, rules, place, runtime);
        if (users.size >= LINES_KEPT) for (const [other, { idle }] of users) if (idle) users.delete(other);
        users.set(name, user);
      }
      return user.pacer(tenant);
    },
  };
}

/** Shares nothing with anybody. */
export function ownPace(runtime: PaceRuntime): PaceShare {
  return { paces: createPaces(placeInMemory(runtime), runtime), key: '', tenant: '' };
}

class PaceUser<S> {
  readonly #key: string;
  readonly #rules: PaceRules<S>;
  readonly #place: PacePlace;
  readonly #runtime: PaceRuntime;
  readonly #name: string;
  readonly #lines = new Map<string, WaitingLine>();
  /** By group: given by the place and not answered yet. */
  readonly #outstanding = new Map<string, number>();
  #news: News[] = [];
  /** What lay in the place last. */
  #seen: S;
  /** The same, as long as it may still be the newest. */
  #known: { readonly state: S; readonly version: number } | null = null;
  /** Version that this user stored last. */
  #last = 0;
  /** Nobody else stored one since. */
  #alone = true;
  /** The place's clock less this one. */
  #ahead = 0;
  #throttles = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(key: string, rules: PaceRules<S>, place: PacePlace, runtime: PaceRuntime) {
    this.#key = key;
    this.#rules = rules;
    this.#seen = rules.fresh;
    this.#place = place;
    this.#runtime = runtime;
    this.#name = Math.floor(runtime.random() * 2 ** 48).toString(36);
  }

  get idle(): boolean {
    return this.#outstanding.size === 0 && [...this.#lines.values()].every((line) => !line.running);
  }

  pacer(tenant: string): Pacer {
    return {
      acquire: (hint, signal) => this.#acquire(tenant, this.#rules.group(hint), signal),
      observe: (hint, answer) => this.#observe(this.#rules.group(hint), answer),
      tiers: () => this.#rules.tiers(this.#rules.take(this.#seen, this.#ask('', new WaitingLine())).state),
    };
  }

  #acquire(tenant: string, group: string, signal: AbortSignal | undefined): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      if (signal?.aborted) {
        reject(new Error('cancelled'));
        return;
      }
      const line = this.#lineOf(group);
      const stop = (): void => {
        line.leave(tenant, waiter);
        reject(new Error('cancelled'));
      };
      const over = (then: () => void): void => {
        signal?.removeEventListener('abort', stop);
        then();
      };
      const waiter: Waiter = { release: () => over(resolve), fail: (error) => over(() => reject(error)) };
      signal?.addEventListener('abort', stop, { once: true });
      line.join(tenant, waiter);
      this.#start(group, line);
    });
  }

  #observe(group: string, answer: PacedAnswer): void {
    this.#count(group, -1);
    const local = this.#runtime.now();
    const budget = this.#rules.budget(answer, local);
    const news: News = {
      group,
      at: local + this.#ahead,
      throttled: answer.throttled,
      retryAfterMs: answer.retryAfterMs,
      budget: budget === null ? null : { ...budget, resetAt: budget.resetAt + this.#ahead },
    };
    this.#news.push(news);
    if (answer.throttled) this.#giveBack();
    // Whoever is next takes up what could not be stored now.
    if (this.#rules.urgent(this.#seen, news)) this.#swap(group, new WaitingLine()).catch(() => undefined);
  }

  /** What was given before the service throttled no longer counts. */
  #giveBack(): void {
    this.#throttles += 1;
    for (const [group, line] of this.#lines) {
      this.#count(group, -line.slots.length);
      line.slots = [];
    }
  }

  #start(group: string, line: WaitingLine): void {
    if (line.running) return;
    line.running = true;
    line.nobody = new AbortController();
    void this.#dispatch(group, line)
      .catch((reason: unknown) => {
        const error = reason instanceof Error ? reason : new Error(String(reason));
        for (let waiter = line.shift(); waiter !== undefined; waiter = line.shift()) waiter.fail(error);
      })
      .finally(() => {
        line.running = false;
        if (line.tenants > 0) this.#start(group, line);
      });
  }

  async #dispatch(group: string, line: WaitingLine): Promise<void> {
    // Those who come in the same moment ask together.
    await Promise.resolve();
    while (line.tenants > 0) {
      const slot = this.#nextSlot(group, line);
      if (slot === undefined) {
        const retryAt = await this.#swap(group, line);
        if (retryAt !== null) await this.#sleep(retryAt, line);
      } else if (slot.at > this.#now()) await this.#sleep(slot.at, line);
      else {
        line.slots.shift();
        line.shift()?.release();
      }
    }
  }

  #nextSlot(group: string, line: WaitingLine): Slot | undefined {
    const now = this.#now();
    const good = line.slots.filter(({ until }) => until > now);
    this.#count(group, good.length - line.slots.length);
    line.slots = good;
    return good[0];
  }

  /**
   * Asks the place for slots and tells it the news. One question at a time: each begins with what the one before left there.
   * @returns when to ask again, or null when slots were given
   */
  #swap(group: string, line: WaitingLine): Promise<number | null> {
    const turn = this.#turn.then(() => this.#swapNow(group, line));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #swapNow(group: string, line: WaitingLine): Promise<number | null> {
    const throttles = this.#throttles;
    for (let tries = 0; ; tries += 1) {
      if (this.#known === null) {
        const { state, version, now } = await this.#place.read(this.#key);
        this.#setClock(now);
        this.#known = { state: version === 0 ? this.#rules.fresh : (state as S), version };
        this.#alone = version === this.#last;
      }
      const { version } = this.#known;
      const ask = this.#ask(group, line);
      const taken = this.#rules.take(this.#known.state, ask);
      const now = await this.#place.write(this.#key, version, taken.state);
      this.#known = null;
      this.#alone &&= now !== null;
      if (now !== null) {
        this.#seen = taken.state;
        this.#setClock(now);
        this.#last = version + 1;
        // Where others ask as well, this will not be the newest by the next question.
        if (this.#alone) this.#known = { state: taken.state, version: this.#last };
        this.#news.splice(0, ask.news.length);
        if (taken.slots.length === 0) return taken.retryAt;
        if (this.#throttles === throttles) {
          this.#count(group, taken.slots.length);
          line.slots.push(...taken.slots);
        }
        return null;
      }
      // Somebody else was faster; where many are, they must not meet again.
      if (tries > 0) await this.#runtime.sleep(this.#runtime.random() * 5 * Math.min(tries, 20));
    }
  }

  #ask(group: string, line: WaitingLine) {
    return {
      now: this.#now(),
      user: this.#name,
      group,
      calls: line.calls,
      tenants: line.tenants,
      outstanding: this.#outstanding,
      news: [...this.#news],
    };
  }

  #sleep(until: number, line: WaitingLine): Promise<void> {
    const ms = Math.min(LOOK_AGAIN_MS, Math.max(1, until - this.#now()));
    return this.#runtime.sleep(ms, line.nobody.signal).catch(() => undefined);
  }

  #count(group: string, calls: number): void {
    const count = Math.max(0, (this.#outstanding.get(group) ?? 0) + calls);
    if (count === 0) this.#outstanding.delete(group);
    else this.#outstanding.set(group, count);
  }

  #lineOf(group: string): WaitingLine {
    let line = this.#lines.get(group);
    if (line === undefined) {
      line = new WaitingLine();
      this.#lines.set(group, line);
    }
    return line;
  }

  /** The answer was on its way: this clock is never ahead of the place's, so nobody goes too early. */
  #setClock(now: number): void {
    this.#ahead = now - this.#runtime.now();
  }

  #now(): number {
    return this.#runtime.now() + this.#ahead;
  }
}
