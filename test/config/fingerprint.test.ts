// What counts as another configuration (R12): whatever changes a decision, and nothing else.
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/config/fingerprint.ts';
import { loadConnection, loadOk } from './write-config.ts';

const BASE = '    contacts: { enabled: true, multipleMatch: email }\n';
const of = (lines: string): string => fingerprint(loadConnection(lines));

describe('fingerprint (R12)', () => {
  it('is the same for the same settings spelt otherwise', () => {
    const spelled = `    profile: classic
    contacts:
      multipleMatch: email
      enabled: true
      direction: bi-directional
      fields:
        - { dotdigital: firstname, sell: first_name }
        - { sell: last_name, dotdigital: LASTNAME }
        - { sell: address.postal_code, dotdigital: POSTCODE }
        - { sell: customer_status, dotdigital: CUSTOMER_STATUS }
        - { sell: prospect_status, dotdigital: PROSPECT_STATUS }
`;
    expect(of(spelled)).toBe(of(BASE));
    expect(of(BASE)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['schedule', '    schedule: { every: 5m, timezone: Europe/London }\n'],
    ['brakes', '    brakes: { delete: { count: 1 } }\n'],
    ['alerts', '    alerts: [{ email: a@example.com }]\n'],
    ['retention', '    retention: { history: 1d }\n'],
    ['products', '    products: { enabled: true }\n'],
    ['createDataFields', '    createDataFields: false\n'],
  ])('does not change with %s', (_, lines) => {
    expect(of(BASE + lines)).toBe(of(BASE));
  });

  it('does not change with the alignment rule, the credentials or the name', () => {
    expect(of('    contacts: { enabled: true, multipleMatch: email, alignment: { winner: newest } }\n')).toBe(of(BASE));
    const [other] = loadOk(`version: 1
connections:
  - { name: other, sell: { accessToken: b, requestsPerSecond: 2 }, dotdigital: { user: x, password: y }, contacts: { enabled: true, multipleMatch: email } }
`).connections;
    expect(other === undefined ? '' : fingerprint(other)).toBe(of(BASE));
  });

  it.each([
    [
      'a mapping line',
      '    contacts: { enabled: true, multipleMatch: email, fields: [{ sell: title, dotdigital: TITLE }] }\n',
    ],
    ['a direction', '    contacts: { enabled: true, multipleMatch: email, direction: sell-to-dotdigital }\n'],
    ['the scope', '    contacts: { enabled: true, multipleMatch: email, scope: { sellTags: [a] } }\n'],
    ['the match rule', '    contacts: { enabled: true, multipleMatch: do-not-update }\n'],
    ['the delete rule', '    contacts: { enabled: true, multipleMatch: email, delete: ignore }\n'],
    ['consent', `${BASE}    consent: { optOutAs: suppressed }\n`],
    ['required names', `${BASE}    names: { requiredFor: sell-writes }\n`],
    ['partial writes', `${BASE}    partialWrite: true\n`],
    ['another object', `${BASE}    leads: { enabled: true, multipleMatch: email }\n`],
  ])('changes with %s', (_, lines) => {
    expect(of(lines)).not.toBe(of(BASE));
  });
});
