// Checks a value map against the two fields and brings it into canonical spelling. Never adds an entry.
import { foldText, normalizeText } from '../normalize/text.ts';
import type { CompiledField } from './compiled-field.ts';
import { decodeSingle, SET_SEPARATOR, singleOf, TEXT_DATES } from './decode.ts';
import type { MappingProblem } from './mapping-problem.ts';
import { findChoice, mapToMarketing } from './value-map.ts';

type Entry = CompiledField['values'][number];

export interface CompiledValueMap {
  readonly values: readonly Entry[];
  readonly problems: readonly MappingProblem[];
}

/** `path` is the configuration path of the map. (C12, C13, C28) */
export function compileValueMap(
  field: Omit<CompiledField, 'values'>,
  entries: readonly Entry[],
  path: string,
): CompiledValueMap {
  if (entries.length > 0 && field.marketing.type !== 'string') {
    const message =
      `A value map needs a text data field; ${field.key} is of type ${field.marketing.type}. ` +
      'Leave `values` out or map to a text data field.';
    return { values: [], problems: [{ code: 'VALUE_MAP_NEEDS_TEXT', severity: 'error', path, message }] };
  }
  const values: Entry[] = [];
  const problems: MappingProblem[] = [];
  for (const entry of entries) {
    const at = `${path}.${entry.marketing}`;
    const checked = checkEntry(field, entry, values, at);
    if ('code' in checked) problems.push(checked);
    else values.push(checked);
  }
  return { values, problems: [...problems, ...findHiddenChoices({ ...field, values }, path)] };
}

function checkEntry(
  field: Omit<CompiledField, 'values'>,
  entry: Entry,
  known: readonly Entry[],
  path: string,
): Entry | MappingProblem {
  const marketing = normalizeText(entry.marketing);
  const text = normalizeText(entry.crm);
  if (marketing === null || text === null) {
    const message = 'Both sides of a value map entry need a text; blank values always stay blank.';
    return { code: 'VALUE_MAP_BLANK', severity: 'error', path, message };
  }
  if (field.type === 'set' && marketing.includes(SET_SEPARATOR)) {
    const message = `"${marketing}" contains "${SET_SEPARATOR}", which separates the items of ${field.crm.path}.`;
    return { code: 'VALUE_MAP_SEPARATOR', severity: 'error', path, message };
  }
  const crm = canonicalText(field, text);
  if (crm === null) {
    const { choices } = field.crm;
    const accepted =
      choices === undefined ? `values of type ${field.crm.type}` : choices.map((c) => `"${c}"`).join(', ');
    const message = `${field.crm.path} does not accept "${text}"; it accepts ${accepted}.`;
    return { code: 'VALUE_MAP_NOT_ACCEPTED', severity: 'error', path, message, row: 'C28' };
  }
  const earlier = known.find((other) => foldText(other.marketing) === foldText(marketing));
  if (earlier !== undefined) {
    const same = earlier.crm === crm;
    const targets = same ? '' : `: to "${earlier.crm}" and to "${crm}"`;
    const message = `"${marketing}" is mapped twice (case does not matter)${targets}.`;
    return { code: 'VALUE_MAP_REPEATED', severity: same ? 'warning' : 'error', path, message };
  }
  return { marketing, crm };
}

/** The CRM's text for a mapped value in canonical spelling; null when the CRM field cannot hold it. */
function canonicalText(field: Omit<CompiledField, 'values'>, text: string): string | null {
  if (field.crm.choices !== undefined) return findChoice(field.crm.choices, text);
  const reading = decodeSingle(singleOf(field.type), text, TEXT_DATES);
  return reading.type === 'ok' ? String(reading.value) : null;
}

function findHiddenChoices(field: CompiledField, path: string): readonly MappingProblem[] {
  const hidden = (field.crm.choices ?? []).filter((choice) => mapToMarketing(field, choice) === null);
  if (hidden.length === 0) return [];
  const list = hidden.map((choice) => `"${choice}"`).join(', ');
  const message =
    `The value map takes ${list} for something else, so records with ${list} in ${field.crm.path} will be held. ` +
    `Give ${list} a marketing value of its own.`;
  return [{ code: 'VALUE_MAP_HIDES_CHOICE', severity: 'warning', path, message, row: 'C28' }];
}
