// Laws of the plan of one person, for any person and any settings: total, repeatable, within what may be written.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crmSide, marketingSide } from '../../src/core/merge/merge-field.ts';
import { allowsWriteTo, narrowDirection, ROLES } from '../../src/core/model/identity.ts';
import type { PersonView } from '../../src/core/model/person.ts';
import type { Action, PersonPlan } from '../../src/core/model/plan.ts';
import type { Settings } from '../../src/core/model/settings.ts';
import { DELETED_MARK } from '../../src/core/model/settings.ts';
import { sameValue } from '../../src/core/model/value.ts';
import { planPerson } from '../../src/core/plan/plan-person.ts';
import { ANYTHING, aCase, type Case, ORDINARY } from '../core/plan/arbitrary-person.ts';
import { keyOf } from '../core/plan/small-world.ts';

const RUNS = { numRuns: 1500 };

function forAny(check: (plan: PersonPlan, given: Case) => void): void {
  fc.assert(
    fc.property(aCase(ANYTHING), (given) => {
      check(planPerson(given.view, given.settings), given);
    }),
    RUNS,
  );
}

/** The list that a write puts the contact on or takes it off: a contact may leave several at once. (D1) */
function listOf({ kind, marketing }: Action): string {
  return kind === 'list-remove'
    ? (marketing?.leaveList ?? '')
    : kind === 'list-add'
      ? (marketing?.lists ?? []).join()
      : '';
}

