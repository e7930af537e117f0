// Connections made and edited over the API: checked, kept with sealed secrets, guarded against each other, against the inside of the network, and against forged grants.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createCrmAuthorizations } from '../../src/app/crm-authorizations.ts';
import { type Dashboard, type Person, startDashboard } from './dashboard.ts';

let dashboard: Dashboard;
let admin: Person;
beforeAll(async () => {
  dashboard = await startDashboard({
    server: { privateAddresses: true, publicUrl: 'http://lockstep.test' },
    sell: {
      limits: { enabled: false },
      tokens: [{}],
      oauthClients: [
        {
          id: 'client',
          secret: 's3cret-client',
          name: 'Lockstep',
          redirectUris: ['http://lockstep.test/api/crm-authorizations/callback'],
        },
      ],
    },
  });
  admin = dashboard.admin;
});
afterAll(() => dashboard.stop());

type Json = { readonly [key: string]: unknown };

/** What the file's own connection points at, with the secrets as somebody enters them. */
async function settings(name: string, more: Json = {}): Promise<Json> {
  const { config } = await dashboard.world.app();
  const [given] = config.given;
  return { ...given, name, ...more };
}

describe('a connection of the file', () => {
  it('is shown without secrets and is read-only, until it is taken over', async () => {
    const params = { connection: 'acme' };
    const shown = await admin.get('getConnection', { params });
    expect(shown).toMatchObject({
      source: 'file',
      version: 0,
      secrets: [
        { path: 'sell.accessToken', set: true },
        { path: 'dotdigital.password', set: true },
      ],
    });
    const { sell, dotdigital } = (await dashboard.world.app()).config.given[0] ?? {};
    for (const secret of [sell?.accessToken, dotdigital?.password]) expect(JSON.stringify(shown)).not.toContain(secret);
    const refused = await admin.call('updateConnection', {
      params,
      body: { version: 0, settings: shown.settings as Json },
    });
    expect([refused.status, refused.error.message]).toEqual([409, expect.stringContaining('configuration file')]);
    const taken = await admin.get('takeOverConnection', { params });
    expect(taken).toMatchObject({
      source: 'database',
      version: 1,
      savedBy: 'ada@example.com',
      settings: shown.settings,
    });
    expect((await admin.get('testConnection', { params })).checks.find(({ id }) => id === 'sell.account')?.status).toBe(
      'ok',
    );
  });
});

describe('a draft', () => {
  it('tells every problem with its path, and shows all defaults once it is sound', async () => {
    const bad = await admin.get('validateDraft', {
      body: { settings: { name: 'x y', sell: { acessToken: 'a' }, contacts: { enabled: true } } },
    });
    expect(bad.effective).toBeNull();
    expect(bad.problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['name', 'dotdigital', 'contacts.multipleMatch']),
    );
    expect(JSON.stringify(bad.problems)).toContain('did you mean \\"accessToken\\"');
    const file = await admin.get('validateDraft', {
      body: { settings: await settings('x', { sell: { accessTokenFile: '/etc/passwd' } }) },
    });
    expect(file.problems).toContainEqual({
      path: 'sell.accessTokenFile',
      message: expect.stringContaining('only possible in the configuration file'),
    });
    const good = await admin.get('validateDraft', { body: { settings: await settings('x') } });
    expect([good.problems, good.effective?.['profile']]).toEqual([[], 'classic']);
  });

  it('is tried on both accounts: schemas, suggested pairs, how values fit', async () => {
    dashboard.world.sell.world.createContact({
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'ada@example.com',
      title: 'Countess',
    });
    const body = {
      settings: await settings('x', {
        contacts: {
          enabled: true,
          multipleMatch: 'email',
          fields: [
            { sell: 'title', dotdigital: 'AGE' },
            { sell: 'first_name', dotdigital: 'FIRSTNAME' },
          ],
        },
      }),
    };
    const schemas = await admin.get('readDraftSchemas', { body });
    expect(schemas.crm.contact.map(({ path }) => path)).toContain('first_name');
    expect(schemas.marketing.fields.map(({ name }) => name)).toContain('FIRSTNAME');
    const { suggestions } = await admin.get('suggestDraftMapping', { body });
    const pair = suggestions.find(({ role, crm }) => role === 'contact' && crm === 'first_name');
    expect(pair).toMatchObject({ marketing: 'FIRSTNAME', isNew: false });
    expect(pair?.likeness).toBeGreaterThan(0.9);
    const fit = await admin.get('fitDraft', { body });
    expect(fit.sampled.contact).toBe(1);
    expect(fit.fields.find(({ crm }) => crm === 'first_name')?.sides.crm).toMatchObject({ total: 1, fits: 1 });
    const wrong = await admin
      .get('testDraft', {
        body: {
          settings: await settings('x', {
            dotdigital: {
              url: (await settings('x'))['dotdigital'],
              user: 'apiuser-x@apiconnector.com',
              password: 'wrong-one',
            },
          }),
        },
      })
      .catch((error: unknown) => error);
    expect(String(wrong)).toContain('dotdigital.url');
  });
});

