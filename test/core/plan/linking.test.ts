// Who is linked, paused, resumed, or stands beside: one role of one person, and what is told of it. (C3, C32-C34, D3, H2, L8)
import { describe, expect, it } from 'vitest';
import type { Link } from '../../../src/core/model/link.ts';
import type { PersonView, RoleView } from '../../../src/core/model/person.ts';
import type { RowId } from '../../../src/core/model/row.ts';
import type { Scope, Settings } from '../../../src/core/model/settings.ts';
import { STATUS_KEY } from '../../../src/core/plan/plan-lead-status.ts';
import { planPerson } from '../../../src/core/plan/plan-person.ts';
import { ADDRESS, agreedOn, aLink, aMailing, aPair, aRecord, aView, codesOf, settingsOf } from './a-person.ts';

const CLASSIC = settingsOf('classic');
const shadowOf = (id: string, more: Partial<Link> = {}) =>
  aLink({ id: `shadow-${id}`, crmId: id, state: 'shadow', because: 'C3', base: {}, ...more });

describe('D3: a record that was deleted before it was ever linked', () => {
  const gone = aRecord({}, { id: '14', email: 'gone@example.org', state: 'deleted' });
  const view = (contact: Partial<RoleView> = {}, marketing: PersonView['marketing'] = null) =>
    aView({ marketing, contact: { gone: [gone], ...contact } });

  it('is told, and nothing follows', () => {
    const plan = planPerson(view(), CLASSIC);
    expect([plan.actions, plan.effects]).toEqual([[], []]);
    expect(plan.holds).toMatchObject([
      { code: 'DELETE_UNIDENTIFIED', row: 'D3', entity: 'contact', crmId: '14', email: 'gone@example.org' },
    ]);
  });

  it.each<[string, Partial<RoleView>]>([
    ['another record with the address waits', { candidates: [aRecord()] }],
    ['another one is linked', { link: aLink(), record: aRecord() }],
    ['another one is linked elsewhere', { elsewhere: [aRecord({}, { id: '15' })] }],
  ])('is not told where %s', (_, contact) => {
    expect(codesOf(planPerson(view(contact, aMailing()), CLASSIC))).not.toContain('DELETE_UNIDENTIFIED');
  });
});

describe('C34: an organisation', () => {
  it('is told where somebody may look for it by its address', () => {
    const notes = (email: string | null) =>
      planPerson(aView({ contact: { candidates: [aRecord({}, { isOrganisation: true, email })] } }), CLASSIC).notes;
    expect(notes(ADDRESS)).toMatchObject([{ row: 'C34' }]);
    expect(notes(null)).toEqual([]);
  });

  it('stands beside nobody', () => {
    const view = aView({
      marketing: aMailing(),
      contact: { link: aLink(), record: aRecord(), candidates: [aRecord({}, { id: '12', isOrganisation: true })] },
    });
    expect(planPerson(view, CLASSIC)).toMatchObject({ actions: [], effects: [], holds: [] });
  });
});

describe('C32, C33: out of scope and back', () => {
  const scope: Scope = { marketingLists: [], crmTags: ['sync'], crmOwners: [], pauseList: null, pauseTag: 'no-sync' };

  it.each<[RowId, string, PersonView, Partial<typeof scope>]>([
    ['C32', 'it carries none of the tags in scope', aPair(), {}],
    ['C32', 'its owner is not in scope', aPair(), { crmTags: [], crmOwners: ['7'] }],
    ['C32', 'it is on none of the lists in scope', aPair(), { crmTags: [], marketingLists: ['70'] }],
    ['C33', 'it carries the tag no-sync', aPair({}, {}, { record: { tags: ['no-sync'] } }), {}],
    [
      'C33',
      'it is on the list that pauses the sync',
      aPair({}, {}, { mailing: { lists: ['9'] } }),
      { crmTags: [], pauseList: '9' },
    ],
    ['C34', 'it is an organisation', aPair({}, {}, { record: { isOrganisation: true } }), {}],
  ])('%s: is told why it is paused: %s', (row, why, view, more) => {
    const plan = planPerson(view, settingsOf('classic', { contact: { scope: { ...scope, ...more } } }));
    expect(plan.notes).toEqual([{ row, text: `Paused: ${why}.` }]);
    expect(plan.effects).toEqual([{ type: 'link-state', linkId: 'link-1', state: 'paused', because: row, row }]);
  });

  it('is told once', () => {
    const paused = aPair({}, {}, { record: { tags: ['no-sync'] }, link: { state: 'paused', because: 'C33' } });
    expect(planPerson(paused, CLASSIC)).toMatchObject({ notes: [], effects: [] });
  });

  it('is told that it is back, and merged from what was agreed on', () => {
    const plan = planPerson(
      aPair({ 'address.postal_code': '20095' }, {}, { link: { state: 'paused', because: 'C32' } }),
      CLASSIC,
    );
    expect(plan.notes).toEqual([{ row: 'C32', text: 'Resumed: it takes part again.' }]);
    expect(plan.effects).toEqual([
      { type: 'link-state', linkId: 'link-1', state: 'active', because: null, row: 'C32' },
    ]);
    expect(plan.actions).toMatchObject([{ marketing: { set: { POSTCODE: '20095' } } }]);
  });
});

