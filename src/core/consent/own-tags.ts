// Consent tags in a mapped list of tags: they have a lane of their own, so no field rule adds or removes one in the CRM. (R19)

import type { Role } from '../model/identity.ts';
import type { ConsentSettings, ConsentSignals } from '../model/settings.ts';
import type { Raw, Value } from '../model/value.ts';
import { compareText, foldText } from '../normalize/text.ts';

/** Path of the CRM's tags. */
export const TAGS = 'tags';

/** `wanted` with the consent tags that `present` has, and no others. */
export function keepConsentTags(consent: ConsentSettings, role: Role, wanted: Value, present: Value): Value {
  const speaks = speaker(consent.signals[role]);
  if (!consent.enabled || speaks === null) return wanted;
  const kept = [...itemsOf(wanted).filter((tag) => !speaks(tag)), ...itemsOf(present).filter((tag) => speaks(tag))];
  return kept.length === 0 ? null : [...new Set(kept)].sort(compareText);
}

/** Tags for a new record: what they say of consent is said by its own rules, or not at all. */
export function withoutConsentTags(consent: ConsentSettings, role: Role, tags: Raw): Raw {
  const speaks = speaker(consent.signals[role]);
  if (!consent.enabled || speaks === null || !Array.isArray(tags)) return tags;
  return (tags as readonly string[]).filter((tag) => !speaks(tag));
}

/** Null where no tag carries consent. */
function speaker({ tags }: ConsentSignals): ((tag: string) => boolean) | null {
  const words = new Set([...tags.optIn, ...tags.optOut].map(foldText));
  return words.size === 0 ? null : (tag) => words.has(foldText(tag));
}

function itemsOf(value: Value): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
