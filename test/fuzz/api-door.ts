// One damaged request to a real service, by somebody of any role, and everything that must hold of the answer. (contract 5 and 6)
import { createHash } from 'node:crypto';
import { request as ask, type IncomingHttpHeaders } from 'node:http';
import { sql } from 'kysely';
import { createRandom } from '../../sandbox/random.ts';
import { STATUS } from '../../src/api/api-error.ts';
import { csrfTokenOf, hashSecret, newSecret } from '../../src/api/auth/secrets.ts';
import { type CallSchemas, CONTRACT } from '../../src/api/contract/contract.ts';
import { type Access, ROUTES, type Route, type RouteId } from '../../src/api/contract/routes.table.ts';
import { errorBody } from '../../src/api/contract/words.ts';
import type { App } from '../../src/app.ts';
import { pause } from '../../src/store/saved-connections.ts';
import { insertSession } from '../../src/store/sessions.ts';
import { insertUser, type UserRole } from '../../src/store/users.ts';
import { type Dashboard, startDashboard } from '../api/dashboard.ts';
import { CALLS, type Known, type Request, writeRequest } from './api-request.ts';
import type { Judged } from './judged.ts';

export interface ApiDoor {
  /** The case of this seed, judged. */
  fuzz(seed: number): Promise<Judged>;
  /** The call as it should be made, by an admin, judged. */
  sound(id: RouteId): Promise<Judged>;
  stop(): Promise<void>;
}

