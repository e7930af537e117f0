// The address of a linked pair changed, went or cannot be used. (C19-C25)
import { describe, expect, it } from 'vitest';
import { seenAfter } from '../../../src/core/consent/state-words.ts';
import type { Base } from '../../../src/core/model/link.ts';
import type { ChannelState } from '../../../src/core/model/record.ts';
import type { OnEmailChange } from '../../../src/core/model/settings.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import {
  ADA_BASE,
  ADDRESS,
  aLink,
  aMailing,
  aPair,
  aRecord,
  aView,
  codesOf,
  type Profile,
  settingsOf,
  writeTo,
} from './a-person.ts';

const NEW = 'ada.king@example.org';
const changedInCrm = (more: Parameters<typeof aPair>[2] = {}) =>
  aPair({}, {}, { record: { email: ' Ada.King@Example.org ' }, ...more });
const changedInMailing = (email: string | null = NEW) => aPair({}, {}, { mailing: { email } });

function on(onEmailChange: OnEmailChange, profile: Profile = 'classic') {
  return settingsOf(profile, { contact: { onEmailChange } });
}

describe('C20: the address changed in the CRM', () => {
  it('renames the marketing contact, which keeps its id and its consent', () => {
    const plan = planPerson(changedInCrm({ mailing: { email: 'Ada@Example.org' } }), on('rename'));
    const write = writeTo(plan, 'marketing');
    expect(write).toMatchObject({ row: 'C20', kind: 'update', marketingId: '900', marketing: { email: NEW, set: {} } });
    expect(write?.marketing?.channel).toBeUndefined();
    expect(write?.effects).toMatchObject([{ unconfirmed: { email: { from: ADDRESS, to: NEW, crm: NEW, tries: 1 } } }]);
  });

  it('R4: a rename that was lost is sent again, not written back to the CRM, and held at last', () => {
    const lost = (tries: number) =>
      changedInCrm({
        mailing: { email: 'ADA@example.org' },
        link: { unconfirmed: { email: { from: ADDRESS, to: NEW, crm: NEW, tries } } },
      });
    expect(planPerson(lost(1), on('rename')).actions).toMatchObject([
      { system: 'marketing', marketing: { email: NEW } },
    ]);
    const held = planPerson(lost(2), on('rename'));
    expect(held.actions).toEqual([]);
    expect(held.holds).toMatchObject([{ code: 'REMOTE_REJECTED', field: 'email' }]);
  });

  it('"new" ends the link, and the record is planned again as somebody new', () => {
    const plan = planPerson(changedInCrm(), on('new'));
    expect(plan).toMatchObject({
      actions: [],
      again: true,
      effects: [{ type: 'link-state', linkId: 'link-1', state: 'severed', because: 'C20' }],
    });
  });

  it('"new" renames where the person has the new address in both roles', () => {
    const view = {
      ...changedInCrm(),
      roles: {
        ...changedInCrm().roles,
        lead: {
          ...changedInCrm().roles.lead,
          link: aLink({ id: 'link-2', role: 'lead', crmId: '51' }),
          record: aRecord({}, { role: 'lead', id: '51', email: NEW }),
        },
      },
    };
    expect(writeTo(planPerson(view, on('new')), 'marketing')?.marketing?.email).toBe(NEW);
  });

  it.each(['classic', 'recommended'] as const)(
    '"hold" asks; the rest of the record goes on only where parts may (%s)',
    (profile) => {
      const plan = planPerson(
        aPair({ 'address.postal_code': '20095' }, {}, { record: { email: NEW } }),
        on('hold', profile),
      );
      expect(plan.holds).toMatchObject([{ row: 'C20', crmId: '11' }]);
      expect(plan.actions.map((action) => action.marketing?.set)).toEqual(
        profile === 'classic' ? [] : [{ POSTCODE: '20095' }],
      );
    },
  );

  it('S2: is drift where marketing may not be written', () => {
    const plan = planPerson(changedInCrm(), settingsOf('classic', { contact: { direction: 'to-crm' } }));
    expect([plan.actions, plan.effects, plan.holds]).toEqual([[], [], []]);
  });
});

