// What the API user may do in this account, for `check`. Only reads.
import { ConnectorError } from '../error.ts';
import type { AccountCalls } from './account-calls.ts';

export type CapabilityArea = 'contacts' | 'data-fields' | 'lists' | 'suppressions' | 'insight-data';

export interface Capability {
  readonly area: CapabilityArea;
  readonly usable: boolean;
  /** Why not and what to do, in plain words; empty when usable. */
  readonly detail: string;
}

interface Probe {
  readonly area: CapabilityArea;
  readonly path: string;
  readonly scope: string;
  readonly query?: { readonly [name: string]: string | number };
}

/**
 * One small read for each area. Credentials that are not accepted throw (`unauthorized`), everything else is told.
 * @param now ISO UTC; the look-back of the suppression probe starts there
 */
export async function readCapabilities(calls: AccountCalls, now: string): Promise<readonly Capability[]> {
  const probes: readonly Probe[] = [
    { area: 'contacts', path: '/contacts/v3', scope: 'contacts-list', query: { limit: 1 } },
    { area: 'data-fields', path: '/v2/data-fields', scope: 'data-fields' },
    { area: 'lists', path: '/v2/address-books', scope: 'lists', query: { select: 1, skip: 0 } },
    {
      area: 'suppressions',
      path: `/v2/contacts/suppressed-since/${now.slice(0, 19)}Z`,
      scope: 'suppressed-since',
      query: { select: 1, skip: 0 },
    },
    { area: 'insight-data', path: '/insightData/v3/collections', scope: 'insight-collections' },
  ];
  const found: Capability[] = [];
  for (const probe of probes) found.push(await ask(calls, probe));
  return found;
}

async function ask(calls: AccountCalls, probe: Probe): Promise<Capability> {
  const { area } = probe;
  try {
    await calls.send({
      method: 'GET',
      path: probe.path,
      scope: probe.scope,
      ...(probe.query === undefined ? {} : { query: probe.query }),
      read: (reply) => reply.json(),
    });
    return { area, usable: true, detail: '' };
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind === 'unauthorized' || error.kind === 'cancelled') throw error;
    return { area, usable: false, detail: `${advice(area, error)} (${error.message})` };
  }
}

function advice(area: CapabilityArea, error: ConnectorError): string {
  if (area === 'insight-data' && (error.status === 403 || error.status === 500)) {
    return "insight data is not part of this account's plan or not allowed to this API user: products cannot be synchronised";
  }
  if (error.kind === 'forbidden')
    return `the API user may not read ${area}: check its permissions under Settings > Access > API users`;
  return `${area} cannot be read at present`;
}
