// What is allowed in a mapping but worth a word: surprises that the person would rather know before the first run.
import { allowsWriteTo } from '../model/identity.ts';
import type { CrmField, CrmRoleSchema } from '../model/schema.ts';
import type { CompiledField } from './compiled-field.ts';
import type { MappingProblem } from './mapping-problem.ts';

/** Remarks on one line; `path` is its configuration path. (C15, C28) */
export function lintField(field: CompiledField, path: string): readonly MappingProblem[] {
  const problems: MappingProblem[] = [];
  const { crm, marketing } = field;
  const writesCrm = allowsWriteTo(field.direction, 'crm');
  if (crm.recomputed === true && writesCrm) {
    const message =
      `The CRM recomputes ${crm.path} by itself, for instance when a deal moves, and will change what is written ` +
      'there. Better let it travel to the marketing system only.';
    problems.push({ code: 'RECOMPUTED', severity: 'warning', path, message, row: 'C15' });
  }
  if (marketing.type === 'string' && writesCrm) problems.push(...lintFreeText(field, path));
  if ((crm.type === 'text' || crm.type === 'choice') && marketing.type !== 'string') problems.push(freer(field, path));
  const { maxLength } = crm;
  if (maxLength !== undefined && marketing.type === 'string') {
    if (maxLength > marketing.maxLength && allowsWriteTo(field.direction, 'marketing')) {
      problems.push(
        shorter(`${field.key} holds ${marketing.maxLength} characters, ${crm.path} up to ${maxLength}`, path),
      );
    }
    if (maxLength < marketing.maxLength && writesCrm) {
      problems.push(
        shorter(`${crm.path} holds ${maxLength} characters, ${field.key} up to ${marketing.maxLength}`, path),
      );
    }
  }
  return problems;
}

function freer({ crm, key, marketing }: CompiledField, path: string): MappingProblem {
  const what = crm.type === 'choice' ? 'a list of choices' : 'free text';
  const message =
    `${crm.path} is ${what}, ${key} is of type ${marketing.type}: texts that are none are held. ` +
    'A text data field avoids that.';
  return { code: 'NARROWER_TYPE', severity: 'warning', path, message, row: 'C28' };
}

function shorter(what: string, path: string): MappingProblem {
  return {
    code: 'SHORTER_TEXT',
    severity: 'info',
    path,
    message: `${what}: longer values are held, never cut.`,
    row: 'C28',
  };
}

/** Free text on its way into something stricter. */
function lintFreeText(field: CompiledField, path: string): readonly MappingProblem[] {
  const { crm, key, type } = field;
  if (type === 'decimal' || type === 'boolean' || type === 'date' || type === 'datetime') {
    const message =
      `${key} is free text, ${crm.path} is of type ${crm.type}: texts that are none are held. ` +
      'A data field of the same type avoids that.';
    return [{ code: 'NARROWER_TYPE', severity: 'warning', path, message, row: 'C28' }];
  }
  if (crm.choices === undefined || crm.fallback !== undefined) return [];
  const message =
    `${key} is free text, ${crm.path} accepts ${crm.choices.length} choices: other texts are held. ` +
    '`values` can translate them.';
  return [{ code: 'NARROWER_TYPE', severity: 'info', path, message, row: 'C28' }];
}

/** Remarks on the mapping of a role as a whole; `path` is the configuration path of its lines. (C10, C17) */
export function lintMapping(
  fields: readonly CompiledField[],
  schema: CrmRoleSchema,
  path: string,
): readonly MappingProblem[] {
  return [...lintNames(fields, schema, path), ...lintWholes(fields, schema, path)];
}

function lintNames(fields: readonly CompiledField[], schema: CrmRoleSchema, path: string): readonly MappingProblem[] {
  const writing = fields.filter((field) => allowsWriteTo(field.direction, 'crm'));
  if (writing.length === 0) return [];
  const names = schema.fields.filter((field) => field.meaning !== undefined);
  const unmapped = names.filter((name) => !writing.some((field) => field.crm.path === name.path));
  return unmapped.map((name) => {
    const message =
      `Nothing is mapped to ${name.path}, so no new ${schema.role} can be made in the CRM: ` +
      'it would have no full name.';
    return { code: 'NAME_NOT_MAPPED', severity: 'warning', path, message, row: 'C10' };
  });
}

/** Parts of one composite attribute (`address.city`) of which only some are mapped. */
function lintWholes(fields: readonly CompiledField[], schema: CrmRoleSchema, path: string): readonly MappingProblem[] {
  const parts = new Map<string, CrmField[]>();
  for (const field of schema.fields) {
    if (field.whole === undefined) continue;
    parts.set(field.whole, [...(parts.get(field.whole) ?? []), field]);
  }
  const mapped = new Set(fields.map((field) => field.crm.path));
  const problems: MappingProblem[] = [];
  for (const [whole, members] of parts) {
    const open = members.filter((member) => !mapped.has(member.path)).map((member) => member.path);
    if (open.length === 0 || open.length === members.length) continue;
    const message =
      `Only a part of ${whole} is mapped; the rest stays as it is in the CRM. ` + `Not mapped: ${open.join(', ')}.`;
    problems.push({ code: 'WHOLE_PARTLY_MAPPED', severity: 'info', path, message, row: 'C17' });
  }
  return problems;
}
