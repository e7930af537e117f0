// The finer rules of a linked pair's address: what is remembered, what waits, what is told. (C19-C25, L16, R4, decision 27)
import { describe, expect, it } from 'vitest';
import type { Link } from '../../../src/core/model/link.ts';
import type { PersonView } from '../../../src/core/model/person.ts';
import type { RoleSettings, Settings } from '../../../src/core/model/settings.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import {
  ADA_BASE,
  ADDRESS,
  agreedOn,
  aLink,
  aMailing,
  aPair,
  aRecord,
  aView,
  codesOf,
  settingsOf,
  writeTo,
} from './a-person.ts';

const NEW = 'ada.king@example.org';
const CLASSIC = settingsOf('classic');
const on = (onEmailChange: RoleSettings['onEmailChange'], more: Partial<Settings> = {}) =>
  settingsOf('classic', { contact: { onEmailChange }, ...more });
/** The record has a new address, and a new post code beside it. */
const moved = (more: Parameters<typeof aPair>[2] = {}) =>
  aPair({ 'address.postal_code': '20095' }, {}, { record: { email: NEW }, ...more });

describe('R4: a rename and its mark', () => {
  const sent = (tries: number) => ({ email: { from: ADDRESS, to: NEW, crm: NEW, tries } });

  it('is agreed on once it was read back', () => {
    const plan = planPerson(
      aPair({}, {}, { record: { email: NEW }, mailing: { email: NEW }, link: { unconfirmed: sent(1) } }),
      CLASSIC,
    );
    expect(plan.actions).toEqual([]);
    expect(plan.effects).toEqual([
      {
        type: 'base',
        role: 'contact',
        crmId: '11',
        marketingId: '900',
        fields: { email: { crm: NEW, marketing: NEW } },
        unconfirmed: {},
        settled: ['email'],
      },
    ]);
  });

  it('that was lost is sent again, under a new mark', () => {
    const plan = planPerson(aPair({}, {}, { record: { email: NEW }, link: { unconfirmed: sent(1) } }), CLASSIC);
    expect(plan.effects).toMatchObject([{ settled: ['email'], fields: {} }]);
    expect(plan.actions[0]?.effects).toMatchObject([{ unconfirmed: { email: { to: NEW, tries: 2 } } }]);
  });

  it('that was refused holds the record, and its mark stays as long as it is wanted', () => {
    const plan = planPerson(moved({ link: { unconfirmed: sent(2) } }), CLASSIC);
    expect([plan.actions, plan.effects]).toEqual([[], []]);
    expect(plan.holds).toMatchObject([
      {
        code: 'REMOTE_REJECTED',
        row: 'R4',
        field: 'email',
        email: NEW,
        message: expect.stringContaining('accepted the e-mail address but did not keep it'),
      },
    ]);
    const back = planPerson(aPair({}, {}, { link: { unconfirmed: sent(2) } }), CLASSIC);
    expect([back.actions, back.effects]).toMatchObject([[], [{ settled: ['email'] }]]);
  });
});

describe('C20: whose address counts where nothing, or an undo, is remembered', () => {
  const undone = { link: { base: { ...ADA_BASE, email: { crm: NEW, marketing: ADDRESS, undone: true } } } } as const;
  const align = (winner: 'crm' | 'marketing'): Settings =>
    settingsOf('classic', { mode: 'align', contact: { alignment: { direction: 'both', winner } } });

  it('without a common past the CRM has moved', () => {
    const { email: _email, ...base } = ADA_BASE;
    const plan = planPerson(aPair({}, {}, { record: { email: NEW }, link: { base } }), CLASSIC);
    expect(writeTo(plan, 'marketing')).toMatchObject({ row: 'C20', marketing: { email: NEW } });
    expect(writeTo(plan, 'crm')).toBeUndefined();
  });

  it('decision 27: after an undo both stay, until an alignment says whose counts', () => {
    const view = aPair({}, {}, { record: { email: NEW }, ...undone });
    expect(planPerson(view, CLASSIC)).toMatchObject({ actions: [], holds: [] });
    expect(planPerson(view, align('crm')).actions).toMatchObject([
      { system: 'marketing', row: 'C20', marketing: { email: NEW } },
    ]);
    expect(planPerson(view, align('marketing')).actions).toMatchObject([
      { system: 'crm', row: 'C25', crm: { email: ADDRESS } },
    ]);
  });

  it('C25: an ordinary base counts in an alignment as well', () => {
    const view = aPair({}, {}, { mailing: { email: NEW } });
    expect(planPerson(view, align('crm')).actions).toMatchObject([{ system: 'crm', row: 'C25', crm: { email: NEW } }]);
  });
});