interface Who {
  readonly role: UserRole | 'public';
  readonly headers: { readonly [name: string]: string };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const RANK: { readonly [A in Access]: number } = { public: 0, viewer: 1, operator: 2, admin: 3 };
const ROLES = ['viewer', 'operator', 'admin'] as const;
/** What goes on by itself, or is only the memory of a request: who asked, when, how often. */
const BY_ITSELF = new Set(['audit', 'sessions', 'job_times', 'paces', 'leases', 'alerts']);
const USED = new Set(['seen_at', 'used_at']);

/** A service between two accounts with people, holds, runs and a second connection in the database. @param database URL; left out: a file */
export async function openApiDoor(database?: string): Promise<ApiDoor> {
  const dashboard = await startDashboard({
    ...(database === undefined ? {} : { database }),
    server: { privateAddresses: true },
    settings: {
      contacts: { enabled: true, multipleMatch: 'email-and-names' },
      leads: { enabled: true, multipleMatch: 'email' },
    },
  });
  const app = await dashboard.world.app();
  const known = await settle(dashboard, app);
  const secrets = secretsOf(app);
  const faults: string[] = [];
  const crash = (error: unknown): void => void faults.push(`nobody caught ${String(error)}`);
  process.on('unhandledRejection', crash);
  process.on('uncaughtException', crash);

  async function judge(id: RouteId, who: Who, what: string, sent: Request): Promise<Judged> {
    const [before, deeds, logged] = [await snapshot(app), await countDeeds(app), dashboard.logged.length];
    const request = { ...sent, headers: { ...who.headers, ...sent.headers } };
    const answer = await send(dashboard.url, request);
    const wrong = [...judgeAnswer(answer, request), ...judgeRights(id, who, answer, request)];
    if (secrets.some((secret) => answer.text.includes(secret))) wrong.push('it shows a secret');
    if (answer.status >= 400) {
      const changed = changes(before, await snapshot(app));
      if (changed.length > 0) wrong.push(`refused, and yet changed: ${changed.join(', ')}`);
    } else if (sent.method === ROUTES[id].method) wrong.push(...judgeSuccess(id, answer, request));
    if (['GET', 'HEAD', 'OPTIONS'].includes(sent.method) && (await countDeeds(app)) !== deeds)
      wrong.push('looking is written down as a deed');
    wrong.push(...faults.splice(0));
    for (const line of dashboard.logged.slice(logged))
      if (line.includes('a request failed')) wrong.push(line.slice(0, 800));
    await calm(dashboard, app, known, answer);
    const body = request.body === null ? '' : Buffer.from(request.body).toString().slice(0, 2000);
    return {
      what: `${who.role}: ${what}`,
      outcome: `${Math.floor(answer.status / 100)}xx`,
      wrong,
      told: `${request.method} ${request.path.slice(0, 500)}\n${JSON.stringify(sent.headers)}\n${body}\n-- ${answer.status}\n${answer.text.slice(0, 1000)}`,
    };
  }

  return {
    fuzz: async (seed) => {
      const random = createRandom(`api ${seed}`);
      const id = random.pick(CALLS);
      const { what, request } = writeRequest(random, id, known, random.pick([0, 1, 1, 1, 1, 2, 3]));
      const role = random.pick(['public', ...ROLES, 'admin', 'admin', 'admin'] as const);
      return judge(id, await comeIn(app, role), what, request);
    },
    sound: async (id) => {
      const { what, request } = writeRequest(createRandom(`sound ${id}`), id, known, 0);
      return judge(id, await comeIn(app, 'admin'), what, request);
    },
    stop: async () => {
      process.off('unhandledRejection', crash);
      process.off('uncaughtException', crash);
      await dashboard.stop();
    },
  };
}

/** Something of everything that a request can name. */
async function settle({ admin, world, ended }: Dashboard, app: App): Promise<Known> {
  const params = { connection: 'acme' };
  // Nothing begins by itself between two requests.
  await admin.get('pauseConnection', { params });
  const settings = { ...app.config.given[0] };
  await admin.get('createConnection', { body: { settings: { ...settings, name: 'second' } } });
  await admin.get('pauseConnection', { params: { connection: 'second' } });
  for (const name of ['Ada', 'Grace', 'Edsger'])
    world.sell.world.createContact({ first_name: name, last_name: 'Body', email: `${name}@example.com`.toLowerCase() });
  world.sell.world.createContact({ last_name: 'Solo', email: 'solo@example.com' });
  const runs: string[] = [];
  for (const kind of ['preview', 'align', 'sync'] as const) {
    const { id } = await admin.get('startRun', { body: { connection: 'acme', kind } });
    await ended(id);
    await free(app.store);
    runs.push(id);
  }
  const { token } = await admin.get('createToken', { body: { name: 'cron', role: 'viewer', days: null } });
  const { user } = await admin.get('createUser', {
    body: { email: 'guest@example.com', name: 'Guest', role: 'viewer' },
  });
  const { items } = await admin.get('listHolds');
  return {
    connections: ['acme', 'second', 'nobody'],
    runs: [...runs, 'none'],
    holds: [...items.map(({ id }) => id), 'none'],
    users: [user.id, 'none'],
    tokens: [token.id, 'none'],
    emails: ['grace@example.com', 'solo@example.com', 'nobody@example.com', 'guest@example.com'],
    settings,
  };
}

function secretsOf({ config }: App): readonly string[] {
  return config.given
    .flatMap(({ sell, dotdigital }) => [sell.accessToken ?? '', dotdigital.password ?? ''])
    .filter((text) => text.length > 5);
}

/** A session of somebody of this role, made anew: earlier requests may have ended it, or removed whoever had it. */
async function comeIn({ store }: App, role: Who['role']): Promise<Who> {
  if (role === 'public') return { role, headers: {} };
  const now = new Date().toISOString();
  const id = `fuzz-${role}`;
  const user = {
    id,
    email: `${id}@example.com`,
    name: role,
    role,
    password: null,
    disabled: false,
    createdAt: now,
    seenAt: null,
  };
  await store.db.deleteFrom('users').where('id', '=', id).execute();
  await insertUser(store, user);
  const secret = newSecret();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await insertSession(store, hashSecret(secret), { userId: id, createdAt: now, seenAt: now, expiresAt });
  return { role, headers: { cookie: `lockstep_session=${secret}`, 'x-csrf-token': csrfTokenOf(secret) } };
}

type Snapshot = ReadonlyMap<string, string>;

/** A hash of every table. */
async function snapshot({ store }: App): Promise<Snapshot> {
  const tables = await store.db.introspection.getTables();
  const hashes = new Map<string, string>();
  for (const { name, schema } of tables) {
    // Another schema is the queue's, which only wakes workers.
    if (BY_ITSELF.has(name) || name.startsWith('sqlite_') || (schema ?? 'public') !== 'public') continue;
    const { rows } = await sql<{ readonly [column: string]: unknown }>`select * from ${sql.table(name)}`.execute(
      store.db,
    );
    const lines = rows.map((row) => JSON.stringify(Object.entries(row).filter(([column]) => !USED.has(column)))).sort();
    hashes.set(name, createHash('sha256').update(lines.join('\n')).digest('hex'));
  }
  return hashes;
}

async function countDeeds({ store }: App): Promise<number> {
  const row = await store.db
    .selectFrom('audit')
    .select(({ fn }) => fn.countAll<string | number>().as('count'))
    .executeTakeFirst();
  return Number(row?.count);
}

function changes(before: Snapshot, after: Snapshot): readonly string[] {
  return [...after].flatMap(([name, hash]) => (before.get(name) === hash ? [] : [name]));
}

function send(url: string, { method, path, headers, body }: Request): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { 'content-length': String(body.byteLength) };
    const sent = ask({ hostname, port, method, path, headers: { ...headers, ...length }, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      const end = (): void =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() });
      answer.on('end', end);
      answer.on('error', end);
    });
    // A safety net, not a measure.
    sent.setTimeout(60_000, () => sent.destroy(new Error('no answer within a minute')));
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}

