// What becomes of configuration files: slips of the hand, other editors, other encodings, malice. Each damage says what must come of it.
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, stringify } from 'yaml';
import type { Random } from '../../sandbox/random.ts';
import { NAMES_OF_OBJECTS, oddValue } from './odd-values.ts';
import type { SoundConfig } from './sound-configs.ts';

/** same: means what it meant. refused: must not be taken. either: taken or refused, but never anything else. */
export type Outcome = 'same' | 'refused' | 'either';

export interface Damaged {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly outcome: Outcome;
  readonly env: { readonly [name: string]: string };
}

type Damage = (random: Random, sound: SoundConfig) => Omit<Damaged, 'bytes' | 'env'> & Partial<Damaged>;
type Path = readonly (string | number)[];

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** One damage, or now and then two. */
export function damage(random: Random, sound: SoundConfig): Damaged {
  const { bytes = utf8(sound.text), env = sound.env, ...rest } = random.pick(DAMAGES)(random, sound);
  return { bytes, env, ...rest };
}

function inText(what: string, outcome: Outcome, change: (random: Random, text: string) => string): Damage {
  return (random, { text }) => ({ what, outcome, bytes: utf8(change(random, text)) });
}

function someLine(random: Random, text: string, change: (line: string) => string): string {
  const lines = text.split('\n');
  const at = random.int(0, lines.length - 1);
  return [...lines.slice(0, at), change(lines[at] ?? ''), ...lines.slice(at + 1)].join('\n');
}

function somewhere(random: Random, text: string, put: string, over = 0): string {
  const at = random.int(0, text.length);
  return text.slice(0, at) + put + text.slice(at + over);
}

/** Something done to one of the secrets where it stands. */
function atSecret(what: string, change: (secret: string) => string, outcome: Outcome = 'refused'): Damage {
  return (random, { text, secrets }) => {
    const there = secrets.filter((secret) => new RegExp(`(: |\\n *- )"?${secret}"?[\\n ,}]`).test(text));
    if (there.length === 0) return { what: `${what}: nothing to do`, outcome: 'same' };
    const secret = random.pick(there);
    return { what, outcome, bytes: utf8(text.replace(new RegExp(`"?${secret}"?`), () => change(secret))) };
  };
}

