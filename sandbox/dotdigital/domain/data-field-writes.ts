// Creating and deleting data fields. Values of contacts are left where they are; they can no longer be reached.

import type { FieldValue } from '../model/contact-row.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import {
  DATA_FIELD_TYPES,
  type DataField,
  isFieldName,
  isReservedName,
  LAST_SUBSCRIBED,
  type Visibility,
} from '../state/data-field-registry.ts';
import { refuseV2 } from '../wire/refusal.ts';
import { readFieldValue } from './field-values.ts';

/** Highest number of data fields of one type. */
const LIMITS = { String: 246, Numeric: 50, Date: 49, Boolean: 50 } as const;

/** `Private` when not given. Throws the refusal on anything but `Private` and `Public`, in any case. */
export function readVisibility(input: unknown, code: string): Visibility {
  if (input === undefined || input === null) return 'Private';
  const found = typeof input === 'string' && (['Private', 'Public'] as const).find((v) => same(v, input));
  if (found) return found;
  throw refuseV2(400, code, 'Visibility is not valid.');
}

const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

/** Creates a data field. Throws the refusal the service would give. */
export function createDataField(account: DotdigitalAccount, body: Readonly<Record<string, unknown>>): DataField {
  const invalid = (text: string): Error => refuseV2(400, 'ERROR_DATAFIELD_INVALID', text);
  const { name } = body;
  const sentType = body['type'] ?? 'String';
  if (typeof name !== 'string' || !isFieldName(name)) {
    throw invalid('Name must have 1 to 20 characters out of A-Z, a-z, 0-9, - and _.');
  }
  if (isReservedName(name)) throw invalid(`The name '${name}' is reserved.`);
  const type = typeof sentType === 'string' ? DATA_FIELD_TYPES.find((known) => same(known, sentType)) : undefined;
  if (!type) throw invalid('Type is not valid.');
  const visibility = readVisibility(body['visibility'], 'ERROR_DATAFIELD_INVALID');
  if (account.fields.find(name)) throw refuseV2(400, 'ERROR_NON_UNIQUE_DATAFIELD');
  if (account.fields.all().filter((field) => field.type === type).length >= LIMITS[type]) {
    throw refuseV2(400, 'ERROR_DATAFIELD_LIMITEXCEEDED');
  }
  const stored = account.switches.createdFieldCase === 'upper' ? name.toUpperCase() : name;
  const draft: DataField = { name: stored, storageKey: '', type, visibility, defaultValue: null, builtIn: false };
  return account.fields.add(stored, type, visibility, readDefault(account, draft, body['defaultValue']));
}

function readDefault(account: DotdigitalAccount, field: DataField, input: unknown): FieldValue {
  if (input === undefined || input === null || input === '') {
    if (field.type === 'Numeric' && account.switches.numericDefaultRequired) {
      throw refuseV2(400, 'ERROR_DATAFIELD_INVALID', 'A numeric data field needs a default value.');
    }
    return null;
  }
  const { value, problem } = readFieldValue(field, input, account.switches);
  if (problem === undefined) return value;
  throw refuseV2(400, 'ERROR_DATAFIELD_INVALID', 'Default value is not valid.');
}

/** Deletes a data field. Throws the refusal for one that is unknown or part of the product. */
export function deleteDataField(account: DotdigitalAccount, name: string): void {
  const field = account.fields.find(name);
  if (!field) throw refuseV2(404, 'ERROR_DATAFIELD_NOTFOUND');
  if (field.builtIn) throw refuseV2(400, 'ERROR_DATAFIELD_INVALID', 'This data field cannot be deleted.');
  account.fields.remove(field);
}

/** What `GET /v2/data-fields` lists. */
export function listedFields(account: DotdigitalAccount): readonly DataField[] {
  const fields = account.fields.all();
  return account.switches.lastSubscribedListed ? [...fields, LAST_SUBSCRIBED] : fields;
}
