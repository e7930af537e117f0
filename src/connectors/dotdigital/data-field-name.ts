// What Dotdigital accepts as the name of a data field. Never changes a name: it says what is wrong with it.

import {
  DATA_FIELD_NAME,
  DATA_FIELD_NAME_MAX_LENGTH,
  RESERVED_DATA_FIELDS,
} from '../../core/model/data-field-rules.ts';

/** Why `name` cannot be a data field, in plain words, or null when it can. */
export function problemWithDataFieldName(name: string): string | null {
  if (name === '') return 'a data field needs a name';
  if (name.length > DATA_FIELD_NAME_MAX_LENGTH) {
    return `"${name}" has ${name.length} characters; Dotdigital allows ${DATA_FIELD_NAME_MAX_LENGTH} in the name of a data field`;
  }
  if (!DATA_FIELD_NAME.test(name)) {
    return `"${name}" holds a character that Dotdigital does not allow in the name of a data field: use letters, digits, _ and -`;
  }
  if (RESERVED_DATA_FIELDS.has(name.toLowerCase()))
    return `"${name}" is a name that Dotdigital keeps for itself; choose another`;
  return null;
}
