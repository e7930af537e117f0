// Records that the rules would link or make a partner for, and addresses that several records share. Only reads. (R20, 4.4)
import { ROLES, type Role } from '../core/model/identity.ts';
import type { PersonPlan } from '../core/model/plan.ts';
import { planPerson } from '../core/plan/plan-person.ts';
import { getCrmByEmail } from '../store/crm-records.ts';
import { linksByCrm } from '../store/links.ts';
import { sharedAddresses, unlinkedCrmIds, unlinkedMarketingIds } from '../store/unlinked.ts';
import type { Cycle } from './engine.ts';
import { loadPersons } from './persons.ts';

const PAGE = 400;
/** Shared addresses that are named. */
const NAMED = 100;
const EXAMPLES = 5;

/** Records without a link that the next cycle would link, or make a partner for. */
export interface Unlinked {
  readonly crm: number;
  readonly marketing: number;
  /** Up to five of each side. */
  readonly examples: readonly {
    readonly system: 'crm' | 'marketing';
    readonly entity: Role;
    readonly id: string;
    readonly email: string | null;
  }[];
}

/** Several CRM records of one role with one address. */
export interface Duplicate {
  readonly entity: Role;
  readonly email: string;
  readonly crmIds: readonly string[];
  /** The one that is linked; null when none is. */
  readonly linked: string | null;
}

export async function unlinked(cycle: Cycle, gone: ReadonlySet<string>): Promise<Unlinked> {
  const found = { crm: 0, marketing: 0 };
  const examples: Unlinked['examples'][number][] = [];
  const add = (example: Unlinked['examples'][number]): void => {
    found[example.system] += 1;
    if (examples.filter(({ system }) => system === example.system).length < EXAMPLES) examples.push(example);
  };
  for (const role of ROLES.filter((candidate) => cycle.settings.roles[candidate].enabled)) {
    for await (const all of pages((after) => unlinkedCrmIds(cycle.store, cycle.name, role, after, PAGE))) {
      const ids = all.filter((id) => !gone.has(`${role}:${id}`));
      for (const { view } of await loadPersons(cycle.store, cycle.name, {
        marketingIds: [],
        crm: ids.map((id) => ({ role, id })),
      })) {
        const plan = planPerson(view, cycle.settings);
        const own = view.roles[role].candidates.filter(
          (record) => ids.includes(record.id) && isWanted(plan, role, record.id),
        );
        for (const record of own) add({ system: 'crm', entity: role, id: record.id, email: record.email });
      }
    }
  }
  for await (const ids of pages((after) => unlinkedMarketingIds(cycle.store, cycle.name, after, PAGE))) {
    for (const { view } of await loadPersons(cycle.store, cycle.name, { marketingIds: ids, crm: [] })) {
      const role = roleWanted(planPerson(view, cycle.settings));
      if (view.marketing !== null && role !== null)
        add({ system: 'marketing', entity: role, id: view.marketing.id, email: view.marketing.email });
    }
  }
  return { ...found, examples };
}

/** The plan links the record, by itself or by making its partner; as a shadow it has its place already. */
function isWanted(plan: PersonPlan, role: Role, id: string): boolean {
  const effects = [...plan.effects, ...plan.actions.flatMap((action) => action.effects)];
  return effects.some(
    (effect) => effect.type === 'link' && effect.role === role && effect.crmId === id && effect.state === 'active',
  );
}

function roleWanted(plan: PersonPlan): Role | null {
  for (const action of plan.actions) if (action.system === 'crm' && action.kind === 'create') return action.entity;
  for (const effect of plan.effects) if (effect.type === 'link' && effect.state === 'active') return effect.role;
  return null;
}

async function* pages(next: (after: string | null) => Promise<readonly string[]>): AsyncGenerator<readonly string[]> {
  for (let after: string | null = null; ; ) {
    const ids = await next(after);
    const last = ids.at(-1);
    if (last === undefined) return;
    after = last;
    yield ids;
  }
}

export async function duplicates(cycle: Cycle): Promise<readonly Duplicate[]> {
  const found: Duplicate[] = [];
  for (const role of ROLES.filter((candidate) => cycle.settings.roles[candidate].enabled)) {
    const shared = await sharedAddresses(cycle.store, cycle.name, role, NAMED);
    const records = (
      await getCrmByEmail(
        cycle.store,
        cycle.name,
        shared.map(({ emailKey }) => emailKey),
      )
    ).filter(({ record }) => record.role === role && record.state === 'present' && !record.isOrganisation);
    const links = await linksByCrm(
      cycle.store,
      cycle.name,
      role,
      records.map(({ record }) => record.id),
    );
    const living = new Set(
      links.filter((link) => link.state !== 'severed' && link.state !== 'shadow').map((link) => link.crmId),
    );
    for (const [email, own] of Map.groupBy(records, ({ emailKey }) => emailKey ?? '')) {
      const crmIds = own.map(({ record }) => record.id);
      if (crmIds.length > 1)
        found.push({ entity: role, email, crmIds, linked: crmIds.find((id) => living.has(id)) ?? null });
    }
  }
  return found;
}
