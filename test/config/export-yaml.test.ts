// Connections that leave the database as a file, and come back as the same ones.
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ConnectionInput } from '../../src/config/config-schema.ts';
import { checkSettings, putSecrets, takeSecrets } from '../../src/config/drafts.ts';
import { exportYaml } from '../../src/config/export-yaml.ts';
import { loadOk } from './write-config.ts';

const connection = (name: string, more: Partial<ConnectionInput> = {}): ConnectionInput => ({
  name,
  sell: { accessToken: `token of ${name}` },
  dotdigital: { user: 'u', password: `password of ${name}` },
  ...more,
});

const HOOKS = ['https://hooks.example.com/a', 'https://hooks.example.com/b', 'https://other.example.com/c'];
const alerts = HOOKS.map((webhook) => ({ webhook }));

it('every web hook of one service is kept, and none is shown', () => {
  const { settings, secrets } = takeSecrets(connection('acme', { alerts }));
  expect(settings['alerts']).toEqual([
    { webhook: 'https://hooks.example.com/***' },
    { webhook: 'https://hooks.example.com/***2' },
    { webhook: 'https://other.example.com/***' },
  ]);
  expect(putSecrets(settings, secrets)['alerts']).toEqual(alerts);
  // Edited: the first is gone, a new one has come.
  const edited = { ...settings, alerts: [{ webhook: 'https://hooks.example.com/***2' }, { webhook: HOOKS[0] }] };
  const again = takeSecrets(putSecrets(edited, secrets));
  expect(putSecrets(again.settings, again.secrets)['alerts']).toEqual([{ webhook: HOOKS[1] }, { webhook: HOOKS[0] }]);
});

it('a web hook keeps the slash at its end', () => {
  const checked = checkSettings(connection('acme', { alerts: [{ webhook: 'https://hooks.example.com/a/?b=/' }] }));
  expect('ok' in checked && checked.ok.alerts).toEqual([{ webhook: 'https://hooks.example.com/a/?b=/' }]);
});

it('no two secrets share a variable, every name is one, and a plain ${ stays plain', () => {
  const given = [
    connection('a-b', { alerts }),
    connection('a.b', { leads: { listPrefix: 'Leads ${x} $${y}: ' } }),
    connection('2nd'),
  ];
  const exported = exportYaml(given.map(takeSecrets));
  const { connections } = parse(exported) as { readonly connections: readonly ConnectionInput[] };
  const env: { [name: string]: string } = {};
  for (const [i, { sell, dotdigital, alerts: hooks = [] }] of connections.entries()) {
    const pairs = [
      [sell.accessToken, given[i]?.sell.accessToken],
      [dotdigital.password, given[i]?.dotdigital.password],
      ...hooks.map((hook, n) => ['webhook' in hook ? hook.webhook : '', HOOKS[n]]),
    ];
    for (const [variable = '', value = ''] of pairs) env[variable.slice(2, -1)] = value;
  }
  expect(Object.keys(env)).toHaveLength(9);
  expect(loadOk(exported, env).given).toEqual(given);
});