describe('L8: a lead that was taken off all lists', () => {
  const LISTS = {
    enforceSingle: false,
    lists: [
      { listId: '70', status: 'New', known: true },
      { listId: '71', status: 'Working', known: true },
    ],
  };
  const settings = (mode: Settings['mode'] = 'sync', statusLists: typeof LISTS | null = LISTS) =>
    settingsOf('classic', { mode, contact: { enabled: false }, lead: { enabled: true, statusLists } });
  const lead = (parts: {
    status?: string;
    on?: readonly string[];
    because?: string;
    undone?: true;
    base?: false;
  }): PersonView => {
    const { status = 'New', on = [], because = 'L8', undone, base } = parts;
    const agreed = agreedOn({
      email: ADDRESS,
      FIRSTNAME: 'Ada',
      LASTNAME: 'Lovelace',
      POSTCODE: '10115',
      ORGANISATION: null,
    });
    const known = { crm: 'New', marketing: 'New', ...(undone ? { undone } : {}) };
    return {
      ...aView({
        marketing: aMailing({ SELL_LEAD_ID: '51', POSTCODE: '20095' }),
        lead: {
          link: aLink({
            id: 'link-2',
            role: 'lead',
            crmId: '51',
            state: 'paused',
            because,
            base: base === false ? agreed : { ...agreed, [STATUS_KEY]: known },
          }),
          record: aRecord({ organization_name: null }, { role: 'lead', id: '51', status }),
        },
      }),
      leadLists: on.map((listId) => ({ listId, since: null })),
    };
  };
  const kinds = (view: PersonView, own = settings()) => planPerson(view, own).actions.map(({ kind }) => kind);

  it('stays paused: nothing of it is planned', () => {
    expect(planPerson(lead({}), settings())).toMatchObject({ actions: [], effects: [], notes: [] });
    expect(planPerson(lead({}), settings('align'))).toMatchObject({ actions: [], effects: [] });
  });

  it.each<[string, PersonView]>([
    ['its status moves in the CRM', lead({ status: 'Working' })],
    ['it is put on a list again', lead({ on: ['70'] })],
    ['nobody knows what its status was', lead({ base: false })],
  ])('goes on once %s', (_, view) => {
    const plan = planPerson(view, settings());
    expect(plan.effects).toContainEqual({
      type: 'link-state',
      linkId: 'link-2',
      state: 'active',
      because: null,
      row: 'L8',
    });
    expect(plan.notes).toContainEqual({ row: 'L8', text: 'Resumed: it takes part again.' });
    expect(kinds(view)).toContain('update');
  });

  it('goes on once there are no lists at all', () => {
    expect(kinds(lead({}), settings('sync', null))).toEqual(['update']);
  });

  it('decision 27: what an undo took off the lists an alignment puts back, and no other run', () => {
    expect(kinds(lead({ undone: true }), settings('align'))).toContain('list-add');
    expect(planPerson(lead({ undone: true }), settings())).toMatchObject({ actions: [], effects: [] });
  });

  it('C32: one that was paused for its scope goes on whatever its lists', () => {
    const plan = planPerson(lead({ because: 'C32' }), settings());
    expect(plan.notes).toContainEqual({ row: 'C32', text: 'Resumed: it takes part again.' });
  });
});

