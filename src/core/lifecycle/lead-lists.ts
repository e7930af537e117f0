// Which of a contact's lead lists counts: the one joined last, as far as anybody can tell. (L6, L7) Never asks a service.
import type { PersonView } from '../model/person.ts';
import type { StatusList, StatusLists } from '../model/settings.ts';

export interface CountingList {
  readonly list: StatusList;
  /** When the membership was first seen, ISO UTC; empty = at the first look. */
  readonly since: string;
  /** Several lists were first seen together, and only the order of the pipeline told them apart. (L6 c) */
  readonly guessed: boolean;
}

/**
 * The list that counts, or null when the contact is on none. Lists seen earlier lose to lists seen later; of those seen at
 * the same moment, the lead's present status wins at the first look (4.8), else the later stage of the pipeline.
 * @param present the lead's status in the CRM, where there is a lead.
 */
export function countingList(
  memberships: PersonView['leadLists'],
  settings: StatusLists,
  present: string | null,
): CountingList | null {
  const on = memberships.flatMap(({ listId, since }) => {
    const stage = settings.lists.findIndex((list) => list.listId === listId);
    const list = settings.lists[stage];
    return list === undefined ? [] : [{ list, stage, since: since ?? '' }];
  });
  let newest = '';
  for (const { since } of on) if (since > newest) newest = since;
  const last = on.filter(({ since }) => since === newest);
  const own = newest === '' && present !== null ? last.find(({ list }) => list.status === present) : undefined;
  const chosen =
    own ??
    last.reduce<(typeof last)[number] | undefined>(
      (best, item) => (best === undefined || item.stage > best.stage ? item : best),
      undefined,
    );
  return chosen === undefined
    ? null
    : { list: chosen.list, since: newest, guessed: own === undefined && last.length > 1 };
}

/** Memberships of lists that were deleted in marketing and made again since: nobody took the contact off them. (L10) */
export function lostLists(memberships: PersonView['leadLists'], settings: StatusLists): PersonView['leadLists'] {
  return memberships.filter(({ listId }) => !settings.lists.some((list) => list.listId === listId));
}

/** The list of a status, by its exact name. */
export function listOfStatus(settings: StatusLists, status: string): StatusList | null {
  return settings.lists.find((list) => list.status === status) ?? null;
}
