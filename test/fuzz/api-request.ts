// Requests to the API: sound ones, made from the contract, and what becomes of them on their way from somebody who means no good, or cannot type.
import { z } from 'zod';
import type { Random } from '../../sandbox/random.ts';
import { type CallSchemas, CONTRACT } from '../../src/api/contract/contract.ts';
import { ROUTES, type Route, type RouteId } from '../../src/api/contract/routes.table.ts';
import { NAMES_OF_OBJECTS, ODD_TEXTS, oddValue } from './odd-values.ts';

type Json = { [key: string]: unknown };

/** What a sound request can name. */
export interface Known {
  readonly connections: readonly string[];
  readonly runs: readonly string[];
  readonly holds: readonly string[];
  readonly users: readonly string[];
  readonly tokens: readonly string[];
  readonly emails: readonly string[];
  /** Of a connection, with its secrets. */
  readonly settings: { readonly [key: string]: unknown };
}

export interface Request {
  readonly method: string;
  /** As it goes over the wire, query included. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array | null;
}

export interface Damaged {
  readonly what: string;
  readonly request: Request;
}

interface Parts {
  method: string;
  path: string;
  query: [string, string][];
  body: unknown;
  /** Instead of the body as JSON. */
  bytes: Uint8Array | null;
  headers: { [name: string]: string };
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: { readonly [key: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly pattern?: string;
}

/** The calls that can be made; the stream never ends by itself. */
export const CALLS = (Object.keys(ROUTES) as RouteId[]).filter((id) => id !== 'watch');

/** Of lists that the schema cannot name, because they are separated by commas. */
const WORDS: { readonly [key: string]: readonly string[] } = {
  kind: ['sync', 'align,preview', 'create', 'update,delete'],
  state: ['ok', 'ok,running', 'open', 'done,planned'],
  code: ['NAME_MISSING', 'NAME_MISSING,DUPLICATE'],
  severity: ['action', 'info,waiting'],
  row: ['C1', 'C5'],
};

function sample(random: Random, schema: Schema, key: string, known: Known): unknown {
  if (key === 'settings')
    return { ...structuredClone(known.settings), name: random.pick(['new', ...known.connections]) };
  if (key === 'connection') return random.pick(['acme', ...known.connections]);
  if (key === 'run') return random.pick(known.runs);
  if (key === 'hold' || key === 'ids') return key === 'ids' ? [random.pick(known.holds)] : random.pick(known.holds);
  if (key === 'user') return random.pick(known.users);
  if (key === 'token' && schema.minLength !== 20) return random.pick(known.tokens);
  if (key === 'email' || key === 'q' || schema.format === 'email') return random.pick(known.emails);
  if (key === 'cursor') return cursor(random);
  if (key in WORDS && schema.enum === undefined && schema.type === 'string') return random.pick(WORDS[key] ?? []);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return random.pick(schema.enum);
  if (schema.anyOf !== undefined) return sample(random, random.pick(schema.anyOf), '', known);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name) === true || random.chance(0.6))
          .map(([name, of]) => [name, sample(random, of, name, known)]),
      );
    case 'array':
      return [sample(random, schema.items ?? {}, '', known)];
    case 'integer':
    case 'number':
      return random.int(schema.minimum ?? 0, Math.min(schema.maximum ?? 50, (schema.minimum ?? 0) + 50));
    case 'boolean':
      return random.chance(0.5);
    case 'null':
      return null;
    default:
      return random.text(Math.max(schema.minLength ?? 1, 12));
  }
}

/** One that looks like ours. */
function cursor(random: Random): string {
  const parts = random.pick<unknown>([
    ['2026-11-29T00:00:00.000Z', 'a'],
    ['', ''],
    ['not a time', '\u0000'],
    [0],
    [9_999_999],
    [-1],
    [1.5],
    [1e300],
    ['a'],
    ['a', 'b', 'c'],
    [null],
    { a: 1 },
    'text',
    [1, 'a'],
    ['a', 1],
  ]);
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

const schemaOf = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;

function soundParts(random: Random, id: RouteId, known: Known): Parts {
  const route: Route = ROUTES[id];
  const { params, query, body } = CONTRACT[id] as CallSchemas;
  const of = (schema: z.ZodType | undefined): Json =>
    schema === undefined ? {} : (sample(random, schemaOf(schema), '', known) as Json);
  const names = of(params);
  return {
    method: route.method,
    path: route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(String(names[name] ?? random.text(8))),
    ),
    query: Object.entries(of(query)).map(([name, value]) => [name, String(value)]),
    body: body === undefined ? undefined : of(body),
    bytes: null,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
  };
}

