// A v3 contact write held against the account: do its fields, lists, preferences and addresses exist and fit? Never applies it.

import type { ConsentRecord, FieldValue, PreferenceChoice } from '../model/contact-row.ts';
import type { WhatsAppStatus } from '../model/statuses.ts';
import type { DotdigitalAccount } from '../state/account.ts';
import type { DataField } from '../state/data-field-registry.ts';
import { isSystemList, type ListRow } from '../state/list-registry.ts';
import { readConsentRecords } from './consent-records.ts';
import { readFieldValue } from './field-values.ts';
import { isIdentifier, isIdentifierValue } from './identifiers.ts';
import type { EmailWriteShape, JsonObject, WriteShape } from './write-shape.ts';

/** Why a contact is turned down; the codes are those of import results. */
export interface WriteProblem {
  readonly code: FailureCode;
  readonly item: string;
  readonly description: string;
  /** The identifier at fault, when it is one. */
  readonly identifier?: string;
}

export type FailureCode =
  | 'apiSchemaViolation'
  | 'blocker'
  | 'consentRecordsNotApplied'
  | 'duplicateIdentifier'
  | 'globallySuppressed'
  | 'invalidAddressBookIds'
  | 'invalidContact'
  | 'invalidContactId'
  | 'invalidContactStatus'
  | 'invalidDomain'
  | 'invalidEmail'
  | 'invalidMatchIdentifier'
  | 'invalidPhoneNumber'
  | 'noValidIdentifiers'
  | 'preferencesNotApplied'
  | 'suppressedByDomain';

/** A write ready to be applied. */
export interface CheckedWrite {
  readonly identifiers: Readonly<Record<string, string>>;
  readonly fields: readonly (readonly [DataField, FieldValue])[];
  readonly email: EmailWriteShape | undefined;
  readonly sms: WhatsAppStatus | undefined;
  readonly whatsApp: WhatsAppStatus | undefined;
  readonly lists: readonly ListRow[];
  readonly preferences: readonly PreferenceChoice[];
  readonly consentRecords: readonly ConsentRecord[];
  /** What could not be applied although the contact itself is fine. */
  readonly leftOut: readonly WriteProblem[];
}

const INVALID_ID: Readonly<Record<string, FailureCode>> = {
  contactId: 'invalidContactId',
  email: 'invalidEmail',
  mobileNumber: 'invalidPhoneNumber',
};

function checkIdentifiers(account: DotdigitalAccount, identifiers: Readonly<Record<string, string>>): WriteProblem[] {
  const problems: WriteProblem[] = [];
  for (const [name, value] of Object.entries(identifiers)) {
    if (!isIdentifier(account, name)) {
      problems.push({
        code: 'invalidMatchIdentifier',
        item: name,
        description: `The identifier '${name}' is not known`,
        identifier: name,
      });
    } else if (!isIdentifierValue(name, value)) {
      const code = INVALID_ID[name] ?? 'noValidIdentifiers';
      problems.push({ code, item: value, description: `Invalid value for '${name}'`, identifier: name });
    }
  }
  return problems;
}

/** Why an address cannot be a contact's at all; undefined when it can. */
export function checkAddress(account: DotdigitalAccount, email: string): WriteProblem | undefined {
  const [local = '', domain = ''] = email.toLowerCase().split('@');
  const { blocklists } = account;
  if (blocklists.global.has(email.toLowerCase())) {
    return { code: 'globallySuppressed', item: email, description: 'The contact is globally suppressed' };
  }
  if (blocklists.suppressedDomains.has(domain)) {
    return { code: 'suppressedByDomain', item: email, description: `The domain '${domain}' is suppressed` };
  }
  if (blocklists.localParts.has(local)) {
    return { code: 'blocker', item: email, description: `The address '${email}' is blocked` };
  }
  if (blocklists.invalidDomains.has(domain)) {
    return { code: 'invalidDomain', item: email, description: `The domain '${domain}' cannot receive e-mail` };
  }
  return undefined;
}

function readFields(
  account: DotdigitalAccount,
  input: JsonObject,
  problems: WriteProblem[],
): readonly (readonly [DataField, FieldValue])[] {
  const fields: (readonly [DataField, FieldValue])[] = [];
  for (const [name, sent] of Object.entries(input)) {
    const field = account.fields.find(name);
    if (!field) {
      if (account.switches.unknownDataField === 'reject') {
        problems.push({ code: 'invalidContact', item: name, description: 'Data field does not exist' });
      }
      continue;
    }
    const { value, problem } = readFieldValue(field, sent, account.switches);
    if (problem === undefined) fields.push([field, value]);
    else {
      const description =
        problem === 'overflow'
          ? 'Data field value is too long'
          : `Data field value is not valid for type ${field.type}`;
      problems.push({ code: 'invalidContact', item: name, description });
    }
  }
  return fields;
}

function findLists(account: DotdigitalAccount, ids: readonly number[], problems: WriteProblem[]): readonly ListRow[] {
  const lists: ListRow[] = [];
  for (const id of ids) {
    const list = account.lists.get(id);
    if (list && !isSystemList(id)) lists.push(list);
    else problems.push({ code: 'invalidAddressBookIds', item: String(id), description: 'List does not exist' });
  }
  return lists;
}

/** The write with everything looked up, or why it cannot be made. */
export function checkWrite(
  account: DotdigitalAccount,
  shape: WriteShape,
  now: number,
): CheckedWrite | readonly WriteProblem[] {
  const problems = checkIdentifiers(account, shape.identifiers);
  const fields = readFields(account, shape.dataFields, problems);
  const lists = findLists(account, shape.lists, problems);
  if (problems.length > 0) return problems;

  const leftOut: WriteProblem[] = [];
  const consentRecords = readConsentRecords(shape.consentRecords, now);
  if (!consentRecords) {
    leftOut.push({
      code: 'consentRecordsNotApplied',
      item: 'consentRecords',
      description: 'The provided consent records could not be applied as they were incorrectly formatted',
    });
  }
  const preferences = shape.preferences.filter(({ id }) => account.preferences.has(id));
  if (preferences.length < shape.preferences.length) {
    leftOut.push({
      code: 'preferencesNotApplied',
      item: 'preferences',
      description: 'The provided preferences could not be applied as some of them do not exist',
    });
  }
  return {
    identifiers: shape.identifiers,
    fields,
    email: shape.email,
    sms: shape.sms,
    whatsApp: shape.whatsApp,
    lists,
    preferences,
    consentRecords: consentRecords ?? [],
    leftOut,
  };
}

/** True when {@link checkWrite} found problems. */
export function isRefused(result: CheckedWrite | readonly WriteProblem[]): result is readonly WriteProblem[] {
  return Array.isArray(result);
}
