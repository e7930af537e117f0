// Who gets in and what they may: the set-up link, passwords, sessions, tokens, roles, forgery, guessing, and bodies too large.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallSchemas, CONTRACT } from '../../src/api/contract/contract.ts';
import { type Access, ROUTES, type Route, type RouteId } from '../../src/api/contract/routes.table.ts';
import { errorBody } from '../../src/api/contract/words.ts';
import { type Dashboard, PASSWORD, type Person, startDashboard } from './dashboard.ts';

let dashboard: Dashboard;
let admin: Person;
let operator: Person;
let viewer: Person;
beforeAll(async () => {
  dashboard = await startDashboard();
  admin = dashboard.admin;
  operator = await dashboard.join('operator');
  viewer = await dashboard.join('viewer');
});
afterAll(() => dashboard.stop());

const RANK: { readonly [A in Access]: number } = { public: 0, viewer: 1, operator: 2, admin: 3 };

describe('every call', () => {
  const calls = Object.entries(ROUTES) as (readonly [RouteId, Route])[];
  // Logging out and revoking would end what the other lines need; the stream has a test of its own.
  const walked = calls.filter(([id]) => id !== 'logOut' && id !== 'watch');

  it.each(walked)('%s lets in exactly who the contract says', async (id, { access, method }) => {
    const people = [dashboard.stranger(), viewer, operator, admin];
    const { body } = CONTRACT[id] as CallSchemas;
    for (const [rank, person] of people.entries()) {
      // Nothing that any call would take: whoever is let in gets no further than that.
      const asked = method === 'GET' || body === undefined ? {} : { body: { nonsense: true } };
      const { status, error } = await person.call(id, { params: params(id), ...asked });
      if (rank >= RANK[access])
        expect([401, 403], `${id} as ${rank}: ${JSON.stringify(error)}`).not.toContain(allowedOnly(id, status));
      else expect(status, `${id} as ${rank}`).toBe(rank === 0 ? 401 : 403);
    }
  });

  /** Without a connection or a run of this name nothing happens. */
  function params(id: RouteId): { readonly [name: string]: string } {
    return Object.fromEntries(
      [...ROUTES[id].path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, 'nowhere'] as const),
    );
  }

  /** Public calls that refuse by what they are given. */
  function allowedOnly(id: RouteId, status: number): number {
    return id === 'finishCrmAuthorization' ? 200 : status;
  }
});

