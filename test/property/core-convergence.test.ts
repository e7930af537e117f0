// Laws of planning again and again: plans are applied, everything is read back, and soon there is nothing left to do.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledField } from '../../src/core/mapping/compiled-field.ts';
import { crmSide, marketingSide } from '../../src/core/merge/merge-field.ts';
import { severityOf } from '../../src/core/model/hold.ts';
import { narrowDirection } from '../../src/core/model/identity.ts';
import type { Link } from '../../src/core/model/link.ts';
import type { Action, PersonPlan } from '../../src/core/model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../../src/core/model/record.ts';
import type { Settings } from '../../src/core/model/settings.ts';
import { isBlank, type Raw, sameValue } from '../../src/core/model/value.ts';
import { ANYTHING, aCase, type Case, type Oddness, ORDINARY } from '../core/plan/arbitrary-person.ts';
import { type Fate, runCycle, type World, worldOf } from '../core/plan/small-world.ts';

/** The cycle that must have nothing left to write: a record that is made, completed, and followed by the other role. */
const QUIET_BY = 6;

/** Consent goes by tables of its own and is not part of this world. (R19) */
function someCase(odd: Oddness): fc.Arbitrary<Case> {
  return aCase(odd).map(({ view, settings }) => ({
    view,
    settings: { ...settings, consent: { ...settings.consent, enabled: false } },
  }));
}

interface Settled {
  readonly world: World;
  /** The plans of the last cycle, which wrote nothing. */
  readonly plans: readonly PersonPlan[];
  readonly written: readonly Action[];
}

/** Cycles until one writes and learns nothing. @throws Error when that does not come about */
function settle(start: World, settings: Settings, fate?: (action: Action) => Fate): Settled {
  let world = start;
  const written: Action[] = [];
  for (let turn = 1; turn <= QUIET_BY; turn += 1) {
    const cycle = runCycle(world, settings, fate === undefined ? {} : { fate });
    const actions = cycle.plans.flatMap((plan) => plan.actions);
    world = cycle.world;
    if (actions.length === 0 && cycle.plans.every((plan) => plan.effects.length === 0))
      return { world, plans: cycle.plans, written };
    written.push(...actions);
  }
  throw new Error(
    `Still writing after ${QUIET_BY} cycles: ${JSON.stringify(written.map(({ id, rows, changes }) => ({ id, rows, changes })))}`,
  );
}