const TEXTUAL: readonly Damage[] = [
  inText('lines end as on Windows', 'same', (_, text) => text.replaceAll('\n', '\r\n')),
  inText('a byte order mark', 'same', (_, text) => `\uFEFF${text}`),
  inText('comments and empty lines', 'same', (_, text) => text.replaceAll('\n', ' # a word: [of\n\n')),
  inText('a document begins and ends', 'same', (_, text) => `---\n${text}...\n`),
  inText('a tab before a line', 'either', (random, text) => someLine(random, text, (line) => `\t${line.trimStart()}`)),
  inText('an indentation that is off', 'either', (random, text) =>
    someLine(random, text, (line) => (random.chance(0.5) ? ` ${line}` : line.replace(/^ /, ''))),
  ),
  inText('a line too few', 'either', (random, text) => someLine(random, text, () => '')),
  inText('a line twice', 'either', (random, text) => someLine(random, text, (line) => `${line}\n${line}`)),
  inText('a character too few', 'either', (random, text) => somewhere(random, text, '', 1)),
  inText('a character too many', 'either', (random, text) =>
    somewhere(random, text, random.pick([...':{}[],&*#?|-<>=!%@`\'"\\ \n\t~\u0001\u001B\u2028'])),
  ),
  inText('cut off', 'either', (random, text) => text.slice(0, random.int(0, text.length))),
  inText('a second document', 'refused', (_, text) => `${text}---\n${text}`),
  inText('a merge key', 'refused', (_, text) => `${text.replace('version: 1', 'version: 1\n<<: {a: 1}')}`),
  inText('an alias of nothing', 'refused', (_, text) => `${text}server2: *nothing\n`),
  inText('a bomb of aliases', 'refused', (random, text) => {
    const names = [...'abcdefghij'].slice(0, random.int(5, 10));
    const row = (of: string): string => `[${Array.from({ length: 10 }, () => of).join(', ')}]`;
    return names.map((name, i) => `${name}: &${name} ${row(i === 0 ? 'x' : `*${names[i - 1]}`)}\n`).join('') + text;
  }),
  inText(
    'an alias within itself',
    'refused',
    (random, text) =>
      `${text}${random.pick(['x: &x [*x]', 'x: &x { a: *x }', 'x: &x { a: [1, { b: *x }] }', 'x: &x { *x : 1 }'])}\n`,
  ),
  inText('nested without end', 'refused', (random, text) => {
    const depth = random.pick([150, 2000, 30_000]);
    const [open, close] = random.pick([
      ['[', ']'],
      ['{a: ', '}'],
      ['- ', ''],
      ['? ', ''],
      ['[', ''],
    ] as const);
    return `${text}x:\n  ${open.repeat(depth)}1${close.repeat(depth)}\n`;
  }),
  inText('thousands of keys', 'refused', (random, text) => {
    const count = random.pick([1000, 20_000]);
    return text + Array.from({ length: count }, (_, i) => `key${i}: ${i}\n`).join('');
  }),
  inText('the whole of it again and again', 'refused', (random, text) => text.repeat(random.int(2, 60))),
  inText('a tag', 'either', (random, text) =>
    text.replaceAll(/: (?=[\w"])/g, (colon) =>
      random.chance(0.05) ? `: ${random.pick(['!!str', '!!int', '!!binary', '!!map', '!other'])} ` : colon,
    ),
  ),
  inText(
    'a directive',
    'either',
    (random, text) => `${random.pick(['%YAML 1.1', '%YAML 3.0', '%TAG ! tag:x,2000:', '%OTHER'])}\n---\n${text}`,
  ),
  inText('nothing at all', 'refused', (random) =>
    random.pick(['', '\n', '# nothing\n', '---\n', 'null\n', '~', '\uFEFF']),
  ),
  inText('something else', 'refused', (random) =>
    random.pick([
      '1',
      '- 1\n',
      '"version: 1"',
      '[]',
      '{}',
      '<html><body>no</body></html>',
      '[section]\nkey=value\n',
      '{"version": 1, ',
    ]),
  ),
  inText(
    'a key of another kind',
    'refused',
    (random, text) =>
      `${text}${random.pick(['? [a, b]\n: 1', '? {a: 1}\n: 1', '1: 1', 'null: 1', 'true: 1', '1.5: 2', '? \n: 1'])}\n`,
  ),
  inText('a key that would paint the screen', 'refused', (_, text) => `${text}"a\\u001B[31mb\\r\\nc\\u2028": 1\n`),
  inText('a key that is very long', 'refused', (_, text) => `${text}${'long'.repeat(300)}: 1\n`),
  (random, { text }) => ({
    what: 'UTF-16',
    outcome: 'refused',
    bytes: random.chance(0.5) ? Buffer.from(`\uFEFF${text}`, 'utf16le') : Buffer.from(text, 'utf16le').swap16(),
  }),
  (random, { text }) => {
    const bytes = Buffer.from(text, 'utf8');
    bytes[random.int(0, bytes.length - 1)] = random.pick([0xe4, 0xff, 0x80, 0xc3]);
    return { what: 'a byte of another encoding', outcome: 'refused', bytes };
  },
  (random, { text }) => {
    const bytes = Buffer.from(text, 'utf8');
    bytes[random.int(0, bytes.length - 1)] = 0;
    return { what: 'a byte that is zero', outcome: 'refused', bytes };
  },
  (random) => ({
    what: 'binary',
    outcome: 'refused',
    bytes: Uint8Array.from({ length: random.int(1, 3000) }, () => random.int(0, 255)).fill(0xff, 0, 1),
  }),
];

const AT_SECRETS: readonly Damage[] = [
  ...['*', '&', '!', '%', '@', '`', '[', '{', '"', "'", '|', '>'].map((mark) =>
    atSecret(`a secret that begins with ${mark}`, (secret) => mark + secret),
  ),
  atSecret('a secret with a colon in it', (secret) => `${secret}: more`),
  atSecret('a secret as a list', (secret) => `[${secret}]`),
  atSecret('a secret as a group', (secret) => `{ value: ${secret} }`),
  atSecret('a secret as a group with a bad key', (secret) => `{ ${secret}: ${secret} }`),
  atSecret('a secret with a control character', (secret) => `"${secret}\\n\\u0000x"`),
  atSecret('a secret of an unknown escape', (secret) => `"\\q${secret}"`),
  (random, { text, secrets }) => {
    const there = secrets.filter((secret) => text.includes(`: ${secret}`));
    if (there.length === 0) return { what: 'no space after a colon: nothing to do', outcome: 'same' };
    const secret = random.pick(there);
    return {
      what: 'no space after a colon',
      outcome: 'refused',
      bytes: utf8(text.replace(`: ${secret}`, `:${secret}`)),
    };
  },
  (random, { text, env }) => {
    const names = Object.keys(env);
    if (names.length === 0) return { what: 'no variables: nothing to do', outcome: 'same' };
    const name = random.pick(names);
    const moved = text.replaceAll(/(accessToken|password)(: "?\$\{)/g, '$1File$2');
    return random.chance(0.5)
      ? {
          what: 'a secret where the path of a file belongs',
          outcome: moved === text ? 'same' : 'refused',
          bytes: utf8(moved),
        }
      : {
          what: 'a variable that is missing',
          outcome: 'refused',
          env: Object.fromEntries(Object.entries(env).filter(([one]) => one !== name)),
        };
  },
  (_random, { env }) => {
    const own = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, /^k\w+$/.test(value) ? `\${${name}}` : value]),
    );
    return { what: 'variables that name themselves', outcome: 'either', env: own };
  },
];

/** Of those that only a configuration could take for something. */
const ODD_SETTINGS: readonly unknown[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  99_999_999_999_999_999n,
  '${toString}',
  '${__proto__}',
  '${}',
  '${NOT_THERE}',
  '${',
  '$${x',
  '${a}${b}',
  '99999999999999999999h',
  '99999999d',
  '0s',
  '-1h',
  '1h1h',
  '25:00',
  '24:00',
  '3:0',
  'Mars/Olympus',
  'https://a b',
  'https://a/#b',
  'sqlite:',
  'sqlite:\u0000',
];

/** Every place in the value, the root left out. */
function pathsOf(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown, i) => [i, item] as const)
    : Object.entries(value);
  return entries.flatMap(([key, item]) => [[...at, key], ...pathsOf(item, [...at, key])]);
}