describe('a connection of the database', () => {
  const params = { connection: 'second' };

  it('is saved with sealed secrets, keeps them when they are left out, and one of two people saving at once is told', async () => {
    const whole = await settings('second', { alerts: [{ webhook: 'https://hooks.example.com/very-secret' }] });
    const made = await admin.get('createConnection', { body: { settings: whole } });
    expect(made).toMatchObject({
      source: 'database',
      version: 1,
      settings: { alerts: [{ webhook: 'https://hooks.example.com/***' }] },
    });
    expect((await admin.call('createConnection', { body: { settings: whole } })).status).toBe(409);
    const saved = await admin.get('updateConnection', {
      params,
      body: {
        version: 1,
        settings: { ...made.settings, profile: 'recommended', consent: { unknownConsentAs: 'unsubscribed' } } as Json,
      },
    });
    expect(saved).toMatchObject({ version: 2, profile: 'recommended', secrets: [{ set: true }, { set: true }] });
    const late = await admin.call('updateConnection', {
      params,
      body: { version: 1, settings: made.settings as Json },
    });
    expect([late.status, late.error.message]).toEqual([409, expect.stringContaining('Somebody else saved')]);
    expect(
      (await admin.get('testConnection', { params })).checks.find(({ id }) => id === 'dotdigital.account')?.status,
    ).toBe('ok');
    const { store } = await dashboard.world.app();
    const rows = JSON.stringify([
      await store.db.selectFrom('saved_connections').selectAll().execute(),
      await store.db.selectFrom('secrets').selectAll().execute(),
      await store.db.selectFrom('audit').selectAll().execute(),
    ]);
    expect(rows).not.toContain('very-secret');
    expect(rows).not.toContain(String((whole['dotdigital'] as Json)['password']));
  });

  it('is among those the command line runs, printed back by config export, and paused and resumed', async () => {
    const exported = parse((await admin.get('exportConfig')).yaml) as { readonly connections: readonly Json[] };
    expect(exported.connections[1]).toMatchObject({
      name: 'second',
      dotdigital: { password: '${SECOND_DOTDIGITAL_PASSWORD}' },
      alerts: [{ webhook: '${SECOND_ALERT_1}' }],
    });
    const { stdout } = await dashboard.world.lockstep('status', '--json');
    const status = JSON.parse(stdout) as { readonly connections: readonly { readonly connection: string }[] };
    expect(status.connections.map(({ connection }) => connection)).toEqual(['acme', 'second']);
    expect((await admin.get('pauseConnection', { params })).pausedAt).not.toBeNull();
    expect((await admin.get('getOverview')).connections[1]?.standing).toBe('paused');
    expect((await admin.get('resumeConnection', { params })).pausedAt).toBeNull();
    await admin.get('deleteConnection', { params });
    expect((await admin.call('getConnection', { params })).status).toBe(404);
  });
});

describe('OAuth', () => {
  const start = () =>
    admin.get('startCrmAuthorization', {
      body: { clientId: 'client', clientSecret: 's3cret-client', url: String(sellUrl) },
    });
  let sellUrl: unknown;
  beforeAll(async () => {
    sellUrl = ((await settings('x'))['sell'] as Json)['url'];
  });

  async function decide(url: string | null, decision: string): Promise<URL> {
    const answer = await fetch(`${String(sellUrl)}/oauth2/authorize`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams([...new URL(url ?? '').searchParams, ['decision', decision]]),
    });
    return new URL(answer.headers.get('location') ?? '');
  }

  const comeBack = (back: URL) => fetch(`${dashboard.url}${back.pathname}${back.search}`, { redirect: 'manual' });

  it('a grant becomes the credential of a draft; its state works once and only here', async () => {
    const begun = await start();
    const back = await decide(begun.url, 'allow');
    const forged = new URL(back);
    forged.searchParams.set('state', 'forged');
    expect((await comeBack(forged)).status).toBe(403);
    const landed = await comeBack(back);
    expect([landed.status, landed.headers.get('location')]).toEqual([303, `/connect?authorization=${begun.id}`]);
    expect((await comeBack(back)).status).toBe(403);
    expect((await admin.get('getCrmAuthorization', { params: { authorization: begun.id } })).state).toBe('granted');
    const { sell, ...rest } = await settings('granted');
    const { accessToken: _, ...bare } = sell as Json;
    // Each test renews the tokens, and Sell may take the old ones back: whatever the draft is called by then, it goes on.
    for (const name of ['granted', 'renamed']) {
      const { checks } = await admin.get('testDraft', {
        body: { settings: { ...rest, name, sell: bare }, authorization: begun.id },
      });
      expect(checks.find(({ id }) => id === 'sell.account')?.status).toBe('ok');
    }
  });

  it('is too late after ten minutes; what was granted waits for half a day', async () => {
    let now = Date.now();
    const authorizations = createCrmAuthorizations(
      { server: (await dashboard.world.app()).config.server },
      () => 'http://lockstep.test',
      () => now,
    );
    const client = { clientId: 'client', clientSecret: 's3cret-client', url: String(sellUrl) };
    const begin = async () => {
      const begun = await authorizations.start(client);
      if ('problems' in begun) throw new Error('It has to begin.');
      const { searchParams } = await decide(begun.url, 'allow');
      return { id: begun.id, state: searchParams.get('state') ?? '', code: searchParams.get('code'), error: null };
    };
    const [late, granted] = [await begin(), await begin()];
    expect((await authorizations.finish(granted))?.state).toBe('granted');
    now += 11 * 60_000;
    expect(await authorizations.finish(late)).toBeNull();
    expect(authorizations.get(late.id)?.state).toBe('expired');
    expect(authorizations.granted(granted.id)?.clientId).toBe('client');
    now += 12 * 3_600_000;
    expect(authorizations.granted(granted.id)).toBeNull();
  });

  it('a denial is told', async () => {
    const begun = await start();
    await comeBack(await decide(begun.url, 'deny'));
    expect(await admin.get('getCrmAuthorization', { params: { authorization: begun.id } })).toMatchObject({
      state: 'denied',
      message: 'Access was denied.',
    });
  });
});
