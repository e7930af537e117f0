// Which fields of the two accounts seem to mean the same, judged by name and type. A proposal for a person; maps nothing by itself.
import type { CrmField, CrmRoleSchema, MarketingField, MarketingSchema } from '../model/schema.ts';
import { compareText } from '../normalize/text.ts';
import { findNameFault } from './data-field-name.ts';
import { editDistance } from './did-you-mean.ts';
import { NEW_FIELD_TYPE, TYPE_PAIRS } from './type-pairs.table.ts';

export interface SuggestedField {
  /** Path of the CRM field. */
  readonly crm: string;
  /** Name of the data field. */
  readonly marketing: string;
  /** The data field is not there yet. */
  readonly isNew: boolean;
  /** 0 to 1; 1 = the same name. */
  readonly likeness: number;
  readonly why: string;
}

/** Words that people use for one thing. The first of each line stands for all. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['first', 'given', 'fore'],
  ['last', 'sur', 'family'],
  ['postcode', 'postalcode', 'zip', 'zipcode', 'postal'],
  ['organisation', 'organization', 'company', 'business', 'employer'],
  ['phone', 'telephone', 'tel'],
  ['mobile', 'cell', 'cellphone', 'mobilephone'],
  ['title', 'jobtitle', 'position', 'job'],
  ['website', 'url', 'web', 'homepage'],
  ['city', 'town'],
  ['state', 'county', 'region', 'province'],
  ['street', 'line1', 'address1', 'addressline1'],
  ['birthday', 'birthdate', 'dob', 'dateofbirth'],
  ['sex', 'gender'],
];
const STANDS_FOR = new Map(
  SYNONYMS.flatMap((words) => words.map((word): readonly [string, string] => [word, words[0] ?? word])),
);
/** Say nothing about what a field means. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(['name', 'field', 'custom', 'fields', 'value', 'address']);
/** Below this two names have nothing to do with each other. */
const LEAST = 0.7;

/** Best first; each CRM field and each data field once. Fields without a likely partner get a data field of their own name. */
export function suggestFields(crm: CrmRoleSchema, marketing: MarketingSchema): readonly SuggestedField[] {
  const pairs = crm.fields
    .filter(mappable)
    .flatMap((field) => marketing.fields.flatMap((other) => likely(field, other)))
    .sort((a, b) => b.likeness - a.likeness || compareText(a.crm, b.crm));
  const taken = new Set<string>();
  const chosen: SuggestedField[] = [];
  for (const pair of pairs) {
    if (taken.has(`crm ${pair.crm}`) || taken.has(`marketing ${pair.marketing}`)) continue;
    taken.add(`crm ${pair.crm}`).add(`marketing ${pair.marketing}`);
    chosen.push(pair);
  }
  const known = new Set(marketing.fields.map(({ name }) => name));
  for (const field of crm.fields.filter(mappable)) {
    if (taken.has(`crm ${field.path}`)) continue;
    const name = newName(field.path);
    if (name === null || known.has(name)) continue;
    known.add(name);
    const why = `There is no data field like it: one of type ${NEW_FIELD_TYPE[field.type]} would be made.`;
    chosen.push({ crm: field.path, marketing: name, isNew: true, likeness: 0, why });
  }
  return chosen;
}

/** The address is mapped by itself, lists carry a lead's status, and ids have their own fields. */
function mappable({ path, type }: CrmField): boolean {
  return type !== 'id' && path !== 'email' && path !== 'status' && path !== 'tags';
}

function likely(field: CrmField, other: MarketingField): readonly SuggestedField[] {
  if (TYPE_PAIRS[field.type][other.type] === null) return [];
  const [ours, theirs] = [wordsOf(field.path), wordsOf(other.name)];
  const likeness = likenessOf(ours, theirs);
  if (likeness < LEAST) return [];
  const why = likeness === 1 ? 'They have the same name.' : 'Their names are alike.';
  return [{ crm: field.path, marketing: other.name, isNew: false, likeness, why }];
}

interface Words {
  /** Everything, without spaces and signs. */
  readonly whole: string;
  /** Without what says nothing, in one spelling for each meaning. */
  readonly telling: string;
}

function wordsOf(name: string): Words {
  const parts = ownName(name)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9\u00c0-\uffff]/);
  const whole = parts.join('');
  // FIRSTNAME and first_name are one thing.
  const words = parts
    .map((part) => part.replace(/(?<=.)name$/, ''))
    .filter((part) => part !== '' && !EMPTY_WORDS.has(part));
  return { whole, telling: words.length === 0 ? whole : meaningOf(words) };
}

/** Several words may have one of their own together: a postal code, a job title. */
function meaningOf(words: readonly string[]): string {
  const each = [...new Set(words.map((word) => STANDS_FOR.get(word) ?? word))];
  const joined = each.join('');
  return STANDS_FOR.get(words.join('')) ?? STANDS_FOR.get(joined) ?? joined;
}

/** Without the place that all custom fields share. */
function ownName(path: string): string {
  return path.replace(/^custom_fields\./, '');
}

function likenessOf(a: Words, b: Words): number {
  // Nothing but signs.
  if (a.whole === '') return 0;
  if (a.whole === b.whole) return 1;
  if (a.telling === b.telling) return 0.95;
  const longest = Math.max(a.telling.length, b.telling.length);
  return Math.min(0.9, 1 - editDistance(a.telling, b.telling) / longest);
}

/** A name the marketing system accepts; null when none can be made of this path. */
function newName(path: string): string | null {
  const name = ownName(path)
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')
    .toUpperCase()
    .slice(0, 20);
  return findNameFault(name) === null ? name : null;
}
