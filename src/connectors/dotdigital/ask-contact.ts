// One contact, asked for by its id or its address. Never puts an address into an error.
import { ConnectorError } from '../error.ts';
import { encoded } from '../http/exchange.ts';
import type { AccountCalls } from './account-calls.ts';
import { addressKey } from './import-rows.ts';
import { anyCase, asObject, asText, contactIdentity } from './wire.ts';

/** A contact as it came, with a readable id. */
export type ContactAnswer = { readonly [key: string]: unknown };

/** A value that cannot be an address belongs to nobody: the service says so with a 400. */
export async function askContact(
  calls: AccountCalls,
  by: { readonly id: string } | { readonly email: string },
  query: { readonly [name: string]: string },
): Promise<ContactAnswer | 'missing'> {
  const [identifier, value] = 'id' in by ? ['contactId', by.id] : ['email', by.email.trim()];
  if (value === '') return 'missing';
  try {
    return await calls.send({
      method: 'GET',
      path: `/contacts/v3/${identifier}/${encoded(value)}`,
      name: `/contacts/v3/${identifier}/…`,
      scope: 'contact-read',
      query,
      read: (reply) => {
        const answer = asObject(reply.json());
        const identity = contactIdentity.safeParse(answer);
        if (answer === null || !identity.success) throw new Error('no contact with a readable contactId');
        if (!isAsked(identity.data, by)) throw new Error('another contact than the one asked for');
        return answer;
      },
    });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    if (error.kind === 'not-found') return 'missing';
    if (error.status === 400 && /invalidId$/i.test(error.code ?? '')) return 'missing';
    throw error;
  }
}

/** An answer that names no address cannot be held against it. */
function isAsked(
  { contactId, ...rest }: { readonly contactId: string; readonly [key: string]: unknown },
  by: { readonly id: string } | { readonly email: string },
): boolean {
  if ('id' in by) return contactId === by.id;
  const email = asText(anyCase(asObject(rest['identifiers']), 'email'));
  return email === null || addressKey(email) === addressKey(by.email);
}
