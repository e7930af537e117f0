// The contract: what every call takes and answers. Server, OpenAPI and dashboard read it; it does nothing itself.
import type { z } from 'zod';
import { connectionSchemas } from './connections.ts';
import { holdSchemas } from './holds.ts';
import { peopleSchemas } from './people.ts';
import type { RouteId } from './routes.table.ts';
import { runSchemas } from './runs.ts';
import { serviceSchemas } from './service.ts';
import { sessionSchemas } from './session.ts';

export interface CallSchemas {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Left out: the answer has no body, or is a stream. */
  readonly reply?: z.ZodObject;
}

export const CONTRACT = {
  ...sessionSchemas,
  ...connectionSchemas,
  ...runSchemas,
  ...holdSchemas,
  ...peopleSchemas,
  ...serviceSchemas,
} as const satisfies { readonly [K in RouteId]: CallSchemas };

type Part<K extends RouteId, P extends keyof CallSchemas> = (typeof CONTRACT)[K] extends {
  readonly [Q in P]: infer S extends z.ZodType;
}
  ? S
  : never;
type InputOf<S extends z.ZodType> = [S] extends [never] ? undefined : z.input<S>;
type OutputOf<S extends z.ZodType> = [S] extends [never] ? undefined : z.output<S>;

export type Params<K extends RouteId> = OutputOf<Part<K, 'params'>>;
/** As the caller writes them. */
export type QueryInput<K extends RouteId> = InputOf<Part<K, 'query'>>;
export type BodyInput<K extends RouteId> = InputOf<Part<K, 'body'>>;
/** As the server reads them. */
export type Query<K extends RouteId> = OutputOf<Part<K, 'query'>>;
export type Body<K extends RouteId> = OutputOf<Part<K, 'body'>>;
/** As the server writes and the caller reads it. */
export type Reply<K extends RouteId> = OutputOf<Part<K, 'reply'>>;