type Group = { [key: string | number]: unknown };

function groupAt(root: unknown, path: Path): Group {
  return path.reduce<unknown>((at, step) => (at as Group)[step], root) as Group;
}

const own = (group: Group, key: string, value: unknown): void =>
  void Object.defineProperty(group, key, { value, enumerable: true, configurable: true, writable: true });

/** Done to what the file says, however it is written: as YAML in two manners, or as JSON. */
function inValue(
  what: string,
  outcome: Outcome,
  change: (random: Random, root: Group, paths: readonly Path[], spare: readonly string[]) => string | null,
): Damage {
  return (random, sound) => {
    const root = parseDocument(sound.text).toJS() as Group;
    const done = change(random, root, pathsOf(root), sound.secrets.slice(9));
    const text = random.pick([
      () => stringify(root, { aliasDuplicateObjects: false }),
      () => stringify(root, { collectionStyle: 'flow', aliasDuplicateObjects: false }),
      () => JSON.stringify(root, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value), 1),
    ])();
    return {
      what: `${what}: ${done ?? 'nothing to do'}`,
      outcome: done === null ? 'same' : outcome,
      bytes: utf8(text),
    };
  };
}

/** A slip of the finger: two letters swapped, one left out, one doubled, or another case. */
function slip(random: Random, word: string): string {
  const at = random.int(0, Math.max(0, word.length - 2));
  return random.pick([
    `${word.slice(0, at)}${word[at + 1] ?? ''}${word[at] ?? ''}${word.slice(at + 2)}`,
    word.slice(0, at) + word.slice(at + 1),
    `${word.slice(0, at)}${word[at] ?? ''}${word.slice(at)}`,
    word.toUpperCase() === word ? word.toLowerCase() : word.toUpperCase(),
  ]);
}

