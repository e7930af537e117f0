// Consent records as sent with a contact. Never stores a badly formed one.

import { isIP } from 'node:net';
import type { ConsentRecord } from '../model/contact-row.ts';
import { parseDate } from '../wire/dates.ts';
import { isObject } from './write-shape.ts';

const MEMBERS = ['text', 'dateTimeConsented', 'url', 'ipAddress', 'userAgent'] as const;

/** The records, or undefined when one of them is not as documented. */
export function readConsentRecords(input: readonly unknown[], now: number): readonly ConsentRecord[] | undefined {
  const records: ConsentRecord[] = [];
  for (const entry of input) {
    if (!isObject(entry) || Object.keys(entry).some((name) => !MEMBERS.includes(name as never))) return undefined;
    const { text, dateTimeConsented, url, ipAddress, userAgent } = entry as Partial<
      Record<(typeof MEMBERS)[number], unknown>
    >;
    const consented =
      typeof dateTimeConsented === 'string' && dateTimeConsented.includes('T')
        ? parseDate(dateTimeConsented)
        : undefined;
    if (
      typeof text !== 'string' ||
      text === '' ||
      consented === undefined ||
      typeof url !== 'string' ||
      !URL.canParse(url) ||
      typeof ipAddress !== 'string' ||
      isIP(ipAddress) === 0 ||
      typeof userAgent !== 'string' ||
      userAgent === ''
    ) {
      return undefined;
    }
    records.push({ text, dateTimeConsented: consented, url, ipAddress, userAgent, dateTimeCreated: now });
  }
  return records;
}