describe('any person under any settings', () => {
  it('R15: gets a plan, and R18: the same plan every time', () => {
    forAny((plan, { view, settings }) => {
      expect(JSON.stringify(planPerson(structuredClone(view), structuredClone(settings)))).toBe(JSON.stringify(plan));
    });
  });

  it('R18: the plan is plain data that survives being stored', () => {
    forAny((plan) => expect(JSON.parse(JSON.stringify(plan))).toEqual(plan));
  });

  it('at most one write of a kind a side and role, one move a list, each with the row that decided it', () => {
    forAny((plan) => {
      const targets = plan.actions.map((action) =>
        action.system === 'marketing'
          ? `marketing ${action.kind} ${listOf(action)}`
          : `crm ${action.kind} ${action.entity}`,
      );
      expect(new Set(targets).size).toBe(targets.length);
      expect(new Set(plan.actions.map((action) => action.id)).size).toBe(plan.actions.length);
      for (const action of plan.actions) {
        expect(action.rows[0]).toBe(action.row);
        expect((action.crm === null) !== (action.marketing === null)).toBe(true);
        expect(action.kind === 'create').toBe((action.system === 'crm' ? action.crmId : action.marketingId) === null);
      }
    });
  });

  it('S2: a muted side is never written, id fields included (decision 15)', () => {
    forAny((plan, { settings }) => {
      for (const action of plan.actions)
        for (const name of writtenNames(action))
          expect(mayWrite(settings, action, name), `${action.system} ${name}`).toBe(true);
    });
  });

  it('C35: a role that is off neither writes nor links, as far as consent does not need it', () => {
    forAny((plan, { settings }) => {
      if (settings.consent.enabled) return;
      for (const role of ROLES.filter((name) => !settings.roles[name].enabled)) {
        expect(plan.actions.filter((action) => action.entity === role)).toEqual([]);
        expect(plan.holds.filter((hold) => hold.entity === role)).toEqual([]);
        expect(
          effectsOf(plan).filter(
            (effect) => (effect.type === 'link' || effect.type === 'base') && effect.role === role,
          ),
        ).toEqual([]);
      }
    });
  });

  it('C26: nothing mandatory is ever blanked in the CRM', () => {
    forAny((plan, { settings }) => {
      for (const action of plan.actions) {
        const mandatory = settings.roles[action.entity].fields
          .filter((field) => field.crm.mandatory)
          .map((field) => field.crm.path);
        for (const path of mandatory)
          if (action.crm !== null && path in action.crm.set) expect(String(action.crm.set[path]).trim()).not.toBe('');
        for (const path of mandatory) expect(action.crm?.set[path]).not.toBeNull();
        if (action.crm?.email !== undefined) expect(keyOf(action.crm.email)).not.toBeNull();
      }
    });
  });

  it('O16: a new marketing contact always says its channel; nobody opted out is ever subscribed', () => {
    forAny((plan, { view }) => {
      for (const action of plan.actions) {
        if (action.system !== 'marketing') continue;
        if (action.kind === 'create') expect(action.marketing?.channel).toBeDefined();
        if (isOptedOut(view, action)) expect(action.marketing?.channel?.state).not.toBe('subscribed');
      }
    });
  });

  it('C19: an address that cannot be mailed is never sent to the marketing system', () => {
    forAny((plan) => {
      for (const action of plan.actions) {
        if (action.system !== 'marketing') continue;
        const sent = action.kind === 'create' ? action.email : (action.marketing?.email ?? null);
        if (sent !== null) expect([keyOf(sent), /^noreply@/.test(sent)]).toEqual([sent, false]);
        if (action.kind === 'create') expect(sent).not.toBeNull();
      }
    });
  });

  it('C10: no CRM record is written while it would lack a name', () => {
    forAny((plan, { view }) => {
      for (const action of plan.actions) {
        if (action.system !== 'crm') continue;
        const record = recordsOf(view).find(
          (candidate) => candidate.role === action.entity && candidate.id === action.crmId,
        );
        const written = (path: string, now: string | null | undefined): unknown => action.crm?.set[path] ?? now ?? null;
        expect(written('first_name', record?.firstName)).not.toBeNull();
        expect(written('last_name', record?.lastName)).not.toBeNull();
      }
    });
  });

  it('R11: a run that may not clear clears nothing but our own id, and deletes nothing', () => {
    forAny((plan, { settings }) => {
      if (settings.mode === 'sync') return;
      for (const action of plan.actions) {
        expect(action.kind).not.toBe('delete');
        const cleared = Object.entries(action.changes).filter(
          ([, change]) => change.to === null && change.from !== null,
        );
        for (const [name] of cleared) expect(ROLES.map((role) => settings.roles[role].idField)).toContain(name);
      }
    });
  });

  it('4.9: every hold names what is wrong and every record it waits for', () => {
    forAny((plan) => {
      for (const hold of plan.holds) {
        expect(hold.message).toMatch(/^[A-Z0-9].*\.$/s);
        expect(hold.fix).toMatch(/\.$/);
        if (hold.crmId !== null)
          expect(hold.refs).toContainEqual({ system: 'crm', entity: hold.entity, id: hold.crmId });
        if (hold.marketingId !== null)
          expect(hold.refs).toContainEqual({ system: 'marketing', entity: 'contact', id: hold.marketingId });
      }
    });
  });
});