describe('C3: records beside the linked one', () => {
  const beside = (contact: Partial<RoleView>, more: Partial<Parameters<typeof aView>[0]> = {}) =>
    aView({ marketing: aMailing(), contact: { link: aLink(), record: aRecord(), ...contact }, ...more });

  it('D19: stand beside one that is out of sight as well', () => {
    const plan = planPerson(
      beside({ record: aRecord({}, { state: 'hidden' }), candidates: [aRecord({}, { id: '12' })] }),
      CLASSIC,
    );
    expect(plan.effects).toEqual([
      { type: 'link', role: 'contact', crmId: '12', marketingId: '900', state: 'shadow', because: 'C3', row: 'C3' },
    ]);
    expect(codesOf(plan)).toEqual(['PERMISSION_DENIED', 'DUP_SHADOWED']);
  });

  it.each<[string, RoleView['shadows'][number]['record'], boolean]>([
    ['is gone', aRecord({}, { id: '12', state: 'deleted' }), false],
    ['is out of sight', aRecord({}, { id: '12', state: 'hidden' }), false],
    ['nobody knows', null, false],
    ['has another address', aRecord({}, { id: '12', email: 'bea@example.org' }), true],
    ['has none', aRecord({}, { id: '12', email: null }), true],
  ])('one that %s stands there no more', (_, record, again) => {
    const plan = planPerson(beside({ shadows: [{ link: shadowOf('12'), record }] }), CLASSIC);
    expect(plan.effects).toEqual([
      { type: 'link-state', linkId: 'shadow-12', state: 'severed', because: 'C3', row: 'C3' },
    ]);
    expect([plan.again, plan.holds]).toEqual([again, []]);
  });

  it.each<[string, PersonView]>([
    [
      'the contact in marketing',
      beside({
        record: aRecord({}, { email: 'old@example.org' }),
        shadows: [{ link: shadowOf('12'), record: aRecord({}, { id: '12' }) }],
      }),
    ],
    [
      'the linked record',
      {
        ...beside({ shadows: [{ link: shadowOf('12'), record: aRecord({}, { id: '12' }) }] }),
        marketing: aMailing({}, { email: 'new@example.org' }),
      },
    ],
    [
      'the lead of the person',
      beside(
        {
          record: aRecord({}, { email: 'new@example.org' }),
          shadows: [{ link: shadowOf('12'), record: aRecord({}, { id: '12', email: 'lead@example.org' }) }],
        },
        {
          lead: {
            link: aLink({ id: 'link-2', role: 'lead', crmId: '51' }),
            record: aRecord({}, { role: 'lead', id: '51', email: 'Lead@Example.org' }),
          },
        },
      ),
    ],
  ])('one stays as long as it has the address of %s', (_, view) => {
    const plan = planPerson(view, CLASSIC);
    expect(plan.effects.filter((effect) => effect.type === 'link-state' && effect.linkId === 'shadow-12')).toEqual([]);
    expect(plan.holds).toContainEqual(expect.objectContaining({ code: 'DUP_SHADOWED', row: 'C3', crmId: '12' }));
  });

  it('with nobody linked any more they are free', () => {
    const view = aView({
      marketing: aMailing(),
      contact: { shadows: [{ link: shadowOf('12'), record: aRecord({}, { id: '12' }) }] },
    });
    expect(planPerson(view, CLASSIC).effects).toEqual([
      { type: 'link-state', linkId: 'shadow-12', state: 'severed', because: 'C3', row: 'C3' },
    ]);
  });
});

describe('H2-H6: what is told of a match', () => {
  const met = (marketing: Parameters<typeof aMailing>[0], ...candidates: readonly ReturnType<typeof aRecord>[]) =>
    aView({ marketing: aMailing({ SELL_CONTACT_ID: null, ...marketing }), contact: { candidates } });

  it.each([
    ['H2', 'Linked.', {}],
    ['H2', 'Linked.', { FIRSTNAME: null, LASTNAME: null }],
    ['H2', 'Linked.', { FIRSTNAME: '  ', LASTNAME: '' }],
    ['H2', 'Linked.', { FIRSTNAME: ' ADA ', LASTNAME: 'lovelace' }],
    ['H3', 'NAME_DIFFERS: linked by address; the names differ.', { FIRSTNAME: 'Bea' }],
  ] as const)('%s: %s', (row, text, names) => {
    expect(planPerson(met(names, aRecord()), CLASSIC).notes).toEqual([{ row, text }]);
  });

  it('H4, H6: why it is held', () => {
    const two = [aRecord(), aRecord({}, { id: '12' })];
    const none = settingsOf('classic', { contact: { multipleMatch: 'do-not-update' } });
    expect(planPerson(met({}, ...two), none).holds[0]?.message).toContain('the setting says not to choose');
    expect(planPerson(met({ FIRSTNAME: 'Bea' }, ...two), CLASSIC).holds[0]?.message).toContain(
      'none has the same first and last name',
    );
  });

  it('S2, 4.8: records alone make nobody where marketing may not be written', () => {
    const view = aView({ contact: { candidates: [aRecord()] } });
    const aligned = (direction: 'to-marketing' | 'to-crm' | null) =>
      planPerson(view, settingsOf('classic', { mode: 'align', contact: { alignment: { direction, winner: 'crm' } } }))
        .actions.length;
    expect([aligned('to-marketing'), aligned('to-crm'), aligned(null)]).toEqual([1, 0, 0]);
    expect(planPerson(view, settingsOf('classic', { contact: { direction: 'to-marketing' } })).actions).toHaveLength(1);
    expect(planPerson(aView({}), CLASSIC)).toMatchObject({ actions: [], holds: [] });
  });
});
