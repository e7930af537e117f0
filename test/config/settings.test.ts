// The configuration as decisions see it: vendor words gone, names turned into ids, checked against what the accounts have.
import { describe, expect, it } from 'vitest';
import { consentFieldPath, type LiveAccounts, toSettings } from '../../src/config/settings.ts';
import type { CrmField, CrmRoleSchema } from '../../src/core/model/schema.ts';
import { loadConnection } from './write-config.ts';

const field = (path: string, more: Partial<CrmField> = {}): CrmField => ({
  path,
  type: 'text',
  writable: true,
  mandatory: false,
  fieldClass: 'sales',
  ...more,
});

const names = [
  field('first_name', { meaning: 'first-name' }),
  field('last_name', { meaning: 'last-name', mandatory: true }),
];
const contact: CrmRoleSchema = {
  role: 'contact',
  fields: [
    ...names,
    field('address.postal_code', { whole: 'address' }),
    field('customer_status', { type: 'status', choices: ['none', 'current', 'past'], fallback: 'none' }),
    field('prospect_status', { type: 'status', choices: ['none', 'current', 'lost'], fallback: 'none' }),
    field('title', { fieldClass: 'marketing' }),
    field('custom_fields.Email consent', { type: 'choice', choices: ['Yes', 'No'] }),
  ],
  qualification: { paths: ['customer_status', 'prospect_status'], none: 'none', stages: [] },
  statuses: null,
};
const lead: CrmRoleSchema = {
  role: 'lead',
  fields: [...names, field('address.postal_code', { whole: 'address' }), field('organization_name')],
  statuses: ['New', 'Working'],
};
const text = (name: string) => ({ name, type: 'string' as const, maxLength: 250, fieldClass: 'sales' as const });

const live: LiveAccounts = {
  crm: { contact, lead },
  marketing: { fields: [text('FIRSTNAME'), text('LASTNAME')] },
  lists: [
    { id: '11', name: 'Newsletter' },
    { id: '12', name: 'Paused people' },
    { id: '13', name: 'Twice' },
    { id: '14', name: 'Twice' },
  ],
  users: [{ id: '900', email: 'anna@example.com' }],
};

const BOTH =
  '    contacts: { enabled: true, multipleMatch: email }\n    leads: { enabled: true, multipleMatch: do-not-update }\n';
const errors = (lines: string, accounts = live): readonly string[] =>
  toSettings(loadConnection(lines), accounts, 'sync')
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ path, message }) => `${path}: ${message}`);

