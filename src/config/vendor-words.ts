// The configuration's words for the two services in the neutral words of core, and nothing else.
import type { ConflictRule } from '../core/mapping/compiled-field.ts';
import type { Direction } from '../core/model/identity.ts';
import type { AlignmentWinner } from '../core/model/settings.ts';
import type { ConsentConfig, ContactsConfig } from './config.ts';
import type { FieldConfig } from './config-schema.ts';

const DIRECTION = {
  'bi-directional': 'both',
  both: 'both',
  'sell-to-dotdigital': 'to-marketing',
  'dotdigital-to-sell': 'to-crm',
} as const satisfies { readonly [word: string]: Direction };

const SIDE = { sell: 'crm', dotdigital: 'marketing' } as const;

/** (S2, S13) */
export function toDirection(word: keyof typeof DIRECTION): Direction {
  return DIRECTION[word];
}

/** Null for `none`: alignment writes nothing. (4.8) */
export function toAlignmentDirection(word: ContactsConfig['alignment']['mode']): Direction | null {
  return word === 'none' ? null : DIRECTION[word];
}

/** (4.8) */
export function toWinner(word: ContactsConfig['alignment']['winner']): AlignmentWinner {
  return word === 'sell' || word === 'dotdigital' ? SIDE[word] : word;
}

/** (C9) */
export function toConflict(word: NonNullable<FieldConfig['conflict']>): ConflictRule | 'newest' {
  return word === 'sell' || word === 'dotdigital' ? SIDE[word] : word;
}

/** (O8) Whether an opt-out in marketing goes to the CRM at once. */
export function carriesOptOuts({ enabled, direction, optOutTrigger }: ConsentConfig): boolean {
  return enabled && direction !== 'sell-to-dotdigital' && optOutTrigger === 'immediate';
}
