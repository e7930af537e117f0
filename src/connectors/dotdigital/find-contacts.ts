// Which contacts have some addresses, and which of some are still there: ids only, by whichever way is cheaper. Never guesses: whom
// nothing shows is left out.
import { ConnectorError } from '../error.ts';
import { encoded } from '../http/exchange.ts';
import type { AccountCalls } from './account-calls.ts';
import { askContact } from './ask-contact.ts';
import { addressKey } from './import-rows.ts';
import { markedPages } from './marked-pages.ts';
import { isGone } from './read-contact.ts';
import { anyCase, asObject, asText, contactIdentity, idText, lowerKeys } from './wire.ts';

/** Addresses up to which one call for each costs less than a list. */
const SINGLES = 20;
/** Contacts a page of the list. (contacts service) */
const PAGE = 5000;

/** Ids by `addressKey`. Two calls at most for each address that the list does not have. */
export async function findContacts(
  calls: AccountCalls,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const open = new Map(addresses.map((address) => [addressKey(address), address]));
  const keep = (key: string, id: string): void => {
    found.set(key, id);
    open.delete(key);
  };
  if (open.size > SINGLES) {
    for await (const contact of listed(calls)) {
      const email = asText(anyCase(asObject(contact['identifiers']), 'email'));
      if (email !== null && open.has(addressKey(email))) keep(addressKey(email), contact.contactId);
      if (open.size === 0) break;
    }
  }
  for (const [key, address] of [...open]) {
    const id = await findOne(calls, address);
    if (id !== null) keep(key, id);
  }
  return found;
}

/** Those of some contacts that are shown. */
export async function stillThere(calls: AccountCalls, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  if (ids.length > SINGLES) {
    const asked = new Set(ids);
    for await (const { contactId } of listed(calls)) if (asked.has(contactId)) there.add(contactId);
    return there;
  }
  for (const id of ids) {
    const contact = contactIdentity.safeParse(await askContact(calls, { id }, {})).data;
    if (contact !== undefined && !isGone(asText(contact['status']))) there.add(id);
  }
  return there;
}

/** Every contact that is shown and not in the recycle bin. */
async function* listed(calls: AccountCalls) {
  for await (const items of markedPages(calls, { path: '/contacts/v3', scope: 'contacts-list' }, {}, PAGE)) {
    for (const item of items) {
      const contact = contactIdentity.safeParse(item).data;
      if (contact !== undefined && !isGone(asText(contact['status']))) yield contact;
    }
  }
}

/** The v2 call knows contacts by their address whom an account hides from the v3 ones because they left. */
async function findOne(calls: AccountCalls, email: string): Promise<string | null> {
  const contact = contactIdentity.safeParse(await askContact(calls, { email }, {})).data;
  if (contact !== undefined) return isGone(asText(contact['status'])) ? null : contact.contactId;
  try {
    return await calls.send({
      method: 'GET',
      path: `/v2/contacts/${encoded(email)}`,
      name: '/v2/contacts/…',
      scope: 'contact-read-v2',
      read: (reply) => {
        const answer = asObject(lowerKeys(reply.json()));
        const same = addressKey(asText(answer?.['email']) ?? '') === addressKey(email);
        const gone = isGone(asText(answer?.['status']));
        return same && !gone ? idText.parse(answer?.['id']) : null;
      },
    });
  } catch (error) {
    if (error instanceof ConnectorError && ['not-found', 'rejected', 'forbidden'].includes(error.kind)) return null;
    throw error;
  }
}
