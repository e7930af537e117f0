// The normal form of an e-mail address, by which people are matched. Never guesses: dots and plus parts stay.
import { encodePunycode } from './punycode.ts';

/** What an address field holds. `why` finishes the sentence "The address …". */
export type EmailReading =
  | { readonly type: 'blank' }
  | { readonly type: 'invalid'; readonly why: string }
  | { readonly type: 'ok'; readonly key: string };

/** Longest address, in characters of its normal form. (C19) */
const EMAIL_MAX_LENGTH = 254;
const LOCAL_MAX_OCTETS = 64;
const LABEL_MAX_LENGTH = 63;

/**
 * Normal form of an address: trimmed, NFC, lower case throughout, internationalised domain in its ASCII (`xn--`) form.
 * Total and idempotent. Refuses what a mailing service surely refuses; unusual but legal addresses pass, but for
 * quoted local parts and address literals. (4.1, C18, C19)
 */
export function emailKey(raw: string | null): EmailReading {
  const text = raw === null ? '' : lower(raw.normalize('NFC').trim());
  if (text === '') return { type: 'blank' };
  // Longer than any spelling of a legal address: refused before anything is computed from it.
  if (text.length > 4 * EMAIL_MAX_LENGTH) return invalid(`is longer than ${EMAIL_MAX_LENGTH} characters`);
  const at = text.indexOf('@');
  if (at === -1) return invalid('has no @');
  if (text.startsWith('"')) return invalid('has quotation marks before the @');
  if (text.indexOf('@', at + 1) !== -1) return invalid('has more than one @');
  const local = text.slice(0, at);
  const localFault = findLocalFault(local);
  if (localFault !== null) return invalid(localFault);
  const domain = asciiDomain(text.slice(at + 1));
  if (typeof domain !== 'string') return invalid(domain.why);
  const key = `${local}@${domain}`;
  if (key.length > EMAIL_MAX_LENGTH) return invalid(`is longer than ${EMAIL_MAX_LENGTH} characters`);
  return { type: 'ok', key };
}

/** Whether both are one valid address in normal form. */
export function isSameAddress(one: string | null, other: string | null): boolean {
  const [a, b] = [emailKey(one), emailKey(other)];
  return a.type === 'ok' && b.type === 'ok' && a.key === b.key;
}

function invalid(why: string): EmailReading {
  return { type: 'invalid', why };
}

/** Lower-casing can take a text out of NFC. */
function lower(text: string): string {
  return text.toLowerCase().normalize('NFC');
}

// RFC 5322 atext and, after RFC 6531, any visible character beyond ASCII.
const LOCAL_CHARS = /^[a-z0-9!#$%&'*+/=?^_`{|}~.\-\u{80}-\u{10FFFF}]*$/u;
const INVISIBLE = /[\p{C}\p{Z}]/u;

function findLocalFault(local: string): string | null {
  if (local === '') return 'has nothing before the @';
  if (/\s/u.test(local)) return 'contains a space';
  if (!local.isWellFormed() || INVISIBLE.test(local)) return 'contains an invisible character';
  if (!LOCAL_CHARS.test(local)) return 'contains a character that is not allowed before the @';
  if (local.startsWith('.') || local.endsWith('.')) return 'has a dot at the start or right before the @';
  if (local.includes('..')) return 'has two dots in a row';
  if (octets(local) > LOCAL_MAX_OCTETS) return `has more than ${LOCAL_MAX_OCTETS} characters before the @`;
  return null;
}

/** Length in UTF-8, in which the limit of RFC 5321 section 4.5.3.1.1 is counted. */
function octets(text: string): number {
  let count = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return count;
}

function asciiDomain(raw: string): string | { readonly why: string } {
  // NFKC maps full-width letters and full stops as UTS 46 does; the ideographic full stop separates labels too.
  const domain = lower(raw.normalize('NFKC')).replaceAll('\u3002', '.');
  if (domain === '') return { why: 'has nothing after the @' };
  if (/\s/u.test(domain)) return { why: 'contains a space' };
  if (domain.startsWith('[')) return { why: 'names a computer by number instead of a domain' };
  if (domain.startsWith('.') || domain.endsWith('.')) return { why: 'has a dot right after the @ or at its end' };
  if (domain.includes('..')) return { why: 'has two dots in a row' };
  const labels = domain.split('.');
  if (labels.length < 2) return { why: 'has a domain without a dot' };
  const ascii: string[] = [];
  for (const label of labels) {
    const encoded = asciiLabel(label);
    if (typeof encoded !== 'string') return encoded;
    ascii.push(encoded);
  }
  const top = ascii.at(-1) ?? '';
  if (top.length < 2 || !/[a-z]/.test(top)) return { why: `ends in ".${top}", which is no top-level domain` };
  return ascii.join('.');
}

function asciiLabel(label: string): string | { readonly why: string } {
  if (/^[a-z0-9-]*$/.test(label)) return checkLabel(label);
  // Only letters, marks and digits make a label (IDNA 2008); everything else is refused by the registries.
  if (!/^[a-z0-9\-\p{L}\p{M}\p{N}]*$/u.test(label)) {
    return { why: 'has a domain with a character that is not allowed there' };
  }
  if (/^\p{M}/u.test(label)) return { why: 'has a domain part that begins with an accent alone' };
  if (label.startsWith('-') || label.endsWith('-')) return checkLabel(label);
  return checkLabel(`xn--${encodePunycode(label)}`);
}

function checkLabel(label: string): string | { readonly why: string } {
  if (label.startsWith('-') || label.endsWith('-')) {
    return { why: 'has a domain part that begins or ends with a hyphen' };
  }
  if (label.length > LABEL_MAX_LENGTH) return { why: `has a domain part longer than ${LABEL_MAX_LENGTH} characters` };
  return label;
}
