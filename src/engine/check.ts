// Is a connection usable? Looks at both accounts and at the configuration against them. Writes nothing to either service or the store.
import { getConnection } from '../store/connections.ts';
import { leaseHolder } from '../store/leases.ts';
import { checkCrm } from './check-crm.ts';
import { checkFit } from './check-fit.ts';
import type { Check, CheckContext, CheckedEngine } from './check-line.ts';
import { checkMapping, compileLive } from './check-mapping.ts';
import { checkMarketing } from './check-marketing.ts';
import type { Engine } from './engine.ts';

/**
 * Every check of one connection, in the order a person would go through them.
 * @throws ConnectorError `cancelled` alone; all else is an answer
 */
export async function checkConnection(engine: CheckedEngine, context: CheckContext): Promise<readonly Check[]> {
  const stored = await getConnection(engine.store, engine.name);
  const [crm, marketing] = await Promise.all([
    checkCrm(engine, stored, context),
    checkMarketing(engine, stored, context),
  ]);
  const checks: Check[] = [...crm.checks, ...marketing.checks];
  if (crm.readable && marketing.readable) {
    const live = await compileLive(engine);
    checks.push(...checkMapping(live, engine, context));
    if ('compiled' in live) checks.push(...(await checkFit(engine, live.compiled.settings, context)));
  }
  checks.push(await checkRun(engine, stored?.alignedAt ?? null));
  return checks;
}

async function checkRun(engine: Engine, alignedAt: string | null): Promise<Check> {
  const id = 'run';
  const lease = await leaseHolder(engine.store, engine.name, engine.now());
  if (lease !== null) return { id, status: 'ok', message: 'a run is under way right now' };
  if (alignedAt === null) {
    const fix = 'Run "lockstep align" next: it shows its plan and asks before anything is written.';
    return { id, status: 'ok', message: 'not aligned yet: until then a sync writes nothing', fix };
  }
  return { id, status: 'ok', message: `aligned on ${alignedAt.slice(0, 10)}; no run is under way` };
}
