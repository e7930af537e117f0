// Watches who says no on either side, and says in the end who may be mailed all the same. Looks behind the two services alone.
import { OUT } from '../integration/agreement.ts';
import type { BusyAccounts } from '../integration/busy-accounts.ts';
import { TAGS } from '../integration/consent-people.ts';

export interface OptOutWitness {
  /** Notes who says no now; to be called right after people did something, before anybody else could. */
  look(): void;
  /**
   * In words; empty = everybody who ever said no is left alone, and both sides know it.
   * @param asked ids of Dotdigital contacts of whom a person is asked what Sell's word means (O3, O4)
   */
  wrongs(asked: ReadonlySet<string>): readonly string[];
  /** People who said no so far. */
  readonly count: number;
}

/** @param world with consent in both directions, and opt-outs that nobody takes back */
export function createOptOutWitness({ sell, dotdigital }: BusyAccounts): OptOutWitness {
  const inSell = new Set<number>();
  const inDotdigital = new Set<number>();
  // Tags that say both mean no. (P3)
  const saysNo = (tags: readonly string[]): boolean => tags.some((tag) => TAGS.optOut.includes(tag.toLowerCase()));
  return {
    get count() {
      return inSell.size + inDotdigital.size;
    },
    look() {
      for (const { id, tags, is_organization: isOrganisation } of sell.world.state.contacts.values())
        if (!isOrganisation && saysNo(tags)) inSell.add(id);
      for (const { contactId, emailStatus } of dotdigital.world.contacts())
        if (OUT.has(emailStatus)) inDotdigital.add(contactId);
    },
    wrongs(asked) {
      const wrong: string[] = [];
      const { contacts } = sell.world.state;
      const refused = new Set([...inSell].flatMap((id) => contacts.get(id)?.email?.trim().toLowerCase() ?? []));
      for (const { contactId, email, emailStatus, fields } of dotdigital.world.contacts()) {
        const sellId = Number(fields['SELL_CONTACT_ID'] ?? 0);
        const who = `${email ?? '?'} (Dotdigital ${contactId}, Sell ${sellId})`;
        if (emailStatus === 'subscribed') {
          if (inDotdigital.has(contactId)) wrong.push(`${who} opted out in Dotdigital and is subscribed`);
          if (inSell.has(sellId) || refused.has(email?.toLowerCase() ?? ''))
            wrong.push(`${who} opted out in Sell and is subscribed`);
        }
        const record = contacts.get(sellId);
        if (record === undefined || !OUT.has(emailStatus) || asked.has(String(contactId))) continue;
        if (!saysNo(record.tags)) wrong.push(`${who} is ${emailStatus}, and Sell does not know`);
      }
      return wrong;
    },
  };
}