it.each(['rename', 'new', 'hold'] as const)(
  'C21: the new address is another marketing contact: held whatever the setting ("%s")',
  (onChange) => {
    const view = {
      ...changedInCrm(),
      collisions: [{ marketing: aMailing({}, { id: '901', email: NEW }), holders: [] }],
    };
    const plan = planPerson(view, on(onChange));
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toMatchObject([{ code: 'EMAIL_TAKEN', row: 'C21' }]);
    expect(plan.holds[0]?.refs).toContainEqual({ system: 'marketing', entity: 'contact', id: '901' });
  },
);

it('C21 before C22: an address that is both taken and suppressed is taken (decision 16)', () => {
  const view = {
    ...changedInCrm(),
    collisions: [{ marketing: aMailing({}, { id: '901', email: NEW }), holders: [] }],
    suppressedAddresses: [NEW],
  };
  expect(codesOf(planPerson(view, on('rename')))).toEqual(['EMAIL_TAKEN']);
});

it('C22: the new address is suppressed: the link follows, opted out', () => {
  const plan = planPerson({ ...changedInCrm(), suppressedAddresses: [NEW] }, on('rename'));
  expect(writeTo(plan, 'marketing')).toMatchObject({
    row: 'C22',
    marketing: { email: NEW, channel: { state: 'unsubscribed' } },
  });
});

describe('C23: the old address was opted out', () => {
  const states: readonly [ChannelState, 'unsubscribed' | 'suppressed' | undefined][] = [
    ['unsubscribed', 'unsubscribed'],
    ['suppressed', 'suppressed'],
    ['blocked', 'unsubscribed'],
    ['subscribed', undefined],
    ['pending', undefined],
    ['soft-bounced', undefined],
    ['hard-bounced', undefined],
    ['none', undefined],
  ];
  const withChannel = (state: ChannelState) =>
    changedInCrm({ mailing: { channel: { state, reason: state, optInType: 'unknown' } } });

  it.each(states)('%s: the renamed contact is %s', (state, expected) => {
    const write = writeTo(planPerson(withChannel(state), on('rename')), 'marketing');
    expect(write?.marketing?.channel?.state).toBe(expected);
    expect(write?.rows.includes('C23')).toBe(expected !== undefined);
  });

  it('a new contact for the new address starts opted out, whichever role makes it', () => {
    const ended = planPerson(withChannel('unsubscribed'), on('new'));
    expect(ended.effects).toMatchObject([{ type: 'link-state', state: 'severed', because: 'C23' }]);
    const tombstone = aLink({ state: 'severed', because: 'C23' });
    const record = aRecord({}, { email: NEW });
    const lead = aRecord({}, { role: 'lead', id: '51', email: NEW });
    for (const settings of [on('new'), settingsOf('classic', { lead: { enabled: true } })]) {
      const view = aView({ contact: { candidates: [record], severed: [tombstone] }, lead: { candidates: [lead] } });
      expect(writeTo(planPerson(view, settings), 'marketing')?.marketing?.channel).toEqual({ state: 'unsubscribed' });
    }
    const leadsTombstone = aView({
      contact: { candidates: [record] },
      lead: { candidates: [lead], severed: [{ ...tombstone, role: 'lead', crmId: '51' }] },
    });
    expect(
      writeTo(planPerson(leadsTombstone, settingsOf('classic', { lead: { enabled: true } })), 'marketing')?.marketing
        ?.channel,
    ).toEqual({ state: 'unsubscribed' });
  });
});

describe('C24: an address was removed', () => {
  it('in the CRM: the link ends, the marketing contact stays, and it is told', () => {
    const plan = planPerson(aPair({ 'address.postal_code': '20095' }, {}, { record: { email: null } }), on('rename'));
    expect(plan.actions).toEqual([]);
    expect(plan.effects).toMatchObject([{ type: 'link-state', linkId: 'link-1', state: 'severed', because: 'C24' }]);
    expect(codesOf(plan)).toEqual(['EMAIL_REMOVED']);
  });

  it('in marketing: held, and the CRM keeps its address', () => {
    const plan = planPerson(changedInMailing(null), on('rename'));
    expect(plan.actions).toEqual([]);
    expect(codesOf(plan)).toEqual(['EMAIL_REMOVED']);
  });
});

