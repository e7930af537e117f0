// E-mail addresses as people and web forms leave them. Never outside the domains reserved for examples (RFC 2606, RFC 6761).
import { domainToASCII } from 'node:url';
import type { Random } from '../random.ts';
import { createDeck, type Weights } from './deck.ts';
import type { Trait } from './person.ts';

const DOMAINS: readonly string[] = [
  'example.com',
  'example.org',
  'example.net',
  'mail.example',
  'post.example',
  'inbox.example',
  'familie-post.example',
  'web.example',
];
const IDN_DOMAINS: readonly string[] = [
  'münchner-gärten.example',
  'παράδειγμα.example',
  'пошта.example',
  '郵便.example',
  'łódź.example',
];
const ROLES: readonly string[] = ['info', 'sales', 'postmaster', 'abuse', 'admin', 'noreply', 'office'];

type Style = 'plain' | 'mixed-case' | 'plus' | 'idn';
const STYLES: Weights<Style> = { plain: 82, 'mixed-case': 8, plus: 6, idn: 4 };

export interface Mailbox {
  /** As it was typed. */
  readonly typed: string;
  /** Lower case with an ASCII domain, as a mail system keeps it. */
  readonly stored: string;
  readonly trait: Trait;
}

const titleCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Lower case, domain as an A-label. */
export function storedForm(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at).toLowerCase()}@${domainToASCII(address.slice(at + 1)).toLowerCase()}`;
}

/** Returns a function that gives a mailbox of its own to each number. */
export function createMailboxes(
  random: Random,
): (latin: { readonly first: string; readonly last: string }, number: number) => Mailbox {
  const drawStyle = createDeck(random.fork('styles'), STYLES);
  return ({ first, last }, number) => {
    const tail = String(number);
    const local = random.pick([
      `${first}.${last}${tail}`,
      `${first.charAt(0)}${last}${tail}`,
      `${last}_${first}.${tail}`,
      `${first}-${tail}`,
    ]);
    const domain = random.pick(DOMAINS);
    const style = drawStyle();
    switch (style) {
      case 'plain': {
        const typed = `${local}@${domain}`;
        return { typed, stored: typed, trait: 'plain-email' };
      }
      case 'mixed-case': {
        const typed = `${titleCase(first)}.${titleCase(last)}${tail}@${titleCase(domain)}`;
        return { typed, stored: storedForm(typed), trait: 'mixed-case-email' };
      }
      case 'plus': {
        const typed = `${local}+${random.pick(['news', 'shop', '2025'])}@${domain}`;
        return { typed, stored: storedForm(typed), trait: 'plus-email' };
      }
      case 'idn': {
        const typed = `${local}@${random.pick(IDN_DOMAINS)}`;
        return { typed, stored: storedForm(typed), trait: 'idn-email' };
      }
      default:
        return style satisfies never;
    }
  };
}

export type BadAddress = 'email-without-at' | 'email-with-space' | 'email-two-ats' | 'email-too-long';

/** An address no mail system takes. (C19) */
export function badAddress(kind: BadAddress, local: string, number: number): string {
  const tail = String(number);
  switch (kind) {
    case 'email-without-at':
      return `${local}${tail}.example.com`;
    case 'email-with-space':
      return `${local} ${tail}@mail.example`;
    case 'email-two-ats':
      return `${local}@${tail}@example.org`;
    case 'email-too-long':
      return `${local}${tail}@${'long-and-winding-name.'.repeat(11)}example`;
    default:
      return kind satisfies never;
  }
}

/** An address of an office rather than of a person. (C19) */
export function roleAddress(random: Random, number: number): string {
  return `${random.pick(ROLES)}@firma-${String(number)}.example`;
}
