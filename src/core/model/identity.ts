// Who and what: systems, roles and ids. Nothing here knows a vendor.

/** The two systems of a connection. `crm` holds contacts and leads, `marketing` holds mailable contacts. */
export type System = 'crm' | 'marketing';

/** What a person is to the CRM; also the role of a link. (4.1) */
export type Role = 'contact' | 'lead';

export const ROLES: readonly Role[] = ['contact', 'lead'];

/** Which targets an object, a field or an alignment may write to. (S2, S13) */
export type Direction = 'both' | 'to-marketing' | 'to-crm';

/** True when `direction` lets `target` be written. (decision 15: a muted side is never written) */
export function allowsWriteTo(direction: Direction, target: System): boolean {
  return direction === 'both' || direction === (target === 'crm' ? 'to-crm' : 'to-marketing');
}

/** The direction that both allow, or null when they allow nothing in common. */
export function narrowDirection(a: Direction, b: Direction): Direction | null {
  if (a === 'both') return b;
  if (b === 'both' || a === b) return a;
  return null;
}