describe('planning until nothing is left', () => {
  it.each([
    ['ordinary persons', ORDINARY],
    ['any persons of one role', { ...ANYTHING, leads: false }],
    ['any persons', ANYTHING],
  ])('R2: %s settle, and stay settled', (_, odd) => {
    fc.assert(
      fc.property(someCase(odd), ({ view, settings }) => {
        const { world, plans } = settle(worldOf(view), settings);
        const next = runCycle(world, settings);
        expect(next.plans.flatMap((plan) => plan.actions)).toEqual([]);
        expect(holdsOf(next.plans)).toEqual(holdsOf(plans));
      }),
      { numRuns: 1200 },
    );
  });

  it.each([
    ['ordinary persons', ORDINARY],
    ['any persons', ANYTHING],
  ])('R3: what still differs on a link of %s is muted, kept by rule, or held for somebody', (_, odd) => {
    fc.assert(
      fc.property(someCase(odd), (given) => {
        const { world, plans } = settle(worldOf(given.view), given.settings);
        expect(unexplained(given, world, plans)).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('R18: what was learnt in between does not depend on when the mailing system is read', () => {
    fc.assert(
      fc.property(someCase({ ...ORDINARY, rules: true }), ({ view, settings }) => {
        const first = runCycle(worldOf(view), settings);
        // The mirror still assumes what was written: nothing is sent twice.
        const unread = runCycle(first.world, settings, { readFirst: false });
        const sent = (plans: readonly PersonPlan[]): readonly string[] =>
          plans.flatMap((plan) =>
            plan.actions.flatMap((action) =>
              Object.entries(action.marketing?.set ?? {}).map((entry) => JSON.stringify(entry)),
            ),
          );
        const before = new Set(sent(first.plans));
        expect(sent(unread.plans).filter((entry) => before.has(entry) && !entry.includes('_ID'))).toEqual([]);
        expect(stateOf(settle(unread.world, settings).world)).toEqual(stateOf(settle(first.world, settings).world));
      }),
      { numRuns: 600 },
    );
  });
});

describe('bulk writes without effect', () => {
  it('R4: a lost write is sent again, then held, and never comes back to the CRM as an old value', () => {
    fc.assert(
      fc.property(someCase(ORDINARY), ({ view, settings }) => {
        if (view.roles.contact.link === null || view.marketing === null) return;
        const { world, plans, written } = settle(worldOf(view), settings, (action) =>
          action.system === 'marketing' ? 'lost' : 'done',
        );
        const sends = written.filter((action) => action.system === 'marketing');
        const fields = new Set(sends.flatMap((action) => Object.keys(action.changes)));
        for (const key of fields) {
          const values = sends.flatMap((action) =>
            action.changes[key] === undefined ? [] : [JSON.stringify(action.changes[key].to)],
          );
          expect(values, key).toEqual([values[0], values[0]]);
          const held = plans
            .flatMap((plan) => plan.holds)
            .filter((hold) => hold.code === 'REMOTE_REJECTED' && hold.field === key);
          expect(held.length, key).toBe(1);
        }
        // The CRM was written only in the first cycle, before anything was lost.
        expect(written.filter((action) => action.system === 'crm').length).toBeLessThanOrEqual(1);
        expect(world.mailing.map((record) => record.values)).toEqual([view.marketing.values]);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['lost', 'failed'] as const)(
    'R4: a write that is %s once costs one more cycle and changes nothing in the end',
    (fate) => {
      fc.assert(
        fc.property(someCase({ ...ANYTHING, company: false, rules: false }), ({ view, settings }) => {
          const smooth = settle(worldOf(view), settings).world;
          const hitch = runCycle(worldOf(view), settings, {
            fate: (action) => (action.system === 'marketing' ? fate : 'done'),
          }).world;
          expect(stateOf(settle(hitch, settings).world)).toEqual(stateOf(smooth));
        }),
        { numRuns: 800 },
      );
    },
  );

  it('R6: a CRM write that fails once changes nothing in the end', () => {
    fc.assert(
      fc.property(someCase({ ...ANYTHING, company: false, addresses: false }), ({ view, settings }) => {
        const smooth = settle(worldOf(view), settings).world;
        const hitch = runCycle(worldOf(view), settings, {
          fate: (action) => (action.system === 'crm' ? 'failed' : 'done'),
        }).world;
        expect(stateOf(settle(hitch, settings).world)).toEqual(stateOf(smooth));
      }),
      { numRuns: 800 },
    );
  });
});

describe('edits seen in either order', () => {
  it('C7: edits of different fields end the same whichever side is seen first', () => {
    fc.assert(
      fc.property(
        someCase({ ...ORDINARY, rules: true }),
        fc.tuple(
          fc.nat(),
          fc.nat(),
          fc.constantFrom('Xenia', 'current', 'Gold'),
          fc.constantFrom('Yves', 'lost', 'Silver'),
        ),
        ({ view, settings }, [a, b, crmValue, marketingValue]) => {
          const fields = settings.roles.contact.fields.filter(
            (field) => field.type === 'text' && field.crm.meaning === undefined,
          );
          const [one, other] = [fields[a % fields.length], fields[b % fields.length]];
          if (view.roles.contact.link === null || one === undefined || other === undefined || one === other) return;
          const start = settle(worldOf(view), settings).world;
          const editCrm = (world: World): World => ({
            ...world,
            crm: world.crm.map((record) => ({ ...record, values: { ...record.values, [one.crm.path]: crmValue } })),
          });
          const editMailing = (world: World): World => ({
            ...world,
            mailing: world.mailing.map((record) => ({
              ...record,
              values: { ...record.values, [other.marketing.name]: marketingValue },
            })),
          });
          const crmFirst = settle(editMailing(settle(editCrm(start), settings).world), settings).world;
          const mailingFirst = settle(editCrm(settle(editMailing(start), settings).world), settings).world;
          const together = settle(editMailing(editCrm(start)), settings).world;
          expect(stateOf(mailingFirst)).toEqual(stateOf(crmFirst));
          expect(stateOf(together)).toEqual(stateOf(crmFirst));
        },
      ),
      { numRuns: 800 },
    );
  });
});

function holdsOf(plans: readonly PersonPlan[]): readonly string[] {
  return plans.flatMap((plan) => plan.holds.map((hold) => JSON.stringify(hold))).sort();
}

/** What people see on both sides, and who is linked. */
function stateOf(world: World) {
  const blankless = (values: Readonly<Record<string, Raw>>) =>
    Object.fromEntries(
      Object.entries(values)
        .filter(([, raw]) => raw !== null)
        .sort(),
    );
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => Number(a.id) - Number(b.id);
  return {
    crm: [...world.crm].sort(byId).map(({ email, values, role }) => ({ role, email, values: blankless(values) })),
    mailing: [...world.mailing].sort(byId).map(({ email, values, channel }) => ({
      email,
      channel: channel.state,
      values: Object.fromEntries(Object.entries(blankless(values)).filter(([name]) => !name.endsWith('_ID'))),
    })),
    links: world.links
      .filter((link) => link.state !== 'severed')
      .map(({ role, state }) => `${role} ${state}`)
      .sort(),
  };
}

/** The differences on active links that nothing accounts for. */
function unexplained({ view, settings }: Case, world: World, plans: readonly PersonPlan[]): readonly string[] {
  const found: string[] = [];
  for (const link of world.links.filter(({ state }) => state === 'active')) {
    const role = settings.roles[link.role];
    const record = world.crm.find((candidate) => candidate.role === link.role && candidate.id === link.crmId);
    const mailing = world.mailing.find((candidate) => candidate.id === link.marketingId);
    if (!role.enabled || record?.state !== 'present' || mailing?.state !== 'present') continue;
    if (isHeld(link, plans)) continue;
    const before = view.roles[link.role].link?.id === link.id ? view.roles[link.role].link : null;
    for (const field of role.fields) {
      if (explains(field, before, record, mailing, settings, link)) continue;
      found.push(
        `${link.role} ${field.key}: ${JSON.stringify(record.values[field.crm.path])} and ${JSON.stringify(mailing.values[field.marketing.name])}`,
      );
    }
  }
  return found;
}

function isHeld(link: Link, plans: readonly PersonPlan[]): boolean {
  return plans.some((plan) =>
    plan.holds.some(
      (hold) =>
        hold.crmId === link.crmId &&
        hold.entity === link.role &&
        (severityOf(hold.code) === 'action' || hold.code === 'NOT_PROSPECT_OR_CUSTOMER'),
    ),
  );
}

function explains(
  field: CompiledField,
  before: Link | null,
  record: CrmRecord,
  mailing: MarketingRecord,
  settings: Settings,
  link: Link,
): boolean {
  const crm = crmSide(field, record.values[field.crm.path] ?? null).value;
  const marketing = marketingSide(field, mailing.values[field.marketing.name] ?? null).value;
  if (sameValue(crm, marketing)) return true;
  const role = settings.roles[link.role];
  const oneWay = narrowDirection(role.direction, field.direction) !== 'both' || !field.crm.writable;
  const followsContact = link.role === 'lead' && settings.roles.contact.enabled;
  const blankStays = (field.blank === 'ignore' || settings.mode !== 'sync') && (isBlank(crm) || isBlank(marketing));
  const known = before?.base[field.key];
  const sent = before?.unconfirmed[field.key] !== undefined;
  const firstMerge =
    (known === undefined || sent) && (role.alignment.winner === 'fill-blanks' || settings.mode === 'align');
  const unevenBefore = known !== undefined && (sent || !sameValue(known.crm, known.marketing));
  return oneWay || followsContact || blankStays || firstMerge || unevenBefore;
}
