// Alerts: what raises one, who is told, once, and told again when it is over.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlertFacts, raise } from '../../src/engine/alert-rules.ts';
import { watchAlerts } from '../../src/engine/watch-alerts.ts';
import { type Dashboard, startDashboard } from './dashboard.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-28T12:00:00Z');
const RAN = { state: 'ok', writes: 10, refused: false, message: null } as const;
const WELL: AlertFacts = {
  now: NOW,
  everyMs: HOUR,
  alignedAt: NOW - 100 * HOUR,
  paused: false,
  runs: Array.from({ length: 11 }, () => RAN),
  lastSuccessAt: NOW - HOUR,
  parked: 0,
  held: 5,
  links: 1000,
  crmRetiresOn: null,
  accessEndsAt: null,
};

describe('the rules', () => {
  it.each<readonly [string, Partial<AlertFacts>, readonly string[]]>([
    ['nothing is wrong', {}, []],
    ['the last run failed', { runs: [{ ...RAN, state: 'failed' }, RAN] }, ['run-failing critical']],
    ['some records failed', { runs: [{ ...RAN, state: 'partial' }, RAN] }, ['run-failing warning']],
    ['an older run failed', { runs: [RAN, { ...RAN, state: 'failed' }] }, []],
    [
      'a credential is refused',
      { runs: [{ ...RAN, state: 'aborted', refused: true }] },
      ['run-failing critical', 'access-expiring critical'],
    ],
    ['a credential ends next month', { accessEndsAt: NOW + 29 * 24 * HOUR }, ['access-expiring warning']],
    ['a credential ends next year', { accessEndsAt: NOW + 365 * 24 * HOUR }, []],
    ['writes are parked', { parked: 1 }, ['run-parked warning']],
    ['a tenth of the links is held', { held: 100 }, ['holds-high warning']],
    ['a few of few are held', { held: 5, links: 10 }, []],
    ['a run is ten times the usual', { runs: [{ ...RAN, writes: 1000 }, ...WELL.runs] }, ['volume-unusual warning']],
    ['a first large run', { runs: [{ ...RAN, writes: 1000 }, RAN] }, []],
    ['three intervals without success', { lastSuccessAt: NOW - 3 * HOUR }, ['no-success critical']],
    ['a paused connection is silent', { lastSuccessAt: NOW - 30 * HOUR, paused: true }, []],
    ['a connection that was never aligned is silent', { lastSuccessAt: null, alignedAt: null }, []],
    ['the CRM retires in half a year', { crmRetiresOn: NOW + 179 * 24 * HOUR }, ['crm-retiring warning']],
    ['the CRM retires in a week', { crmRetiresOn: NOW + 6 * 24 * HOUR }, ['crm-retiring critical']],
    ['the CRM retires in a year', { crmRetiresOn: NOW + 365 * 24 * HOUR }, []],
  ])('%s', (_, facts, expected) => {
    expect(raise({ ...WELL, ...facts }).map(({ kind, severity }) => `${kind} ${severity}`)).toEqual(expected);
  });
});

