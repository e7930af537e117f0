// Checks the mapping of one role against both live schemas and compiles it. Pure: creates no data field, reads no file.

import type { Direction, Role } from '../model/identity.ts';
import { allowsWriteTo, narrowDirection } from '../model/identity.ts';
import type { CrmField, CrmRoleSchema, MarketingField, MarketingFieldType, MarketingSchema } from '../model/schema.ts';
import { compileValueMap } from './compile-value-map.ts';
import type { BlankRule, CompiledField, ConflictRule } from './compiled-field.ts';
import { findNameFault } from './data-field-name.ts';
import { didYouMean, editDistance } from './did-you-mean.ts';
import { lintField, lintMapping } from './lint-mapping.ts';
import type { MappingProblem } from './mapping-problem.ts';
import { compatibleTypes, NEW_FIELD_TYPE, TYPE_PAIRS } from './type-pairs.table.ts';

/** One line of `fields` in the configuration; what is left out follows the defaults. */
export interface MappingLine {
  /** CRM field path. */
  readonly crm: string;
  /** Data field name, in any case. */
  readonly marketing: string;
  readonly direction?: Direction;
  /** `newest` needs a time per field, which neither side gives: the default decides then. (C9) */
  readonly conflict?: ConflictRule | 'newest';
  readonly blank?: BlankRule;
  /** Marketing value → CRM value. */
  readonly values?: readonly { readonly marketing: string; readonly crm: string }[];
}

/** What a profile fills in. (C9, C26; 4.11) */
export interface MappingDefaults {
  /** By the class of the field, which says who usually owns the value: marketing's where either side says so. */
  readonly conflict: { readonly [C in CrmField['fieldClass']]: ConflictRule };
  readonly blank: BlankRule;
}

export interface MappingInput {
  readonly role: Role;
  readonly lines: readonly MappingLine[];
  readonly crm: CrmRoleSchema;
  readonly marketing: MarketingSchema;
  /** Of the role as a whole; a line can only narrow it. (S2, S13) */
  readonly direction: Direction;
  readonly defaults: MappingDefaults;
  /** False: a data field that does not exist is an error instead of one to create. */
  readonly createMissing: boolean;
  /** Where the lines stand in the configuration and what their two keys are called there. */
  readonly at: { readonly path: string; readonly crmKey: string; readonly marketingKey: string };
}

/** A data field to create before the mapping works. */
export interface MissingField {
  readonly name: string;
  readonly type: MarketingFieldType;
}

export interface CompiledMapping {
  /** The lines without an error, in the order given; missing data fields as if they existed. */
  readonly fields: readonly CompiledField[];
  /** In the order of the lines, then those of the mapping as a whole. */
  readonly problems: readonly MappingProblem[];
  readonly missing: readonly MissingField[];
}

/** Longest text of a data field that is about to be created, in characters. (marketing API: data fields) */
const NEW_TEXT_MAX_LENGTH = 1000;

/** Compiles the mapping of one role. Every problem is found in one go. */
export function compileMapping(input: MappingInput): CompiledMapping {
  const fields: CompiledField[] = [];
  const problems: MappingProblem[] = [];
  const missing: MissingField[] = [];
  for (const [index, line] of input.lines.entries()) {
    const result = compileLine(input, line, `${input.at.path}[${index}]`, fields);
    problems.push(...result.problems);
    if (result.field === null) continue;
    fields.push(result.field);
    if (result.missing !== null) missing.push(result.missing);
  }
  return { fields, problems: [...problems, ...lintMapping(fields, input.crm, input.at.path)], missing };
}

/** The schema as it will be once `missing` is created: what the next role is compiled against. */
export function addMissingFields(schema: MarketingSchema, missing: readonly MissingField[]): MarketingSchema {
  const known = new Set(schema.fields.map((field) => field.name));
  const added = missing.filter((field) => !known.has(field.name)).map((field) => newField(field, 'marketing'));
  return { fields: [...schema.fields, ...added] };
}

interface LineResult {
  readonly field: CompiledField | null;
  readonly missing: MissingField | null;
  readonly problems: readonly MappingProblem[];
}

