// Defaults by profile, and that what the file says wins over them.
import { describe, expect, it } from 'vitest';
import { connectionYaml, loadConnection, loadOk, loadProblems } from './write-config.ts';

const CHOSEN = `    contacts: { enabled: true, multipleMatch: email }
    leads: { enabled: true, multipleMatch: email }
`;

describe('profiles (semantics 4.11)', () => {
  it('classic is the default and keeps to the original', () => {
    const c = loadConnection(CHOSEN);
    expect(c.profile).toBe('classic');
    expect(c.contacts).toEqual({
      enabled: true,
      direction: 'bi-directional',
      multipleMatch: 'email',
      multipleMatchFirst: 'oldest',
      strictSingle: false,
      fields: null,
      alignment: { mode: 'both', winner: 'sell' },
      onEmailChange: 'rename',
      delete: 'delete',
      afterDotdigitalDelete: 'stay-deleted',
      scope: { dotdigitalLists: [], sellTags: [], sellOwners: [], pauseList: null, pauseTag: 'no-sync' },
      idField: 'SELL_CONTACT_ID',
    });
    expect(c.leads).toMatchObject({
      enforceSingleList: false,
      createLeadIfContactExists: true,
      listPrefix: 'Zendesk Sell - Leads: ',
      idField: 'SELL_LEAD_ID',
    });
    expect(c.consent).toMatchObject({
      enabled: false,
      direction: 'sell-to-dotdigital',
      resubscribe: 'no-challenge',
      unknownConsentAs: 'subscribed',
      optInTrigger: 'with-change',
      optOutTrigger: 'immediate',
      createSuppressed: false,
    });
    expect(c.names.requiredFor).toBe('both');
    expect([c.allowNonCustomer, c.partialWrite, c.createDataFields]).toEqual([false, false, true]);
    expect(c.schedule).toEqual({
      everyMs: 3_600_000,
      productsAt: { hour: 3, minute: 0 },
      verifyAt: { hour: 2, minute: 0 },
      timezone: 'UTC',
    });
    expect(c.retention).toEqual({ historyMs: 90 * 86_400_000, tombstonesMs: 400 * 86_400_000, ledgerMs: null });
    expect(c.sell).toMatchObject({ url: 'https://api.getbase.com', requestsPerSecond: 10 });
    expect(c.dotdigital.url).toBe('https://r1-api.dotdigital.com');
    expect(c.products).toMatchObject({ collection: 'Catalog_Zendesk_Sell', currency: null, onRemoved: 'inactive' });
  });

  it('recommended turns on the careful options', () => {
    const c = loadConnection(
      '    profile: recommended\n    contacts: { enabled: true }\n    leads: { enabled: true }\n    consent: { enabled: true, unknownConsentAs: unsubscribed }\n',
    );
    expect(c.contacts).toMatchObject({
      multipleMatch: 'email-and-names',
      delete: 'queue',
      alignment: { mode: 'both', winner: 'fill-blanks' },
    });
    expect(c.leads).toMatchObject({ enforceSingleList: true, createLeadIfContactExists: false });
    expect(c.consent).toMatchObject({
      resubscribe: 'challenge',
      optInTrigger: 'immediate',
      contacts: { default: 'none' },
    });
    expect(c.names.requiredFor).toBe('sell-writes');
    expect([c.allowNonCustomer, c.partialWrite]).toEqual([true, true]);
    expect(c.schedule.everyMs).toBe(900_000);
  });

  it('an explicit setting wins, also inside a group and where it is null or false', () => {
    const c = loadConnection(`    profile: recommended
    contacts: { enabled: true, alignment: { mode: none }, idField: null }
    leads: { enforceSingleList: false }
    consent: { unknownConsentAs: subscribed }
    partialWrite: false
    schedule: { every: 1h30m }
`);
    expect(c.contacts.alignment).toEqual({ mode: 'none', winner: 'fill-blanks' });
    expect(c.contacts.idField).toBeNull();
    expect(c.leads.enforceSingleList).toBe(false);
    expect(c.partialWrite).toBe(false);
    expect(c.schedule.everyMs).toBe(5_400_000);
  });

  it('brakes have their defaults, and one given in the file parks unless it says alert (decision 25)', () => {
    const c = loadConnection('    brakes: { update: { count: 3 }, unsubscribe: { percent: 1, action: alert } }\n');
    expect(c.brakes).toEqual({
      create: { count: 1000, percent: 20, action: 'park' },
      update: { count: 3, percent: 50, action: 'park' },
      clear: { count: 100, percent: 5, action: 'park' },
      delete: { count: 25, percent: 5, action: 'park' },
      listRemove: { count: 50, percent: 5, action: 'park' },
      unsubscribe: { count: 200, percent: 1, action: 'alert' },
      unsubscribeStop: { count: 200, percent: 20, action: 'park' },
      resubscribe: { count: 20, percent: 1, action: 'park' },
    });
  });

  it('4.8: one way to Sell, the first merge takes the values of Dotdigital, unless a winner is named', () => {
    const winner = (contacts: string, profile = 'classic') =>
      loadConnection(`    profile: ${profile}\n    contacts: { multipleMatch: email, ${contacts} }\n`).contacts
        .alignment.winner;
    expect(winner('direction: dotdigital-to-sell')).toBe('dotdigital');
    expect(winner('alignment: { mode: dotdigital-to-sell }')).toBe('dotdigital');
    expect(winner('direction: dotdigital-to-sell, alignment: { winner: sell }')).toBe('sell');
    expect(winner('direction: sell-to-dotdigital')).toBe('sell');
    expect(winner('direction: dotdigital-to-sell', 'recommended')).toBe('fill-blanks');
  });

  it('the whole example of the manual is accepted as it stands', () => {
    const config = loadOk(
      `version: 1
database: sqlite:./lockstep-data/lockstep.db
server: { host: 127.0.0.1, port: 8484 }
connections:
  - name: acme
    profile: classic
    sell: { url: https://api.getbase.com/, accessToken: "\${SELL_ACCESS_TOKEN}" }
    dotdigital: { url: https://r1-api.dotdigital.com, user: "\${DOTDIGITAL_USER}", password: "\${DOTDIGITAL_PASSWORD}" }
    schedule: { every: 1h, productsAt: "03:00", timezone: UTC }
    contacts:
      enabled: true
      direction: bi-directional
      multipleMatch: email-and-names
      fields:
        - { sell: first_name, dotdigital: FIRSTNAME }
        - { sell: custom_fields.Tier, dotdigital: tier, direction: sell-to-dotdigital, conflict: sell, blank: ignore }
        - { sell: customer_status, dotdigital: CUSTOMER_STATUS, values: { vip: current, 7: past } }
      alignment: { mode: both, winner: sell }
      scope: { dotdigitalLists: [Newsletter, 12], sellTags: [], sellOwners: [], pauseList: null }
      delete: delete
    leads: { enabled: true, direction: bi-directional, multipleMatch: email-and-names, listPrefix: "Zendesk Sell - Leads: ", enforceSingleList: false }
    consent:
      enabled: true
      direction: sell-to-dotdigital
      contacts:
        tags: { optIn: [newsletter], optOut: [unsubscribed] }
        field: { name: Email consent, optIn: ["Yes", true], optOut: ["No"] }
        default: none
      leads: { tags: { optIn: [newsletter], optOut: [unsubscribed] }, default: none }
      createSuppressed: false
      createSuppressedAs: contact
      optOutTrigger: immediate
      optInTrigger: with-change
      resubscribe: no-challenge
      unknownConsentAs: subscribed
      optOutAs: unsubscribed
    products: { enabled: true, collection: Catalog_Zendesk_Sell, currency: GBP, urlTemplate: null, imageTemplate: null, onRemoved: inactive }
    names: { requiredFor: both }
    allowNonCustomer: false
    partialWrite: false
    createDataFields: true
    brakes: { delete: { count: 25, percent: 5, action: park } }
    alerts: [{ webhook: https://hooks.example.com/a }, { email: ops@example.com }]
`,
      { SELL_ACCESS_TOKEN: 't', DOTDIGITAL_USER: 'u', DOTDIGITAL_PASSWORD: 'p' },
    );
    const [c] = config.connections;
    expect(c?.sell.url).toBe('https://api.getbase.com');
    expect(c?.contacts.fields?.[1]?.dotdigital).toBe('TIER');
    expect(c?.contacts.fields?.[2]?.values).toEqual({ vip: 'current', '7': 'past' });
    expect(c?.contacts.scope.dotdigitalLists).toEqual(['Newsletter', '12']);
    expect(c?.consent.contacts.field?.optIn).toEqual(['Yes', 'true']);
  });
});

