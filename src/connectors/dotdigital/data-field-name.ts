// What Dotdigital accepts as the name of a data field. Never changes a name: it says what is wrong with it.

/** Longest name, in characters. (v2 data fields) */
const DATA_FIELD_NAME_LIMIT = 20;

/** Names the service keeps for itself, lower-case. */
const RESERVED: ReadonlySet<string> = new Set([
  'account',
  'campaign',
  'campaignid',
  'contact',
  'contact_api_id',
  'contactid',
  'email',
  'hcontactid',
  'hemail',
  'hemail256',
  'id',
  'messagecontent',
  'mobilenumberid',
  'notes',
  'unsubscribed',
  'uniquecontactid',
]);

/** Why `name` cannot be a data field, in plain words, or null when it can. */
export function problemWithDataFieldName(name: string): string | null {
  if (name === '') return 'a data field needs a name';
  if (name.length > DATA_FIELD_NAME_LIMIT) {
    return `"${name}" has ${name.length} characters; Dotdigital allows ${DATA_FIELD_NAME_LIMIT} in the name of a data field`;
  }
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    return `"${name}" holds a character that Dotdigital does not allow in the name of a data field: use letters, digits, _ and -`;
  }
  if (RESERVED.has(name.toLowerCase())) return `"${name}" is a name that Dotdigital keeps for itself; choose another`;
  return null;
}
