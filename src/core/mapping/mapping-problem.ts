// What can be wrong with a mapping, for the person who wrote it. Plain data; decides nothing.
import type { RowId } from '../model/row.ts';

/** Every kind of problem, closed. */
export type MappingProblemCode =
  | 'UNKNOWN_CRM_FIELD'
  | 'UNKNOWN_DATA_FIELD'
  | 'INVALID_DATA_FIELD_NAME'
  | 'RESERVED_DATA_FIELD_NAME'
  | 'SIMILAR_DATA_FIELD'
  | 'DUPLICATE_DATA_FIELD'
  | 'DUPLICATE_CRM_FIELD'
  | 'READ_ONLY_CRM_FIELD'
  | 'DIRECTION_EXCLUDED'
  | 'NEVER_TRAVELS'
  | 'INCOMPATIBLE_TYPES'
  | 'VALUE_MAP_NEEDS_TEXT'
  | 'VALUE_MAP_BLANK'
  | 'VALUE_MAP_REPEATED'
  | 'VALUE_MAP_NOT_ACCEPTED'
  | 'VALUE_MAP_SEPARATOR'
  | 'VALUE_MAP_HIDES_CHOICE'
  | 'RECOMPUTED'
  | 'WHOLE_PARTLY_MAPPED'
  | 'NARROWER_TYPE'
  | 'SHORTER_TEXT'
  | 'NAME_NOT_MAPPED'
  | 'NEWEST_UNKNOWN';

/** `error`: the line is left out and the configuration refused. `warning`: likely not meant. `info`: good to know. */
export type MappingSeverity = 'error' | 'warning' | 'info';

export interface MappingProblem {
  readonly code: MappingProblemCode;
  readonly severity: MappingSeverity;
  /** Where in the configuration, e.g. `contacts.fields[3].crm`. */
  readonly path: string;
  /** What is wrong and what to do instead, in plain words. */
  readonly message: string;
  /** What was probably meant, where it can be told. */
  readonly suggestion?: string;
  /** The behaviour row behind it. */
  readonly row?: RowId;
}