function compileLine(
  input: MappingInput,
  line: MappingLine,
  path: string,
  earlier: readonly CompiledField[],
): LineResult {
  const crmPath = `${path}.${input.at.crmKey}`;
  const marketingPath = `${path}.${input.at.marketingKey}`;
  const problems: MappingProblem[] = [];
  const crm = findCrmField(input.crm, line.crm, crmPath, problems);
  const target = findMarketingField(input, line.marketing, crm, marketingPath, problems);
  if (target !== null && earlier.some((field) => field.key === target.field.name)) {
    const message = `${target.field.name} is mapped twice; a data field can hold the value of one CRM field only.`;
    problems.push({ code: 'DUPLICATE_DATA_FIELD', severity: 'error', path: marketingPath, message });
  }
  if (crm === null || target === null) return { field: null, missing: null, problems };
  const type = TYPE_PAIRS[crm.type][target.field.type];
  if (type === null) problems.push(incompatible(crm, target.field, marketingPath));
  const direction = resolveDirection(input.direction, line, crm, { path, crmPath }, problems);
  if (direction !== null && allowsWriteTo(direction, 'crm')) {
    problems.push(...findWriteProblems(crm, earlier, crmPath));
  }
  if (type === null || direction === null || hasError(problems)) return { field: null, missing: null, problems };
  const classes = [crm.fieldClass, target.field.fieldClass];
  const byClass = input.defaults.conflict[classes.includes('marketing') ? 'marketing' : 'sales'];
  if (line.conflict === 'newest') problems.push(newestUnknown(byClass, `${path}.conflict`));
  const draft = {
    key: target.field.name,
    crm,
    marketing: target.field,
    type,
    direction,
    conflict: line.conflict === undefined || line.conflict === 'newest' ? byClass : line.conflict,
    blank: line.blank ?? input.defaults.blank,
  };
  const map = compileValueMap(draft, line.values ?? [], `${path}.values`);
  const field: CompiledField = { ...draft, values: map.values };
  const all = [...problems, ...map.problems, ...lintField(field, path)];
  if (hasError(all)) return { field: null, missing: null, problems: all };
  return { field, missing: target.missing, problems: all };
}

