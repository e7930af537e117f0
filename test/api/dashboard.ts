// The whole service in this process, over real sockets, and somebody in front of it. For tests alone.

import type { BodyInput, Reply } from '../../src/api/contract/contract.ts';
import { ROUTES, type Route, type RouteId } from '../../src/api/contract/routes.table.ts';
import { type Service, startService } from '../../src/app.ts';
import { createLog } from '../../src/jobs/log.ts';
import { type Options, startTwoAccounts, type TwoAccounts } from '../integration/two-accounts.ts';

export interface Answered<K extends RouteId> {
  readonly status: number;
  readonly body: Reply<K>;
  /** Of a refusal. */
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly problems?: readonly { readonly path: string; readonly message: string }[];
  };
  readonly headers: Headers;
}

export interface Asked<K extends RouteId> {
  readonly params?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: string | number };
  readonly body?: BodyInput<K> | { readonly [key: string]: unknown };
  readonly headers?: { readonly [name: string]: string };
}

/** One browser, or one program with a token. */
export class Person {
  readonly #url: string;
  cookie: string | null = null;
  csrfToken: string | null = null;
  bearer: string | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  async call<K extends RouteId>(id: K, asked: Asked<K> = {}): Promise<Answered<K>> {
    const route: Route = ROUTES[id];
    const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(asked.params?.[name] ?? 'none'),
    );
    const query = new URLSearchParams(
      Object.entries(asked.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const response = await fetch(`${this.#url}${path}?${query}`, {
      method: route.method,
      redirect: 'manual',
      headers: {
        ...(this.cookie === null ? {} : { cookie: this.cookie }),
        ...(this.csrfToken === null ? {} : { 'x-csrf-token': this.csrfToken }),
        ...(this.bearer === null ? {} : { authorization: `Bearer ${this.bearer}` }),
        ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...asked.headers,
      },
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    });
    const set = response.headers.getSetCookie()[0];
    if (set !== undefined) this.cookie = set.split(';')[0] ?? null;
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const { error } = (body ?? {}) as Pick<Answered<K>, 'error'>;
    const { csrfToken } = (body ?? {}) as { readonly csrfToken?: string };
    if (typeof csrfToken === 'string') this.csrfToken = csrfToken;
    return { status: response.status, body: body as Reply<K>, error, headers: response.headers };
  }

  /** The answer to a call that has to succeed. */
  async get<K extends RouteId>(id: K, asked: Asked<K> = {}): Promise<Reply<K>> {
    const { status, body } = await this.call(id, asked);
    if (status >= 300) throw new Error(`${id} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }
}

export interface Dashboard {
  readonly world: TwoAccounts;
  readonly service: Service;
  readonly url: string;
  /** Everything logged so far. */
  readonly logged: readonly string[];
  /** Somebody who is not logged in. */
  stranger(): Person;
  /** The first user, made through the set-up link. */
  readonly admin: Person;
  /** Somebody of another role, logged in. */
  join(role: 'viewer' | 'operator' | 'admin'): Promise<Person>;
  /** Waits for a run that was started to end. */
  ended(run: string): Promise<Reply<'getRun'>>;
  stop(): Promise<void>;
}

export const PASSWORD = 'correct horse battery';

export async function startDashboard(options: Options & { readonly dashboard?: string } = {}): Promise<Dashboard> {
  const world = await startTwoAccounts(options);
  const stop = new AbortController();
  const logged: string[] = [];
  const service = await startService(await world.app(), {
    host: '127.0.0.1',
    port: 0,
    signal: stop.signal,
    version: '1.2.3',
    only: null,
    log: createLog({ write: (line) => void logged.push(line) }, 'info'),
    dashboard: options.dashboard ?? `${world.folder}/nothing-built`,
  });
  const { url } = service;
  const admin = new Person(url);
  const token = service.setupLink?.split('#')[1] ?? '';
  await admin.get('finishSetup', { body: { token, email: 'ada@example.com', name: 'Ada', password: PASSWORD } });
  let people = 0;
  return {
    world,
    service,
    url,
    logged,
    stranger: () => new Person(url),
    admin,
    join: async (role) => {
      people += 1;
      const { link } = await admin.get('createUser', {
        body: { email: `${role}${people}@example.com`, name: role, role },
      });
      const person = new Person(url);
      await person.get('finishSetup', { body: { token: link.split('#')[1] ?? '', password: PASSWORD } });
      return person;
    },
    ended: async (run) => {
      for (;;) {
        const { status, body } = await admin.call('getRun', { params: { run } });
        if (status === 200 && body.state !== 'running') return body;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    stop: async () => {
      stop.abort();
      await service.done;
      await world.stop();
    },
  };
}
