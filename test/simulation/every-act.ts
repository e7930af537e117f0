// All that people do, by name. Each kind is drawn with dice of its own.
import { ACTS } from './acts.ts';
import { CATALOGUE_ACTS } from './catalogue-acts.ts';
import { SCHEMA_ACTS } from './schema-acts.ts';
import type { Cause } from './witness.ts';

export const EVERY_ACT = { ...ACTS, ...CATALOGUE_ACTS, ...SCHEMA_ACTS } as const;
export type AnyAct = keyof typeof EVERY_ACT;

/** What people do to fields changes many records, and is nobody's word about any of them. */
export function causeOf(act: AnyAct): Cause {
  return act in SCHEMA_ACTS ? 'schema' : 'people';
}
