// Answers of both services as they should not be: keys missing, of another type, pages that lead in circles, a page of HTML, half a body.
// Only what can be told from a true answer by looking at it: a service that lies in the right form cannot be found out.
import type { Random } from '../../sandbox/random.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface OddAnswer extends RawAnswer {
  /** What was done to it. */
  readonly how: string;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Path = readonly (string | number)[];

interface Node {
  readonly path: Path;
  readonly value: Json;
}

/** Of what a person wrote any value would be a true one. */
const WORDS_OF_PEOPLE =
  /(^|\.)(first_name|last_name|name|title|line1|city|postal_code|state|country|phone|email|description|organization_name|customer_status|prospect_status|FIRSTNAME|LASTNAME|[A-Z][A-Z_]+|custom_fields\.[^.]+|tags\.\d+|sku|reason)$/;

/**
 * @param asked path and query
 * @param again the answer before was odd as well: what is left out twice cannot be told from a blank
 */
export function oddAnswer(given: RawAnswer, random: Random, asked: string, again: boolean): OddAnswer {
  const whole = random.chance(0.25) ? null : parse(given.body);
  return whole === null ? oddBody(given, random) : oddJson(given, whole, random, asked, again);
}

function oddBody(given: RawAnswer, random: Random): OddAnswer {
  const html = new Headers(given.headers);
  html.set('content-type', 'text/html; charset=utf-8');
  const page = '<!DOCTYPE html><html><body><h1>We are down for maintenance</h1></body></html>';
  const bodies: readonly (readonly [string, string, Headers])[] = [
    ['an empty body', '', given.headers],
    ['a page of HTML', page, html],
    ['HTML that says it is JSON', page, given.headers],
    ['JSON that says it is HTML', given.body, html],
    ['half a body', given.body.slice(0, Math.floor(given.body.length * random.next())), given.headers],
    ['two bodies', given.body + given.body, given.headers],
    ['null', 'null', given.headers],
    ['an empty object', '{}', given.headers],
    ['an empty list', '[]', given.headers],
    ['a text', '"ok"', given.headers],
    ['a number', '42', given.headers],
    ['a byte order mark', `\uFEFF${given.body}`, given.headers],
    ['an error under success', '{"errors":[{"error":{"code":"server_error","message":"Try again"}}]}', given.headers],
    ['a message under success', '{"message":"Authorization has been denied for this request."}', given.headers],
    ['very deep', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, given.headers],
  ];
  const [how, body, headers] = random.pick(bodies);
  return { status: given.status, headers: withoutLength(headers), body, how };
}

function oddJson(given: RawAnswer, whole: Json, random: Random, asked: string, again: boolean): OddAnswer {
  const nodes = [...walk(whole, [])];
  for (let tries = 0; tries < 20; tries += 1) {
    const node = random.pick(nodes);
    const change = changeOf(node, random, asked, again);
    if (change === null) continue;
    const { how, value } = change;
    const body = JSON.stringify(value === GONE ? without(whole, node.path) : replaced(whole, node.path, value));
    const text = body.replaceAll('"<huge>"', '1e400').replaceAll('"<twice>":', `"id":null,"id":`);
    return {
      ...given,
      headers: withoutLength(given.headers),
      body: text,
      how: `${how} at ${node.path.join('.') || 'the top'}`,
    };
  }
  return oddBody(given, random);
}

const GONE = Symbol('gone');
interface Change {
  readonly how: string;
  readonly value: Json | typeof GONE;
}

function changeOf({ path, value }: Node, random: Random, asked: string, again: boolean): Change | null {
  const last = path.at(-1);
  const free = WORDS_OF_PEOPLE.test(path.join('.'));
  if (free && again) return null;
  const choices: Change[] = [];
  const choose = (how: string, to: Change['value']): unknown => choices.push({ how, value: to });
  if (path.length > 0 && typeof last === 'string') choose('key dropped', GONE);
  if (value !== null && typeof value === 'object' && !free) {
    choose('null', null);
    choose('a text instead', 'unexpected');
    choose('a number instead', 7);
    choose(Array.isArray(value) ? 'an object instead' : 'a list instead', Array.isArray(value) ? { 0: null } : []);
    if (!Array.isArray(value)) choose('keys in another case', respelt(value as { readonly [key: string]: Json }));
  }
  if (Array.isArray(value) && value.length > 0) {
    choose('an item twice', [...value, value[0] as Json]);
    choose('an item null', [null, ...value.slice(1)]);
    choose('backwards', value.toReversed() as Json[]);
  }
  if (free) return choices.length === 0 ? null : random.pick(choices);
  if (typeof value === 'number') {
    choose('a number as a text', String(value));
    choose('a huge number', '<huge>');
    choose('a broken number', value + 0.5);
    choose('a negative number', -value - 1);
    choose('not a number', 'NaN');
    choose('null', null);
    choose('a list instead', [value]);
  }
  if (typeof value === 'boolean') choose('null', null);
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\d/.test(value)) for (const date of otherDates(value)) choose('another form of date', date);
    else if (/^https?:/.test(value)) {
      choose('another host', value.replace(/^https?:\/\/[^/]+/, 'https://elsewhere.example'));
      choose('in a circle', `http://127.0.0.1${asked}`);
      choose('no address at all', '::');
    } else {
      choose('an unknown word', `${value}_v2`);
      choose('a very long text', 'x'.repeat(300_000));
    }
    choose('null', null);
    choose('an object instead', { value });
    choose('a number instead', 12);
    choose('empty', '');
  }
  return choices.length === 0 ? null : random.pick(choices);
}

function otherDates(iso: string): readonly Json[] {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return ['yesterday'];
  const at = new Date(ms);
  return [
    ms,
    Math.floor(ms / 1000),
    at.toUTCString(),
    iso.slice(0, 10),
    `${at.toISOString().slice(0, 19).replace('T', ' ')}`,
    new Date(ms + 7_200_000).toISOString().replace('Z', '+02:00'),
    '0001-01-01T00:00:00Z',
    'yesterday',
  ];
}

function respelt(value: { readonly [key: string]: Json }): Json {
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.charAt(0).toUpperCase() + key.slice(1), one]),
  );
}

function* walk(value: Json, path: Path): Generator<Node> {
  yield { path, value };
  if (Array.isArray(value))
    for (const [at, item] of (value as readonly Json[]).entries()) yield* walk(item, [...path, at]);
  else if (value !== null && typeof value === 'object')
    for (const [key, item] of Object.entries(value as { readonly [key: string]: Json }))
      yield* walk(item, [...path, key]);
}

function replaced(whole: Json, path: Path, value: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(whole))
    return (whole as readonly Json[]).map((item, at) => (at === key ? replaced(item, rest, value) : item));
  const object = whole as { readonly [key: string]: Json };
  return { ...object, [key]: replaced(object[String(key)] ?? null, rest, value) };
}

function without(whole: Json, path: Path): Json {
  const [key, ...rest] = path;
  if (Array.isArray(whole))
    return (whole as readonly Json[]).map((item, at) => (at === key ? without(item, rest) : item));
  const object = whole as { readonly [key: string]: Json };
  if (rest.length > 0) return { ...object, [String(key)]: without(object[String(key)] ?? null, rest) };
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

function parse(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return null;
  }
}

function withoutLength(headers: Headers): Headers {
  const copy = new Headers(headers);
  copy.delete('content-length');
  return copy;
}
