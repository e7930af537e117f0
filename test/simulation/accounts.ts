// Both simulated services in one process, on virtual clocks of their own that may be wrong. Never listens.
import { ManualClock } from '../../sandbox/clock.ts';
import { createDotdigitalSandbox, type DotdigitalSandbox } from '../../sandbox/dotdigital/create-dotdigital-sandbox.ts';
import type { DataField } from '../../sandbox/dotdigital/state/data-field-registry.ts';
import { grantAccess, type OAuthGrant } from '../../sandbox/oauth-grant.ts';
import { CUSTOM_FIELDS, DATA_FIELDS, LEAD_STATUSES } from '../../sandbox/people/account-schema.ts';
import { createSellSandbox, type SellSandbox } from '../../sandbox/zendesk-sell/create-sell-sandbox.ts';
import { DEFAULT_OAUTH_CLIENT } from '../../sandbox/zendesk-sell/options.ts';
import type { Clockwork } from './clockwork.ts';
import { CONSENT_TAGS, MADE_FIELDS, type Setup } from './setup.ts';
import { SERVICE_URLS } from './wire.ts';
import { Witness } from './witness.ts';

export interface Accounts {
  readonly sell: SellSandbox;
  readonly dotdigital: DotdigitalSandbox;
  readonly witness: Witness;
  readonly consentTags: { readonly optIn: string; readonly optOut: string };
  /** Ids of all products there ever were. */
  readonly everProducts: Set<number>;
  /** What puts back the fields that were taken away; each says in words what it did, null = nothing. */
  readonly repairs: (() => string | null)[];
  /** Types of data fields before anybody changed them, by name. */
  readonly fieldTypes: Map<string, DataField['type']>;
  readonly clocks: { readonly sell: ManualClock; readonly dotdigital: ManualClock };
  readonly grant: OAuthGrant;
}

export async function openAccounts(setup: Setup, seed: string, clockwork: Clockwork): Promise<Accounts> {
  const base = { now: () => clockwork.now() };
  const clocks = { sell: new ManualClock({ base }), dotdigital: new ManualClock({ base }) };
  clocks.sell.advance(setup.skew.sell);
  clocks.dotdigital.advance(setup.skew.dotdigital);
  const sell = createSellSandbox({
    clock: clocks.sell,
    seed,
    limits: { enabled: true },
    tokens: [{}],
    leadStatuses: LEAD_STATUSES,
    customFields: CUSTOM_FIELDS,
    publicUrl: SERVICE_URLS.sell,
    switches: setup.sellSwitches,
  });
  const dotdigital = createDotdigitalSandbox({
    clock: clocks.dotdigital,
    seed,
    publicUrl: SERVICE_URLS.dotdigital,
    switches: setup.dotdigitalSwitches,
  });
  for (const { name, type } of DATA_FIELDS) dotdigital.world.createDataField(name, type);
  makeFields(setup, dotdigital);
  const grant = await grantAccess(sell.app, DEFAULT_OAUTH_CLIENT);
  return {
    sell,
    dotdigital,
    witness: new Witness(sell, dotdigital, () => clockwork.now()),
    consentTags: CONSENT_TAGS,
    everProducts: new Set(),
    repairs: [],
    fieldTypes: new Map(),
    clocks,
    grant,
  };
}

/** Where the program may not write to Dotdigital, people make the data fields. */
export function makeFields(setup: Setup, { world }: DotdigitalSandbox): void {
  if ([setup.contacts, setup.leads].every(({ direction }) => direction !== 'dotdigital-to-sell')) return;
  const there = new Set(world.dataFields().map(({ name }) => name.toUpperCase()));
  for (const name of MADE_FIELDS) if (!there.has(name)) world.createDataField(name, 'String');
}
