// A connection that is edited in the dashboard cannot be pointed at the inside of the network.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insideFault } from '../../src/app/service-address.ts';
import { type Dashboard, startDashboard } from './dashboard.ts';

describe('an address', () => {
  it.each([
    'http://127.0.0.1:8484',
    'http://localhost',
    'http://10.1.2.3',
    'http://172.20.0.1',
    'http://192.168.1.1',
    'http://169.254.169.254/latest/meta-data',
    'http://0.0.0.0',
    'http://[::1]',
    'http://[fd00::1]',
    'http://[fe80::1]',
    'http://[::ffff:127.0.0.1]',
    'http://2130706433',
    'http://0x7f.1',
    'http://127.1',
  ])('%s is inside', async (url) => {
    expect(await insideFault(url)).toMatch(/inside the network|not known/);
  });

  it.each(['https://93.184.216.34', 'https://[2606:4700::1111]'])('%s is outside', async (url) => {
    expect(await insideFault(url)).toBeNull();
  });
});

describe('without permission in the file', () => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await startDashboard();
  });
  afterAll(() => dashboard.stop());

  it('neither a draft, nor a saved connection, nor a web hook, nor OAuth reaches this machine; the file itself may', async () => {
    const { admin } = dashboard;
    const [given] = (await dashboard.world.app()).config.given;
    const settings = { ...given, name: 'inside', alerts: [{ webhook: 'http://localhost:1/x' }] };
    for (const answer of [
      await admin.call('testDraft', { body: { settings } }),
      await admin.call('createConnection', { body: { settings } }),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.error.problems?.map(({ path }) => path)).toEqual([
        'sell.url',
        'dotdigital.url',
        'alerts[0].webhook',
      ]);
    }
    const oauth = await admin.call('startCrmAuthorization', {
      body: { clientId: 'a', clientSecret: 'b', url: 'http://127.0.0.1:1' },
    });
    expect(oauth.status).toBe(400);
    expect((await admin.call('testConnection', { params: { connection: 'acme' } })).status).toBe(200);
  });
});