describe('what holds the whole record, and under whose address', () => {
  it.each<[string, PersonView, Settings, string, string, string | null]>([
    ['C20: somebody is asked', moved(), on('hold'), 'EMAIL_TAKEN', 'C20', NEW],
    [
      'C19: it cannot be mailed',
      moved({ record: { email: 'ada at example.org' } }),
      CLASSIC,
      'EMAIL_INVALID',
      'C19',
      'ada at example.org',
    ],
    [
      'C19: it is nobody’s own',
      moved({ record: { email: 'noreply@example.org' } }),
      CLASSIC,
      'EMAIL_BLOCKED',
      'C19',
      'noreply@example.org',
    ],
    [
      'C24: it was removed in marketing',
      aPair({ 'address.postal_code': '20095' }, {}, { mailing: { email: null } }),
      CLASSIC,
      'EMAIL_REMOVED',
      'C24',
      ADDRESS,
    ],
    [
      'C19: it cannot be mailed, and marketing has none',
      moved({ record: { email: 'ada at example.org' }, mailing: { email: null } }),
      CLASSIC,
      'EMAIL_INVALID',
      'C19',
      'ada at example.org',
    ],
  ])('%s', (_, view, settings, code, row, email) => {
    const plan = planPerson(view, settings);
    expect([plan.actions, plan.holds.map((hold) => [hold.code, hold.row, hold.email])]).toEqual([
      [],
      [[code, row, email]],
    ]);
    const partly = planPerson(view, { ...settings, partialWrite: true });
    expect(partly.actions).toMatchObject([{ marketing: { set: { POSTCODE: '20095' } } }]);
  });

  it('C19: why it cannot be mailed is told', () => {
    const [hold] = planPerson(moved({ record: { email: 'ada at example.org' } }), CLASSIC).holds;
    expect(hold?.message).toMatch(/^The e-mail address [a-z].{5,}\.$/);
    expect(hold?.message).not.toContain('undefined');
  });

  it('C24: a link that ends for it is told under the address that is left', () => {
    const plan = planPerson(moved({ record: { email: null } }), CLASSIC);
    expect(plan.holds).toMatchObject([{ code: 'EMAIL_REMOVED', row: 'C24', email: ADDRESS, crmId: '11' }]);
    expect(plan.effects).toEqual([
      { type: 'link-state', linkId: 'link-1', state: 'severed', because: 'C24', row: 'C24' },
    ]);
    // A record that is only being joined has no link that could end.
    const joining = planPerson(
      aView({ marketing: aMailing(), contact: { candidates: [aRecord({}, { email: null })] } }),
      CLASSIC,
    );
    expect(joining.effects.filter(({ type }) => type === 'link-state')).toEqual([]);
  });
});

describe('C20, C22, C23: what goes with a rename', () => {
  it('nothing is told of an address that is free', () => {
    expect(planPerson(moved(), CLASSIC).notes).toEqual([]);
    const ended = planPerson(moved(), on('new'));
    expect([ended.notes, ended.actions]).toEqual([[], []]);
    expect(ended.effects).toEqual([
      { type: 'link-state', linkId: 'link-1', state: 'severed', because: 'C20', row: 'C20' },
    ]);
  });

  it('C22: an address that is suppressed is one reason, whatever the old one was', () => {
    const channel = { state: 'suppressed', reason: '', optInType: 'unknown' } as const;
    const view = { ...aPair({}, {}, { record: { email: NEW }, mailing: { channel } }), suppressedAddresses: [NEW] };
    expect(planPerson(view, CLASSIC).actions).toMatchObject([
      { rows: ['C22'], marketing: { channel: { state: 'unsubscribed' } } },
    ]);
  });

  it('C21: a contact with another address is in nobody’s way', () => {
    const view = {
      ...moved(),
      collisions: [{ marketing: aMailing({}, { id: '902', email: 'bea@example.org' }), holders: [] }],
    };
    expect(planPerson(view, CLASSIC).actions).toMatchObject([{ marketing: { email: NEW } }]);
    const both = {
      ...moved(),
      collisions: [...view.collisions, { marketing: aMailing({}, { id: '903', email: NEW }), holders: [] }],
    };
    expect(planPerson(both, CLASSIC).holds).toMatchObject([{ code: 'EMAIL_TAKEN', refs: [{ id: '903' }, {}, {}] }]);
  });
});