/** A request for this call with one to three things done to it. @param damages 0 for a sound one */
export function writeRequest(random: Random, id: RouteId, known: Known, damages: number): Damaged {
  const parts = soundParts(random, id, known);
  const done = Array.from({ length: damages }, () =>
    random.pick(parts.body === undefined ? BODILESS : DAMAGES)(random, parts),
  );
  const query = parts.query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  const body = parts.bytes ?? (parts.body === undefined ? null : Buffer.from(JSON.stringify(parts.body)));
  return {
    what: `${id}, ${done.join(', ') || 'as it should be'}`,
    request: {
      method: parts.method,
      path: query === '' ? parts.path : `${parts.path}${parts.path.includes('?') ? '&' : '?'}${query}`,
      headers: parts.headers,
      body,
    },
  };
}

/** What already is encoded stays so. */
const encoded = (text: string): string =>
  /^[\w%.~-]*$/.test(text) ? text : encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '?'));

type Damage = (random: Random, parts: Parts) => string;

function pathsOf(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [[...at, key], ...pathsOf(item, [...at, key])]);
}

function groupAt(root: unknown, path: readonly string[]): Json {
  return path.reduce<unknown>((at, step) => (at as Json)[step], root) as Json;
}

const short = (value: unknown): string => String(JSON.stringify(value)).slice(0, 40);

/** Done to a text of JSON. */
function raw(what: string, change: (random: Random, text: string) => string | Uint8Array): Damage {
  return (random, parts) => {
    const changed = change(random, JSON.stringify(parts.body));
    parts.bytes = typeof changed === 'string' ? Buffer.from(changed) : changed;
    return what;
  };
}

const IN_BODY: readonly Damage[] = [
  ...Array.from(
    { length: 6 },
    (): Damage => (random, parts) => {
      const paths = pathsOf(parts.body);
      const value = oddValue(random);
      if (paths.length === 0) {
        parts.body = value;
        return `body = ${short(value)}`;
      }
      const path = random.pick(paths);
      groupAt(parts.body, path.slice(0, -1))[path.at(-1) ?? ''] = value;
      return `${path.join('.')} = ${short(value)}`;
    },
  ),
  (random, parts) => {
    // Without an address the services themselves would be asked.
    const paths = pathsOf(parts.body).filter((path) => path.at(-1) !== 'url');
    if (paths.length === 0) return 'nothing to leave out';
    const path = random.pick(paths);
    delete groupAt(parts.body, path.slice(0, -1))[path.at(-1) ?? ''];
    return `without ${path.join('.')}`;
  },
  (random, parts) => {
    const groups = [[], ...pathsOf(parts.body)].filter((path) => {
      const at: unknown = groupAt(parts.body, path);
      return typeof at === 'object' && at !== null && !Array.isArray(at);
    });
    if (groups.length === 0) return 'nowhere to add';
    const path = random.pick(groups);
    const key = random.pick([...NAMES_OF_OBJECTS, 'more', 'ID', 'role', 'id', 'a\u0000b', 'x'.repeat(5000)]);
    const value = random.pick<unknown>([1, { polluted: true }, 'admin', null]);
    Object.defineProperty(groupAt(parts.body, path), key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    return `with ${[...path, key].join('.').slice(0, 60)}`;
  },
  (random, parts) => {
    parts.body = oddValue(random);
    return `body = ${short(parts.body)}`;
  },
  raw('body cut off', (random, text) => text.slice(0, random.int(0, text.length - 1))),
  raw('body with a byte order mark', (_, text) => `\uFEFF${text}`),
  raw('body of other bytes', (random, text) => {
    const bytes = Buffer.from(text);
    bytes[random.int(0, bytes.length - 1)] = random.pick([0xff, 0x80, 0x00, 0xc3]);
    return bytes;
  }),
  raw('body in UTF-16', (_, text) => Buffer.from(text, 'utf16le')),
  raw('body twice', (_, text) => text + text),
  raw('body with keys twice', (random, text) =>
    text.replace('{', `{"${random.pick(['connection', 'email', 'ids', 'role'])}":1,`),
  ),
  raw('body with numbers as no number is', (_, text) => text.replaceAll(/:[^,{}[\]]+/g, ':NaN')),
  raw('body endlessly deep', (random, text) => {
    const depth = random.pick([50, 3000, 100_000]);
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
    ] as const);
    return text.replace(/:(?=[^:]*$)/, () => `:${open.repeat(depth)}1${close.repeat(depth)},"b":`);
  }),
  raw('body of 2 MB', (_, text) => text.replace('{', () => `{"x":"${'x'.repeat(2_000_000)}",`)),
  raw('body of almost 1 MB', (_, text) => text.replace('{', () => `{"x":"${'x'.repeat(900_000)}",`)),
  raw('no body', () => ''),
  raw('body of something else', (random) =>
    random.pick(['<xml/>', 'a=b&c=d', '\u0000', '[', '"', '-', '{"a":}', 'null', '[]', '1']),
  ),
];

