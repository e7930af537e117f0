// What an answer outside 2xx means, in Dotdigital's two dialects (v2 `{message}`, v3 `{errorCode,description,details}`). Never throws.
import type { ErrorKind, Outcome } from '../error.ts';
import type { HttpMethod, HttpReply, Refusal } from '../http/message.ts';
import type { ReadBudget } from './rate-headers.ts';
import { anyCase, asObject, asText } from './wire.ts';

/** Code of the flat scheme's cap: so many calls in any one hour. */
export const USAGE_CAP_CODE = 'ERROR_APIUSAGE_EXCEEDED';

/** v2 codes whose status does not tell what they mean. */
const V2_KINDS: ReadonlyMap<string, ErrorKind> = new Map<string, ErrorKind>([
  [USAGE_CAP_CODE, 'rate-limited'],
  ['ERROR_IMPORT_TOOMANYACTIVEIMPORTS', 'rate-limited'],
  ['ERROR_INVALID_LOGIN', 'unauthorized'],
  ['ERROR_APIUSER_INVALID', 'unauthorized'],
  ['ERROR_USERACCOUNT_UNKNOWN', 'unauthorized'],
  ['ERROR_FEATURENOTACTIVE', 'forbidden'],
  ['ERROR_CANNOT_PERFORM_OPERATION_ON_ACCOUNT', 'forbidden'],
  ['ERROR_ADDRESSBOOK_DUPLICATE', 'conflict'],
  ['ERROR_NON_UNIQUE_DATAFIELD', 'conflict'],
  ['ERROR_NON_UNIQUE_EMAIL', 'conflict'],
  ['ERROR_ADDRESSBOOK_IN_USE', 'unavailable'],
  ['ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE', 'unavailable'],
]);

interface Said {
  readonly code: string | null;
  readonly text: string;
  readonly field: string | null;
}

export interface ClassifyOptions {
  /** Named in what a person reads after a 401. */
  readonly user: string;
  readonly readBudget: ReadBudget;
  now(): number;
}

/** The service's part of the HTTP client's contract. */
export function createClassify(options: ClassifyOptions) {
  return function classify(reply: HttpReply, request: { readonly method: HttpMethod; readonly path: string }): Refusal {
    const said = whatWasSaid(reply);
    const kind = kindOf(reply.status, said.code);
    const jobQueueFull = kind === 'rate-limited' && isQueueFullCode(said.code);
    const resetAt = options.readBudget(reply.headers, options.now())?.resetAt;
    return {
      kind,
      outcome: outcomeOf(kind, reply.status, request.method),
      code: said.code,
      field: said.field,
      message: explain(kind, said, reply.status, options.user),
      retryAfterMs: kind === 'rate-limited' && resetAt !== undefined ? Math.max(0, resetAt - options.now()) : null,
      // Job queues and the hourly cap need other waits than a rate limit; an account without insight data answers 500 for ever.
      final: jobQueueFull || said.code === USAGE_CAP_CODE || (reply.status === 500 && isInsightProbe(request)),
    };
  };
}

/** True for "too many imports / deletes are being processed", in either dialect. */
export function isQueueFullCode(code: string | null): boolean {
  return code !== null && /too_?many/i.test(code);
}

function kindOf(status: number, code: string | null): ErrorKind {
  const known = code === null ? undefined : V2_KINDS.get(code);
  if (known !== undefined) return known;
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 || /_NOT_FOUND$|_DOES_NOT_EXIST$/.test(code ?? '')) return 'not-found';
  if (status === 408) return 'timeout';
  if (status === 409) return 'conflict';
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'unavailable' : 'rejected';
}

/** A gateway that gave up says nothing of what happened behind it; a 503 is the service declining. */
function outcomeOf(kind: ErrorKind, status: number, method: HttpMethod): Outcome {
  const vague = (kind === 'unavailable' && status >= 500 && status !== 503) || kind === 'timeout';
  return vague && method !== 'GET' ? 'unknown' : 'refused';
}

function whatWasSaid(reply: HttpReply): Said {
  let body: unknown = null;
  try {
    body = reply.json();
  } catch {
    // A proxy's page or a cut-off body: the text is searched for a code all the same.
  }
  const object = asObject(body);
  const v3Code = asText(anyCase(object, 'errorCode'));
  if (v3Code !== null) {
    const first = asObject((anyCase(object, 'details') as readonly unknown[] | undefined)?.[0]);
    const item = asText(anyCase(first, 'item'));
    const detail = asText(anyCase(first, 'description')) ?? asText(anyCase(first, 'error'));
    const description = asText(anyCase(object, 'description')) ?? v3Code;
    const reason = [item, detail].filter((part) => part !== null).join(': ');
    return {
      code: v3Code,
      text: reason === '' ? description : `${description} (${reason})`,
      field: item !== null && /^[A-Za-z_][\w-]*$/.test(item) ? item : null,
    };
  }
  const message = asText(anyCase(object, 'message')) ?? (typeof body === 'string' ? body : reply.text);
  const code = /ERROR_[A-Z_]*[A-Z]/.exec(message)?.[0] ?? null;
  const capped = code === null && reply.status === 400 && /excess API activity/i.test(message);
  return { code: capped ? USAGE_CAP_CODE : code, text: oneLine(message), field: null };
}

function explain(kind: ErrorKind, said: Said, status: number, user: string): string {
  const words = said.text === '' ? `HTTP ${status}` : said.text;
  switch (kind) {
    case 'unauthorized':
      return `Dotdigital does not accept the API user ${user}: check its name and password under Settings > Access > API users (${words})`;
    case 'forbidden':
      return `Dotdigital refuses this to the API user ${user}: the account may belong to another region, or its plan lacks the feature (${words})`;
    case 'rate-limited':
      return isQueueFullCode(said.code)
        ? `Dotdigital is busy with too many jobs of this account (${words})`
        : `Dotdigital's call limit is reached (${words})`;
    case 'unavailable':
    case 'timeout':
      return `Dotdigital cannot answer at present (${words})`;
    case 'not-found':
    case 'conflict':
    case 'rejected':
    case 'malformed':
    case 'cancelled':
      return words;
    default:
      return kind satisfies never;
  }
}

function isInsightProbe(request: { readonly method: HttpMethod; readonly path: string }): boolean {
  return request.method === 'GET' && request.path.startsWith('/insightData/v3/collections');
}

function oneLine(text: string): string {
  const clean = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean;
}
