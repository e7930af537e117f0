// A contact, a suppression and a list as v2 shows them. v2 knows contacts by e-mail address only.

import { storedValue, writeV2FieldValue } from '../domain/field-values.ts';
import { shownCount } from '../domain/memberships.ts';
import type { ContactRow } from '../model/contact-row.ts';
import { type EmailStatus, isOut, toV2Status } from '../model/statuses.ts';
import type { DotdigitalAccount, SuppressedAddress } from '../state/account.ts';
import type { ListRow } from '../state/list-registry.ts';
import { formatV2Date } from './dates.ts';
import { allFields } from './v3-contact.ts';

/** A contact; data fields only when asked for. */
export function writeV2Contact(account: DotdigitalAccount, row: ContactRow, withData: boolean): object {
  return {
    id: row.contactId,
    email: row.email ?? '',
    optInType: row.optInType,
    emailType: row.emailType,
    dataFields: withData
      ? allFields(account).map((field) => ({
          key: field.name,
          value: writeV2FieldValue(field, storedValue(row, field), account.switches),
        }))
      : null,
    status: toV2Status(row.deletedAt > 0 && !isOut(row.emailStatus) ? 'deleted' : row.emailStatus),
  };
}

/** Who left, when and why. */
export function writeSuppression(
  account: DotdigitalAccount,
  row: ContactRow,
  dateRemoved: number,
  reason: EmailStatus,
): object {
  return {
    suppressedContact: writeV2Contact(account, row, false),
    dateRemoved: formatV2Date(dateRemoved),
    reason: toV2Status(reason),
  };
}

/** The same for an address that is no contact. */
export function writeSuppressedAddress(address: SuppressedAddress): object {
  const status = toV2Status(address.status);
  return {
    suppressedContact: {
      id: address.contactId,
      email: address.email,
      optInType: 'Unknown',
      emailType: 'PlainText',
      dataFields: null,
      status,
    },
    dateRemoved: formatV2Date(address.dateRemoved),
    reason: status,
  };
}

/** A list. */
export function writeV2List(account: DotdigitalAccount, list: ListRow): object {
  return { id: list.id, name: list.name, visibility: list.visibility, contacts: shownCount(account, list) };
}
