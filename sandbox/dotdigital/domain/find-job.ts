// Looks a job up for whoever asks for its status. Results older than their retention are gone.

import type { DotdigitalAccount } from '../state/account.ts';
import type { Job, JobKind } from '../state/job-board.ts';

/** A job of that kind; undefined when there is none or its results have been purged. */
export function findJob(account: DotdigitalAccount, kind: JobKind, id: string): Job | undefined {
  account.jobs.forget(account.clock.now() - account.switches.resultRetentionMs);
  return account.jobs.find(kind, id);
}

/** True for text in the form of a job id. */
export function isJobId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