describe('an alert', () => {
  const heard: { readonly kind: string; readonly state: string; readonly message: string; readonly link: string }[] =
    [];
  const mails: string[] = [];
  let listening: (() => void) | null = null;
  let hook: Server;
  let mailServer: ReturnType<typeof createTcpServer>;
  let dashboard: Dashboard;
  beforeAll(async () => {
    hook = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        heard.push(JSON.parse(body) as (typeof heard)[number]);
        response.end('thanks');
        listening?.();
      });
    });
    // As much of a mail server as it takes to be handed a mail.
    mailServer = createTcpServer((socket) => {
      let data = false;
      socket.write('220 test\r\n');
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        const text = chunk.toString();
        if (data) {
          mails.push(text);
          if (text.includes('\r\n.\r\n')) {
            data = false;
            socket.write('250 ok\r\n');
          }
        } else if (text.startsWith('DATA')) {
          data = true;
          socket.write('354 go on\r\n');
        } else socket.write(text.startsWith('QUIT') ? '221 bye\r\n' : '250 ok\r\n');
      });
    });
    for (const server of [hook, mailServer])
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
    dashboard = await startDashboard({
      server: { mail: { host: '127.0.0.1', port: port(mailServer), from: 'lockstep@example.com' } },
      settings: {
        brakes: { delete: { count: 0, percent: 0 } },
        alerts: [{ webhook: `http://127.0.0.1:${port(hook)}/secret-path` }, { email: 'ops@example.com' }],
      },
    });
    dashboard.world.sell.world.createContact({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' });
  });
  afterAll(async () => {
    await dashboard.stop();
    hook.close();
    mailServer.close();
  });

  function hears(count: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (heard.length >= count) resolve();
      };
      listening = look;
      look();
    });
  }

  const start = async (kind: string) =>
    dashboard.ended((await dashboard.admin.get('startRun', { body: { connection: 'acme', kind } })).id);

  it('is told once when a plan is parked, by web hook and mail, and once more when it was decided', async () => {
    const { admin, world } = dashboard;
    await start('align');
    world.sell.world.deleteContact((await world.sellRecord('contacts', 'ada@example.com')).id);
    const parked = await start('sync');
    expect(parked.state).toBe('parked');
    await hears(1);
    expect(heard[0]).toMatchObject({ connection: 'acme', kind: 'run-parked', state: 'began', severity: 'warning' });
    const again = await start('sync');
    expect(again.state).not.toBe('failed');
    await admin.get('rejectRun', { params: { run: parked.id } });
    await start('sync');
    await hears(2);
    expect(heard.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['run-parked began', 'run-parked ended']);
    const { items } = await admin.get('listAlerts', { query: { state: 'ended' } });
    expect(items[0]).toMatchObject({ kind: 'run-parked', endedAt: expect.any(String) });
    expect(items[0]?.told.map(({ error }) => error).every((error) => error === null)).toBe(true);
    expect(JSON.stringify(items)).not.toContain('secret-path');
    expect(mails.join('')).toContain('Subject: [Lockstep] Warning: acme');
    expect(mails.join('')).toContain('To: ops@example.com');
  });

  it('is told once where two processes look at the same moment, when it begins and when it is over', async () => {
    const { store } = await dashboard.world.app();
    const sent: string[] = [];
    const look = (retiresOn: number | null): Promise<unknown> => {
      const watched = {
        connection: 'elsewhere',
        everyMs: HOUR,
        paused: true,
        crmRetiresOn: retiresOn,
        accessEndsAt: null,
        recipients: ['ops'],
      };
      const process = {
        send: async (to: string, { kind, state }: { readonly kind: string; readonly state: string }) => {
          // What goes over a network gives the other one time to look.
          await new Promise((resolve) => setImmediate(resolve));
          sent.push(`${to} ${kind} ${state}`);
          return null;
        },
        newId: () => crypto.randomUUID(),
        now: Date.now,
      };
      return Promise.all([watchAlerts(store, watched, process), watchAlerts(store, watched, process)]);
    };
    await look(Date.now() + 6 * 24 * HOUR);
    await look(Date.now() + 6 * 24 * HOUR);
    await look(null);
    expect(sent).toEqual(['ops crm-retiring began', 'ops crm-retiring ended']);
  });

  it('can be tried out, and a recipient that cannot be reached is named without its secret', async () => {
    const count = heard.length;
    hook.close();
    hook.closeAllConnections();
    const { sent } = await dashboard.admin.get('testAlerts', { params: { connection: 'acme' } });
    expect(sent[1]).toEqual({ to: 'ops@example.com', error: null });
    expect(sent[0]?.error).not.toBeNull();
    expect(JSON.stringify(sent)).not.toContain('secret-path');
    expect(heard).toHaveLength(count);
  });
});
