// The CRM's half of the check: reachable, the right account, scopes, change feed. Probes only.
import type { CrmCapabilities } from '../connectors/connector.ts';
import type { StoredConnection } from '../store/connections.ts';
import { ENDS_SOON_DAYS } from './alert-rules.ts';
import { type Access, ask, checkIdentity, refusal } from './check-access.ts';
import type { Check, CheckContext } from './check-line.ts';
import type { Engine } from './engine.ts';

export async function checkCrm(
  engine: Engine,
  stored: StoredConnection | null,
  context: CheckContext,
): Promise<Access> {
  const { crm } = engine;
  const name = context.names.crm;
  const place = { name, credential: context.credentials.crm, url: `${crm.label}.url` };
  const id = (what: string): string => `${crm.label}.${what}`;
  const identity = await ask(() => crm.identify());
  const scopeMissing = 'error' in identity && identity.error.code === 'insufficient_scope';
  if ('error' in identity && !scopeMissing) {
    return { checks: [refusal(id('account'), identity.error, place)], readable: false };
  }
  const checks: Check[] = [];
  if ('value' in identity) {
    const { accountId, name: account, region } = identity.value;
    checks.push({ id: id('account'), status: 'ok', message: `${name} account ${accountId} "${account}" at ${region}` });
    const remembered = { accountId: stored?.crmAccountId ?? null, region: stored?.crmRegion ?? null };
    checks.push(...checkIdentity(id('identity'), engine.name, crm.label, remembered, identity.value));
  }
  const found = await ask(() => crm.capabilities());
  if ('error' in found) return { checks: [...checks, refusal(id('scopes'), found.error, place)], readable: false };
  const { scopes, changeFeed, products, endsInSeconds } = found.value;
  checks.push(checkScopes(id('scopes'), scopes, context));
  if (endsInSeconds !== null && endsInSeconds < ENDS_SOON_DAYS * 86_400) {
    const days = Math.floor(endsInSeconds / 86_400);
    checks.push({
      id: id('credential'),
      status: 'warning',
      message: `the credential in ${context.credentials.crm} ends in ${days === 1 ? 'a day' : `${days} days`}`,
      fix: `Issue a new one in ${name}, and enter it before that.`,
    });
  }
  // A scope that is missing is told once, not as a fault of the feed as well.
  if (changeFeed.usable) checks.push({ id: id('sync-api'), status: 'ok', message: changeFeed.message });
  else if (!scopes.missing.includes('sync')) {
    const fix = `Lockstep learns of changes through the Sync API: the ${name} account needs a plan that includes it.`;
    checks.push({ id: id('sync-api'), status: 'problem', message: changeFeed.message, fix, fault: 'access' });
  }
  if (context.productsEnabled && !products.usable) {
    const fix = `Switch the section products off, or use a ${name} plan and a user that may read them.`;
    checks.push({ id: id('products'), status: 'warning', message: products.message, fix });
  }
  return { checks, readable: scopes.found.includes('read') && scopes.found.includes('profile') };
}

function checkScopes(id: string, scopes: CrmCapabilities['scopes'], context: CheckContext): Check {
  const { names, credentials, writesCrm } = context;
  const needed = scopes.missing.filter((scope) => scope !== 'write' || writesCrm);
  if (needed.length > 0) {
    const list = needed.map((scope) => `"${scope}"`).join(', ');
    const doubt = needed.includes('sync')
      ? ' If no credential can have "sync", the plan of the account has no Sync API.'
      : '';
    return {
      id,
      status: 'problem',
      message: `the credential in ${credentials.crm} lacks the ${needed.length === 1 ? 'scope' : 'scopes'} ${list}`,
      fix: `Issue a credential in ${names.crm} with the scopes "read", "write", "profile" and "sync".${doubt}`,
      fault: 'access',
    };
  }
  if (scopes.missing.length > 0) {
    return { id, status: 'ok', message: `scopes ${scopes.found.join(', ')}; "write" is not needed in this direction` };
  }
  return { id, status: 'ok', message: `scopes ${scopes.found.join(', ')}` };
}
