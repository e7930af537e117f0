// What can go wrong between a client and a simulated service, as data.
// Never carries code: a fault travels over the control API as JSON and is the same under the same seed.

import { z } from 'zod';

const MatchSchema = z
  .strictObject({
    /** HTTP method, any case. Left out: every method. */
    method: z.string().min(1).optional(),
    /** Start of the path (without the query). Left out: every path. */
    path: z.string().min(1).optional(),
    /** Regular expression tested against path and query, e.g. `^/v2/contacts/\\d+$`. */
    pattern: z.string().min(1).optional(),
    /** Fires only on the n-th matching request (1 = the first). */
    nth: z.int().min(1).optional(),
    /** Lets this many matching requests pass first. */
    after: z.int().min(0).optional(),
    /** Fires at most this many times, then stays in the list as spent. */
    times: z.int().min(1).optional(),
    /** Chance from 0 to 1 that a matching request is hit. Default 1. */
    probability: z.number().min(0).max(1).optional(),
  })
  .readonly();

const HeadersSchema = z.record(z.string(), z.string()).readonly();

const EffectSchema = z.discriminatedUnion('type', [
  /** Answers in place of the handler, which never runs. */
  z.strictObject({
    type: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.unknown().optional(),
    headers: HeadersSchema.optional(),
    contentType: z.string().optional(),
  }),
  /** The handler runs and commits, but the client is given this answer in place of the true one. */
  z.strictObject({
    type: z.literal('status-after'),
    status: z.int().min(200).max(599),
    body: z.unknown().optional(),
    headers: HeadersSchema.optional(),
    contentType: z.string().optional(),
  }),
  /** Waits before the handler runs. The only real timer of the sandbox. */
  z.strictObject({ type: z.literal('delay'), ms: z.number().min(0) }),
  /** The handler runs and commits, then the answer waits. */
  z.strictObject({ type: z.literal('delay-after'), ms: z.number().min(0) }),
  /** The connection is cut before the handler runs: nothing happened. */
  z.strictObject({ type: z.literal('drop-before') }),
  /** The handler runs and commits, then the connection is cut without an answer. */
  z.strictObject({ type: z.literal('drop-after') }),
  /** Half of the body is sent under a content-length of the whole, then the connection is cut. */
  z.strictObject({ type: z.literal('truncate') }),
  /** Asks the service to deliver something twice; what, is up to the service. */
  z.strictObject({ type: z.literal('duplicate-delivery') }),
  /** Any other behaviour the service knows by name; see the service's own README. */
  z.strictObject({ type: z.literal('hint'), name: z.string().min(1), value: z.unknown().optional() }),
]);

const FaultInputSchema = z.strictObject({
  id: z.string().min(1).optional(),
  /** The simulated service it applies to, e.g. `zendesk-sell`. */
  service: z.string().min(1),
  match: MatchSchema.default({}),
  effect: EffectSchema,
});

/** What happens to a request that is hit. */
export type FaultEffect = Readonly<z.infer<typeof EffectSchema>>;

/** Which requests are hit. An empty match hits every one. */
export type FaultMatch = z.infer<typeof MatchSchema>;

/** One fault in the book. */
export interface Fault {
  readonly id: string;
  readonly service: string;
  readonly match: FaultMatch;
  readonly effect: FaultEffect;
}

/** A fault as a caller gives it: the book chooses an id where there is none. */
export interface FaultInput {
  readonly id?: string | undefined;
  readonly service: string;
  readonly match?: FaultMatch | undefined;
  readonly effect: FaultEffect;
}

/**
 * Reads a fault from JSON.
 * @throws ZodError naming every member that does not fit.
 */
export function parseFault(value: unknown): FaultInput {
  return FaultInputSchema.parse(value);
}
