// Compares the two simulated accounts record by record, behind the backs of their APIs and of the engine. Never repairs anything.
import { LEAD_LIST_PREFIX } from '../../../sandbox/people/account-schema.ts';
import type { RunningSandbox } from '../../../sandbox/start.ts';

export interface Disagreement {
  readonly sellId: number;
  readonly dotdigitalId: number;
  readonly field: string;
  readonly sell: string;
  readonly dotdigital: string;
}

export interface Agreement {
  /** Sell contacts and Dotdigital contacts that carry each other's id. */
  readonly contactPairs: number;
  readonly leadPairs: number;
  /** Linked leads on no lead list: somebody took them off, and their status stays in Sell. (L8) */
  readonly unlistedLeads: number;
  readonly disagreements: readonly Disagreement[];
}

type Fields = { readonly [name: string]: string | number | boolean | null };

/** Blanks and accents typed in two ways are the same name, `Current` is the same status as `current`. */
const plain = (field: string, value: unknown): string => {
  const text = value === null || value === undefined ? '' : String(value).normalize('NFC').replace(/\s+/gu, ' ').trim();
  return field.endsWith('_STATUS') ? text.toLowerCase() : text;
};

interface Named {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly address: { readonly postal_code: string | null };
}

type Pairs<Side> = readonly (readonly [dataField: string, of: (side: Side) => string | null])[];

const NAMED: Pairs<Named> = [
  ['FIRSTNAME', (side) => side.first_name],
  ['LASTNAME', (side) => side.last_name],
  ['POSTCODE', (side) => side.address.postal_code],
];
const CONTACT: Pairs<Named & { readonly customer_status: string; readonly prospect_status: string }> = [
  ...NAMED,
  ['CUSTOMER_STATUS', (side) => side.customer_status],
  ['PROSPECT_STATUS', (side) => side.prospect_status],
];

/** Looks at every pair of records that are linked by the ids written into Dotdigital. */
export function compareSides({ sellSandbox, desks }: RunningSandbox): Agreement {
  const { state } = sellSandbox.world;
  const disagreements: Disagreement[] = [];
  let [contactPairs, leadPairs, unlistedLeads] = [0, 0, 0];
  for (const { id, fields, lists } of desks.marketing.everyContact()) {
    const contact = linked(fields, 'SELL_CONTACT_ID', (sellId) => state.contacts.get(sellId));
    const lead = linked(fields, 'SELL_LEAD_ID', (sellId) => state.leads.get(sellId));
    if (contact !== undefined) {
      contactPairs += 1;
      disagreements.push(...differences(contact, CONTACT, id, fields));
    }
    if (lead === undefined) continue;
    leadPairs += 1;
    // Where a person is both, Dotdigital shows the contact's values. (L17)
    if (contact === undefined) disagreements.push(...differences(lead, NAMED, id, fields));
    const sell = state.leadStatuses.get(lead.status_id)?.name ?? '';
    const leadLists = lists.filter((name) => name.startsWith(LEAD_LIST_PREFIX));
    if (leadLists.length === 0) unlistedLeads += 1;
    else if (!leadLists.includes(`${LEAD_LIST_PREFIX}${sell}`)) {
      disagreements.push({
        sellId: lead.id,
        dotdigitalId: id,
        field: 'status',
        sell,
        dotdigital: leadLists.join(', '),
      });
    }
  }
  return { contactPairs, leadPairs, unlistedLeads, disagreements };
}

function differences<Side extends { readonly id: number }>(
  record: Side,
  pairs: Pairs<Side>,
  dotdigitalId: number,
  fields: Fields,
): readonly Disagreement[] {
  return pairs.flatMap(([field, of]) => {
    const [sell, dotdigital] = [plain(field, of(record)), plain(field, fields[field])];
    return sell === dotdigital ? [] : [{ sellId: record.id, dotdigitalId, field, sell, dotdigital }];
  });
}

function linked<T>(fields: Fields, name: string, find: (sellId: number) => T | undefined): T | undefined {
  const id = fields[name];
  return id === null || id === undefined || id === '' ? undefined : find(Number(id));
}