describe('settings', () => {
  it('carry the default mapping and name the data fields to create, each once (decision 11)', () => {
    const { settings, missingFields } = toSettings(loadConnection(BOTH), live, 'align');
    const mapped = (role: 'contact' | 'lead') =>
      settings.roles[role].fields.map(({ key, crm }) => `${crm.path}>${key}`);
    expect(mapped('contact')).toEqual([
      'first_name>FIRSTNAME',
      'last_name>LASTNAME',
      'address.postal_code>POSTCODE',
      'customer_status>CUSTOMER_STATUS',
      'prospect_status>PROSPECT_STATUS',
    ]);
    expect(mapped('lead')).toEqual([
      'first_name>FIRSTNAME',
      'last_name>LASTNAME',
      'address.postal_code>POSTCODE',
      'organization_name>ORGANISATION',
    ]);
    expect(missingFields.map(({ name }) => name)).toEqual([
      'POSTCODE',
      'CUSTOMER_STATUS',
      'PROSPECT_STATUS',
      'SELL_CONTACT_ID',
      'ORGANISATION',
      'SELL_LEAD_ID',
    ]);
    expect(settings.mode).toBe('align');
    expect(settings.roles.contact.qualification).toBe(contact.qualification);
    expect(settings.roles.lead.qualification).toBeNull();
    expect(errors(BOTH)).toEqual([]);
  });

  it('leave out default pairs whose data field is not there where Dotdigital is not written (decisions 11, 15)', () => {
    const oneWay = BOTH.replaceAll('enabled: true,', 'enabled: true, direction: dotdigital-to-sell,');
    const { settings, problems, missingFields } = toSettings(loadConnection(oneWay), live, 'align');
    expect(settings.roles.contact.fields.map(({ key }) => key)).toEqual(['FIRSTNAME', 'LASTNAME']);
    expect(missingFields).toEqual([]);
    expect(problems.map(({ severity }) => severity)).toEqual(problems.map(() => 'warning'));
    expect(problems.map(({ message }) => message).join(' ')).toMatch(/POSTCODE.*CUSTOMER_STATUS.*PROSPECT_STATUS/);
    // A pair that somebody asked for by name is a fault of the configuration all the same.
    const named = oneWay.replace(
      'multipleMatch: email ',
      'multipleMatch: email, fields: [{ sell: title, dotdigital: TITLE }] ',
    );
    expect(errors(named)).toHaveLength(1);
  });

  it('speak of crm and marketing only', () => {
    const { settings } = toSettings(
      loadConnection(`    contacts:
      enabled: true
      direction: bi-directional
      multipleMatch: email-and-names
      alignment: { mode: dotdigital-to-sell, winner: dotdigital }
      fields:
        - { sell: first_name, dotdigital: FIRSTNAME, conflict: dotdigital }
        - { sell: last_name, dotdigital: LASTNAME, direction: sell-to-dotdigital, conflict: newest, blank: ignore }
        - { sell: customer_status, dotdigital: TIER, values: { vip: current } }
    leads: { direction: dotdigital-to-sell, alignment: { mode: none } }
    consent: { direction: bi-directional, optOutAs: suppressed }
    names: { requiredFor: sell-writes }
`),
      live,
      'sync',
    );
    const role = settings.roles.contact;
    expect(role).toMatchObject({
      direction: 'both',
      alignment: { direction: 'to-crm', winner: 'marketing' },
      multipleMatch: 'email-and-names',
    });
    expect(role.fields.map(({ direction, conflict, blank }) => [direction, conflict, blank])).toEqual([
      ['both', 'marketing', 'propagate'],
      // No side tells when a field changed: the default winner.
      ['to-marketing', 'crm', 'ignore'],
      ['both', 'crm', 'propagate'],
    ]);
    expect(role.fields[2]?.values).toEqual([{ marketing: 'vip', crm: 'current' }]);
    expect(settings.roles.lead).toMatchObject({
      enabled: false,
      direction: 'to-crm',
      alignment: { direction: null },
      fields: [],
    });
    expect(settings.consent).toMatchObject({ direction: 'both', optOutAs: 'suppressed' });
    expect(settings.namesRequiredFor).toBe('crm-writes');
    expect(JSON.stringify({ ...settings, labels: null })).not.toMatch(/dotdigital-to|sell-to|"sell"|"dotdigital"/);
  });

  it('recommended lets the usual owner of a field win a conflict (C9)', () => {
    const fields = 'fields: [{ sell: first_name, dotdigital: FIRSTNAME }, { sell: title, dotdigital: TITLE }]';
    const conflicts = (profile: string) =>
      toSettings(
        loadConnection(
          `    profile: ${profile}\n    contacts: { enabled: true, multipleMatch: email, ${fields} }\n    consent: { unknownConsentAs: subscribed }\n`,
        ),
        live,
        'sync',
      ).settings.roles.contact.fields.map(({ conflict }) => conflict);
    expect(conflicts('classic')).toEqual(['crm', 'crm']);
    expect(conflicts('recommended')).toEqual(['crm', 'marketing']);
  });

  it('turn names of lists and owners into ids, and keep ids', () => {
    const { settings, problems } = toSettings(
      loadConnection(`    contacts:
      enabled: true
      multipleMatch: email
      scope: { dotdigitalLists: [newsletter, 12], sellOwners: [Anna@example.com], sellTags: [b, a, b], pauseList: Paused people, pauseTag: quiet }
`),
      live,
      'sync',
    );
    expect(settings.roles.contact.scope).toEqual({
      marketingLists: ['11', '12'],
      crmTags: ['a', 'b'],
      crmOwners: ['900'],
      pauseList: '12',
      pauseTag: 'quiet',
    });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('report every name that is nobody and every name that is several, at once', () => {
    const lines = `    contacts:
      enabled: true
      multipleMatch: email
      scope: { dotdigitalLists: [Newslettr, Twice], sellOwners: [zoe@example.org], pauseList: nothing at all }
    consent: { enabled: true, contacts: { default: none, field: { name: Email consnt, optIn: [Yes], optOut: [No] } } }
`;
    expect(errors(lines)).toEqual([
      'contacts.scope.dotdigitalLists[0]: There is no Dotdigital list "Newslettr". Did you mean "Newsletter"?',
      'contacts.scope.dotdigitalLists[1]: Several of the kind Dotdigital list are named "Twice" (ids 13, 14). Give the id.',
      'contacts.scope.sellOwners[0]: There is no Sell user "zoe@example.org".',
      'contacts.scope.pauseList: There is no Dotdigital list "nothing at all".',
      'consent.contacts.field.name: Sell has no field "Email consnt" for a contact. Did you mean "Email consent"?',
    ]);
  });

  it('report fields that are not there with their place in the configuration', () => {
    const lines =
      '    contacts: { enabled: true, multipleMatch: email, fields: [{ sell: frist_name, dotdigital: FIRSTNAME }] }\n';
    expect(errors(lines)).toEqual([
      expect.stringMatching(/^contacts\.fields\[0\]\.sell: .*Did you mean "first_name"\?/),
    ]);
  });

  it('with createDataFields off, a missing data field is an error, for the id as well', () => {
    const lines =
      '    createDataFields: false\n    contacts: { enabled: true, multipleMatch: email, fields: [{ sell: title, dotdigital: TITLE }] }\n';
    const { settings, missingFields } = toSettings(loadConnection(lines), live, 'sync');
    expect(missingFields).toEqual([]);
    expect(settings.roles.contact.idField).toBeNull();
    expect(errors(lines).map((error) => error.split(':')[0])).toEqual([
      'contacts.fields[0].dotdigital',
      'contacts.idField',
    ]);
  });

  it('a muted side gets no id field (decision 15)', () => {
    const lines = '    contacts: { enabled: true, multipleMatch: email, direction: dotdigital-to-sell }\n';
    const { settings, missingFields } = toSettings(loadConnection(lines), live, 'sync');
    expect(settings.roles.contact.idField).toBeNull();
    expect(missingFields.map(({ name }) => name)).not.toContain('SELL_CONTACT_ID');
  });

  it('an id field that is mapped, or shared by both roles, is an error', () => {
    const own = '    contacts: { enabled: true, multipleMatch: email, idField: FIRSTNAME }\n';
    expect(errors(own)).toEqual([expect.stringMatching(/^contacts\.idField: FIRSTNAME is also a mapped field/)]);
    const shared =
      '    contacts: { enabled: true, multipleMatch: email, idField: SELL_ID }\n    leads: { enabled: true, multipleMatch: email, idField: SELL_ID }\n';
    expect(errors(shared)).toEqual([expect.stringMatching(/^leads\.idField: SELL_ID already carries/)]);
  });
});

describe('a consent field', () => {
  it('is a path as it stands, else a custom field', () => {
    const paths = ['title', 'custom_fields.Email consent', 'custom_fields.title'];
    expect(consentFieldPath('title', paths)).toBe('title');
    expect(consentFieldPath('Email consent', paths)).toBe('custom_fields.Email consent');
    expect(consentFieldPath('Other', paths)).toBeNull();
  });
});
