// What to write onto a CRM record so that it reads as opted in or out. Touches no other tag and no other value. (O7, O9, O11)
import type { Role } from '../model/identity.ts';
import type { CrmWrite } from '../model/plan.ts';
import type { CrmRecord } from '../model/record.ts';
import type { ConsentSettings, ConsentSignals } from '../model/settings.ts';
import type { Raw } from '../model/value.ts';
import { foldText } from '../normalize/text.ts';
import { hasWord, valuesOf } from './read-signals.ts';

type Kind = 'optIn' | 'optOut';

/** Null where the settings name nothing that would say it and nothing on the record says the opposite. */
export function consentWrite(signals: ConsentSignals, record: CrmRecord, kind: Kind): CrmWrite | null {
  const { tags, field } = signals;
  const opposite: Kind = kind === 'optIn' ? 'optOut' : 'optIn';
  const add = tags[kind].slice(0, 1).filter((tag) => !record.tags.some((own) => foldText(own) === foldText(tag)));
  const remove = record.tags.filter((own) => tags[opposite].some((word) => foldText(word) === foldText(own)));
  const value = field === null ? undefined : fieldValue(field, record.values[field.path] ?? null, kind, opposite);
  if (add.length === 0 && remove.length === 0 && value === undefined) return null;
  return {
    set: field === null || value === undefined ? {} : { [field.path]: value },
    ...(add.length === 0 ? {} : { addTags: add }),
    ...(remove.length === 0 ? {} : { removeTags: remove }),
    ...(field?.whole == null || value === undefined ? {} : { whole: [field.whole] }),
  };
}

/** Undefined = stays as it is. Of several values only the ones that speak of consent are touched. */
function fieldValue(
  field: NonNullable<ConsentSignals['field']>,
  now: Raw,
  kind: Kind,
  opposite: Kind,
): Raw | undefined {
  const wanted = kind === 'optIn' ? field.writeIn : field.writeOut;
  const values = valuesOf(now);
  const rest = values.filter((value) => !hasWord(field[opposite], value));
  if (wanted === null) return rest.length === values.length ? undefined : Array.isArray(now) ? rest : null;
  const says = rest.length === values.length && values.some((value) => hasWord(field[kind], value));
  if (says) return undefined;
  if (!Array.isArray(wanted)) return wanted;
  const more = (wanted as readonly string[]).filter(
    (word) => !rest.some((value) => foldText(value) === foldText(word)),
  );
  return [...rest, ...more];
}

/** (O11, L19) What a new CRM record carries so that the opt-out is on record from the first moment. */
export function optOutSignal(
  consent: ConsentSettings,
  role: Role,
): { readonly set: Readonly<Record<string, Raw>>; readonly tags: readonly string[] } {
  const { tags, field } = consent.signals[role];
  return {
    set: field === null || field.writeOut === null ? {} : { [field.path]: field.writeOut },
    tags: tags.optOut.slice(0, 1),
  };
}
