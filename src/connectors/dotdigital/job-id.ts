// What a bulk job's id carries: the service's own ids, and what was refused while it was submitted. Opaque to everything else.
import { z } from 'zod';

/** A row that never became part of a job. */
export interface RefusedRow {
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

export interface Submitted {
  /** Several where one submission had to be divided; none where there was nothing to send. */
  readonly ids: readonly string[];
  readonly refused: readonly RefusedRow[];
  /** Submitting broke off half-way: some rows are neither refused nor part of any job. */
  readonly brokenOff?: true;
}

const submitted = z.object({
  ids: z.array(z.string()),
  refused: z.array(z.object({ key: z.string(), code: z.string(), message: z.string() })),
  brokenOff: z.literal(true).exactOptional(),
});

/** The service's id itself in the ordinary case, so that a person can look the job up. */
export function toJobId(job: Submitted): string {
  const [only, ...others] = job.ids;
  return only !== undefined && others.length === 0 && job.refused.length === 0 && job.brokenOff !== true
    ? only
    : JSON.stringify(job);
}

export function fromJobId(id: string): Submitted {
  if (!id.startsWith('{')) return { ids: [id], refused: [] };
  return submitted.parse(JSON.parse(id));
}
