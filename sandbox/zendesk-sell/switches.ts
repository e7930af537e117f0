// Every behaviour of the simulated Sell that its documentation leaves open, as a switch with a default.
// The table is the only list there is: types, validation, the control API and the README follow it.

import { z } from 'zod';

interface Switch<T> {
  readonly initial: T;
  readonly schema: z.ZodType<T>;
  readonly values: string;
  readonly meaning: string;
}

function choice<const T extends string | number>(values: readonly [T, ...T[]], meaning: string): Switch<T> {
  return { initial: values[0], schema: z.literal([...values]), values: values.join(' / '), meaning };
}

function flag(initial: boolean, meaning: string): Switch<boolean> {
  return { initial, schema: z.boolean(), values: 'true / false', meaning };
}

function amount(initial: number, meaning: string): Switch<number> {
  return { initial, schema: z.number().min(0), values: 'number', meaning };
}

/** The switches: the first value of a choice is its default. */
export const SWITCH_TABLE = {
  // Requests and envelopes
  createStatus: choice([200, 201], 'Status of a successful create, and of an upsert that created.'),
  unknownQueryParameter: choice(['ignore', 'refuse'], 'A query parameter nobody documented: ignored, or 400.'),
  unknownSortField: choice(['refuse', 'ignore'], 'sort_by on an unknown field: 400, or the default order.'),
  readOnlyAttributes: choice(['refuse', 'ignore'], 'A read-only attribute in a body: 422 unknown, or skipped.'),
  errorPointer: choice(['plain', 'data'], 'Error field of the core services: /last_name, or /data/last_name.'),
  logrefStyle: choice(['groups', 'uuid'], 'Form of logref and X-Request-Id.'),
  metaVersion: flag(false, 'Adds "version": 2 to the meta of a single record, as older answers had.'),
  listTotalCount: flag(false, 'Adds total_count to the meta of a list.'),
  pageDepthLimit: amount(0, 'Highest page number of a list; beyond it 400. 0: no limit.'),
  userAgentCode: choice(['invalid_header', 'invalid_user_agent'], 'Code of the 400 without a User-Agent.'),
  userAgentBeforeToken: flag(true, 'A request lacking both is told about the User-Agent, else about the token.'),
  retired: flag(false, 'The service is switched off for good: 410 to everything.'),
  // Filters
  textFilterCase: choice(['email-insensitive', 'insensitive', 'sensitive'], 'Letter case in text filters.'),
  filterWhitespace: choice(['exact', 'trimmed'], 'Whether outer white space counts in text filters.'),
  phoneFilter: choice(['exact', 'digits'], 'Phone filters compare the text, or the digits alone.'),
  unfilterableCustomField: choice(
    ['refuse', 'ignore'],
    'Filter on a custom field not flagged filterable: 400, or skipped.',
  ),
  upsertNoFilterStatus: choice([400, 422], 'Upsert without any filter.'),
  upsertConflictBody: choice(['json', 'empty', 'html'], 'Body of the 409 when an upsert matches several records.'),
  // Values
  updatedAtSkew: flag(true, 'updated_at of a new record is 0 or 1 s after created_at; else equal.'),
  putWithoutChangeBumps: flag(true, 'A PUT that changes nothing still moves updated_at and reaches sync.'),
  addressPut: choice(['merge', 'replace'], 'Address keys left out of a PUT: kept, or cleared.'),
  billingAddressRule: choice(
    ['refuse', 'drop'],
    'Billing or shipping address on neither prospect nor customer: 422, or dropped.',
  ),
  isOrganizationOnPut: choice(['converts', 'refuse', 'ignore'], 'A PUT with another is_organization.'),
  organizationDelete: choice(['clears', 'keeps'], 'contact_id of the members of a deleted organisation.'),
  emptyText: choice(['null', 'kept'], 'An empty string written to a text attribute reads back as null, or as is.'),
  formatChecks: flag(false, 'e-mail, phone and URL texts are checked; 422 incorrect_value.'),
  textMaxLength: amount(0, 'Longest text attribute in characters (description excepted); 422 beyond. 0: no limit.'),
  industryCheck: flag(false, 'industry must be in the account list; 422 incorrect_value.'),
  // Custom fields
  unsetCustomFields: choice(['absent', 'null'], 'Custom fields without a value in a record.'),
  customFieldNull: choice(['clears', 'ignored'], 'Null written to a custom field.'),
  customFieldNumbers: choice(['string', 'number'], 'JSON type of a number field when read.'),
  customFieldDates: choice(['iso', 'us'], 'Date and datetime fields when read: 2016-04-27, or 4/27/2016.'),
  listValues: choice(
    ['string', 'object'],
    'A chosen value when read: its name, or {id, name}. Objects may be written only under the latter.',
  ),
  boolTypeName: choice(['bool', 'boolean'], 'Type name of yes/no fields in definitions.'),
  definitionKeys: choice(['documented', 'zapier'], 'for_company and choices, or for_organisation and options.'),
  // Tags
  tagCase: choice(['sensitive', 'insensitive'], 'Whether VIP and vip are two tags.'),
  emptyTag: choice(['refuse', 'drop', 'accept'], 'An empty string among tags.'),
  tagMaxLength: amount(0, 'Longest tag in characters; 422 beyond. 0: no limit.'),
  // Leads
  leadStatusesEndpoint: flag(true, 'GET /v2/lead_statuses is served; else 404.'),
  unknownLeadStatus: choice(['refuse', 'create'], 'A status name not in the list: 422, or added to it.'),
  leadStatusRename: choice(['silent', 'touches-leads'], 'Whether renaming a status counts as a change of its leads.'),
  unqualifiedNeedsReason: flag(false, 'Moving to the unqualified status takes an unqualified_reason_id; else 422.'),
  convertedLead: choice(['gone', 'kept'], 'A converted lead: 404 and deleted in sync, or still there.'),
  secondConversion: choice([404, 422], 'Converting a lead twice.'),
  createDealDefault: flag(true, 'create_deal when a conversion does not say.'),
  // Permissions and plans
  hiddenRecordStatus: choice([404, 403], 'A record the user of the token may not see.'),
  productsPlanStatus: choice([403, 500], 'Products on a plan without them.'),
  productCatalogLocked: flag(false, 'The catalogue is locked: products can only be read.'),
  refreshTokenRotation: choice(['old-dies', 'old-lives'], 'The refresh token that was used.'),
  accessTokenSeconds: amount(3600, 'Lifetime of an OAuth access token in seconds.'),
  // Rate limits
  rateLimit: flag(true, 'Requests are limited per token.'),
  ratePerSecond: amount(10, 'Refill of the token bucket, requests a second.'),
  rateBurst: amount(10, 'Size of the token bucket.'),
  ratePerHour: amount(36_000, 'Requests in an hour from the first one of the window.'),
  rateLimitAnswer: choice(
    ['empty-429', 'json-429', '404-429.json', '409'],
    'Over the limit: 429 empty, 429 in the envelope, 404 naming /429.json, or 409.',
  ),
  retryAfter: flag(false, 'A refusal for the rate carries Retry-After.'),
  // Sync
  syncPageSize: amount(100, 'Items in a page of the sync queue.'),
  syncSessionSeconds: amount(3600, 'Life of a sync session; then 404.'),
  syncMaxSessions: amount(100, 'Sync sessions with undelivered items at one time.'),
  syncTooManySessions: choice([429, 403, 503], 'Status of one session too many.'),
  syncOrder: choice(['shuffled', 'log'], 'Order of a session: none to rely on, or oldest change first.'),
  syncTotals: choice(['exact', 'approximate'], 'total_count and pages of a started session.'),
  syncAckDelayMs: amount(0, 'Milliseconds until an accepted acknowledgement takes effect.'),
  syncAckMaxKeys: amount(0, 'Most keys in one acknowledgement; 422 beyond. 0: no limit.'),
  syncDeviceIdFormat: choice(['uuid', 'any'], 'What X-Basecrm-Device-UUID must look like; else 400.'),
  syncHiddenRecords: choice(
    ['deleted', 'silent'],
    'A record hidden from the user: sent as deleted, or never mentioned.',
  ),
  syncProducts: flag(false, 'Products travel in the sync queue too.'),
} as const satisfies Record<string, Switch<never> | Switch<string> | Switch<number> | Switch<boolean>>;