describe('a person whom both sides agree on', () => {
  it('decision 9: whose bases equal both sides is never written', () => {
    fc.assert(
      fc.property(aCase({ ...ANYTHING, addresses: false }), ({ view, settings }) => {
        const settled = inAgreement(view, settings);
        if (settled.roles.contact.link === null && settled.roles.lead.link === null) return;
        const updates = planPerson(settled, settings).actions.filter((action) => action.kind !== 'create');
        // An alignment decides anew what was left different, and nothing else. (4.8)
        const left = settings.mode === 'align' ? leftDifferent(settled, settings) : new Set<string>();
        const isAnew = ({ kind, changes }: Action): boolean =>
          kind === 'update' && Object.keys(changes).every((name) => left.has(name));
        expect(updates.filter((action) => !isAnew(action))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('C5: one changed CRM field is one changed marketing field and nothing else', () => {
    fc.assert(
      fc.property(aCase(ORDINARY), fc.constantFrom('New value', 'Other'), ({ view, settings }, value) => {
        const { link, record } = view.roles.contact;
        if (link === null || record === null || view.marketing === null) return;
        const settled = inAgreement(view, settings);
        const before = settled.roles.contact;
        if (before.record === null || before.record.firstName === null || before.record.lastName === null) return;
        const edited = { ...before.record, values: { ...before.record.values, 'address.postal_code': value } };
        const plan = planPerson(
          { ...settled, roles: { ...settled.roles, contact: { ...before, record: edited } } },
          settings,
        );
        expect(plan.actions.map((action) => [action.system, action.row, Object.keys(action.changes)])).toEqual([
          ['marketing', 'C5', ['POSTCODE']],
        ]);
      }),
      RUNS,
    );
  });
});

function writtenNames(action: Action): readonly string[] {
  const write = action.system === 'crm' ? action.crm : action.marketing;
  return [...Object.keys(write?.set ?? {}), ...(write?.email === undefined ? [] : ['email'])];
}

/** Whether some enabled role may write this name on the action's side. */
function mayWrite(settings: Settings, action: Action, name: string): boolean {
  return ROLES.some((role) => {
    const own = settings.roles[role];
    if (!own.enabled || !allowsWriteTo(own.direction, action.system)) return false;
    if (action.system === 'crm' && action.entity !== role) return false;
    if (name === 'email' || name === own.idField || name === DELETED_MARK) return true;
    const field = own.fields.find(
      (candidate) => (action.system === 'crm' ? candidate.crm.path : candidate.marketing.name) === name,
    );
    const direction = field === undefined ? null : narrowDirection(own.direction, field.direction);
    return (
      direction !== null &&
      allowsWriteTo(direction, action.system) &&
      (action.system === 'marketing' || field?.crm.writable === true)
    );
  });
}

function effectsOf(plan: PersonPlan) {
  return [...plan.effects, ...plan.actions.flatMap((action) => action.effects)];
}

function recordsOf(view: PersonView) {
  return ROLES.flatMap((role) => [
    ...(view.roles[role].record === null ? [] : [view.roles[role].record]),
    ...view.roles[role].candidates,
  ]);
}

function isOptedOut(view: PersonView, action: Action): boolean {
  const address = keyOf(action.marketing?.email ?? action.email);
  if (address !== null && view.suppressedAddresses.includes(address)) return true;
  const ended = ROLES.some((role) =>
    view.roles[role].severed.some(
      ({ because, crmId }) =>
        (because === 'C23' || because === 'P5') && recordsOf(view).some((record) => record.id === crmId),
    ),
  );
  if (action.kind === 'create') return ended;
  return ['unsubscribed', 'suppressed', 'blocked'].includes(view.marketing?.channel.state ?? 'none');
}

/** Names, on either side, of the fields whose two values are not the same although both are as they were agreed on. */
function leftDifferent(view: PersonView, settings: Settings): ReadonlySet<string> {
  const names = ROLES.flatMap((role) =>
    settings.roles[role].fields
      .filter(({ key }) => {
        const base = view.roles[role].link?.base[key];
        return base !== undefined && !sameValue(base.crm, base.marketing);
      })
      .flatMap((field) => [field.crm.path, field.marketing.name]),
  );
  return new Set(names);
}

/** The same person with bases that say what both sides say, nothing under way and no extra records. */
function inAgreement(view: PersonView, settings: Settings): PersonView {
  const settle = (role: (typeof ROLES)[number]) => {
    const own = view.roles[role];
    if (own.link === null || own.record === null || view.marketing === null) return { ...own, candidates: [] };
    const { record } = own;
    const { marketing } = view;
    const base = Object.fromEntries(
      settings.roles[role].fields.map((field) => [
        field.key,
        {
          crm: crmSide(field, record.values[field.crm.path] ?? null).value,
          marketing: marketingSide(field, marketing.values[field.marketing.name] ?? null).value,
        },
      ]),
    );
    const email = { crm: keyOf(record.email), marketing: keyOf(marketing.email) };
    return {
      ...own,
      record: { ...record, state: 'present' as const },
      link: { ...own.link, base: { ...base, email }, unconfirmed: {} },
    };
  };
  const marketing = view.marketing === null ? null : { ...view.marketing, state: 'present' as const };
  return { ...view, marketing, roles: { contact: settle('contact'), lead: settle('lead') } };
}
