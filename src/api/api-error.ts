// A refusal with the words for the person who gets it. Thrown by calls, turned into an answer in one place.
import type { ErrorBody, ErrorCode } from './contract/words.ts';

export const STATUS: { readonly [C in ErrorCode]: number } = {
  'bad-request': 400,
  'not-logged-in': 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  'refused-by-service': 502,
  unavailable: 503,
  internal: 500,
};

type Problems = NonNullable<ErrorBody['error']['problems']>;

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly problems: Problems | null;
  /** Seconds to wait before it makes sense to try again. */
  readonly retryAfter: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    more: { readonly problems?: Problems; readonly retryAfter?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.problems = more.problems ?? null;
    this.retryAfter = more.retryAfter ?? null;
  }

  get body(): ErrorBody {
    const { code, message, problems } = this;
    return { error: { code, message, ...(problems === null ? {} : { problems }) } };
  }
}

export function notFound(what: string): ApiError {
  return new ApiError('not-found', `There is no such ${what}.`);
}
