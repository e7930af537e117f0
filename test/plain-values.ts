// Values of both services in words that are the same when people would call the values equal. Shares nothing with Lockstep's own reading.

export type Kind = 'text' | 'status' | 'number' | 'boolean' | 'date' | 'set';

/** A value in words that are the same on both sides when the values are. */
export function plain(kind: Kind, value: unknown): string {
  if (value === undefined || value === null || value === '') return kind === 'status' ? 'none' : '';
  switch (kind) {
    case 'text':
      return named(value).normalize('NFC').trim();
    case 'status': {
      const word = String(value).trim().toLowerCase();
      return ['current', 'past', 'lost'].includes(word) ? word : 'none';
    }
    case 'number':
      // What the service shows where nobody gave a value is nobody's value.
      return Number(value) === 0 ? '' : String(Number(value));
    case 'boolean':
      return ['true', 'yes', '1'].includes(String(value).toLowerCase()) ? 'yes' : 'no';
    case 'date': {
      const us = /^(\d+)\/(\d+)\/(\d+)$/.exec(String(value));
      if (us !== null) return `${us[3] ?? ''}-${(us[1] ?? '').padStart(2, '0')}-${(us[2] ?? '').padStart(2, '0')}`;
      return new Date(value as string | number).toISOString().slice(0, 10);
    }
    case 'set': {
      const items = Array.isArray(value) ? value.map(named) : String(value).split(';');
      return [...new Set(items.map((item) => item.normalize('NFC').trim()).filter((item) => item !== ''))]
        .sort()
        .join('|');
    }
    default:
      return kind satisfies never;
  }
}

function named(value: unknown): string {
  return typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : String(value);
}

/** An address as people compare it: outer space, case and the two spellings of a domain do not count. */
export function fold(email: string | null): string | null {
  if (email === null || email.trim() === '') return null;
  const text = email.normalize('NFC').trim().toLowerCase();
  const at = text.lastIndexOf('@');
  if (at < 1 || !URL.canParse(`http://${text.slice(at + 1)}`)) return text;
  return `${text.slice(0, at)}@${new URL(`http://${text.slice(at + 1)}`).hostname}`;
}
