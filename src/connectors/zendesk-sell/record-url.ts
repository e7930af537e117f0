// Where people see a record in Sell's own screen. Seen in public code, not documented by the vendor.
import type { Role } from '../../core/model/identity.ts';

const SERVICE = 'api.getbase.com';
const SCREEN = 'https://app.futuresimple.com';
const PLACE: { readonly [R in Role]: string } = { contact: 'crm/contacts', lead: 'leads' };

/** @param url of the API; null for any other than the service's own: a simulation has no screen */
export function recordUrl(url: string, role: Role, id: string): string | null {
  return URL.parse(url)?.hostname === SERVICE ? `${SCREEN}/${PLACE[role]}/${encodeURIComponent(id)}` : null;
}