describe('the first user', () => {
  it('comes through a link that works once', async () => {
    expect((await dashboard.stranger().get('getSetup')).needed).toBe(false);
    const token = dashboard.service.setupLink?.split('#')[1] ?? '';
    expect(token.length).toBeGreaterThan(40);
    const again = await dashboard
      .stranger()
      .call('finishSetup', { body: { token, email: 'eve@example.com', name: 'Eve', password: PASSWORD } });
    expect([again.status, again.error.code]).toEqual([403, 'forbidden']);
  });

  it('needs a password that is long enough, and the password is stored as argon2id', async () => {
    const { link } = await admin.get('createUser', {
      body: { email: 'short@example.com', name: 'Short', role: 'viewer' },
    });
    const token = link.split('#')[1] ?? '';
    const { status, error } = await dashboard
      .stranger()
      .call('finishSetup', { body: { token, password: 'too short' } });
    expect([status, error.problems?.[0]]).toEqual([400, { path: 'body.password', message: 'at least 12 characters' }]);
    const { store } = await dashboard.world.app();
    const stored = await store.db
      .selectFrom('users')
      .select('password')
      .where('email', '=', 'ada@example.com')
      .executeTakeFirst();
    expect(stored?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe("a demo's link", () => {
  it('lets nobody into a service that is no demo', async () => {
    const { status, error } = await dashboard.stranger().call('enterAsGuest', { body: { token: 'x'.repeat(43) } });
    expect([status, error.code]).toEqual([403, 'forbidden']);
  });
});

describe('a session', () => {
  it('is a cookie that no script reads and no other site sends', async () => {
    const person = dashboard.stranger();
    const { headers } = await person.call('logIn', { body: { email: 'Ada@Example.com', password: PASSWORD } });
    const cookie = headers.getSetCookie()[0] ?? '';
    expect(cookie).toMatch(/^lockstep_session=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/);
    const { store } = await dashboard.world.app();
    const sessions = await store.db.selectFrom('sessions').select('hash').execute();
    expect(sessions.map(({ hash }) => hash)).not.toContain(cookie.slice('lockstep_session='.length).split(';')[0]);
  });

  it('changes nothing for a page that does not know its token, nor for another site', async () => {
    const person = dashboard.stranger();
    await person.get('logIn', { body: { email: 'ada@example.com', password: PASSWORD } });
    const body = { name: 'mine', role: 'viewer', days: null };
    const forged = await person.call('createToken', { body, headers: { 'x-csrf-token': 'a guess' } });
    expect([forged.status, forged.error.code]).toEqual([403, 'forbidden']);
    const elsewhere = await person.call('createToken', { body, headers: { 'sec-fetch-site': 'cross-site' } });
    expect(elsewhere.status).toBe(403);
    expect((await person.call('createToken', { body, headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(201);
  });

  it('ends by logging out, when it expires, when its user may not log in any more, and with a new password', async () => {
    const { store } = await dashboard.world.app();
    const person = await dashboard.join('viewer');
    const { user } = await person.get('getSession');
    const other = dashboard.stranger();
    await other.get('logIn', { body: { email: user.email, password: PASSWORD } });
    await person.get('changePassword', { body: { current: PASSWORD, next: 'another long password' } });
    expect((await other.call('getSession')).status).toBe(401);
    expect((await person.call('getSession')).status).toBe(200);
    await store.db
      .updateTable('sessions')
      .set({ expires_at: new Date().toISOString() })
      .where('user_id', '=', user.id)
      .execute();
    expect((await person.call('getSession')).status).toBe(401);
    await person.get('logIn', { body: { email: user.email, password: 'another long password' } });
    await admin.get('updateUser', { params: { user: user.id }, body: { disabled: true } });
    expect((await person.call('getSession')).status).toBe(401);
    expect(
      (await person.call('logIn', { body: { email: user.email, password: 'another long password' } })).status,
    ).toBe(401);
    const leaver = await dashboard.join('viewer');
    const before = leaver.cookie;
    await leaver.get('logOut');
    leaver.cookie = before;
    expect((await leaver.call('getSession')).status).toBe(401);
  });
});

describe('guessing', () => {
  it('soon has to wait, and is told the same for a wrong address as for a wrong password', async () => {
    const victim = await dashboard.join('viewer');
    const { email } = (await victim.get('getSession')).user;
    const guesser = dashboard.stranger();
    const wrong = await guesser.call('logIn', { body: { email, password: 'a guess' } });
    const nobody = await guesser.call('logIn', { body: { email: 'nobody@example.com', password: 'a guess' } });
    expect(wrong.status).toBe(401);
    expect(nobody.error).toEqual(wrong.error);
    let last = wrong;
    for (let n = 0; n < 6; n += 1) last = await guesser.call('logIn', { body: { email, password: `guess ${n}` } });
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await guesser.call('logIn', { body: { email, password: PASSWORD } })).status).toBe(429);
  });
});

describe('an API token', () => {
  it('is as strong as it says and no stronger than its owner, and dies when it is revoked', async () => {
    const { secret, token } = await operator.get('createToken', { body: { name: 'cron', role: 'viewer' } });
    const program = dashboard.stranger();
    program.bearer = secret;
    expect((await program.get('getSession')).user.role).toBe('viewer');
    expect((await program.call('listUsers')).status).toBe(403);
    expect((await program.call('startRun', { body: { connection: 'acme', kind: 'plan' } })).status).toBe(403);
    expect((await operator.call('createToken', { body: { name: 'root', role: 'admin' } })).status).toBe(403);
    expect(JSON.stringify(await admin.get('listTokens'))).not.toContain(secret);
    expect((await viewer.call('deleteToken', { params: { token: token.id } })).status).toBe(404);
    await operator.get('deleteToken', { params: { token: token.id } });
    expect((await program.call('getSession')).status).toBe(401);
  });
});

describe('users', () => {
  it('the only admin can be neither removed nor weakened', async () => {
    const { user } = await admin.get('getSession');
    expect((await admin.call('deleteUser', { params: { user: user.id } })).status).toBe(409);
    expect((await admin.call('updateUser', { params: { user: user.id }, body: { role: 'viewer' } })).status).toBe(409);
  });
});

describe('the audit log', () => {
  it('names who did what, refusals included, and holds no secret', async () => {
    const { items } = await admin.get('listAudit', { query: { limit: 200 } });
    const entries = items.map(({ who, action, outcome }) => `${who} ${action} ${outcome}`);
    expect(entries).toContain('ada@example.com createUser ok');
    expect(entries).toContain('operator1@example.com createToken refused');
    expect(entries).toContain('null logIn refused');
    expect(JSON.stringify(items)).not.toContain(PASSWORD);
    expect(JSON.stringify(items)).not.toContain('another long password');
    const page = await admin.get('listAudit', { query: { limit: 2 } });
    const next = await admin.get('listAudit', { query: { limit: 2, cursor: page.next ?? '' } });
    expect([...page.items, ...next.items]).toEqual(items.slice(0, 4));
  });
});

describe('what nobody should send', () => {
  it.each([
    ['a page far beyond the end', { query: { cursor: Buffer.from('[99999999999]').toString('base64url') } }],
    ['a cursor that is none', { query: { cursor: '../../etc/passwd' } }],
    ['a page of a million', { query: { limit: 1_000_000 } }],
    ['a negative page', { query: { limit: -1 } }],
    ['a word that is no state', { query: { state: "open' or 1=1 --" } }],
  ])('%s is refused with words', async (_, asked) => {
    const { status, error } = await admin.call('listHolds', asked);
    expect([status, error.code]).toEqual([400, 'bad-request']);
  });

  it('50 MB: refused without being read, logged in or not', async () => {
    const body = JSON.stringify({ settings: { name: 'x'.repeat(50 * 1024 * 1024) } });
    for (const person of [admin, dashboard.stranger()]) {
      const headers = {
        'content-type': 'application/json',
        cookie: person.cookie ?? '',
        'x-csrf-token': person.csrfToken ?? '',
      };
      const answer = await fetch(`${dashboard.url}/api/connections`, { method: 'POST', headers, body }).then(
        ({ status }) => status,
        // The server may hang up while the body is still on its way.
        () => 'hung up',
      );
      expect([person === admin ? 413 : 401, 'hung up']).toContain(answer);
    }
    expect((await admin.call('getSession')).status).toBe(200);
  });

  it.each([
    ['an address that cannot be decoded', '/api/runs/%zz', {}],
    ['an id of a thousand letters', `/api/runs/${'x'.repeat(1000)}/cancel`, { method: 'POST' }],
    ['a path of two slashes', '//api/runs', {}],
    ['a character that is none in a path', '/api/%00', {}],
    [
      'a body of another type',
      '/api/session',
      { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' },
    ],
  ])('%s is refused in the form and words of every refusal', async (_, path, init) => {
    const answer = await fetch(`${dashboard.url}${path}`, init);
    expect(answer.status).toBe(400);
    expect(errorBody.strict().parse(await answer.json()).error.message).toMatch(
      /^(This address|A body has to be JSON)/,
    );
  });

  it.each([
    ['in an array', '['.repeat(3000) + ']'.repeat(3000)],
    ['in an object', `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`],
  ])('a body without end, %s, is refused before anything reads it', async (_, deep) => {
    for (const path of ['/api/drafts/validate', '/api/runs', '/api/tokens']) {
      const headers = {
        'content-type': 'application/json',
        cookie: admin.cookie ?? '',
        'x-csrf-token': admin.csrfToken ?? '',
      };
      const answer = await fetch(`${dashboard.url}${path}`, { method: 'POST', headers, body: `{"settings":${deep}}` });
      expect([path, answer.status, await answer.text()]).toEqual([path, 400, expect.stringContaining('too deep')]);
    }
  });

  it.each(['a\0b@example.com', '\uD800@example.com'])('a character that cannot be kept, as in %j', async (email) => {
    const params = { connection: 'acme' };
    const answers = [
      await admin.call('previewErasure', { params, body: { email } }),
      await admin.call('createUser', { body: { email: 'x@example.com', name: email, role: 'viewer' } }),
      await admin.call('createConnection', { body: { settings: { name: 'x', [email]: 1 } } }),
      ...(email.isWellFormed() ? [await admin.call('getPerson', { params, query: { email } })] : []),
    ];
    for (const { status, error } of answers)
      expect([status, error.message]).toEqual([400, expect.stringContaining('cannot be kept')]);
  });

  it('a body in another encoding is refused, since a name in it would become another one', async () => {
    const headers = {
      'content-type': 'application/json',
      cookie: admin.cookie ?? '',
      'x-csrf-token': admin.csrfToken ?? '',
    };
    const body = Buffer.from('{"email":"j@example.com","name":"Jürgen","role":"viewer"}', 'latin1');
    const answer = await fetch(`${dashboard.url}/api/users`, { method: 'POST', headers, body });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('no JSON in UTF-8')]);
  });

  it('the head of an answer alone: no deed of anybody, and no stream', async () => {
    const { store } = await dashboard.world.app();
    const deeds = () => store.db.selectFrom('audit').select('id').execute();
    const before = await deeds();
    expect((await fetch(`${dashboard.url}/api/setup`, { method: 'HEAD' })).status).toBe(200);
    const headers = { cookie: admin.cookie ?? '' };
    expect((await fetch(`${dashboard.url}/api/events`, { method: 'HEAD', headers })).status).toBe(404);
    expect(await deeds()).toEqual(before);
  });

  it('a body that is no JSON, and a form', async () => {
    const send = (type: string, body: string) =>
      fetch(`${dashboard.url}/api/session`, { method: 'POST', headers: { 'content-type': type }, body }).then(
        ({ status }) => status,
      );
    expect(await send('application/json', '{')).toBe(400);
    expect(await send('application/x-www-form-urlencoded', 'email=a')).toBe(400);
    expect(await send('text/plain', '{}')).toBe(400);
  });
});
