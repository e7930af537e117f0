// Where contacts and leads lie in the Core API.
import type { Role } from '../../core/model/identity.ts';

export function pathOf(role: Role, id?: string): string {
  const base = role === 'contact' ? '/v2/contacts' : '/v2/leads';
  return id === undefined ? base : `${base}/${encodeURIComponent(id)}`;
}
