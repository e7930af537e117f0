// What Sell's answers outside 2xx mean, in every disguise they were met in. Reads status, headers and body; decides no retry.
import { z } from 'zod';
import type { Classify, HttpReply, Refusal } from '../http/message.ts';

const errorEnvelope = z.looseObject({
  errors: z
    .array(
      z.looseObject({
        error: z.looseObject({
          code: z.string().nullish(),
          message: z.string().nullish(),
          details: z.string().nullish(),
          field: z.string().nullish(),
        }),
      }),
    )
    .min(1),
});
const oauthError = z.looseObject({ error: z.string(), error_description: z.string().nullish() });

interface Told {
  readonly code: string | null;
  readonly field: string | null;
  readonly text: string;
}

const MISSING_ROUTE = /requested path/i;
const PLAN_WORDS = /\b(plan|premium|subscription|enterprise)\b/i;
const THROTTLE_ROUTE = /\/429\.json/;

/** @param credential name of the setting that holds the credential, for the words of a 401 */
export function createClassifier(credential: string): Classify {
  return (reply, request) => {
    if (request.path === '/oauth2/token') return classifyTokenAnswer(reply, credential);
    const told = readEnvelope(reply.text);
    // 409 exists for upserts only, and none is ever sent; elsewhere it was met as a throttle.
    if (reply.status === 429 || reply.status === 409 || (reply.status === 404 && THROTTLE_ROUTE.test(reply.text))) {
      return { kind: 'rate-limited', outcome: 'refused', code: told?.code ?? null, message: 'too many requests' };
    }
    if (reply.status >= 500) {
      return {
        kind: 'unavailable',
        outcome: 'unknown',
        ...codeOf(told),
        message: `answered ${reply.status}${say(told)}`,
      };
    }
    switch (reply.status) {
      case 401:
        return {
          kind: 'unauthorized',
          outcome: 'refused',
          ...codeOf(told),
          message: `Sell refuses the credential in ${credential}: it is missing, expired, revoked or mistyped`,
        };
      case 403:
        return classifyForbidden(told, request.method, request.path);
      case 404:
        return classifyMissing(told);
      case 408:
        return { kind: 'timeout', outcome: 'unknown', message: 'the service gave up waiting for the request' };
      case 410:
        return {
          kind: 'unavailable',
          outcome: 'refused',
          message: 'answered 410: this API is switched off for good (Zendesk retires Sell)',
          final: true,
        };
      default:
        return classifyOther(reply, told, request.method);
    }
  };
}

/** Sell uses one code for a token that lacks a scope and for a plan that lacks a feature; only its words tell them apart. */
function classifyForbidden(told: Told | null, method: string, path: string): Refusal {
  const isSync = path.startsWith('/v2/sync');
  const isProducts = path.startsWith('/v2/products');
  if (told?.code === 'insufficient_scope' && !PLAN_WORDS.test(told.text)) {
    const scope = neededScope(method, path);
    const doubt = isSync ? ' - unless the plan of the account has no Sync API, then none can have it' : '';
    const message = `the credential lacks the scope "${scope}"; issue one that has it${doubt}`;
    return { kind: 'forbidden', outcome: 'refused', code: 'insufficient_scope', message };
  }
  if (isSync) {
    const message = `the Sync API is not available to this account: it needs a plan that includes it${say(told)}`;
    return { kind: 'forbidden', outcome: 'refused', code: 'sync_unavailable', message };
  }
  if (isProducts) {
    const message = `products need a plan that includes them, and an admin to change them${say(told)}`;
    return { kind: 'forbidden', outcome: 'refused', code: 'products_unavailable', message };
  }
  return { kind: 'forbidden', outcome: 'refused', ...codeOf(told), message: `not permitted${say(told)}` };
}

/** The scope Sell asks for: account and users have their own, and so has sync. */
function neededScope(method: string, path: string): string {
  if (path.startsWith('/v2/accounts') || path.startsWith('/v2/users')) return 'profile';
  if (path.startsWith('/v2/sync')) return 'sync';
  return method === 'GET' ? 'read' : 'write';
}

/** Only Sell's own word makes a record missing: a proxy's 404 page must never look like a deletion. (D1) */
function classifyMissing(told: Told | null): Refusal {
  if (told === null)
    return { kind: 'malformed', outcome: 'refused', message: 'answered 404 in a form that is not Sell’s' };
  if (told.code === 'incorrect_path' || MISSING_ROUTE.test(told.text)) {
    return { kind: 'rejected', outcome: 'refused', code: 'incorrect_path', message: `no such call${say(told)}` };
  }
  return { kind: 'not-found', outcome: 'refused', code: told.code, message: `not found${say(told)}` };
}

function classifyOther(reply: HttpReply, told: Told | null, method: string): Refusal {
  if (reply.status < 400) {
    const message = `answered with a redirect (${reply.status}); check the URL of the service`;
    return { kind: 'malformed', outcome: 'refused', message, final: true };
  }
  // An HTML page with 400 came from a proxy; asking again is harmless when it was a question.
  if (told === null && method === 'GET' && reply.status === 400) {
    return { kind: 'malformed', outcome: 'refused', message: 'answered 400 in a form that is not Sell’s' };
  }
  return {
    kind: 'rejected',
    outcome: 'refused',
    ...codeOf(told),
    field: told?.field ?? null,
    message: `refused (${reply.status})${say(told)}`,
  };
}

function classifyTokenAnswer(reply: HttpReply, credential: string): Refusal {
  if (reply.status === 429) return { kind: 'rate-limited', outcome: 'refused', message: 'too many requests' };
  if (reply.status >= 500) return { kind: 'unavailable', outcome: 'unknown', message: `answered ${reply.status}` };
  const parsed = oauthError.safeParse(parseJson(reply.text));
  const code = parsed.success ? parsed.data.error : null;
  const detail = parsed.success ? (parsed.data.error_description ?? parsed.data.error) : `status ${reply.status}`;
  const message = `Sell refuses to renew the access token with the client and refresh token in ${credential} (${detail}); authorise again`;
  return { kind: 'unauthorized', outcome: 'refused', code, message };
}

function readEnvelope(body: string): Told | null {
  const parsed = errorEnvelope.safeParse(parseJson(body));
  if (!parsed.success) return null;
  const errors = parsed.data.errors.map(({ error }) => error);
  const first = errors[0];
  return {
    code: first?.code ?? null,
    field: fieldPath(first?.field ?? null),
    text: errors.map((error) => error.details ?? error.message ?? error.code ?? '').join('; '),
  };
}

/** The configuration path of a JSON pointer; services disagree on whether it starts at `/data`. */
function fieldPath(pointer: string | null): string | null {
  if (pointer === null) return null;
  const parts = pointer.split('/').filter((part) => part !== '');
  if (parts[0] === 'data') parts.shift();
  return parts.length === 0 ? null : parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
}

function codeOf(told: Told | null): { readonly code: string | null } {
  return { code: told?.code ?? null };
}

function say(told: Told | null): string {
  return told === null || told.text === '' ? '' : `: ${told.text}`;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}
