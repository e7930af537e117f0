// Before values are blanked on one side because the other went blank: is the field still there? Never lets the loss of a field pass for everybody's clearing it.
import type { System } from '../core/model/identity.ts';
import type { Action } from '../core/model/plan.ts';
import type { CrmSchema, MarketingSchema } from '../core/model/schema.ts';
import { listActions, type StoredAction, settleActions } from '../store/actions.ts';
import { type AccountField, type Cycle, RunStopped, type SettingProblem } from './engine.ts';
import { isLostByOthers, lostInRun, rememberLost } from './lost-fields.ts';

const PAGE = 500;

/** A mapped field whose blanks are about to travel, by the side they come from, and the writes that carry them. */
interface Source extends AccountField {
  readonly writes: StoredAction[];
}

/**
 * Asks the accounts, once a run and only when a value of a field that an account can lose is about to be cleared, or a field was seen to
 * be lost. Where the field was made anew, nothing is cleared: the next run fills it from the other side. (C26)
 * @throws RunStopped when a field is gone; it names every one
 */
export async function checkClearedFields(cycle: Cycle, dry = false): Promise<void> {
  const cleared = await clearedSources(cycle);
  const lost = lostInRun(cycle).filter((field) => !isKnown(cycle, cleared, field));
  if (cleared.length + lost.length === 0) return;
  const schemas = await refuseGone(cycle, [...cleared, ...lost], dry);
  if (dry) return;
  const anew: Source[] = [];
  for (const source of cleared) if (await isAnew(cycle, source, schemas)) anew.push(source);
  if (anew.length === 0) return;
  const dropped = new Map(anew.flatMap(({ writes }) => writes.map((write) => [write.seq, write] as const)));
  await cycle.store.transaction(async (tx) => {
    await rememberLost(tx, cycle.name, anew);
    const settlements = [...dropped.keys()].map((seq) => ({
      seq,
      state: 'dropped' as const,
      error: ANEW,
      outcome: null,
    }));
    await settleActions(tx, cycle.runId, settlements, cycle.now());
  });
  for (const { system, name } of anew) cycle.notices.push(anewWords(cycle, system, name));
}

/** A field that is among those, or that this run makes. */
function isKnown({ missingFields }: Cycle, fields: readonly AccountField[], { role, name }: AccountField): boolean {
  return fields.some((one) => one.role === role && one.name === name) || missingFields.some((one) => one.name === name);
}

const ANEW = 'The field was made anew in the other account; the next run fills it.';

function anewWords({ settings }: Cycle, system: System, name: string): string {
  const other = settings.labels[system === 'crm' ? 'marketing' : 'crm'];
  return `The field "${name}" was made anew in ${settings.labels[system]}, so that nobody has a value there any more. Nothing is cleared in ${other}; the next run fills the field from there.`;
}

async function isAnew(cycle: Cycle, source: Source, { crm, marketing }: Schemas): Promise<boolean> {
  const { role, system, name, writes } = source;
  const mapped = cycle.settings.roles[role].fields;
  if (system === 'crm') {
    const found = crm?.[role].fields.find(({ path }) => path === name);
    return mapped.find((field) => field.crm.path === name)?.crm.definition !== found?.definition;
  }
  const found = marketing?.fields.find((field) => field.name === name);
  if (mapped.find((field) => field.marketing.name === name)?.marketing.type !== found?.type) return true;
  return isLostByOthers(cycle, source, new Set(writes.map(({ action }) => action.marketingId ?? '')));
}

interface Schemas {
  readonly crm: CrmSchema | null;
  readonly marketing: MarketingSchema | null;
}

/** @returns the fields as they are now, of the sides that were asked */
async function refuseGone(cycle: Cycle, fields: readonly AccountField[], dry: boolean): Promise<Schemas> {
  const asks = (system: System): boolean => fields.some((field) => field.system === system);
  const [crm, marketing] = await Promise.all([
    asks('crm') ? cycle.crm.schema() : null,
    asks('marketing') ? cycle.marketing.schema() : null,
  ]);
  const isThere = ({ role, system, name }: AccountField): boolean =>
    system === 'crm'
      ? crm?.[role].fields.some((field) => field.path === name) === true
      : marketing?.fields.some((field) => field.name === name) === true;
  const gone = fields.filter((field) => !isThere(field));
  const problems = gone.map((field) => problemOf(cycle, field));
  if (problems.length === 0) return { crm, marketing };
  if (!dry) await rememberLost(cycle.store, cycle.name, gone);
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
    for (const write of page)
      for (const source of sourcesOf(cycle, write.action)) {
        const key = `${source.system} ${source.role} ${source.name}`;
        const known = found.get(key);
        if (known === undefined) found.set(key, { ...source, writes: [write] });
        else known.writes.push(write);
      }
  }
}

function sourcesOf(cycle: Cycle, { kind, clears, entity, system, changes }: Action): readonly AccountField[] {
  if (kind !== 'update' || !clears || (entity !== 'contact' && entity !== 'lead')) return [];
  return cycle.settings.roles[entity].fields.flatMap((field): readonly AccountField[] => {
    const change = changes[system === 'marketing' ? field.key : field.crm.path];
    if (change?.to !== null || change.from === null) return [];
    if (system === 'crm') return [{ role: entity, system: 'marketing', name: field.key }];
    return field.crm.definition !== undefined ? [{ role: entity, system: 'crm', name: field.crm.path }] : [];
  });
}

function problemOf({ settings }: Cycle, { role, system, name }: AccountField): SettingProblem {
  const other = settings.labels[system === 'crm' ? 'marketing' : 'crm'];
  return {
    path: `${role}s.fields`,
    message:
      `${settings.labels[system]} has no field "${name}" any more. Its values are kept in ${other}. ` +
      'Take the field out of the mapping, or map the one that took its place.',
  };
}
