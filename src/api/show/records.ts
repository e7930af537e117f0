// Records of both sides as they are shown.
import type { StoredCrm } from '../../store/crm-records.ts';
import type { StoredMarketing } from '../../store/marketing-records.ts';
import type { CrmRecord, MarketingRecord } from '../contract/records.ts';
import type { BookEntry } from '../host.ts';

type Raw = CrmRecord['values'][string];

/** @param entry null for a connection that was removed since */
export function crmRecordOf(entry: BookEntry | null, { record, observedAt }: StoredCrm): CrmRecord {
  const { role, id, email, firstName, lastName, values, tags, status, state, updatedAt } = record;
  return {
    role,
    id,
    email,
    firstName,
    lastName,
    values: { ...values } as { [path: string]: Raw },
    tags: [...tags],
    status,
    state,
    updatedAt,
    observedAt,
    url: entry?.crmRecordUrl(role, id) ?? null,
  };
}

/** @param listNames by id, as far as they are known */
export function marketingRecordOf(
  { record, observedAt }: StoredMarketing,
  listNames: ReadonlyMap<string, string>,
): MarketingRecord {
  const { id, email, values, channel, lists, state, assumed, updatedAt } = record;
  return {
    id,
    email,
    values: { ...values } as { [name: string]: Raw },
    channel: { ...channel },
    lists: lists === null ? null : lists.map((list) => ({ id: list, name: listNames.get(list) ?? null })),
    state,
    assumed,
    updatedAt,
    observedAt,
    // The marketing system has no address for a contact that anybody documented.
    url: null,
  };
}
