// Plans a handful of persons. Where a plan asks for it, the CRM's records are read directly and those persons planned again. (O3)
import { ROLES } from '../core/model/identity.ts';
import type { PersonPlan } from '../core/model/plan.ts';
import { planPerson } from '../core/plan/plan-person.ts';
import { upsertCrm } from '../store/crm-records.ts';
import type { Cycle } from './engine.ts';
import { crmItem } from './mirror-items.ts';
import { type LoadedPerson, loadPersons, type Seeds } from './persons.ts';

export interface Planned {
  readonly person: LoadedPerson;
  readonly plan: PersonPlan;
}

/** @param seeds what the persons were loaded by. At most one more reading, 100 records a call. */
export async function planPersons(
  cycle: Cycle,
  persons: readonly LoadedPerson[],
  seeds: Seeds,
): Promise<readonly Planned[]> {
  const planned = persons.map((person): Planned => ({ person, plan: planPerson(person.view, cycle.settings) }));
  const asking = planned.filter(({ plan }) => plan.look !== undefined);
  if (asking.length === 0) return planned;
  const fresh = await readDirectly(cycle, asking);
  const now = new Map((await loadPersons(cycle.store, cycle.name, seeds)).map((person) => [person.view.key, person]));
  return planned.map((one) => {
    const person = one.plan.look === undefined ? undefined : now.get(one.plan.key);
    if (person === undefined) return one;
    return { person, plan: planPerson({ ...person.view, fresh }, cycle.settings) };
  });
}

/** @returns `role:id` of those that were there */
async function readDirectly(cycle: Cycle, asking: readonly Planned[]): Promise<readonly string[]> {
  const wanted = asking.flatMap(({ plan }) => plan.look ?? []);
  const fresh: string[] = [];
  for (const role of ROLES) {
    const ids = wanted.filter((one) => one.role === role).map(({ id }) => id);
    if (ids.length === 0) continue;
    const records = await cycle.crm.readMany(role, ids, cycle.crmSelection);
    await cycle.store.transaction((tx) => upsertCrm(tx, cycle.name, records.map(crmItem), cycle.now()));
    fresh.push(...records.map(({ id }) => `${role}:${id}`));
  }
  return fresh;
}