describe('C19: the CRM address cannot be mailed', () => {
  it.each([
    ['EMAIL_INVALID', 'ada at example.org'],
    ['EMAIL_BLOCKED', 'noreply@example.org'],
  ])('%s: %s is held and never sent', (code, email) => {
    const view = aPair({ 'address.postal_code': '20095' }, {}, { record: { email } });
    const classic = planPerson(view, on('rename'));
    expect(classic.actions).toEqual([]);
    expect(classic.holds).toMatchObject([{ code, row: 'C19' }]);
    const recommended = planPerson(view, on('rename', 'recommended'));
    expect(recommended.actions.map((action) => action.marketing)).toEqual([{ set: { POSTCODE: '20095' } }]);
  });
});

describe('C25: the address changed in marketing', () => {
  it('the CRM follows, and the answer settles it', () => {
    const plan = planPerson(changedInMailing(), on('rename'));
    expect(plan.actions).toMatchObject([
      {
        system: 'crm',
        row: 'C25',
        crm: { email: NEW, set: {} },
        effects: [{ fields: { email: { crm: NEW, marketing: NEW } } }],
      },
    ]);
  });

  it('C10: not while the CRM record lacks a name', () => {
    const plan = planPerson(
      aPair(
        { last_name: null },
        { LASTNAME: null },
        { mailing: { email: NEW }, link: { base: { ...aLink().base, LASTNAME: { crm: null, marketing: null } } } },
      ),
      on('rename', 'recommended'),
    );
    expect(plan.actions).toEqual([]);
    expect(codesOf(plan)).toEqual(['NAME_MISSING']);
  });

  it('both changed to the same: remembered without a write', () => {
    const plan = planPerson(
      aPair({}, {}, { record: { email: NEW }, mailing: { email: 'ADA.KING@example.org' } }),
      on('hold'),
    );
    expect([plan.actions, plan.holds]).toEqual([[], []]);
    expect(plan.effects).toMatchObject([{ fields: { email: { crm: NEW, marketing: NEW } } }]);
  });

  it('both changed to different addresses: the CRM decides, unless marketing is the only source', () => {
    const view = aPair({}, {}, { record: { email: NEW }, mailing: { email: 'countess@example.org' } });
    expect(writeTo(planPerson(view, on('rename')), 'marketing')?.marketing?.email).toBe(NEW);
    expect(
      writeTo(planPerson(view, settingsOf('classic', { contact: { direction: 'to-crm' } })), 'crm')?.crm?.email,
    ).toBe('countess@example.org');
  });

  it('S2: is drift where the CRM may not be written', () => {
    const plan = planPerson(changedInMailing(), settingsOf('classic', { contact: { direction: 'to-marketing' } }));
    expect([plan.actions, plan.effects, plan.holds]).toEqual([[], [], []]);
  });
});

describe('decision 8, C21: while the two addresses differ', () => {
  const signals = { tags: { optIn: ['in'], optOut: ['out'] }, field: null, default: 'none' } as const;
  const settings = settingsOf('classic', {
    consent: {
      enabled: true,
      direction: 'both',
      optInTrigger: 'immediate',
      signals: { contact: signals, lead: signals },
    },
  });
  const remembered = (crm: string, marketing: string) => ({
    ...ADA_BASE,
    '(consent)': { crm, marketing },
    '(consent evidence)': { crm, marketing: seenAfter('2026-01-01T12:00:00Z') },
  });
  /** Ada's record has the address of another contact: who is who is asked. */
  const person = (email: string, tags: string[], base: Base, state: ChannelState) => ({
    ...aPair(
      {},
      {},
      {
        record: { email, tags },
        mailing: { channel: { state, reason: state, optInType: 'single' } },
        link: { base },
      },
    ),
    collisions: [{ marketing: aMailing({}, { id: '901', email: NEW }), holders: [] }],
  });
  const consentOf = (view: ReturnType<typeof person>) =>
    planPerson(view, settings).actions.flatMap(({ row, kind }) => (kind === 'set-consent' ? [row] : []));

  it.each([
    [
      'O3: a yes in the CRM',
      ['in'],
      remembered('unknown', 'out 2026-01-01T00:00:00Z 2026-01-01T00:00:00Z'),
      'unsubscribed',
      ['O3'],
    ],
    ['O2: a first yes in the CRM', ['in'], remembered('unknown', 'none'), 'none', ['O2']],
    ['O9: a yes in marketing', ['out'], remembered('out', 'out'), 'subscribed', ['O9']],
  ] as const)('%s waits for the answer', (_, tags, base, state, rows) => {
    expect(consentOf(person(ADDRESS, [...tags], base, state))).toEqual(rows);
    expect(consentOf(person(NEW, [...tags], base, state))).toEqual([]);
  });

  it.each([
    ['O1: a no in the CRM', ['out'], remembered('unknown', 'in'), 'subscribed', ['O1']],
    ['O7: a no in marketing', [], remembered('unknown', 'in'), 'unsubscribed', ['O7']],
  ] as const)('%s does not', (_, tags, base, state, rows) => {
    expect(consentOf(person(NEW, [...tags], base, state))).toEqual(rows);
  });
});

