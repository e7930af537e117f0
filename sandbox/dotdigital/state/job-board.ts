// Asynchronous jobs: accepted now, carried out when the clock has passed their time and they were asked about often enough.
// Never sets a timer: whoever looks at the account first lets the due jobs run.

/** Kinds of jobs, each with its own limit of how many may run at once. */
export type JobKind = 'contact-import' | 'contact-delete' | 'list-removal' | 'insight-import' | 'insight-collection';

export const JOB_KINDS: readonly JobKind[] = [
  'contact-import',
  'contact-delete',
  'list-removal',
  'insight-import',
  'insight-collection',
];

/** How the next job of a kind is to end, laid down beforehand or while it waits. */
export interface JobPlan {
  /** Final status in place of the ordinary one, such as `Failed` or `RejectedByWatchdog`. */
  readonly status?: string | undefined;
  /** Milliseconds the job takes, in place of the switch. */
  readonly delayMs?: number | undefined;
  /** Answers `not finished` at least that often, in place of the switch. */
  readonly polls?: number | undefined;
  /** Carries out only the first rows although the job fails. Default: none of them. */
  readonly applyRows?: number | undefined;
  /** Rows whose JSON matches a pattern fail with that code. */
  readonly failRows?: readonly { readonly pattern: string; readonly code: string }[] | undefined;
}

/** A job, waiting or done. */
export interface Job<R = unknown> {
  readonly id: string;
  readonly kind: JobKind;
  /** Items in the request. */
  readonly size: number;
  readonly acceptedAt: number;
  dueAt: number;
  pollsLeft: number;
  /** Times somebody asked for the status. */
  polled: number;
  plan: JobPlan;
  /** Undefined while it waits. */
  result: R | undefined;
  doneAt: number;
}

interface Entry {
  readonly job: Job;
  /** Done when somebody asks, not when the clock says so. */
  readonly pollBound: boolean;
  /** Emptied when the job is done, so that the payload can be freed. */
  work: ((job: Job, at: number) => unknown) | undefined;
}

/** The jobs of an account. */
export class JobBoard {
  readonly #entries = new Map<string, Entry>();
  readonly #planned = new Map<JobKind, JobPlan[]>();
  #waiting: Entry[] = [];

  /** Lays down how the next job of that kind ends. */
  plan(kind: JobKind, plan: JobPlan): void {
    const queue = this.#planned.get(kind) ?? [];
    queue.push(plan);
    this.#planned.set(kind, queue);
  }

  /** What was laid down and met no job is forgotten. */
  forgetPlans(): void {
    this.#planned.clear();
  }

  /** Accepts a job; `work` is called once, with the time at which it counts as done. */
  accept<R>(
    job: Pick<Job, 'id' | 'kind' | 'size'> & { readonly now: number; readonly delayMs: number; readonly polls: number },
    work: (job: Job, at: number) => R,
  ): Job<R> {
    const plan = this.#planned.get(job.kind)?.shift() ?? {};
    const accepted: Job<R> = {
      id: job.id,
      kind: job.kind,
      size: job.size,
      acceptedAt: job.now,
      dueAt: job.now + (plan.delayMs ?? job.delayMs),
      pollsLeft: plan.polls ?? job.polls,
      polled: 0,
      plan,
      result: undefined,
      doneAt: 0,
    };
    const entry: Entry = { job: accepted, pollBound: accepted.pollsLeft > 0, work };
    this.#entries.set(job.id, entry);
    this.#waiting.push(entry);
    return accepted;
  }

  /** A job of that kind whose result has not been purged. */
  find(kind: JobKind, id: string): Job | undefined {
    const job = this.#entries.get(id.toLowerCase())?.job;
    return job?.kind === kind ? job : undefined;
  }

  /** Jobs of that kind that are not done. */
  active(kind: JobKind): number {
    return this.#waiting.reduce((sum, entry) => sum + (entry.job.kind === kind ? 1 : 0), 0);
  }

  all(): readonly Job[] {
    return [...this.#entries.values()].map((entry) => entry.job);
  }

  /** Carries out what is due, in the order it falls due. */
  settle(now: number): void {
    if (this.#waiting.length === 0) return;
    const due = this.#waiting.filter(({ job }) => job.dueAt <= now && job.pollsLeft === 0);
    if (due.length === 0) return;
    due.sort((a, b) => a.job.dueAt - b.job.dueAt);
    this.#waiting = this.#waiting.filter((entry) => !due.includes(entry));
    for (const entry of due) {
      const { job } = entry;
      const at = entry.pollBound ? now : job.dueAt;
      job.result = entry.work?.(job, at);
      job.doneAt = at;
      entry.work = undefined;
    }
  }

  /** Forgets jobs done at or before `until`. */
  forget(until: number): void {
    for (const [id, { job }] of this.#entries) {
      if (job.result !== undefined && job.doneAt <= until) this.#entries.delete(id);
    }
  }

  /** Notes that somebody asked; call it when the answer is `not finished`. */
  countPoll(job: Job): void {
    job.polled += 1;
    if (job.pollsLeft > 0) job.pollsLeft -= 1;
  }
}
