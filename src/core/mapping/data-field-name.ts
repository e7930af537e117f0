// Which names a data field can have. Knows no account. (marketing API: data fields)

import { DATA_FIELD_NAME, DATA_FIELD_NAME_MAX_LENGTH, RESERVED_DATA_FIELDS } from '../model/data-field-rules.ts';

/** Why no data field of this name can be made, or null when one can. */
export function findNameFault(name: string): { readonly reserved: boolean; readonly why: string } | null {
  if (name === '') return { reserved: false, why: 'The name of the data field is missing.' };
  if (name.length > DATA_FIELD_NAME_MAX_LENGTH) {
    const why =
      `"${name}" has ${name.length} characters; ` +
      `the name of a data field has at most ${DATA_FIELD_NAME_MAX_LENGTH}.`;
    return { reserved: false, why };
  }
  if (!DATA_FIELD_NAME.test(name)) {
    return { reserved: false, why: `"${name}" may hold only letters A to Z, digits, "_" and "-".` };
  }
  if (RESERVED_DATA_FIELDS.has(name.toLowerCase())) {
    return {
      reserved: true,
      why: `"${name}" is a name that the marketing system keeps for itself; choose another one.`,
    };
  }
  return null;
}