describe('C23, P5: an extra record of the person gets an address of its own', () => {
  const signals = { tags: { optIn: ['in'], optOut: ['out'] }, field: null, default: 'opted-in' } as const;
  const settings = settingsOf('classic', { consent: { enabled: true, signals: { contact: signals, lead: signals } } });
  const shadow = aLink({ id: 'shadow-12', crmId: '12', state: 'shadow', because: 'C3', base: {} });
  const extra = (more: Parameters<typeof aRecord>[1] = {}) => aRecord({}, { id: '12', email: NEW, ...more });
  /** Ada is linked; record 12, which had her address, has another one. */
  const moved = (
    mailing: Parameters<typeof aMailing>[1] = {},
    record: Parameters<typeof aRecord>[1] = {},
    own: Parameters<typeof aRecord>[1] = {},
  ) =>
    aView({
      marketing: aMailing({}, mailing),
      contact: { link: aLink(), record: aRecord({}, record), shadows: [{ link: shadow, record: extra(own) }] },
    });
  const endOf = (plan: ReturnType<typeof planPerson>) =>
    plan.effects.find((effect) => effect.type === 'link-state' && effect.linkId === shadow.id);
  const channel = (state: ChannelState) => ({ channel: { state, reason: state, optInType: 'unknown' } }) as const;

  it.each<[ChannelState, boolean]>([
    ['unsubscribed', true],
    ['suppressed', true],
    ['blocked', true],
    ['subscribed', false],
    ['pending', false],
    ['soft-bounced', false],
    ['hard-bounced', false],
    ['none', false],
  ])('%s: it takes a no along: %s', (state, takes) => {
    const plan = planPerson(moved(channel(state)), settings);
    expect(endOf(plan)).toMatchObject(
      takes ? { state: 'severed', because: 'P5', row: 'C23' } : { state: 'severed', because: 'C3', row: 'C3' },
    );
    expect(plan.again).toBe(true);
  });

  it('a no that is known of the address alone goes along', () => {
    const view = { ...moved(channel('none')), optedOutAt: '2026-01-02T00:00:00.000Z' };
    expect(endOf(planPerson(view, settings))).toMatchObject({ because: 'P5' });
  });

  it('a no in the CRM goes along, whichever record says it, as far as anybody listens', () => {
    const out = { tags: ['out'] };
    const off = settingsOf('classic', { consent: { signals: { contact: signals, lead: signals } } });
    for (const view of [moved({}, out), moved({}, {}, out)]) {
      expect(endOf(planPerson(view, settings))).toMatchObject({ because: 'P5' });
      expect(endOf(planPerson(view, off))).toMatchObject({ because: 'C3' });
    }
  });

  it('its contact starts opted out, although the default or its own tag says yes', () => {
    const ended = (because: string) => [{ ...shadow, state: 'severed', because }] as const;
    for (const tags of [[], ['in']]) {
      const view = aView({ contact: { candidates: [extra({ tags })], severed: ended('P5') } });
      expect(writeTo(planPerson(view, settings), 'marketing')).toMatchObject({
        rows: ['C1', 'C23'],
        marketing: { channel: { state: 'unsubscribed' } },
      });
    }
    const free = aView({ contact: { candidates: [extra()], severed: ended('C3') } });
    expect(writeTo(planPerson(free, settings), 'marketing')?.marketing?.channel?.state).toBe('subscribed');
  });
});