const ELSEWHERE: readonly Damage[] = [
  (random, parts) => {
    const type = random.pick([
      'text/plain',
      'text/html',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/json; charset=utf-16',
      'APPLICATION/JSON',
      'application/jsonx',
      'x',
      '',
      'application/json;;',
      '*/*',
    ]);
    parts.headers['content-type'] = type;
    parts.bytes ??= Buffer.from(JSON.stringify(parts.body ?? { a: 1 }));
    return `content-type ${type}`;
  },
  (random, parts) => {
    parts.bytes ??= Buffer.from(random.pick(['{}', '{"connection":"acme"}', 'x', '[]']));
    parts.headers['content-type'] = 'application/json';
    return 'a body where none belongs';
  },
  (random, parts) => {
    const segments = parts.path.split('/');
    const at = random.int(2, segments.length - 1);
    const odd = random.pick([
      ...ODD_TEXTS.filter((text) => text.length < 1000).map((text) =>
        encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '?')),
      ),
      '%',
      '%zz',
      '%ff',
      '%00',
      '%c3%28',
      '%2e%2e',
      '.',
      '..',
      ';a=b',
      'a%2fb',
      'x'.repeat(501),
      'x'.repeat(9000),
      '{connection}',
      ':connection',
      '*',
    ]);
    segments[at] = odd;
    parts.path = segments.join('/');
    return `in the path ${odd.slice(0, 30)}`;
  },
  (random, parts) => {
    parts.path = random.pick([
      `${parts.path}/`,
      `/${parts.path}`,
      parts.path.toUpperCase(),
      `${parts.path}/more`,
      `${parts.path}?`,
      `${parts.path};x`,
      parts.path.replace('/api', '/api/..%2fapi'),
      parts.path.replace('/api/', '/api//'),
    ]);
    return `path ${parts.path.slice(0, 40)}`;
  },
  (random, parts) => {
    const names = [
      ...parts.query.map(([name]) => name),
      ...NAMES_OF_OBJECTS,
      'limit',
      'cursor',
      'connection',
      'a[b]',
      'a[]',
      'email',
      'state',
    ];
    const name = random.pick(names);
    const value = random.pick([
      ...ODD_TEXTS.filter((text) => text.length < 1000),
      cursor(random),
      '%zz',
      '%00',
      '%ff',
      '-1',
      '1e3',
      'x'.repeat(7000),
    ]);
    parts.query = [...parts.query.filter(([one]) => one !== name || random.chance(0.3)), [name, value]];
    return `query ${name} = ${short(value)}`;
  },
  (random, parts) => {
    parts.method = random.pick(
      ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'].filter(
        (method) => method !== parts.method,
      ),
    );
    return `method ${parts.method}`;
  },
  (random, parts) => {
    const [name, value] = random.pick([
      ['cookie', 'lockstep_session=%zz; lockstep_session=; =; ;;'],
      ['cookie', `lockstep_session=${'x'.repeat(4000)}`],
      ['cookie', '__proto__=1; constructor=2; lockstep_session="a'],
      ['authorization', 'Bearer '],
      ['authorization', `Bearer ${'x'.repeat(4000)}`],
      ['authorization', 'Basic YTpi'],
      ['authorization', 'Bearer __proto__'],
      ['authorization', '\u00ff\u00fe'],
      ['x-csrf-token', ''],
      ['x-csrf-token', 'a guess'],
      ['sec-fetch-site', 'cross-site'],
      ['sec-fetch-site', 'same-site'],
      ['sec-fetch-site', 'none'],
      ['accept', 'text/html'],
      ['accept', '*/*;q=0'],
      ['x-http-method-override', 'DELETE'],
      ['x-forwarded-for', '127.0.0.1'],
      ['host', 'evil.example.com'],
      ['origin', 'https://evil.example.com'],
      ['if-none-match', '*'],
      ['range', 'bytes=0-1'],
      ['expect', '100-continue'],
      ['content-encoding', 'gzip'],
    ] as const);
    parts.headers[name] = value;
    return `${name}: ${value.slice(0, 30)}`;
  },
];

const BODILESS: readonly Damage[] = ELSEWHERE;
const DAMAGES: readonly Damage[] = [...IN_BODY, ...ELSEWHERE];