function judgeAnswer({ status, headers, text }: Answer, { method, path, headers: sent }: Request): readonly string[] {
  const wrong: string[] = [];
  if (/\n\s+at |node:internal|\.ts:\d+/.test(text)) wrong.push('it shows where in the program it failed');
  if (status < 400) return wrong;
  if (method === 'HEAD') return status >= 500 ? [`it answered ${status}`] : wrong;
  const type = String(headers['content-type']);
  // Whatever is not below /api/ is a page of the dashboard.
  if (!path.startsWith('/api/')) return wrong;
  if (type.startsWith('text/html'))
    return sent['accept']?.includes('text/html') === true ? wrong : [...wrong, 'a page for a program'];
  const read = errorBody.strict().safeParse(jsonOf(text));
  if (!read.success) return [...wrong, `${status} with something else than a refusal: ${text.slice(0, 200)}`];
  const { code, message } = read.data.error;
  if (STATUS[code] !== status) wrong.push(`${status} for ${code}`);
  if (status >= 500 && code !== 'refused-by-service' && code !== 'unavailable')
    wrong.push(`it answered ${status}: ${message}`);
  if (!/^[A-Z].*[.!?]/.test(message) || /FST_|\[object|undefined|Unexpected token/.test(message))
    wrong.push(`these are no words for people: ${message.slice(0, 200)}`);
  return wrong;
}

function judgeRights(id: RouteId, { role }: Who, { status }: Answer, { method, headers }: Request): readonly string[] {
  const { access, method: own }: Route = ROUTES[id];
  if (status >= 400 || method !== own) return [];
  if (RANK[role] < RANK[access]) return [`${role} may do what needs ${access}`];
  const forged =
    own !== 'GET' &&
    ((headers['x-csrf-token'] ?? '').length !== 43 || /cross|same-site/.test(headers['sec-fetch-site'] ?? ''));
  return forged && access !== 'public' ? ['it believes a forged request'] : [];
}

function judgeSuccess(id: RouteId, { status, text }: Answer, { path }: Request): readonly string[] {
  const route: Route = ROUTES[id];
  const pattern = new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/?]+')}(\\?|$)`);
  // Another address: what answers there has no schema, or another one.
  if (!pattern.test(path)) return [];
  if (status !== (route.status ?? 200)) return [`it answered ${status} instead of ${route.status ?? 200}`];
  const { reply } = CONTRACT[id] as CallSchemas;
  if (reply === undefined) return [];
  const read = reply.strict().safeParse(jsonOf(text));
  return read.success ? [] : [`it answered what the contract does not know: ${read.error.message.slice(0, 300)}`];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A run is known to have ended a moment before it gives its connection back. */
async function free({ db }: App['store']): Promise<void> {
  while ((await db.selectFrom('leases').select('name').where('holder', 'is not', null).execute()).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

/** What was begun is waited for, connections that were made are removed, and the one that was removed is made. */
async function calm(
  { admin, ended }: Dashboard,
  { store }: App,
  { settings }: Known,
  { status, text }: Answer,
): Promise<void> {
  if (status < 200 || status >= 300) return;
  const { id, name } = (jsonOf(text) ?? {}) as { readonly id?: unknown; readonly name?: unknown };
  if (status === 202 && typeof id === 'string') await ended(id);
  await free(store);
  if (typeof name === 'string' && name === 'new')
    await admin.call('deleteConnection', { params: { connection: name } });
  if ((await admin.call('getConnection', { params: { connection: 'second' } })).status === 404)
    await admin.call('createConnection', { body: { settings: { ...settings, name: 'second' } } });
  for (const connection of ['acme', 'second']) await pause(store, connection, new Date().toISOString(), null);
}
