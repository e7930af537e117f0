// The network between the program and both services: delays, order and what goes wrong, all from the seed. Opens no socket.
import type { FastifyInstance } from 'fastify';
import { createRandom, type Random } from '../../sandbox/random.ts';
import type { Clockwork } from './clockwork.ts';
import { oddAnswer, type RawAnswer } from './odd-answers.ts';

/** What becomes of one call. */
export const FATES = [
  'lost before',
  'answer lost',
  'answer cut',
  'too late',
  '429',
  '500',
  '503',
  '500 though done',
  '502 page',
  'slow',
] as const;
/** `odd answer`: the service did it, and says something that is not in its book. */
export type Fate = (typeof FATES)[number] | 'odd answer';

export type ServiceName = 'sell' | 'dotdigital';

export interface Fault {
  readonly service: ServiceName;
  /** Hits the n-th call to this service, and `times - 1` more. */
  readonly call: number;
  readonly times: number;
  readonly fate: Fate;
  /** What makes an answer odd. */
  readonly dice?: string;
}

export const SERVICE_URLS: { readonly [S in ServiceName]: string } = {
  sell: 'http://127.0.0.1:8001',
  dotdigital: 'http://127.0.0.1:8002',
};

export interface Call {
  readonly service: ServiceName;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** 0 = it never arrived. */
  readonly status: number;
  readonly fate: Fate | null;
  /** What is odd about the answer. */
  readonly odd: string | null;
}

type Answer = RawAnswer;

/** Calls of one run to one service: more means that it would ask for ever. */
const MOST_CALLS = 4_000;

const LATE_MS = 200_000;

export class Wire {
  readonly #clockwork: Clockwork;
  readonly #apps: { readonly [S in ServiceName]: FastifyInstance };
  readonly #sent: (call: string) => void;
  readonly #served: (call: Call) => void;
  readonly #stamp: (service: ServiceName) => number | null;
  #random: Random;
  #faults: readonly Fault[] = [];
  #counts = { sell: 0, dotdigital: 0 };

  /**
   * @param sent told of every call before it is served: `PUT /v2/contacts/1`
   * @param served told of every call once it was served
   * @param stamp the time in a service's Date header, null = it sends none
   */
  constructor(
    clockwork: Clockwork,
    apps: { readonly [S in ServiceName]: FastifyInstance },
    sent: (call: string) => void,
    served: (call: Call) => void,
    stamp: (service: ServiceName) => number | null,
  ) {
    this.#clockwork = clockwork;
    this.#apps = apps;
    this.#random = createRandom('wire');
    this.#sent = sent;
    this.#served = served;
    this.#stamp = stamp;
  }

  /** From here on calls are counted anew. */
  begin(random: Random, faults: readonly Fault[]): void {
    this.#random = random;
    this.#faults = faults;
    this.#counts = { sell: 0, dotdigital: 0 };
  }

