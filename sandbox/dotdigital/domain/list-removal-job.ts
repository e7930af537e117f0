// Bulk removal from a list, carried out in the background. Ids that are not on the list are passed over.

import type { DotdigitalAccount } from '../state/account.ts';
import type { Job } from '../state/job-board.ts';
import type { ListRow } from '../state/list-registry.ts';
import { refuseV2 } from '../wire/refusal.ts';
import { findJob } from './find-job.ts';
import { leaveList, membersOf, touchForLists } from './memberships.ts';

type RemovalStatus = 'Started' | 'Completed' | 'Failed';

function write(account: DotdigitalAccount, id: string, status: RemovalStatus): object {
  return account.switches.contactDeletionKeys === 'camel' ? { id, status } : { Id: id, Status: status };
}

/** Accepts the removal of some contacts, or of all there are when it is carried out. */
export function acceptListRemoval(
  account: DotdigitalAccount,
  list: ListRow,
  contactIds: readonly number[] | 'all',
): object {
  const now = account.clock.now();
  const job = account.jobs.accept<RemovalStatus>(
    {
      id: account.ids.uuid(),
      kind: 'list-removal',
      size: contactIds === 'all' ? list.members.size : contactIds.length,
      now,
      delayMs: account.switches.listJobDelayMs,
      polls: 0,
    },
    (accepted, at) => remove(account, accepted, list, contactIds, at),
  );
  return write(account, job.id, 'Started');
}

function remove(
  account: DotdigitalAccount,
  job: Job,
  list: ListRow,
  contactIds: readonly number[] | 'all',
  at: number,
): RemovalStatus {
  const failed = job.plan.status === 'Failed';
  const ids = contactIds === 'all' ? membersOf(account, list).map((row) => row.contactId) : contactIds;
  for (const id of failed ? ids.slice(0, job.plan.applyRows ?? 0) : ids) {
    const row = account.contacts.byId(id);
    if (row && leaveList(row, list, at)) touchForLists(account, row, at);
  }
  return failed ? 'Failed' : 'Completed';
}

/** Where a removal stands. Throws the refusal for an id that is none. */
export function deletionStatus(account: DotdigitalAccount, id: string): object {
  const job = findJob(account, 'list-removal', id);
  if (!job) throw refuseV2(404, 'ERROR_DELETION_NOT_FOUND', 'Deletion was not found.');
  if (job.result === undefined) account.jobs.countPoll(job);
  return write(account, job.id, (job.result as RemovalStatus | undefined) ?? 'Started');
}
