// The behaviours Dotdigital leaves undocumented, each as a switch with the value the sandbox takes when nobody chooses.
// Never reads a switch: the code that behaves one way or the other does.

import { z } from 'zod';

/** One switch: what it may be, what it is when nobody chooses, and what it means. */
export interface SwitchSpec<T> {
  readonly default: T;
  /** The values it may take, or the kind of number. */
  readonly allowed: readonly T[] | 'count' | 'milliseconds';
  readonly meaning: string;
}

const flag = (value: boolean, meaning: string): SwitchSpec<boolean> => ({
  default: value,
  allowed: [true, false],
  meaning,
});

const choice = <const T extends string | number>(
  value: NoInfer<T>,
  allowed: readonly T[],
  meaning: string,
): SwitchSpec<T> => ({ default: value, allowed, meaning });

const count = (value: number, meaning: string): SwitchSpec<number> => ({ default: value, allowed: 'count', meaning });

const milliseconds = (value: number, meaning: string): SwitchSpec<number> => ({
  default: value,
  allowed: 'milliseconds',
  meaning,
});

const DAY = 86_400_000;

/** Every switch of the Dotdigital sandbox; the table in the README is checked against this one. */
export const switchTable = {
  listChangeBumpsUpdated: flag(false, 'Joining or leaving a list moves the contact’s `updated`.'),
  unsubscribeBumpsUpdated: flag(true, 'An unsubscribe, complaint or bounce by the recipient moves `updated`.'),
  noopBumpsUpdated: flag(true, 'A write that changes nothing still moves `updated`.'),
  pageOrder: choice('contactId', ['contactId', 'updated', 'shuffled'], 'Order of the v3 contact list.'),
  suppressedShown: flag(true, 'Unsubscribed and suppressed contacts are in the v3 contact list.'),
  binnedShown: flag(false, 'Contacts in the recycle bin are in the v3 list and can be read one by one.'),
  listScanShowsSuppressed: flag(true, '`~listId` also returns members whose list status is `suppressed`.'),
  sinceInclusive: flag(true, 'The v2 `…-since/{date}` calls include the moment itself.'),
  maxPageSize: count(5000, 'Largest v3 contact page; a larger `limit` that is allowed is answered with fewer rows.'),

  lastPageNext: choice(
    'absent',
    ['absent', 'null', 'blank', 'itself'],
    'What `_links.next` of the last v3 contact page is: not there, null, an empty marker, or the marker of that page itself.',
  ),

  conflictCode: choice(
    'identifierConflict',
    ['identifierConflict', 'idAlreadyExists'],
    'Error code of the 409 when an identifier belongs to another contact.',
  ),
  recreateAfterDelete: choice(
    'undelete',
    ['undelete', 'new-contact'],
    'What creating an address does that is in the recycle bin.',
  ),
  emailChangeStatus: choice(
    'follows-contact',
    ['follows-contact', 'follows-address'],
    'Whether an opt-out goes along when a contact gets another address, or stays with the old address.',
  ),
  emailCase: choice('lower', ['lower', 'as-given'], 'How an e-mail address is given back.'),

  resubscribeDefault: choice(
    'no-challenge',
    ['no-challenge', 'challenge'],
    'What v3 `status: subscribed` does to an unsubscribed contact when `resubscribeWithNoChallenge` is not sent.',
  ),
  bouncedResubscribable: flag(true, 'Bounced contacts can be resubscribed like unsubscribed ones.'),
  doubleOptIn: choice(
    'none',
    ['none', 'single-calls', 'everything'],
    'Account setting: which new contacts must confirm by mail (none, those made one at a time, bulk too).',
  ),
  verifiedDoubleOnExisting: choice(
    'pending',
    ['pending', 'unchanged'],
    'What changing a subscribed contact’s opt-in type to verifiedDouble does to its status.',
  ),
  unsubscribeLists: choice(
    'suppressed',
    ['suppressed', 'removed'],
    'What happens to the list memberships of a contact who is out on all channels.',
  ),
  listAddClearsListSuppression: flag(true, 'Adding a contact to a list again lifts its list-level unsubscribe (v3).'),
  smsDefault: choice(
    'noSubscription',
    ['noSubscription', 'subscribed'],
    'SMS status of a new contact with a mobile number when none is sent.',
  ),
  v2UnsubscribeUnknown: choice(
    'not-found',
    ['not-found', 'create-suppressed'],
    'What v2 unsubscribe does with an address that is no contact.',
  ),
  v2SuppressedByEmail: flag(true, 'v2 GET by e-mail finds unsubscribed and suppressed contacts (by id it never does).'),
  suppressedWriteStatus: choice(400, [400, 409], 'HTTP status of ERROR_CONTACT_SUPPRESSED.'),

  fieldValueJson: choice('native', ['native', 'string'], 'JSON type of numeric and boolean data field values in v3.'),
  v3Dates: choice(
    'millis-z',
    ['millis-z', 'seconds-z', 'millis', 'seconds'],
    'Form of `created`, `updated` and consent dates in v3 (fraction digits, with or without Z).',
  ),
  v3FieldDates: choice(
    'millis-z',
    ['millis-z', 'seconds-z', 'five-digits-z', 'millis', 'seconds'],
    'Form of date data field values in v3.',
  ),
  dataFieldKeyCase: choice('stored', ['stored', 'upper', 'camel'], 'Spelling of data field names in v3 output.'),
  createdFieldCase: choice('as-given', ['as-given', 'upper'], 'Spelling under which a new data field is stored.'),
  unknownDataField: choice(
    'reject',
    ['reject', 'skip'],
    'A v3 write naming an unknown data field: the row fails, or only that field is passed over.',
  ),
  unknownRequestedField: choice(
    'reject',
    ['reject', 'ignore'],
    'What the v3 list does when `data-fields` names a field the account does not have.',
  ),
  emptyString: choice('kept', ['kept', 'null'], 'What an empty text is stored as.'),
  maxTextLength: count(1000, 'Longest text value of a data field, in characters.'),
  lastSubscribedListed: flag(false, 'LASTSUBSCRIBED is in GET /v2/data-fields.'),
  numericDefaultRequired: flag(true, 'Creating a Numeric data field without a default value is refused.'),
  createFieldBody: flag(true, 'POST /v2/data-fields answers with the field; off: an empty body.'),

  enumCase: choice('insensitive', ['insensitive', 'strict'], 'Whether enum values in v3 writes may be in any case.'),
  importSchemaViolation: choice(
    'row',
    ['row', 'reject'],
    'A badly formed contact inside an import fails alone, or makes the whole request a 400.',
  ),
  duplicateInPayload: choice(
    'first-wins',
    ['first-wins', 'last-wins'],
    'Which copy counts when an import holds one contact twice; the other fails.',
  ),
  failureCodeCase: choice('camel', ['camel', 'pascal'], 'Spelling of import failure codes.'),
  putReplaceLists: choice('additive', ['additive', 'replace'], 'What v3 PUT does with memberships it does not name.'),
  getOneReturns: choice(
    'full',
    ['full', 'by-query'],
    'v3 GET one gives the whole contact, or only what `data-fields` and `include` ask for.',
  ),

  createListStatus: choice(201, [201, 200], 'HTTP status of POST /v2/address-books.'),
  deleteListStatus: choice(204, [204, 200], 'HTTP status of DELETE /v2/address-books/{id}.'),
  putContactStatus: choice(200, [200, 201], 'HTTP status of PUT /v2/contacts/{id}.'),
  contactDeletionKeys: choice('camel', ['camel', 'pascal'], 'Key spelling of the list-removal job status.'),
  listCountDelayMs: milliseconds(0, 'How late the `contacts` number of a list follows its members.'),

  serverTime: choice('json', ['json', 'text'], 'Form of GET /v2/server-time.'),
  dateHeader: flag(true, 'Responses carry a `Date` header (of the sandbox’s clock).'),
  apiEndpointSlash: flag(true, '`ApiEndpoint` in account-info ends in a slash.'),
  rateLimitReset: choice('epoch', ['epoch', 'seconds'], 'X-RateLimit-Reset as epoch seconds or as seconds to wait.'),

  importDelayMs: milliseconds(1000, 'Time a contact import takes.'),
  importPolls: count(0, 'NotFinished answers a contact import gives at least.'),
  deleteDelayMs: milliseconds(1000, 'Time a bulk contact delete takes.'),
  listJobDelayMs: milliseconds(1000, 'Time a bulk removal from a list takes.'),
  insightDelayMs: milliseconds(1000, 'Time an insight import or collection job takes.'),
  maxActiveImports: count(25, 'Contact imports that may run at once.'),
  maxBulkDeleteJobs: count(10, 'Bulk contact deletes that may run at once.'),
  maxInsightImports: count(5, 'Insight imports that may run at once.'),
  resultRetentionMs: milliseconds(7 * DAY, 'How long results of a finished job can be read.'),
  recycleBinMs: milliseconds(30 * DAY, 'How long a deleted contact stays in the recycle bin.'),

  insightEnabled: flag(true, 'The account has insight data; off: every insight call is a 403.'),
  insightDoneWord: choice('Finished', ['Finished', 'Complete'], 'Final status of an insight import.'),
  deleteRecordsPath: choice(
    'accounts',
    ['accounts', 'account', 'both'],
    'Path under which insight records are deleted in bulk; the other one is a 404.',
  ),
  importReport: choice(
    'named',
    ['named', 'counted', 'failures'],
    'What a finished contact import or delete tells besides its failures: whom it was about and how many, only how many, or nothing.',
  ),
  blankFields: choice('null', ['null', 'omitted'], 'How v3 shows a data field without a value.'),
} as const;

type SwitchTable = typeof switchTable;

/** The live settings of one sandbox; assign to a member to throw the switch. */
export type DotdigitalSwitches = {
  -readonly [K in keyof SwitchTable]: SwitchTable[K] extends SwitchSpec<infer T> ? T : never;
};

/** Switches as one object, each as documented when not given. */
export function createSwitches(given: Partial<DotdigitalSwitches> = {}): DotdigitalSwitches {
  const defaults = Object.fromEntries(Object.entries(switchTable).map(([name, spec]) => [name, spec.default]));
  return { ...(defaults as DotdigitalSwitches), ...given };
}

function schemaOf(spec: SwitchSpec<string | number | boolean>): z.ZodType {
  return typeof spec.allowed === 'string' ? z.int().min(0) : z.literal([...spec.allowed]);
}

const switchesSchema = z
  .strictObject(Object.fromEntries(Object.entries(switchTable).map(([name, spec]) => [name, schemaOf(spec as never)])))
  .partial();

/**
 * Reads some switches from JSON.
 * @throws ZodError naming each unknown switch or value.
 */
export function parseSwitches(value: unknown): Partial<DotdigitalSwitches> {
  return switchesSchema.parse(value) as Partial<DotdigitalSwitches>;
}
