// Tells a story: performs it step by step, writes down what happened, lets the dust settle and asks the oracle all along.
import { createRandom } from '../../sandbox/random.ts';
import { type RunReport, StoreError } from '../../src/app.ts';
import { type Accounts, makeFields, openAccounts } from './accounts.ts';
import { clearsWithoutCause } from './clear-law.ts';
import { Clockwork } from './clockwork.ts';
import { causeOf, EVERY_ACT } from './every-act.ts';
import { readKnown } from './known.ts';
import { arrange } from './mishaps.ts';
import { Oracle } from './oracle.ts';
import { type Fate, nameOf, Program, type UndoneRun, wordsOf } from './program.ts';
import { changeSetup } from './reconfigure.ts';
import type { Setup } from './setup.ts';
import type { ActStep, RunStep, ScriptStep, Step, Story } from './story.ts';
import { type Call, Wire } from './wire.ts';

const START = Date.UTC(2026, 2, 2, 8);
const MINUTE = 60_000;
/** A process that was killed holds the connection for so long. */
const LEASE = 40_000;
/** A sync before the first alignment says so and reads nothing. (decision 13) */
const NOT_ALIGNED = 'was not aligned yet';

export interface Told {
  /** What happened, one line each. */
  readonly lines: readonly string[];
  /** What must not be; empty = the story ends well. */
  readonly wrong: readonly string[];
  readonly runs: number;
  readonly calls: number;
  /** Cycles until nothing was written any more. */
  readonly settledAfter: number;
}

const UNHARMED: Fate = { dies: () => false, signal: new AbortController().signal };

/** @param lookAt is shown the database file before it is thrown away */
export async function tell(story: Story, lookAt?: (file: string) => void): Promise<Told> {
  const clockwork = new Clockwork(START);
  const accounts = await openAccounts(story.setup, story.seed, clockwork);
  const teller = new Teller(story, clockwork, accounts);
  try {
    const told = await teller.tell();
    lookAt?.(teller.file);
    return told;
  } finally {
    await teller.end();
  }
}

class Teller {
  readonly #story: Story;
  #setup: Setup;
  readonly #clockwork: Clockwork;
  readonly #accounts: Accounts;
  readonly #wire: Wire;
  readonly #program: Program;
  readonly #oracle: Oracle;
  readonly #lines: string[] = [];
  readonly #wrong: string[] = [];
  #runs = 0;
  #calls = 0;
  #writes: string[] = [];
  /** Up to when the copy knows what was said; null = there is none. */
  #kept: number | null = null;
  #aligned = false;
  /** What people are about to do in this run. */
  #waiting: RunStep['during'] = [];
  /** Something went wrong since Sell was last authorised. */
  #hurt = false;
  /** A fault was at work: the run may end otherwise than well. */
  #rough = false;

