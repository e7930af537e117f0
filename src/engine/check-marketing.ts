// The marketing system's half of the check: reachable, the right account and region, what the API user may read. Only reads.
import type { StoredConnection } from '../store/connections.ts';
import { type Access, ask, checkIdentity, refusal } from './check-access.ts';
import type { Check, CheckContext, CheckedEngine } from './check-line.ts';

const INSIGHT = 'insight-data';

export async function checkMarketing(
  engine: CheckedEngine,
  stored: StoredConnection | null,
  context: CheckContext,
): Promise<Access> {
  const { marketing } = engine;
  const name = context.names.marketing;
  const place = { name, credential: context.credentials.marketing, url: `${marketing.label}.url` };
  const id = (what: string): string => `${marketing.label}.${what}`;
  const identity = await ask(() => marketing.identify());
  if ('error' in identity) return { checks: [refusal(id('account'), identity.error, place)], readable: false };
  const { accountId, name: account, region } = identity.value;
  const checks: Check[] = [
    { id: id('account'), status: 'ok', message: `${name} account ${accountId} "${account}"` },
    { id: id('region'), status: 'ok', message: `the account lives at ${region}; all calls go there` },
  ];
  const remembered = { accountId: stored?.marketingAccountId ?? null, region: stored?.marketingRegion ?? null };
  checks.push(...checkIdentity(id('identity'), engine.name, marketing.label, remembered, identity.value));
  const areas = await ask(() => marketing.capabilities());
  if ('error' in areas) return { checks: [...checks, refusal(id('permissions'), areas.error, place)], readable: false };
  const usable = areas.value.filter((area) => area.usable && area.area !== INSIGHT).map(({ area }) => area);
  if (usable.length > 0) {
    checks.push({ id: id('permissions'), status: 'ok', message: `the API user may read ${usable.join(', ')}` });
  }
  for (const { area, detail } of areas.value.filter((one) => !one.usable && one.area !== INSIGHT)) {
    const fix = `Give the API user in ${place.credential} this permission in ${name}.`;
    checks.push({ id: id(area), status: 'problem', message: detail, fix, fault: 'access' });
  }
  const insight = areas.value.find(({ area }) => area === INSIGHT);
  if (insight !== undefined) checks.push(checkInsight(id(INSIGHT), insight, context));
  return {
    checks,
    readable: usable.includes('contacts') && usable.includes('data-fields') && usable.includes('lists'),
  };
}

function checkInsight(
  id: string,
  { usable, detail }: { readonly usable: boolean; readonly detail: string },
  context: CheckContext,
): Check {
  if (usable) return { id, status: 'ok', message: 'insight data can be used' };
  if (!context.productsEnabled) {
    return { id, status: 'ok', message: 'insight data cannot be used; only products would need it' };
  }
  return {
    id,
    status: 'warning',
    message: detail,
    fix: 'Switch the section products off, or have insight data added to the plan.',
  };
}
