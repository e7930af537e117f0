// Identifiers of a contact: what counts as an address, a number, an id, and who holds one. Never changes a contact.

import { type ContactRow, isLive } from '../model/contact-row.ts';
import type { DotdigitalAccount } from '../state/account.ts';

/** Form of an identifier's name. */
export const IDENTIFIER_NAME = /^[-A-Za-z0-9_]{1,50}$/;
/** Longest identifier value, in characters. */
const MAX_IDENTIFIER_VALUE = 256;

const EMAIL = /^[^\s@,;:<>()[\]\\"]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;

/** True for something that can be an e-mail address. */
export function isEmail(text: string): boolean {
  return (
    text.length <= 254 && EMAIL.test(text) && !text.startsWith('.') && !text.includes('..') && !text.includes('.@')
  );
}

/** True for a mobile number in E.164 digits without `+`. */
function isMobileNumber(text: string): boolean {
  return /^[1-9]\d{6,14}$/.test(text);
}

/** True when the account knows an identifier of that name. */
export function isIdentifier(account: DotdigitalAccount, name: string): boolean {
  return name === 'contactId' || name === 'email' || name === 'mobileNumber' || account.customIdentifiers.has(name);
}

/** True when the value can be one of that identifier. */
export function isIdentifierValue(name: string, value: string): boolean {
  if (value.length === 0 || value.length > MAX_IDENTIFIER_VALUE) return false;
  switch (name) {
    case 'contactId':
      return /^\d{1,15}$/.test(value);
    case 'email':
      return isEmail(value);
    case 'mobileNumber':
      return isMobileNumber(value);
    default:
      return true;
  }
}

/** Whoever holds an identifier, in the recycle bin included. */
export function findHolder(account: DotdigitalAccount, name: string, value: string): ContactRow | undefined {
  switch (name) {
    case 'contactId':
      return account.contacts.byId(Number(value));
    case 'email':
      return account.contacts.byEmail(value);
    case 'mobileNumber':
      return account.contacts.byMobile(value);
    default:
      return account.contacts.byCustomId(name, value);
  }
}

/** The contact a read may find: not one in the recycle bin, unless those are shown. */
export function findReadable(account: DotdigitalAccount, name: string, value: string): ContactRow | undefined {
  const row = findHolder(account, name, value);
  return isLive(row) || account.switches.binnedShown ? row : undefined;
}

/** An address as it is stored. */
export function storedEmail(account: DotdigitalAccount, email: string): string {
  return account.switches.emailCase === 'lower' ? email.toLowerCase() : email;
}
