// Counts requests by method and route. Never counts the control API.

/** Counts since the last reset. */
export interface RequestCounts {
  readonly total: number;
  /** GET requests. */
  readonly reads: number;
  /** Requests of every other method. */
  readonly writes: number;
  /** Answers with status 429. */
  readonly tooMany: number;
  /** By `METHOD route`, such as `PATCH /contacts/v3/:identifier/:value`. */
  readonly byRoute: Readonly<Record<string, number>>;
  /** By HTTP status; requests cut off without an answer are in none. */
  readonly byStatus: Readonly<Record<string, number>>;
}

/** The request counters of one sandbox. */
export class RequestCounters {
  #reads = 0;
  #writes = 0;
  readonly #byRoute = new Map<string, number>();
  readonly #byStatus = new Map<string, number>();

  countRequest(method: string, route: string): void {
    if (method === 'GET' || method === 'HEAD') this.#reads += 1;
    else this.#writes += 1;
    const key = `${method} ${route}`;
    this.#byRoute.set(key, (this.#byRoute.get(key) ?? 0) + 1);
  }

  countAnswer(status: number): void {
    this.#byStatus.set(String(status), (this.#byStatus.get(String(status)) ?? 0) + 1);
  }

  read(): RequestCounts {
    return {
      total: this.#reads + this.#writes,
      reads: this.#reads,
      writes: this.#writes,
      tooMany: this.#byStatus.get('429') ?? 0,
      byRoute: Object.fromEntries(this.#byRoute),
      byStatus: Object.fromEntries(this.#byStatus),
    };
  }

  reset(): void {
    this.#reads = 0;
    this.#writes = 0;
    this.#byRoute.clear();
    this.#byStatus.clear();
  }
}
