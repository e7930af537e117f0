// What the service answers besides its calls: files of the dashboard, headers, well-being, metrics, the description of the API, the stream.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, startDashboard } from './dashboard.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-web-'));
let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await startDashboard({ dashboard: folder });
});
afterAll(() => dashboard.stop());

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${dashboard.url}${path}`, init);

describe('the dashboard', () => {
  it('says how it is built while it is not', async () => {
    const page = await get('/');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('npm run build');
    expect((await get('/runs/42')).status).toBe(404);
  });

  it('is one page for every address of it, asked for again each time; its hashed files are kept', async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Lockstep</title>');
    writeFileSync(join(folder, 'assets', 'app-abc123.js'), 'export {};');
    writeFileSync(join(folder, '.secret'), 'no');
    for (const path of ['/', '/runs/42', '/people?q=a']) {
      const page = await get(path);
      expect([page.status, page.headers.get('cache-control'), await page.text()]).toEqual([
        200,
        'no-cache',
        '<!doctype html><title>Lockstep</title>',
      ]);
    }
    const script = await get('/assets/app-abc123.js');
    expect([script.status, script.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect((await get('/assets/app-old.js')).status).toBe(404);
    expect((await get('/.secret')).status).not.toBe(200);
    expect((await get('/..%2f..%2flockstep.yaml')).status).not.toBe(200);
    expect((await get('/api/nothing')).status).toBe(404);
  });

  it('runs no script but its own files and sits in no frame', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect((await get('/')).headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('for machines', () => {
  it('/healthz and /readyz', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ready' });
  });

  it('/api/openapi.json is the contract', async () => {
    const document = (await (await get('/api/openapi.json')).json()) as {
      readonly openapi: string;
      readonly info: { readonly version: string };
    };
    expect([document.openapi, document.info.version]).toEqual(['3.1.0', '1.2.3']);
  });

  it('/metrics counts runs, actions, calls, holds, limits and lag, and names nobody', async () => {
    dashboard.world.sell.world.createContact({ first_name: 'Grace', last_name: 'Hopper', email: 'grace@example.com' });
    dashboard.world.sell.world.createContact({ last_name: 'Solo', email: 'x@example.com' });
    await dashboard.world.cycle('align');
    const text = await (await get('/metrics')).text();
    expect(text).toContain('lockstep_runs_24h{connection="acme",kind="align",state="ok');
    expect(text).toMatch(/lockstep_actions_24h\{connection="acme",kind="create"\} [12]/);
    expect(text).toMatch(/lockstep_api_calls_24h\{connection="acme",system="crm"\} \d+/);
    expect(text).toMatch(/lockstep_lag_seconds\{connection="acme"\} \d+/);
    expect(text).toContain('lockstep_service_up{connection="acme",system="marketing"} 1');
    expect(text).not.toContain('grace');
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+\{.*\} -?\d+(\.\d+)?)$/);
  });
});

describe('the stream', () => {
  it('tells a run as it happens, to people who are logged in', async () => {
    expect((await get('/api/events')).status).toBe(401);
    const stop = new AbortController();
    const stream = await get('/api/events', { headers: { cookie: dashboard.admin.cookie ?? '' }, signal: stop.signal });
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const { id } = await dashboard.admin.get('startRun', { body: { connection: 'acme', kind: 'plan' } });
    let heard = '';
    for await (const chunk of stream.body ?? []) {
      heard += Buffer.from(chunk as Uint8Array).toString();
      if (heard.includes('"state":"ok')) break;
    }
    stop.abort();
    const events = heard.split('\n\n').filter((event) => event.startsWith('event: run'));
    const told = events.map(
      (event) => JSON.parse(event.split('data: ')[1] ?? '{}') as { readonly id: string; readonly state: string },
    );
    expect(new Set(told.map((event) => event.id))).toEqual(new Set([id]));
    expect(told[0]).toMatchObject({ connection: 'acme', kind: 'plan', state: 'running', progress: null });
    expect(told.at(-1)?.state).toMatch(/^ok/);
  });
});