const connectionsOf = (root: Group): readonly Group[] => (root['connections'] ?? []) as readonly Group[];
/** Keys below this one are people's own words. */
const isOwnWord = (path: Path): boolean => path.at(-2) === 'values';

const VALUES: readonly Damage[] = [
  inValue('written anew', 'same', () => 'nothing else'),
  ...Array.from({ length: 6 }, () =>
    inValue('another value', 'either', (random, root, paths) => {
      const path = random.pick(paths);
      const value = random.chance(0.5) ? oddValue(random) : random.pick(ODD_SETTINGS);
      const last = path.at(-1) ?? '';
      groupAt(root, path.slice(0, -1))[last] = value;
      return `${path.join('.')} = ${String(JSON.stringify(typeof value === 'bigint' ? String(value) : value)).slice(0, 40)}`;
    }),
  ),
  inValue('left out', 'either', (random, root, paths) => {
    const path = random.pick(paths);
    const group = groupAt(root, path.slice(0, -1));
    if (Array.isArray(group)) group.splice(Number(path.at(-1)), 1);
    else delete group[path.at(-1) ?? ''];
    return path.join('.');
  }),
  inValue('a slip in a key', 'refused', (random, root, paths) => {
    const path = random.pick(paths.filter((one) => typeof one.at(-1) === 'string' && !isOwnWord(one)));
    const key = String(path.at(-1));
    const wrong = slip(random, key);
    const group = groupAt(root, path.slice(0, -1));
    if (wrong === key || wrong in group) return null;
    group[wrong] = group[key];
    delete group[key];
    return `${path.join('.')} as ${wrong}`;
  }),
  inValue('a slip in a word', 'either', (random, root, paths) => {
    const words = paths.filter((path) => /^[a-z-]{4,}$/.test(String(groupAt(root, path))));
    if (words.length === 0) return null;
    const path = random.pick(words);
    const group = groupAt(root, path.slice(0, -1));
    const wrong = slip(random, String(groupAt(root, path)));
    group[path.at(-1) ?? ''] = wrong;
    return `${path.join('.')} = ${wrong}`;
  }),
  inValue('a name of every object', 'refused', (random, root, paths) => {
    const groups = [[], ...paths].filter((path) => {
      const at: unknown = groupAt(root, path);
      return typeof at === 'object' && at !== null && !Array.isArray(at) && path.at(-1) !== 'values';
    });
    const path = random.pick(groups);
    const name = random.pick(NAMES_OF_OBJECTS);
    own(groupAt(root, path), name, random.pick([1, { enabled: true, polluted: true }, null]));
    return [...path, name].join('.');
  }),
  inValue('a name of every object among values', 'either', (random, root) => {
    const name = random.pick(NAMES_OF_OBJECTS);
    const values: Group = {};
    own(values, name, 'x');
    const [connection] = connectionsOf(root);
    if (connection === undefined) return null;
    connection['contacts'] = { enabled: false, fields: [{ sell: 'first_name', dotdigital: 'FIRSTNAME', values }] };
    return name;
  }),
  inValue('a data field mapped twice', 'refused', (random, root) => {
    const [connection] = connectionsOf(root);
    if (connection === undefined) return null;
    const name = random.pick(['FIRSTNAME', 'TIER', 'X-1']);
    const fields = [
      { sell: 'first_name', dotdigital: name },
      { sell: 'last_name', dotdigital: random.pick([name, name.toLowerCase(), ` ${name} `]) },
    ];
    connection[random.pick(['contacts', 'leads'])] = { enabled: false, fields };
    return name;
  }),
  inValue('a connection twice', 'refused', (_, root) => {
    const [connection] = connectionsOf(root);
    if (connection === undefined) return null;
    root['connections'] = [...connectionsOf(root), structuredClone(connection)];
    return String(connection['name']);
  }),
  inValue('hundreds of connections', 'either', (random, root) => {
    const [connection] = connectionsOf(root);
    if (connection === undefined) return null;
    const count = random.int(2, 300);
    root['connections'] = Array.from({ length: count }, (_, i) => ({
      ...structuredClone(connection),
      name: `c${random.pick(['-', '.', '_'])}${i}`,
    }));
    return String(count);
  }),
  inValue('credentials in an address', 'refused', (random, root, _, [secret = '']) => {
    const sell = connectionsOf(root)[0]?.['sell'] as Group | undefined;
    if (sell === undefined) return null;
    const [url] = [
      random.pick([
        'https://u:#@a.example.com',
        'ftp://u:#@a.example.com',
        'https://a.example.com?key=#',
        'https://a.example.com/#x#',
        'u:#@h',
      ]),
    ];
    sell['url'] = url.replace(/#(?!x)/, secret);
    return url;
  }),
  inValue('a bad address of the database', 'refused', (random, root, _, [secret = '']) => {
    const url = random.pick([
      'postgre://u:#@h/d',
      'postgres:/u:#@h/d',
      'mysql://u:#@h/d',
      'postgres://u:#@h:99999/d',
      'postgres://u:x/#@h/d',
    ]);
    root['database'] = url.replace('#', secret);
    return url;
  }),
  inValue('a web hook that is only an address', 'refused', (random, root, _, [secret = '']) => {
    const [connection] = connectionsOf(root);
    if (connection === undefined) return null;
    const url = `https://hooks.example.com/${secret}`;
    connection['alerts'] = random.pick<unknown>([
      url,
      [url],
      [{ url }],
      [{ webhook: [url] }],
      [{ webhook: url, email: url }],
      { webhook: url },
    ]);
    return 'alerts';
  }),
  inValue('two ways to log in', 'refused', (_, root) => {
    const sell = connectionsOf(root)[0]?.['sell'] as Group | undefined;
    if (sell === undefined) return null;
    sell['accessToken'] = 'a';
    sell['oauth'] = { clientId: 'c', clientSecret: 's', refreshToken: 'r' };
    return 'token and oauth';
  }),
];

/** On the tree of YAML: what a value cannot say. */
const TREES: readonly Damage[] = [
  (random, { text }) => {
    const document = parseDocument(text);
    const pairs: Pair[] = [];
    const walk = (node: unknown): void => {
      if (isMap(node)) {
        pairs.push(...(node.items as Pair[]));
        for (const { value } of node.items) walk(value);
      } else if (isSeq(node)) node.items.forEach(walk);
    };
    walk(document.contents);
    const pair = random.pick(pairs);
    const holder = mapWith(document.contents, pair);
    if (holder === null) return { what: 'a key twice: nothing to do', outcome: 'same' };
    const other = document.createPair(keyOf(pair), random.pick(['another', 1, null, true]));
    (holder.items as Pair[])[random.chance(0.5) ? 'push' : 'unshift'](other);
    return { what: `a key twice: ${String(keyOf(pair))}`, outcome: 'refused', bytes: utf8(document.toString()) };
  },
  (random) => {
    const twin = random.pick(['1: a, "1": b', 'no: a, "no": b', 'null: a, "": b', 'true: a, "true": b']);
    const fields = `[{ sell: first_name, dotdigital: FIRSTNAME, values: { ${twin} } }]`;
    const connection = `{ name: a, sell: { accessToken: t }, dotdigital: { user: u, password: p }, contacts: { fields: ${fields} } }`;
    return {
      what: `keys that become one: ${twin}`,
      outcome: 'refused',
      bytes: utf8(`version: 1\nconnections:\n  - ${connection}\n`),
    };
  },
];

const keyOf = ({ key }: Pair): unknown => (isScalar(key) ? key.value : key);

function mapWith(node: unknown, pair: Pair): { readonly items: unknown[] } | null {
  if (isMap(node)) {
    if (node.items.includes(pair as Pair<Node, Node>)) return node;
    for (const { value } of node.items) {
      const found = mapWith(value, pair);
      if (found !== null) return found;
    }
  } else if (isSeq(node)) {
    for (const item of node.items) {
      const found = mapWith(item, pair);
      if (found !== null) return found;
    }
  }
  return null;
}

const DAMAGES: readonly Damage[] = [...TEXTUAL, ...AT_SECRETS, ...VALUES, ...VALUES, ...TREES];
