// The rules speak of the CRM and of marketing; people know the two products by name. Changes words, never meaning.
export const SYSTEM_NAMES = { crm: 'Sell', marketing: 'Dotdigital' } as const;

/** `The CRM value changed` → `The Sell value changed`. For our own sentences only, never for values of records. */
export function inProductNames(text: string): string {
  return text
    .replace(/\b[Tt]he CRM\b(?= (?:value|address|record|contact))/g, (found) => `${found.slice(0, 3)} Sell`)
    .replace(/\b[Tt]he CRM\b/g, 'Sell')
    .replace(/\b[Tt]he marketing system\b/g, 'Dotdigital')
    .replace(/\bCRM\b/g, 'Sell')
    .replace(/\bmarketing\b/g, 'Dotdigital')
    .replace(/^Marketing\b/g, 'Dotdigital');
}