describe('settings that must be chosen', () => {
  const paths = (lines: string): readonly string[] => loadProblems(connectionYaml(lines)).map(({ path }) => path);

  it('classic asks for what the original asked for, and names the choices', () => {
    const lines = '    contacts: { enabled: true }\n    leads: { enabled: true }\n    consent: { enabled: true }\n';
    expect(paths(lines).toSorted()).toEqual([
      'connections[0].consent.contacts.default',
      'connections[0].consent.leads.default',
      'connections[0].contacts.multipleMatch',
      'connections[0].leads.multipleMatch',
    ]);
    const choice = loadProblems(connectionYaml(lines)).find(({ path }) => path.endsWith('contacts.default'));
    expect(choice?.message).toMatch(/^must be chosen: one of none, opted-in, opted-out\. /);
  });

  it('recommended asks only how people of unknown consent are made (O16)', () => {
    expect(paths('    profile: recommended\n    contacts: { enabled: true }\n')).toEqual([
      'connections[0].consent.unknownConsentAs',
    ]);
  });

  it('asks nothing for what is off or cannot happen', () => {
    expect(loadConnection().contacts.multipleMatch).toBe('do-not-update');
    const oneWay = loadConnection(
      '    profile: recommended\n    contacts: { enabled: true, direction: dotdigital-to-sell }\n',
    );
    expect(oneWay.consent.unknownConsentAs).toBe('unsubscribed');
  });

  it('is told beside other faults', () => {
    expect(paths('    contacts: { enabled: true, direcshun: x }\n')).toEqual([
      'connections[0].contacts.multipleMatch',
      'connections[0].contacts.direcshun',
    ]);
  });
});
