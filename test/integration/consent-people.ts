// People whose consent changes on either side, for tests of consent against both simulated services.
import { type Options, type Settings, startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

export const TAGS = { optIn: ['newsletter'], optOut: ['unsubscribed'] };
export const FIELD = { name: 'Email consent', optIn: ['Yes'], optOut: ['No'] };
export const ADA = 'ada@example.com';
export const person = { first_name: 'Ada', last_name: 'Lovelace', email: ADA, customer_status: 'current' };

export type Direction = 'sell-to-dotdigital' | 'dotdigital-to-sell' | 'bi-directional';
export const DIRECTIONS: readonly Direction[] = ['sell-to-dotdigital', 'dotdigital-to-sell', 'bi-directional'];

/** How a Sell record carries consent, and what each state looks like. */
export type Carrier = 'tags' | 'field' | 'both';
export const CARRIERS: readonly Carrier[] = ['tags', 'field', 'both'];

export function says(
  carrier: Carrier,
  word: 'in' | 'out' | 'nothing',
): { tags: string[]; custom_fields: Record<string, string | null> } {
  const tag = word === 'in' ? ['newsletter'] : word === 'out' ? ['unsubscribed'] : [];
  const value = word === 'in' ? 'Yes' : word === 'out' ? 'No' : null;
  return { tags: carrier === 'field' ? [] : tag, custom_fields: carrier === 'tags' ? {} : { 'Email consent': value } };
}

export function signalsOf(carrier: Carrier, fallback = 'none'): Settings {
  return {
    ...(carrier === 'field' ? {} : { tags: TAGS }),
    ...(carrier === 'tags' ? {} : { field: FIELD }),
    default: fallback,
  };
}

export interface Given {
  readonly consent?: Settings;
  readonly more?: Settings;
  readonly carrier?: Carrier;
  readonly bumps?: boolean;
  readonly sell?: Options['sell'];
  readonly dotdigital?: Options['dotdigital'];
}

export async function startConsent({
  consent = {},
  more = {},
  carrier = 'tags',
  bumps = true,
  sell,
  dotdigital,
}: Given = {}): Promise<TwoAccounts> {
  const world = await startTwoAccounts({
    settings: {
      consent: {
        enabled: true,
        direction: 'bi-directional',
        contacts: signalsOf(carrier),
        leads: signalsOf(carrier),
        ...consent,
      },
      ...more,
    },
    sell: { leadStatuses: ['New', 'Working'], ...sell },
    dotdigital: { ...dotdigital, switches: { unsubscribeBumpsUpdated: bumps } },
  });
  if (carrier !== 'tags')
    for (const resource of ['contact', 'lead'] as const) {
      world.sell.world.addCustomField({ resource, name: 'Email consent', type: 'list', choices: ['Yes', 'No', 'Ask'] });
    }
  return world;
}

export function statusOf(world: TwoAccounts, email = ADA): string | undefined {
  return world.dotdigital.world.contact(email)?.emailStatus;
}

/** What the Sell contact says, by the words of the tests. */
export async function wordOf(
  world: TwoAccounts,
  carrier: Carrier = 'tags',
  what: 'contacts' | 'leads' = 'contacts',
  email = ADA,
): Promise<string> {
  const { tags, custom_fields } = await world.sellRecord(what, email);
  const byTag = tags.includes('unsubscribed') ? 'out' : tags.includes('newsletter') ? 'in' : 'nothing';
  const value = custom_fields['Email consent'];
  const byField = value === 'No' ? 'out' : value === 'Yes' ? 'in' : 'nothing';
  if (carrier === 'tags') return byTag;
  return carrier === 'field' || byTag === byField ? byField : `tag ${byTag}, field ${byField}`;
}
