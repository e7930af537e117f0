// The mapping that applies where `fields` is left out. (decision 11)
import type { Role } from '../core/model/identity.ts';
import type { FieldConfig } from './config-schema.ts';

export const DEFAULT_FIELDS: { readonly [R in Role]: readonly FieldConfig[] } = {
  contact: [
    { sell: 'first_name', dotdigital: 'FIRSTNAME' },
    { sell: 'last_name', dotdigital: 'LASTNAME' },
    { sell: 'address.postal_code', dotdigital: 'POSTCODE' },
    { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS' },
    { sell: 'prospect_status', dotdigital: 'PROSPECT_STATUS' },
  ],
  lead: [
    { sell: 'first_name', dotdigital: 'FIRSTNAME' },
    { sell: 'last_name', dotdigital: 'LASTNAME' },
    { sell: 'address.postal_code', dotdigital: 'POSTCODE' },
    { sell: 'organization_name', dotdigital: 'ORGANISATION' },
  ],
};
