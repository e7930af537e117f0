// Whether a record takes part: scope filters and the pause switch. Never a reason to delete or unsubscribe. (C32, C33)
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { RoleSettings } from '../model/settings.ts';
import { foldText } from '../normalize/text.ts';

export type Participation =
  | { readonly type: 'in' }
  | { readonly type: 'out'; readonly row: RowId; readonly why: string };

const IN: Participation = { type: 'in' };

/** Of the CRM record: tags, owners, the pause tag. */
export function crmParticipation(record: CrmRecord, settings: RoleSettings): Participation {
  const { scope } = settings;
  if (record.isOrganisation) return { type: 'out', row: 'C34', why: 'it is an organisation' };
  if (hasTag(record, [scope.pauseTag])) return { type: 'out', row: 'C33', why: `it carries the tag ${scope.pauseTag}` };
  if (scope.crmTags.length > 0 && !hasTag(record, scope.crmTags)) {
    return { type: 'out', row: 'C32', why: 'it carries none of the tags in scope' };
  }
  if (scope.crmOwners.length > 0 && (record.ownerId === null || !scope.crmOwners.includes(record.ownerId))) {
    return { type: 'out', row: 'C32', why: 'its owner is not in scope' };
  }
  return IN;
}

/** People mean the same tag in any case, whatever the CRM makes of that. */
function hasTag(record: CrmRecord, tags: readonly string[]): boolean {
  const wanted = new Set(tags.map(foldText));
  return record.tags.some((tag) => wanted.has(foldText(tag)));
}

/** Of the marketing contact: lists in scope, the pause list. */
export function marketingParticipation(record: MarketingRecord, settings: RoleSettings): Participation {
  const { scope } = settings;
  const lists = record.lists ?? [];
  if (scope.pauseList !== null && lists.includes(scope.pauseList)) {
    return { type: 'out', row: 'C33', why: 'it is on the list that pauses the sync' };
  }
  if (scope.marketingLists.length > 0 && !scope.marketingLists.some((list) => lists.includes(list))) {
    return { type: 'out', row: 'C32', why: 'it is on none of the lists in scope' };
  }
  return IN;
}