  constructor(story: Story, clockwork: Clockwork, accounts: Accounts) {
    this.#story = story;
    this.#setup = story.setup;
    this.#clockwork = clockwork;
    this.#accounts = accounts;
    const { sell, dotdigital, clocks } = accounts;
    this.#wire = new Wire(
      clockwork,
      { sell: sell.app, dotdigital: dotdigital.app },
      (call) => this.#sent(call),
      (call) => this.#served(call),
      (service) => (service === 'dotdigital' && !dotdigital.switches.dateHeader ? null : clocks[service].now()),
    );
    this.#program = new Program(story.setup, story.seed, accounts, clockwork, this.#wire);
    this.#oracle = new Oracle(story.setup, accounts, this.#program.file);
  }

  get file(): string {
    return this.#program.file;
  }

  end(): Promise<void> {
    return this.#program.end();
  }

  async tell(): Promise<Told> {
    this.#accounts.witness.look('people');
    let settledAfter = 0;
    try {
      for (const step of this.#story.steps) {
        await this.#perform(step);
        if (this.#wrong.length > 0) break;
      }
      if (this.#wrong.length === 0) settledAfter = await this.#settle();
    } catch (error) {
      this.#blame(`broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    return { lines: this.#lines, wrong: this.#wrong, runs: this.#runs, calls: this.#calls, settledAfter };
  }

  async #perform(step: Step): Promise<void> {
    this.#clockwork.pass(1_500);
    switch (step.type) {
      case 'act':
      case 'script':
        this.#act(step);
        return;
      case 'wait':
        this.#clockwork.pass(step.ms);
        this.#say(`${String(Math.round(step.ms / MINUTE))} minutes pass`);
        return;
      case 'run':
        await this.#run(step);
        return;
      case 'keep a copy':
        await this.#program.keepCopy(step.by ?? 'backup');
        this.#kept = this.#oracle.kept();
        this.#say('The database is backed up');
        return;
      case 'restore the copy':
        if (this.#kept === null) return;
        await this.#program.restoreCopy();
        this.#oracle.restored(this.#kept, this.#clockwork.now());
        this.#hurt = true;
        this.#say('The database is restored from the backup');
        return;
      case 'undo':
        await this.#undo(step.dice, step.killedAfter ?? null);
        return;
      case 'configure':
        await this.#configure(step.dice);
        return;
      default: {
        this.#wire.begin(createRandom(step.dice), []);
        this.#oracle.runBegins(this.#clockwork.now(), step.type === 'approve' ? await this.#approving() : step.type);
        const { words } = await this.#drive(this.#program.person(step.type, step.dice, UNHARMED), () => false);
        this.#oracle.runEnded(this.#clockwork.now(), step.type);
        if (words !== null) this.#say(`Somebody wants to ${step.type}: ${words}`);
      }
    }
  }

  /** What waits of an undo is an undo once it is approved: it deletes what the run had made. (decision 27) */
  async #approving(): Promise<string> {
    return (await this.#program.parkedKind()) === 'undo' ? 'undo' : 'approve';
  }

  async #configure(dice: string): Promise<void> {
    const { setup, words } = changeSetup(this.#setup, createRandom(dice));
    this.#setup = setup;
    makeFields(setup, this.#accounts.dotdigital);
    this.#accounts.witness.look('schema');
    await this.#program.reconfigure(setup);
    this.#oracle.configured(setup, this.#clockwork.now());
    this.#say(`Somebody changes the configuration: ${words}`);
  }

  async #undo(dice: string, killedAfter: number | null): Promise<void> {
    this.#wire.begin(createRandom(dice), []);
    this.#oracle.runBegins(this.#clockwork.now(), 'undo');
    const done: UndoneRun[] = [];
    let commits = 0;
    const dies: Fate['dies'] = (moment) => moment === 'commit-after' && ++commits === killedAfter;
    const work = this.#program.undo(dice, { ...UNHARMED, dies }).then((undone) => {
      if (undone === null) return null;
      done.push(undone);
      return `${nameOf(undone.run)}: ${wordsOf(undone.undone.report)}`;
    });
    const { words } = await this.#drive(work, () => commits === killedAfter);
    if (words !== null) this.#say(`Somebody wants to undo ${words}`);
    else if (commits === killedAfter) this.#clockwork.pass(LEASE);
    for (const { run, undone } of done) {
      const words = { undoes: run.id, state: undone.report.state, named: undone.skipped };
      for (const wrong of this.#oracle.undone(words)) this.#blame(wrong);
      if (!this.#hurt) this.#expectWell(undone.report);
    }
    this.#oracle.runEnded(this.#clockwork.now(), 'undo');
  }

  #act(step: ActStep | ScriptStep, indent = ''): void {
    const { witness } = this.#accounts;
    witness.look('program');
    const words = step.type === 'script' ? this.#script(step) : this.#byChance(step);
    this.#oracle.heard(witness.look(step.type === 'act' ? causeOf(step.act) : 'people'));
    if (words !== null) this.#say(`${indent}${words}`);
  }

  #script({ act }: ScriptStep): string {
    act(this.#accounts);
    return 'People act';
  }

  /** @returns null where there was nobody to do it to, or the product itself refused */
  #byChance({ act, dice }: ActStep): string | null {
    try {
      return EVERY_ACT[act](this.#accounts, createRandom(dice));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return null;
    }
  }

  #sent(call: string): void {
    const due = this.#waiting.filter(({ at }) => typeof at === 'string' && call.startsWith(at));
    this.#waiting = this.#waiting.filter((one) => !due.includes(one));
    for (const { step } of due) this.#act(step, '  ');
  }

  async #run(step: RunStep): Promise<void> {
    const { dice, during, faults, mishaps, blow } = step;
    // Nothing is written before the first alignment went through, so people ask for it again. (decision 13)
    const how = this.#aligned ? step.how : 'align';
    const { sell, dotdigital } = this.#accounts;
    this.#wire.begin(createRandom(dice), faults);
    for (const mishap of mishaps) arrange(mishap, this.#accounts);
    this.#rough = faults.length + mishaps.length > 0 || blow !== null;
    const interruption = new AbortController();
    let commits = 0;
    let struck = false;
    const fate: Fate = {
      signal: interruption.signal,
      dies: (moment) => {
        if (blow?.type !== 'crash' || blow.of !== moment) return false;
        commits += 1;
        struck ||= commits === blow.at;
        return struck;
      },
    };
    if (blow?.type === 'disk full') {
      await this.#program.open();
      await this.#program.leaveRoom(blow.pages);
    }
    this.#waiting = during;
    this.#say(`A ${how} begins`);
    const kind = how === 'full' ? 'sync' : how;
    const before = (count: number): boolean => {
      for (const { at, step: act } of during) if (at === count) this.#act(act, '  ');
      if (blow?.type === 'interrupt' && blow.at === count) interruption.abort();
      if (blow?.type === 'crash' && blow.of === 'happening' && blow.at === count) struck = true;
      return struck;
    };
    this.#oracle.runBegins(this.#clockwork.now(), how);
    const { words, report } = await this.#drive(this.#program.cycle(kind, how === 'full', fate), before);
    sell.faults.clear();
    dotdigital.world.forgetPlans();
    if (blow?.type === 'disk full') await this.#program.leaveRoom(1_000_000);
    const hit = this.#rough
      ? ` [${[...faults.map((fault) => `${fault.service} call ${String(fault.call)}${fault.times > 1 ? ` and ${String(fault.times - 1)} more` : ''}: ${fault.fate}`), ...mishaps.map(({ what }) => what), ...(blow === null ? [] : [JSON.stringify(blow)])].join('; ')}]`
      : '';
    this.#say(`The ${how} ends: ${words ?? 'killed'}${hit}`);
    this.#clockwork.pass(LEASE);
    dotdigital.world.jobs();
    // A new refresh token whose answer was lost is lost for good: Sell keeps no other. People authorise again.
    const revoked = report?.state === 'aborted' && report.message?.includes('authorise again') === true && this.#hurt;
    this.#hurt = !revoked && (this.#hurt || this.#rough);
    if (revoked) await this.#authorizeAgain();
    else if (report !== null && !this.#rough) this.#expectWell(report);
    this.#learn();
    this.#aligned ||= report?.kind === 'align' && ['ok', 'ok_with_holds', 'partial', 'parked'].includes(report.state);
    if (report === null) return;
    this.#oracle.ranAs(report.id, !this.#rough);
    const compared = report.kind !== 'plan' && report.message?.includes(NOT_ALIGNED) !== true;
    this.#oracle.runEnded(this.#clockwork.now(), compared ? report.state : 'compared nothing');
  }

  async #authorizeAgain(): Promise<void> {
    await this.#program.authorizeAgain();
    this.#say('Somebody authorises Lockstep in Sell again');
  }

  /** Drives one piece of work to its end, or to its death. */
  async #drive(
    work: Promise<RunReport | string | null>,
    before: (count: number) => boolean,
  ): Promise<{ readonly words: string | null; readonly report: RunReport | null }> {
    this.#runs += 1;
    this.#writes = [];
    // Whoever is cut off fails with nobody listening.
    work.catch(() => undefined);
    const ending = await this.#clockwork.drive(work, before);
    if (ending === 'cut') {
      await this.#program.die();
      this.#learn();
      return { words: null, report: null };
    }
    try {
      const ended = await work;
      this.#learn();
      return typeof ended === 'string' || ended === null
        ? { words: ended, report: null }
        : { words: wordsOf(ended), report: ended };
    } catch (error) {
      this.#learn();
      if (!this.#mayFail(error)) throw error;
      return { words: `${(error as Error).name}: ${(error as Error).message}`, report: null };
    }
  }

  #mayFail(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    if (!this.#rough) return false;
    return (
      (error instanceof StoreError && error.kind === 'full') ||
      error.name === 'AbortError' ||
      error.name === 'ConnectorError'
    );
  }

  #expectWell({ state, message, failures, problems }: RunReport): void {
    // While a field is away the run may end by naming it.
    if (state === 'aborted' && problems.length > 0 && this.#accounts.repairs.length > 0) return;
    if (!['ok', 'ok_with_holds', 'parked'].includes(state))
      this.#blame(`a run without faults ends ${state}: ${message ?? ''} ${JSON.stringify(failures)}`);
  }

  #served({ service, method, url, status, odd }: Call): void {
    this.#calls += 1;
    if (odd !== null) this.#say(`  ${service} answers ${method} ${url} oddly: ${odd}`);
    if (isWrite(method, url)) this.#writes.push(`${service} ${method} ${url} ${String(status)}`);
    this.#learn();
  }

  #learn(): void {
    const changes = this.#accounts.witness.look('program');
    for (const wrong of this.#oracle.watched(changes)) this.#blame(wrong);
  }

  /** No more faults, nobody does anything any more: what waits is approved, and after some cycles nothing is left to do. */
  async #settle(): Promise<number> {
    this.#say('The dust settles');
    this.#rough = false;
    for (const repair of this.#accounts.repairs.splice(0).reverse()) {
      const words = repair();
      if (words !== null) this.#say(words);
    }
    this.#accounts.witness.look('schema');
    // Two days with a cycle now and then: long enough for graces, daily looks and holds that are tried again.
    const pauses = [1, 20, 5, 26 * 60, 20, 26 * 60, 20, 10].map((minutes) => minutes * MINUTE);
    let quietSince: number | null = null;
    for (const [n, pause] of pauses.entries()) {
      this.#clockwork.pass(pause);
      for (let parked = 0; parked < 4; parked += 1) {
        this.#wire.begin(createRandom(`approve/${String(n)}/${String(parked)}`), []);
        this.#oracle.runBegins(this.#clockwork.now(), await this.#approving());
        const { words } = await this.#drive(this.#program.person('approve', 'first', UNHARMED), () => false);
        if (words === null) break;
        this.#say(`Approved: ${words}`);
        this.#clockwork.pass(LEASE);
      }
      await this.#run({
        type: 'run',
        how: n === 0 ? 'align' : 'sync',
        dice: `settle/${String(n)}`,
        during: [],
        faults: [],
        mishaps: [],
        blow: null,
      });
      if (n === 1) await this.#verify();
      if (this.#wrong.length > 0) return n;
      quietSince = this.#writes.length > 0 ? null : (quietSince ?? n);
    }
    if (quietSince === null || quietSince > pauses.length - 2)
      this.#blame(`decision 9: a settled cycle still writes: ${this.#writes.join(', ')}`);
    for (const fault of await this.#program.faults()) this.#blame(`the database: ${fault}`);
    for (const wrong of this.#oracle.judge()) this.#blame(wrong);
    // Where the services answer truly, a blank is a blank.
    if (
      this.#story.steps.some((step) => step.type === 'run' && step.faults.some(({ fate }) => fate === 'odd answer'))
    ) {
      const { links } = readKnown(this.file);
      for (const wrong of clearsWithoutCause(this.#accounts.witness.changes, links, this.#story.setup))
        this.#blame(wrong);
    }
    return quietSince ?? pauses.length;
  }

  /** As every night. */
  async #verify(): Promise<void> {
    this.#wire.begin(createRandom('verify'), []);
    const { words } = await this.#drive(this.#program.verify(UNHARMED), () => false);
    this.#say(`Both sides are compared: ${words ?? ''}`);
    this.#clockwork.pass(LEASE);
  }

  #say(line: string): void {
    this.#lines.push(`${new Date(this.#clockwork.now()).toISOString().slice(5, 23)} ${line}`);
  }

  #blame(wrong: string): void {
    this.#wrong.push(wrong);
    this.#say(`!! ${wrong}`);
  }
}

/** Calls that change something for people; those that only move a reader on or fetch a token do not. */
function isWrite(method: string, url: string): boolean {
  return method !== 'GET' && !/^\/(v2\/sync\/|oauth2\/)/.test(url);
}