type SwitchTable = typeof SWITCH_TABLE;

/** A switch's name. */
export type SwitchName = keyof SwitchTable;

/** The positions of all switches; assign to a member to turn one. */
export type SellSwitches = { [Name in SwitchName]: SwitchTable[Name] extends Switch<infer T> ? T : never };

/** What may be given to turn some switches. */
export type SellSwitchSettings = { readonly [Name in SwitchName]?: SellSwitches[Name] | undefined };

const shape: Record<string, z.ZodType> = {};
for (const [name, entry] of Object.entries(SWITCH_TABLE)) shape[name] = entry.schema.optional();
const SettingsSchema = z.strictObject(shape);

/**
 * Turns switches from JSON.
 * @throws ZodError naming an unknown switch or a value it cannot take; nothing is turned then.
 */
export function turnSwitches(switches: SellSwitches, settings: unknown): void {
  const parsed = SettingsSchema.parse(settings);
  for (const [name, value] of Object.entries(parsed)) {
    if (value !== undefined) Object.assign(switches, { [name]: value });
  }
}

/** All switches at their defaults, then turned as told. */
export function createSwitches(settings: SellSwitchSettings = {}): SellSwitches {
  const initial = Object.fromEntries(Object.entries(SWITCH_TABLE).map(([name, entry]) => [name, entry.initial]));
  const switches = initial as SellSwitches;
  turnSwitches(switches, settings);
  return switches;
}