describe('L16: the other record of the person', () => {
  const LEAD = agreedOn({
    email: ADDRESS,
    FIRSTNAME: 'Ada',
    LASTNAME: 'Lovelace',
    POSTCODE: '10115',
    ORGANISATION: null,
  });
  const twice = (parts: {
    contact?: string | null;
    lead?: string | null;
    mailing?: string;
    link?: Partial<Link>;
    assumed?: boolean;
  }): PersonView =>
    aView({
      marketing: aMailing({ SELL_LEAD_ID: '51' }, { email: parts.mailing ?? ADDRESS, assumed: parts.assumed ?? false }),
      contact: {
        link: aLink(parts.link),
        record: aRecord({}, { email: parts.contact === undefined ? ADDRESS : parts.contact }),
      },
      lead: {
        link: aLink({ id: 'link-2', role: 'lead', crmId: '51', base: LEAD }),
        record: aRecord(
          { organization_name: null },
          { role: 'lead', id: '51', email: parts.lead === undefined ? ADDRESS : parts.lead },
        ),
      },
    });
  const both = (own: Partial<RoleSettings> = {}, lead: Partial<RoleSettings> = {}) =>
    settingsOf('classic', { contact: own, lead: { enabled: true, ...lead } });
  const writes = (view: PersonView, settings: Settings) =>
    planPerson(view, settings).actions.map(
      ({ system, entity, crm, marketing }) => `${system} ${entity} ${crm?.email ?? marketing?.email}`,
    );

  it('R4: follows a rename once it was read back, and not before', () => {
    const link = { unconfirmed: { email: { from: ADDRESS, to: NEW, crm: NEW, tries: 1 } } };
    expect(writes(twice({ contact: NEW, mailing: NEW, link, assumed: true }), both())).toEqual([]);
    expect(writes(twice({ contact: NEW, mailing: NEW, link }), both())).toEqual([`crm lead ${NEW}`]);
    expect(writes(twice({ contact: NEW, mailing: NEW, link }), both({}, { direction: 'to-crm' }))).toEqual([
      `crm lead ${NEW}`,
    ]);
    expect(writes(twice({ contact: NEW, mailing: NEW, link }), both({}, { direction: 'to-marketing' }))).toEqual([]);
  });

  it('C20: stays behind where it has the old address: then the record that moved is somebody new', () => {
    const ends = (view: PersonView, settings: Settings) =>
      planPerson(view, settings).effects.flatMap((effect) => (effect.type === 'link-state' ? [effect.linkId] : []));
    expect(ends(twice({ contact: NEW }), both({ onEmailChange: 'new' }))).toEqual(['link-1']);
    expect(ends(twice({ contact: NEW, lead: null }), both({ onEmailChange: 'new' }, { enabled: false }))).toEqual([
      'link-1',
    ]);
    expect(ends(twice({ contact: NEW, lead: NEW }), both({ onEmailChange: 'new' }))).toEqual([]);
    expect(codesOf(planPerson(twice({ contact: NEW, lead: NEW }), both({ onEmailChange: 'hold' })))).toContain(
      'EMAIL_TAKEN',
    );
  });

  it('C20, C35: with contacts off the lead renames the person, alone or with the contact', () => {
    const leads = (onEmailChange: RoleSettings['onEmailChange']) =>
      settingsOf('classic', { contact: { enabled: false }, lead: { enabled: true, onEmailChange } });
    expect(writes(twice({ lead: NEW }), leads('rename'))).toEqual([`marketing lead ${NEW}`]);
    expect(writes(twice({ contact: NEW, lead: NEW }), leads('new'))).toEqual([`marketing lead ${NEW}`]);
    expect(writes(twice({ lead: NEW }), leads('new'))).toEqual([]);
  });
});

it('C25: what is told of a doubled address carries its row', () => {
  const view = aView({
    marketing: aMailing({}, { email: NEW }),
    contact: { link: aLink(), record: aRecord(), elsewhere: [aRecord({}, { id: '15', email: NEW })] },
  });
  expect(planPerson(view, CLASSIC).notes).toMatchObject([{ row: 'C25' }]);
});
