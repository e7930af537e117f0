// Value maps and closed lists: which text on one side means which text on the other. Never writes a text that the map
// claims for something else.
import { foldText } from '../normalize/text.ts';
import type { CompiledField } from './compiled-field.ts';

/**
 * The spelling of `text` in a closed list: itself, else the only entry that differs by case alone, else null when it
 * is not there or several entries differ by case alone.
 */
export function findChoice(choices: readonly string[], text: string): string | null {
  if (choices.includes(text)) return text;
  const folded = foldText(text);
  const near = choices.filter((choice) => foldText(choice) === folded);
  return near.length === 1 ? (near[0] ?? null) : null;
}

/** `text` in the CRM's own spelling; as it stands when the CRM has no such entry or no closed list. */
export function spellAsCrm(field: Pick<CompiledField, 'crm'>, text: string): string {
  const { choices } = field.crm;
  return choices === undefined ? text : (findChoice(choices, text) ?? text);
}

/** CRM text for a marketing text: by the value map (trimmed, without regard to case), else the same text. */
export function mapToCrm(field: CompiledField, marketing: string): string {
  if (field.values.length === 0) return marketing;
  const folded = foldText(marketing);
  return field.values.find((entry) => foldText(entry.marketing) === folded)?.crm ?? marketing;
}

/**
 * Marketing text for a CRM text: the first marketing spelling that the map gives it, else the same text. Null when the
 * map gives that text another meaning, so that writing it would change what is meant.
 */
export function mapToMarketing(field: CompiledField, crm: string): string | null {
  if (field.values.length === 0) return crm;
  const entry = field.values.find((candidate) => spellAsCrm(field, candidate.crm) === crm);
  if (entry !== undefined) return entry.marketing;
  const folded = foldText(crm);
  return field.values.some((candidate) => foldText(candidate.marketing) === folded) ? null : crm;
}
