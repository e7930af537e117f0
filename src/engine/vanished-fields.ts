// Before values are blanked on one side because the other went blank: is the field still there? Never lets the loss of a field pass for everybody's clearing it.
import type { Role, System } from '../core/model/identity.ts';
import type { Action } from '../core/model/plan.ts';
import { listActions } from '../store/actions.ts';
import { type Cycle, RunStopped, type SettingProblem } from './engine.ts';

const PAGE = 500;

/** A mapped field whose blanks are about to travel, by the side they come from. */
interface Source {
  readonly role: Role;
  readonly system: System;
  /** CRM path or data field name. */
  readonly name: string;
}

/**
 * Asks the accounts, once a run and only when a value of a field that an account can lose is about to be cleared. (C26)
 * @throws RunStopped when a field is gone; it names every one
 */
export async function checkClearedFields(cycle: Cycle): Promise<void> {
  const cleared = await clearedSources(cycle);
  if (cleared.length === 0) return;
  const asks = (system: System): boolean => cleared.some((source) => source.system === system);
  const [crm, marketing] = await Promise.all([
    asks('crm') ? cycle.crm.schema() : null,
    asks('marketing') ? cycle.marketing.schema() : null,
  ]);
  const isThere = ({ role, system, name }: Source): boolean =>
    system === 'crm'
      ? crm?.[role].fields.some((field) => field.path === name) === true
      : marketing?.fields.some((field) => field.name === name) === true;
  const problems = cleared.filter((source) => !isThere(source)).map((source) => problemOf(cycle, source));
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message }) => `${path}: ${message}`);
  throw new RunStopped(
    'aborted',
    `The configuration of ${cycle.name} no longer fits the accounts:\n${lines.join('\n')}`,
    {
      problems,
    },
  );
}

/** Names of an account's own fields that planned writes blank on the other side. */
async function clearedSources(cycle: Cycle): Promise<readonly Source[]> {
  const found = new Map<string, Source>();
  for (let afterSeq = -1; ; ) {
    const page = await listActions(cycle.store, cycle.runId, { afterSeq, limit: PAGE, states: ['planned'] });
    const last = page.at(-1);
    if (last === undefined) return [...found.values()];
    afterSeq = last.seq;
    for (const { action } of page)
      for (const source of sourcesOf(cycle, action))
        found.set(`${source.system} ${source.role} ${source.name}`, source);
  }
}

function sourcesOf(cycle: Cycle, { kind, clears, entity, system, changes }: Action): readonly Source[] {
  if (kind !== 'update' || !clears || (entity !== 'contact' && entity !== 'lead')) return [];
  return cycle.settings.roles[entity].fields.flatMap((field): readonly Source[] => {
    const change = changes[system === 'marketing' ? field.key : field.crm.path];
    if (change?.to !== null || change.from === null) return [];
    if (system === 'crm') return [{ role: entity, system: 'marketing', name: field.key }];
    return field.crm.accountDefined === true ? [{ role: entity, system: 'crm', name: field.crm.path }] : [];
  });
}

function problemOf({ settings }: Cycle, { role, system, name }: Source): SettingProblem {
  const other = settings.labels[system === 'crm' ? 'marketing' : 'crm'];
  return {
    path: `${role}s.fields`,
    message:
      `${settings.labels[system]} has no field "${name}" any more. Its values are kept in ${other}. ` +
      'Take the field out of the mapping, or map the one that took its place.',
  };
}
