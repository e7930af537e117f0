// Counts what clients asked for, so that a test can say what a piece of work cost.
// Never counts the control API.

/** Requests of one method and route. */
export interface RouteCount {
  readonly count: number;
  readonly succeeded: number;
  readonly refused: number;
  readonly throttled: number;
}

/** All counts since the last reset. */
export interface RequestCounts {
  readonly total: number;
  /** GET and HEAD, sync included. */
  readonly reads: number;
  /** POST, PUT and DELETE on records. */
  readonly writes: number;
  /** Calls of the Sync API. */
  readonly sync: number;
  /** Calls of the OAuth endpoints. */
  readonly oauth: number;
  /** Requests refused for their rate, in whichever disguise. */
  readonly throttled: number;
  /** By `METHOD /route`, e.g. `GET /v2/contacts/:id`. */
  readonly routes: Readonly<Record<string, RouteCount>>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Counts requests by method and route. */
export class RequestCounter {
  #routes = new Map<string, Mutable<RouteCount>>();

  /** Notes that a request has arrived. */
  arrived(method: string, route: string): void {
    const count = this.#route(method, route);
    count.count += 1;
  }

  /** Notes how a request was answered. A request whose connection was cut before may never be. */
  answered(method: string, route: string, status: number, throttled: boolean): void {
    const count = this.#route(method, route);
    if (throttled) count.throttled += 1;
    else if (status < 400) count.succeeded += 1;
    else count.refused += 1;
  }

  /** The counts so far. */
  counts(): RequestCounts {
    const sum = { total: 0, reads: 0, writes: 0, sync: 0, oauth: 0, throttled: 0 };
    for (const [key, route] of this.#routes) {
      const [method = '', path = ''] = key.split(' ', 2);
      const isRead = method === 'GET' || method === 'HEAD';
      sum.total += route.count;
      sum.throttled += route.throttled;
      if (path.startsWith('/oauth2')) sum.oauth += route.count;
      else if (path.startsWith('/v2/sync')) sum.sync += route.count;
      else if (!isRead) sum.writes += route.count;
      if (isRead && !path.startsWith('/oauth2')) sum.reads += route.count;
    }
    const routes = Object.fromEntries([...this.#routes].map(([key, route]) => [key, { ...route }]));
    return { ...sum, routes };
  }

  reset(): void {
    this.#routes = new Map();
  }

  #route(method: string, route: string): Mutable<RouteCount> {
    const key = `${method} ${route}`;
    let count = this.#routes.get(key);
    if (!count) {
      count = { count: 0, succeeded: 0, refused: 0, throttled: 0 };
      this.#routes.set(key, count);
    }
    return count;
  }
}