  readonly fetch: typeof globalThis.fetch = (input, init) => {
    const url = new URL(String(input));
    const service: ServiceName = url.origin === SERVICE_URLS.sell ? 'sell' : 'dotdigital';
    this.#counts[service] += 1;
    const call = this.#counts[service];
    if (call > MOST_CALLS) throw new EndlessAsking(`${methodOf(init)} ${pathOf(url)}`);
    const fault = this.#faultOf(service, call);
    const fate = fault?.fate ?? null;
    return new Promise<Response>((resolve, reject) => {
      const signal = init?.signal ?? undefined;
      const aborted = (): void => reject(new DOMException('aborted', 'AbortError'));
      if (signal?.aborted === true) {
        aborted();
        return;
      }
      signal?.addEventListener('abort', aborted, { once: true });
      const answer = (ms: number, give: () => void): void => {
        this.#clockwork.in(ms, () => {
          signal?.removeEventListener('abort', aborted);
          give();
        });
      };
      const arrive = async (): Promise<void> => {
        this.#sent(`${methodOf(init)} ${pathOf(url)}`);
        if (fate === 'lost before') {
          this.#served({ service, method: methodOf(init), url: pathOf(url), status: 0, fate, odd: null });
          answer(this.#delay(), () => reject(broken()));
          return;
        }
        const served = SHORT[fate ?? 'slow'] ?? (await this.#serve(service, url, init));
        const odd =
          fate === 'odd answer'
            ? oddAnswer(
                served,
                createRandom(`${fault?.dice ?? ''}/${String(call)}`),
                pathOf(url),
                this.#faultOf(service, call - 1) !== undefined,
              )
            : null;
        const given = odd ?? served;
        const { status } = given;
        this.#served({ service, method: methodOf(init), url: pathOf(url), status, fate, odd: odd?.how ?? null });
        switch (fate) {
          case 'answer lost':
            answer(this.#delay(), () => reject(broken()));
            return;
          case 'answer cut':
            answer(this.#delay(), () => resolve(cut(given)));
            return;
          case 'too late':
            return;
          case '500 though done':
            answer(this.#delay(), () => resolve(toResponse({ ...given, status: 500, body: 'Internal Server Error' })));
            return;
          default:
            answer(fate === 'slow' ? this.#random.int(1_000, LATE_MS / 4) : this.#delay(), () =>
              resolve(toResponse(given)),
            );
        }
      };
      this.#clockwork.in(this.#delay(), arrive, true);
    });
  };

  #faultOf(service: ServiceName, call: number): Fault | undefined {
    return this.#faults.find((one) => one.service === service && call >= one.call && call < one.call + one.times);
  }

  #delay(): number {
    return this.#random.chance(0.1) ? this.#random.int(100, 2_500) : this.#random.int(1, 60);
  }

  async #serve(service: ServiceName, url: URL, init: RequestInit | undefined): Promise<Answer> {
    const headers: { [name: string]: string } = { host: url.host };
    new Headers(init?.headers).forEach((value, name) => {
      headers[name] = value;
    });
    const { body } = init ?? {};
    const answer = await this.#apps[service].inject({
      method: methodOf(init) as 'GET',
      url: pathOf(url),
      headers,
      ...(typeof body === 'string' ? { payload: body } : {}),
    });
    const given = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined) given.set(name, String(value));
    // The HTTP library stamps answers with the machine's time, where the service itself does not.
    given.delete('date');
    const time = this.#stamp(service);
    if (time !== null) given.set('date', new Date(time).toUTCString());
    return { status: answer.statusCode, headers: given, body: answer.body };
  }
}

/** No fault of the network, so that nobody waits and tries again. */
export class EndlessAsking extends Error {
  override readonly name = 'EndlessAsking';
}

const plainText = new Headers({ 'content-type': 'text/plain' });
/** Answers that something in between gives: the service never heard of the call. */
const SHORT: { readonly [F in Fate]?: Answer } = {
  '429': { status: 429, headers: plainText, body: '' },
  '500': { status: 500, headers: plainText, body: 'Internal Server Error' },
  '503': { status: 503, headers: plainText, body: '' },
  '502 page': { status: 502, headers: new Headers({ 'content-type': 'text/html' }), body: '<h1>Bad gateway</h1>' },
};

function methodOf(init: RequestInit | undefined): string {
  return init?.method ?? 'GET';
}

function pathOf(url: URL): string {
  return url.pathname + url.search;
}

function toResponse({ status, headers, body }: Answer): Response {
  return new Response([204, 205, 304].includes(status) ? null : body, { status, headers });
}

/** The connection breaks in the middle of the body. */
function cut({ status, headers, body }: Answer): Response {
  const half = new TextEncoder().encode(body.slice(0, Math.floor(body.length / 2)));
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(half);
      controller.error(broken());
    },
  });
  return new Response([204, 205, 304].includes(status) ? null : stream, { status, headers });
}

function broken(): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) });
}
