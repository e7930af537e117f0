// Compares the two simulated accounts record by record, behind the backs of their APIs and of the engine. Never repairs anything.
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
  readonly disagreements: readonly Disagreement[];
}

type Fields = { readonly [name: string]: string | number | boolean | null };

/** Blanks and accents typed in two ways are the same name. */
const plain = (value: unknown): string =>
  value === null || value === undefined ? '' : String(value).normalize('NFC').replace(/\s+/gu, ' ').trim();

const CONTACT_PAIRS: readonly (readonly [dataField: string, of: (contact: SellSide) => string | null])[] = [
  ['FIRSTNAME', (contact) => contact.first_name],
  ['LASTNAME', (contact) => contact.last_name],
  ['POSTCODE', (contact) => contact.address.postal_code],
  ['CUSTOMER_STATUS', (contact) => contact.customer_status],
  ['PROSPECT_STATUS', (contact) => contact.prospect_status],
];

interface SellSide {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly address: { readonly postal_code: string | null };
  readonly customer_status: string;
  readonly prospect_status: string;
}

/** Looks at every pair of records that are linked by the ids written into Dotdigital. */
export function compareSides({ sellSandbox, desks }: RunningSandbox): Agreement {
  const { state } = sellSandbox.world;
  const disagreements: Disagreement[] = [];
  let contactPairs = 0;
  let leadPairs = 0;
  for (const { id, fields, lists } of desks.marketing.everyContact()) {
    const contact = linked(fields, 'SELL_CONTACT_ID', (sellId) => state.contacts.get(sellId));
    if (contact !== undefined) {
      contactPairs += 1;
      for (const [field, of] of CONTACT_PAIRS) {
        const [sell, dotdigital] = [plain(of(contact)), plain(fields[field])];
        if (sell !== dotdigital) disagreements.push({ sellId: contact.id, dotdigitalId: id, field, sell, dotdigital });
      }
    }
    const lead = linked(fields, 'SELL_LEAD_ID', (sellId) => state.leads.get(sellId));
    if (lead !== undefined) {
      leadPairs += 1;
      const status = state.leadStatuses.get(lead.status_id)?.name ?? '';
      const list = `Zendesk Sell - Leads: ${status}`;
      if (!lists.includes(list)) {
        disagreements.push({
          sellId: lead.id,
          dotdigitalId: id,
          field: 'status',
          sell: status,
          dotdigital: lists.join(', '),
        });
      }
    }
  }
  return { contactPairs, leadPairs, disagreements };
}

function linked<T>(fields: Fields, name: string, find: (sellId: number) => T | undefined): T | undefined {
  const id = fields[name];
  return id === null || id === undefined || id === '' ? undefined : find(Number(id));
}