function hasError(problems: readonly MappingProblem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

function findCrmField(schema: CrmRoleSchema, name: string, path: string, problems: MappingProblem[]): CrmField | null {
  const found = schema.fields.find((field) => field.path === name);
  if (found !== undefined) return found;
  const suggestion = didYouMean(
    name,
    schema.fields.map((field) => field.path),
  );
  const message = `The CRM has no field "${name}" for a ${schema.role}.${hint(suggestion)}`;
  problems.push({ code: 'UNKNOWN_CRM_FIELD', severity: 'error', path, message, ...suggest(suggestion) });
  return null;
}

function findMarketingField(
  input: MappingInput,
  written: string,
  crm: CrmField | null,
  path: string,
  problems: MappingProblem[],
): { readonly field: MarketingField; readonly missing: MissingField | null } | null {
  const name = written.toUpperCase();
  const found = input.marketing.fields.find((field) => field.name === name);
  if (found !== undefined) return { field: found, missing: null };
  const names = input.marketing.fields.map((field) => field.name);
  const suggestion = didYouMean(name, names);
  const fault = findNameFault(written);
  if (fault !== null) {
    const code = fault.reserved ? 'RESERVED_DATA_FIELD_NAME' : 'INVALID_DATA_FIELD_NAME';
    problems.push({
      code,
      severity: 'error',
      path,
      message: `${fault.why}${hint(suggestion)}`,
      ...suggest(suggestion),
    });
    return null;
  }
  if (!input.createMissing) {
    const message = `There is no data field "${name}", and data fields are not to be created.${hint(suggestion)}`;
    problems.push({ code: 'UNKNOWN_DATA_FIELD', severity: 'error', path, message, ...suggest(suggestion) });
    return null;
  }
  const similar = names.find((other) => looksMistyped(name, other));
  if (similar !== undefined) {
    const message = `There is no data field "${name}"; it will be created. Did you mean the existing "${similar}"?`;
    problems.push({ code: 'SIMILAR_DATA_FIELD', severity: 'warning', path, message, suggestion: similar });
  }
  if (crm === null) return null;
  const missing: MissingField = { name, type: NEW_FIELD_TYPE[crm.type] };
  return { field: newField(missing, crm.fieldClass), missing };
}

function newField(field: MissingField, fieldClass: MarketingField['fieldClass']): MarketingField {
  return { ...field, maxLength: NEW_TEXT_MAX_LENGTH, fieldClass };
}

/** One slip apart, and not in digits: ADDRESS1 and ADDRESS2 are no slip. */
function looksMistyped(name: string, other: string): boolean {
  if (name.length < 4 || name.replace(/\d/g, '') === other.replace(/\d/g, '')) return false;
  return editDistance(name, other) === 1;
}

function incompatible(crm: CrmField, field: MarketingField, path: string): MappingProblem {
  const [best, ...others] = compatibleTypes(crm.type);
  const choice = [best, ...others].join(' or ');
  const message =
    `${crm.path} is of type ${crm.type} and ${field.name} of type ${field.type}: such values do not survive the way ` +
    `there and back. Choose a data field of type ${choice}.`;
  return { code: 'INCOMPATIBLE_TYPES', severity: 'error', path, message, row: 'C28' };
}

function newestUnknown(instead: ConflictRule, path: string): MappingProblem {
  const winner = instead === 'crm' ? 'the CRM' : 'the marketing system';
  const message = `Neither side says when a single field was changed, so of two changes nobody knows which is newer: ${winner} wins.`;
  return { code: 'NEWEST_UNKNOWN', severity: 'info', path, message, row: 'C9' };
}

/** Null when the line can never carry anything; a problem says so. */
function resolveDirection(
  outer: Direction,
  line: MappingLine,
  crm: CrmField,
  at: { readonly path: string; readonly crmPath: string },
  problems: MappingProblem[],
): Direction | null {
  const direction = narrowDirection(outer, line.direction ?? outer);
  if (direction === null) {
    const message = 'The direction of this line is excluded by the direction of all its records.';
    problems.push({ code: 'DIRECTION_EXCLUDED', severity: 'error', path: `${at.path}.direction`, message });
    return null;
  }
  if (crm.writable || !allowsWriteTo(direction, 'crm')) return direction;
  if (line.direction !== undefined) {
    const message = `${crm.path} cannot be written in the CRM; it can only travel to the marketing system.`;
    problems.push({
      code: 'READ_ONLY_CRM_FIELD',
      severity: 'error',
      path: `${at.path}.direction`,
      message,
      row: 'C30',
    });
    return null;
  }
  if (!allowsWriteTo(direction, 'marketing')) {
    const message =
      `${crm.path} cannot be written in the CRM, and nothing is written to the marketing system here: ` +
      'the line has no effect.';
    problems.push({ code: 'NEVER_TRAVELS', severity: 'warning', path: at.path, message, row: 'C30' });
    return null;
  }
  if (crm.type !== 'id') {
    const message =
      `${crm.path} cannot be written in the CRM; it travels to the marketing system only. ` +
      'Say so with `direction` to silence this.';
    problems.push({ code: 'READ_ONLY_CRM_FIELD', severity: 'warning', path: at.crmPath, message, row: 'C30' });
  }
  return 'to-marketing';
}

function findWriteProblems(crm: CrmField, earlier: readonly CompiledField[], path: string): readonly MappingProblem[] {
  const other = earlier.find((field) => field.crm.path === crm.path && allowsWriteTo(field.direction, 'crm'));
  if (other === undefined) return [];
  const message =
    `${crm.path} is already written from ${other.key}; only one data field may write it. ` +
    'Let this line travel to the marketing system only.';
  return [{ code: 'DUPLICATE_CRM_FIELD', severity: 'error', path, message }];
}

function hint(suggestion: string | null): string {
  return suggestion === null ? '' : ` Did you mean "${suggestion}"?`;
}

function suggest(suggestion: string | null): { readonly suggestion?: string } {
  return suggestion === null ? {} : { suggestion };
}
