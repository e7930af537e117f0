// What the checks of a connection need to know of its configuration: names people know, places of credentials, what is switched on.
import type { ConnectionConfig } from './config.ts';
import { SYSTEM_NAMES } from './product-names.ts';

export function checkContext({ contacts, leads, consent, products, sell }: ConnectionConfig) {
  return {
    names: SYSTEM_NAMES,
    credentials: {
      crm: sell.credentials.type === 'token' ? 'sell.accessToken' : 'sell.oauth',
      marketing: 'dotdigital.user and dotdigital.password',
    },
    productsEnabled: products.enabled,
    writesCrm: [contacts, leads, consent].some(
      ({ enabled, direction }) => enabled && direction !== 'sell-to-dotdigital',
    ),
  };
}
