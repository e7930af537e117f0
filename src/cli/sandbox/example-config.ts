// A ready-made lockstep.yaml for two sandbox accounts, used by the sandbox command and by the demo. Never holds a real credential.
import { stringify } from 'yaml';

export interface SandboxAccess {
  readonly sell: { readonly url: string; readonly accessToken: string };
  readonly dotdigital: { readonly url: string; readonly user: string; readonly password: string };
}

export interface ExampleOptions {
  readonly access: SandboxAccess;
  /** SQLite URL or PostgreSQL URL. */
  readonly database: string;
  readonly name: string;
  /** Port of the dashboard, or 0 for any. */
  readonly port?: number;
}

/** Configuration text with everything on: contacts, leads, consent both ways, products, and a few custom fields of each type. */
export function exampleConfig({ access, database, name, port }: ExampleOptions): string {
  const consent = { tags: { optIn: ['newsletter'], optOut: ['unsubscribed'] }, default: 'none' };
  return stringify(
    {
      version: 1,
      database,
      // Both accounts are on this machine, and so are those that somebody tries in the dashboard.
      server: { privateAddresses: true, ...(port === undefined ? {} : { host: '127.0.0.1', port }) },
      connections: [
        {
          name,
          profile: 'classic',
          sell: { url: access.sell.url, accessToken: access.sell.accessToken },
          dotdigital: {
            url: access.dotdigital.url,
            user: access.dotdigital.user,
            password: access.dotdigital.password,
          },
          contacts: {
            enabled: true,
            direction: 'bi-directional',
            multipleMatch: 'email-and-names',
            fields: [
              { sell: 'first_name', dotdigital: 'FIRSTNAME' },
              { sell: 'last_name', dotdigital: 'LASTNAME' },
              { sell: 'address.postal_code', dotdigital: 'POSTCODE' },
              { sell: 'address.city', dotdigital: 'CITY', blank: 'ignore' },
              { sell: 'customer_status', dotdigital: 'CUSTOMER_STATUS' },
              { sell: 'prospect_status', dotdigital: 'PROSPECT_STATUS' },
              { sell: 'custom_fields.Tier', dotdigital: 'TIER', direction: 'sell-to-dotdigital' },
              { sell: 'custom_fields.Score', dotdigital: 'SCORE', direction: 'sell-to-dotdigital' },
              { sell: 'custom_fields.VIP', dotdigital: 'IS_VIP' },
              { sell: 'custom_fields.Renewal date', dotdigital: 'RENEWAL_DATE' },
            ],
            alignment: { mode: 'both', winner: 'sell' },
          },
          leads: {
            enabled: true,
            direction: 'bi-directional',
            multipleMatch: 'email-and-names',
            enforceSingleList: true,
            alignment: { mode: 'both', winner: 'sell' },
          },
          consent: { enabled: true, direction: 'bi-directional', contacts: consent, leads: consent },
          products: { enabled: true, currency: 'GBP' },
        },
      ],
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
