// The results of conversions: a value, or why there is none. Never throws, never a half value.
import type { Raw, Value } from '../model/value.ts';

/**
 * What a raw value means. `why` finishes the sentence "The value …", in plain words and without repeating the value.
 * `defaulted` marks a status that could not be mapped and fell back. (C12, C13, C28)
 */
export type Reading =
  | { readonly type: 'ok'; readonly value: Value; readonly defaulted?: true }
  | { readonly type: 'unmappable'; readonly why: string };

/** What to send for a value, or why the target cannot hold it: hold `VALUE_UNMAPPABLE`. (C28) */
export type Writing =
  | { readonly type: 'ok'; readonly raw: Raw }
  | { readonly type: 'unmappable'; readonly why: string };

export function readAs(value: Value): Reading {
  return { type: 'ok', value };
}

export function writeAs(raw: Raw): Writing {
  return { type: 'ok', raw };
}

export function unmappable(why: string): { readonly type: 'unmappable'; readonly why: string } {
  return { type: 'unmappable', why };
}
