// Which names a data field can have. Knows no account. (marketing API: data fields)

const DATA_FIELD_NAME_MAX_LENGTH = 20;

/** Names that the marketing service keeps for itself, in lower case. */
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

/** Why no data field of this name can be made, or null when one can. */
export function findNameFault(name: string): { readonly reserved: boolean; readonly why: string } | null {
  if (name === '') return { reserved: false, why: 'The name of the data field is missing.' };
  if (name.length > DATA_FIELD_NAME_MAX_LENGTH) {
    const why =
      `"${name}" has ${name.length} characters; ` +
      `the name of a data field has at most ${DATA_FIELD_NAME_MAX_LENGTH}.`;
    return { reserved: false, why };
  }
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    return { reserved: false, why: `"${name}" may hold only letters A to Z, digits, "_" and "-".` };
  }
  if (RESERVED.has(name.toLowerCase())) {
    return {
      reserved: true,
      why: `"${name}" is a name that the marketing system keeps for itself; choose another one.`,
    };
  }
  return null;
}
