// The one error a connector throws. `kind` says what went wrong, `outcome` whether the request may have taken effect.

export type ErrorKind =
  | 'rate-limited'
  | 'unavailable'
  | 'timeout'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'rejected'
  | 'malformed'
  | 'cancelled';

/** `not-sent`: surely not done. `refused`: the service said no. `unknown`: it may have been done; look it up before repeating. */
export type Outcome = 'not-sent' | 'unknown' | 'refused';

/** Code of a malformed answer that was about one record and is complete but for its form: asking again will hardly help. */
export const UNREADABLE = 'unreadable-record';

/** Which of the two services, as the rest of the program calls them. */
export type Service = 'crm' | 'marketing';

export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly kind: ErrorKind;
  readonly outcome: Outcome;
  readonly status: number | null;
  /** The service's own machine code, e.g. `insufficient_scope`, `contacts:tooManyActiveImports`. */
  readonly code: string | null;
  /** JSON pointer or name of the field at fault, where the service names one. */
  readonly field: string | null;
  /** Filled in on the way out by the client of the service. */
  service: Service | null = null;

  constructor(
    message: string,
    detail: {
      kind: ErrorKind;
      outcome: Outcome;
      status?: number | null;
      code?: string | null;
      field?: string | null;
      cause?: unknown;
    },
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.kind = detail.kind;
    this.outcome = detail.outcome;
    this.status = detail.status ?? null;
    this.code = detail.code ?? null;
    this.field = detail.field ?? null;
  }
}

/** What the engine does about an error, by kind. (architecture: one table) */
export const REACTION: { readonly [K in ErrorKind]: 'wait' | 'hold' | 'stop' | 'gone' } = {
  'rate-limited': 'wait',
  unavailable: 'wait',
  timeout: 'wait',
  unauthorized: 'stop',
  forbidden: 'hold',
  'not-found': 'gone',
  conflict: 'hold',
  rejected: 'hold',
  malformed: 'wait',
  cancelled: 'stop',
};
