// Turns observations into rows of the mirror: adds the comparable form of the address. Decides nothing.
import type { CrmRecord, MarketingRecord } from '../core/model/record.ts';
import { emailKey } from '../core/normalize/email.ts';
import type { CrmItem } from '../store/crm-records.ts';
import type { MarketingItem } from '../store/marketing-records.ts';

/** The normal form of an address, or null when it is blank or cannot be mailed. (4.1) */
export function addressKey(email: string | null): string | null {
  const reading = emailKey(email);
  return reading.type === 'ok' ? reading.key : null;
}

export function crmItem(record: CrmRecord): CrmItem {
  return { record, emailKey: addressKey(record.email) };
}

export function marketingItem(record: MarketingRecord): MarketingItem {
  return { record, emailKey: addressKey(record.email) };
}
