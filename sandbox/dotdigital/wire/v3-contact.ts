// A contact as v3 shows it, with as much of it as was asked for. Never shows when it joined a list.

import { storedValue, writeFieldName, writeFieldValue } from '../domain/field-values.ts';
import { membershipStatus, rollUp } from '../domain/roll-up.ts';
import type { ContactRow } from '../model/contact-row.ts';
import { toV3EmailStatus } from '../model/statuses.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import { type DataField, LAST_SUBSCRIBED } from '../state/data-field-registry.ts';
import { formatDate } from './dates.ts';

export const INCLUDES = ['channelProperties', 'lists', 'preferences', 'consentRecords'] as const;
export type Include = (typeof INCLUDES)[number];

/** Which parts of a contact to give. */
export interface ContactView {
  /** Undefined: no `dataFields` at all. */
  readonly fields: readonly DataField[] | undefined;
  readonly include: ReadonlySet<Include>;
}

/** Every data field and every part. */
function fullView(account: DotdigitalAccount): ContactView {
  return { fields: allFields(account), include: new Set(INCLUDES) };
}

/** The fields `[[ALL]]` stands for. */
export function allFields(account: DotdigitalAccount): readonly DataField[] {
  return [...account.fields.all(), LAST_SUBSCRIBED];
}

/** The identifiers of a contact. */
export function identifiersOf(row: ContactRow): Readonly<Record<string, string>> {
  return {
    ...(row.email !== null && { email: row.email }),
    ...(row.mobile !== null && { mobileNumber: row.mobile }),
    ...row.customIds,
  };
}

const COUNTRIES: readonly (readonly [string, string])[] = [
  ['44', 'GB'],
  ['49', 'DE'],
  ['33', 'FR'],
  ['39', 'IT'],
  ['34', 'ES'],
  ['31', 'NL'],
  ['61', 'AU'],
  ['1', 'US'],
];

function countryOf(mobile: string | null): string {
  return COUNTRIES.find(([prefix]) => mobile?.startsWith(prefix))?.[1] ?? 'GB';
}

function channelProperties(row: ContactRow): object {
  return {
    email: { emailType: row.emailType, optInType: row.optInType, status: toV3EmailStatus(row.emailStatus) },
    sms: { countryCode: countryOf(row.mobile), status: row.smsStatus },
    whatsApp: { status: row.whatsAppStatus },
  };
}

function listsOf(account: DotdigitalAccount, row: ContactRow): readonly object[] {
  const lists: object[] = [];
  for (const membership of row.memberships) {
    const list = account.lists.get(membership.listId);
    if (list) lists.push({ id: list.id, name: list.name, status: membershipStatus(row, membership) });
  }
  return lists;
}

function preferencesOf(account: DotdigitalAccount, row: ContactRow): readonly object[] {
  return row.preferences.map(({ id, isOptedIn }) => {
    const { publicName = '', privateName = '' } = account.preferences.get(id) ?? {};
    return { id, isOptedIn, name: publicName, publicName, privateName };
  });
}

/** Makes the function that shows contacts in one view; names and forms are worked out once for all of them. */
export function createContactWriter(account: DotdigitalAccount, view: ContactView): (row: ContactRow) => object {
  const { switches } = account;
  const fields = view.fields?.map((field) => [writeFieldName(field, switches.dataFieldKeyCase), field] as const);
  const form = switches.v3Dates;
  return (row) => {
    const dataFields: Record<string, unknown> = {};
    for (const [name, field] of fields ?? []) {
      const value = storedValue(row, field);
      if (value === null && switches.blankFields === 'omitted') continue;
      dataFields[name] = writeFieldValue(field, value, switches);
    }
    return {
      contactId: row.contactId,
      status: rollUp(row),
      created: formatDate(row.created, form),
      updated: formatDate(row.updated, form),
      identifiers: identifiersOf(row),
      ...(fields && { dataFields }),
      ...(view.include.has('channelProperties') && { channelProperties: channelProperties(row) }),
      ...(view.include.has('lists') && { lists: listsOf(account, row) }),
      ...(view.include.has('preferences') &&
        row.preferences.length > 0 && { preferences: preferencesOf(account, row) }),
      ...(view.include.has('consentRecords') && {
        consentRecords: row.consentRecords.map((record) => ({
          ...record,
          dateTimeConsented: formatDate(record.dateTimeConsented, form),
          dateTimeCreated: formatDate(record.dateTimeCreated, form),
        })),
      }),
    };
  };
}

/** One contact with everything. */
export function writeFullContact(account: DotdigitalAccount, row: ContactRow): object {
  return createContactWriter(account, fullView(account))(row);
}
