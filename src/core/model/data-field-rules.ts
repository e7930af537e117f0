// What the marketing service takes as the name of a data field: facts for the mapping and the connector alike. Judges no name.

/** Longest name, in characters. (marketing API: data fields) */
export const DATA_FIELD_NAME_MAX_LENGTH = 20;

/** Characters a name is made of. */
export const DATA_FIELD_NAME = /^[A-Za-z0-9_-]+$/;

/** Names that the marketing service keeps for itself, in lower case. */
export const RESERVED_DATA_FIELDS: ReadonlySet<string> = new Set([
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
