// How well present records fit the mapping, on a sample from both sides: what would be held is told before anything is written. (C28)
import { type FieldFit, measureFit, type SideFit } from '../core/mapping/fit.ts';
import { ROLES, type Role } from '../core/model/identity.ts';
import type { CrmRecord, MarketingRecord } from '../core/model/record.ts';
import type { Settings } from '../core/model/settings.ts';
import { ask } from './check-access.ts';
import type { Check, CheckContext } from './check-line.ts';
import type { Engine } from './engine.ts';
import { crmSelection, marketingSelection } from './selection.ts';

/** Records a side. */
const SAMPLE = 200;
/** Examples quoted for each reason. */
const QUOTED = 3;

export interface SampledFit {
  readonly fits: readonly { readonly role: Role; readonly fit: FieldFit }[];
  readonly sampled: { readonly [R in Role]: number } & { readonly marketing: number };
}

/** The same measure as values, for the mapping editor. @throws ConnectorError */
export async function sampleFit(engine: Engine, settings: Settings): Promise<SampledFit> {
  const marketing = await sample(engine.marketing.scan(marketingSelection(settings)), () => true);
  const fits: { readonly role: Role; readonly fit: FieldFit }[] = [];
  const sampled = { contact: 0, lead: 0, marketing: marketing.length };
  for (const role of ROLES.filter((one) => settings.roles[one].enabled)) {
    const crm = await sample(engine.crm.scan(role, crmSelection(settings)), ({ isOrganisation }) => !isOrganisation);
    sampled[role] = crm.length;
    for (const fit of measureFit(settings.roles[role].fields, { crm, marketing })) fits.push({ role, fit });
  }
  return { fits, sampled };
}

export async function checkFit(engine: Engine, settings: Settings, context: CheckContext): Promise<readonly Check[]> {
  const on = ROLES.filter((role) => settings.roles[role].enabled);
  if (on.length === 0) return [];
  const marketing = await ask(() => sample(engine.marketing.scan(marketingSelection(settings)), () => true));
  const checks: Check[] = [];
  for (const role of on) {
    const crm = await ask(() =>
      sample(engine.crm.scan(role, crmSelection(settings)), (record) => !record.isOrganisation),
    );
    const id = `fit.${role}s`;
    const failed = 'error' in crm ? crm.error : 'error' in marketing ? marketing.error : null;
    if ('error' in crm || 'error' in marketing) {
      const fix = 'Run "lockstep check" again when both services answer.';
      checks.push({ id, status: 'warning', message: `no sample could be read: ${failed?.message}`, fix });
      continue;
    }
    checks.push(...judge(id, role, settings, { crm: crm.value, marketing: marketing.value }, context));
  }
  return checks;
}

async function sample<T>(pages: AsyncIterable<readonly T[]>, wanted: (record: T) => boolean): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const page of pages) {
    found.push(...page.filter(wanted));
    if (found.length >= SAMPLE) break;
  }
  return found.slice(0, SAMPLE);
}

function judge(
  id: string,
  role: Role,
  settings: Settings,
  records: { readonly crm: readonly CrmRecord[]; readonly marketing: readonly MarketingRecord[] },
  context: CheckContext,
): readonly Check[] {
  const fits = measureFit(settings.roles[role].fields, records);
  const sides = fits.flatMap((fit) => [fit.crm, fit.marketing]);
  const filled = sides.reduce((sum, side) => sum + side.total - side.blank, 0);
  const good = sides.reduce((sum, side) => sum + side.fits, 0);
  const { names } = context;
  const of = `${counted(records.crm.length, role)} in ${names.crm} and ${counted(records.marketing.length, 'contact')} in ${names.marketing}`;
  if (filled === 0) return [{ id, status: 'ok', message: `nothing to compare in a sample of ${of}` }];
  // Rounded down, so that 100 % means all.
  const percent = Math.floor((good * 100) / filled);
  const message = `${percent} % of ${filled.toLocaleString('en-GB')} values fit, in a sample of ${of}`;
  const lines = fits.flatMap((fit) => [
    ...sideChecks(id, fit, 'crm', context),
    ...sideChecks(id, fit, 'marketing', context),
  ]);
  return [{ id, status: 'ok', message }, ...lines];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function sideChecks(id: string, fit: FieldFit, side: 'crm' | 'marketing', { names }: CheckContext): readonly Check[] {
  const { defaulted, misfits, total, blank }: SideFit = fit[side];
  const filled = total - blank;
  const field = side === 'crm' ? `${fit.path} → ${fit.key}` : `${fit.key} → ${fit.path}`;
  const checks: Check[] = misfits.map(({ why, count, examples }) => {
    const quoted = examples.slice(0, QUOTED).map((example) => `${example.value} (id ${example.id})`);
    return {
      id,
      status: 'warning',
      message: `${field}: ${count} of ${filled} values in ${names[side]} do not fit, because the value ${why}; e.g. ${quoted.join(', ')}`,
      fix: `Correct them in ${names[side]}, or translate them with "values"; until then these records are held (VALUE_UNMAPPABLE).`,
    };
  });
  if (defaulted > 0) {
    checks.push({
      id,
      status: 'warning',
      message: `${field}: ${defaulted} of ${filled} values in ${names[side]} are no status that is known there and count as none`,
      fix: 'Translate them with "values" if they mean something else.',
    });
  }
  return checks;
}
