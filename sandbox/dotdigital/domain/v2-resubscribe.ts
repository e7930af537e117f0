// The v2 resubscribe calls: for the whole account or through one list, with or without a mail that asks.

import { type ContactRow, isLive } from '../model/contact-row.ts';
import { isBounce, isLocked, isOut } from '../model/statuses.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import type { ListRow } from '../state/list-registry.ts';
import { refuseV2 } from '../wire/refusal.ts';
import { writeV2Contact } from '../wire/v2-contact.ts';
import { applyFields } from './apply-write.ts';
import { checkAddress } from './checked-write.ts';
import { joinList } from './memberships.ts';
import { undeleteContact } from './recycle-bin.ts';
import { challenge, mustChallenge, resubscribe } from './subscription.ts';
import { createContact } from './upsert-contact.ts';
import { readV2Contact } from './v2-contact-write.ts';
import { isObject } from './write-shape.ts';

type Outcome = 'ContactAdded' | 'ContactChallenged' | 'ContactCannotBeUnsuppressed';

function decide(account: DotdigitalAccount, row: ContactRow, direct: boolean): Outcome {
  const { emailStatus } = row;
  if (isLocked(emailStatus) || checkAddress(account, row.email ?? '')) return 'ContactCannotBeUnsuppressed';
  if (isBounce(emailStatus) && !account.switches.bouncedResubscribable) return 'ContactCannotBeUnsuppressed';
  if (!isOut(emailStatus) || emailStatus === 'suppressed') return 'ContactAdded';
  return mustChallenge(account, direct) ? 'ContactChallenged' : 'ContactAdded';
}

/**
 * Resubscribes an address, on a list when one is given. Throws the refusal for a bad body or an unknown address.
 * @param direct without asking the recipient, as far as the account allows it
 */
export function resubscribeV2(
  account: DotdigitalAccount,
  body: Readonly<Record<string, unknown>>,
  direct: boolean,
  list: ListRow | undefined,
): object {
  const sent = body['unsubscribedContact'];
  if (!isObject(sent)) throw refuseV2(400, 'ERROR_CONTACT_RESUBSCRIPTION_INVALID');
  const now = account.clock.now();
  const contact = Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
  const write = readV2Contact(account, contact, now);
  const row = findOrRevive(account, write.identifiers['email'] ?? '', write, now);
  const locale = body['preferredLocale'];
  const outcome = decide(account, row, direct);
  if (outcome === 'ContactChallenged') {
    challenge(account, row, now, typeof locale === 'string' ? locale : undefined, list?.id);
  } else if (outcome === 'ContactAdded') {
    const wasOut = isOut(row.emailStatus);
    if (wasOut) resubscribe(account, row, now);
    if (applyFields(row, write, 'overwrite') && !wasOut) account.contacts.touch(row, now);
    if (list) rejoin(account, row, list, now);
  }
  return { contact: writeV2Contact(account, row, false), status: outcome };
}

function findOrRevive(
  account: DotdigitalAccount,
  email: string,
  write: ReturnType<typeof readV2Contact>,
  now: number,
): ContactRow {
  const known = account.contacts.byEmail(email);
  if (isLive(known)) return known;
  if (known && account.switches.recreateAfterDelete === 'undelete') {
    undeleteContact(account, known, now);
    return known;
  }
  const isSuppressed = known !== undefined || account.suppressedAddresses.has(email.toLowerCase());
  if (!isSuppressed) throw refuseV2(404, 'ERROR_CONTACT_NOT_FOUND');
  const result = createContact(account, write, 'single', now);
  if (result.kind === 'refused') throw refuseV2(400, 'ERROR_CONTACT_RESUBSCRIPTION_INVALID');
  return result.row;
}

/** Being resubscribed through a list lifts the list-level opt-out, whatever the switches say about v3. */
function rejoin(account: DotdigitalAccount, row: ContactRow, list: ListRow, now: number): void {
  const membership = row.memberships.find(({ listId }) => listId === list.id);
  if (!membership) {
    joinList(account, row, list, now);
  } else if (membership.suppressedAt > 0) {
    membership.suppressedAt = 0;
    list.version += 1;
    list.changedAt = now;
  }
}
