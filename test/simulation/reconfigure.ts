// One change of the configuration, as somebody edits the file between two runs. Plain data in, plain data out.
import type { Random } from '../../sandbox/random.ts';
import { type Direction, EVERY_FIELD, type MappedField, type ObjectSetup, type Setup } from './setup.ts';

const DIRECTIONS: readonly Direction[] = ['bi-directional', 'sell-to-dotdigital', 'dotdigital-to-sell'];

export interface Changed {
  readonly setup: Setup;
  readonly words: string;
}

const CONFLICTS = ['sell', 'dotdigital', 'newest', 'hold'] as const;

type Part = 'contacts' | 'leads';

export function changeSetup(setup: Setup, random: Random): Changed {
  const part = random.pick(['contacts', 'contacts', 'leads'] as const);
  const object = setup[part];
  const change = random.pick(CHANGES);
  return change(setup, part, object, random);
}

type Change = (setup: Setup, part: Part, object: ObjectSetup, random: Random) => Changed;

function withObject(setup: Setup, part: Part, object: Partial<ObjectSetup>, words: string): Changed {
  return { setup: { ...setup, [part]: { ...setup[part], ...object } }, words: `${part}: ${words}` };
}

function withField(setup: Setup, part: Part, at: number, field: MappedField): Changed {
  const fields = setup[part].fields.with(at, field);
  return withObject(setup, part, { fields }, JSON.stringify(field));
}

/** Another value of a setting. */
function other<T>(random: Random, values: readonly T[], now: T): T {
  return random.pick(values.filter((value) => value !== now));
}

const CHANGES: readonly Change[] = [
  (setup, part, object, random) => {
    const direction = other(random, DIRECTIONS, object.direction);
    // A line may only narrow the direction of its object.
    const fields = object.fields.map(({ direction: _, ...field }) => field);
    return withObject(setup, part, { direction, fields }, `direction ${direction}`);
  },
  (setup, part, object, random) => {
    const at = random.int(0, object.fields.length - 1);
    const { direction: now, ...field } = object.fields[at] as MappedField;
    if (object.direction !== 'bi-directional') return withField(setup, part, at, field);
    const direction = other(random, [undefined, 'sell-to-dotdigital', 'dotdigital-to-sell'] as const, now);
    return withField(setup, part, at, { ...field, ...(direction === undefined ? {} : { direction }) });
  },
  (setup, part, object, random) => {
    const at = random.int(0, object.fields.length - 1);
    const field = object.fields[at] as MappedField;
    const conflict = other(random, CONFLICTS, field.conflict ?? 'sell');
    return withField(setup, part, at, { ...field, conflict });
  },
  (setup, part, object, random) => {
    const at = random.int(0, object.fields.length - 1);
    const field = object.fields[at] as MappedField;
    return withField(setup, part, at, { ...field, blank: field.blank === 'ignore' ? 'propagate' : 'ignore' });
  },
  // A field is taken out of the mapping, or one that was out comes in.
  (setup, part, object, random) => {
    const out = object.fields.filter(({ dotdigital }) => !NAMES.has(dotdigital));
    if (out.length === 0 || random.chance(0.4)) return moreFields(setup, part, random);
    const gone = random.pick(out);
    return withObject(
      setup,
      part,
      { fields: object.fields.filter((field) => field !== gone) },
      `without ${gone.dotdigital}`,
    );
  },
  (setup, part, _object, random) => moreFields(setup, part, random),
  (setup, part, object, random) => {
    const multipleMatch = other(random, ['email-and-names', 'email', 'do-not-update'] as const, object.multipleMatch);
    return withObject(setup, part, { multipleMatch }, `multipleMatch ${multipleMatch}`);
  },
  (setup, part, object, random) => {
    const onEmailChange = other(random, ['rename', 'new', 'hold'] as const, object.onEmailChange);
    return withObject(setup, part, { onEmailChange }, `onEmailChange ${onEmailChange}`);
  },
  (setup, part, object, random) => {
    const way = other(random, ['delete', 'queue', 'mark', 'remove-from-lists', 'ignore'] as const, object.delete);
    return withObject(setup, part, { delete: way }, `delete ${way}`);
  },
  (setup, _part, _object, random) => {
    const direction = other(random, DIRECTIONS, setup.consent.direction);
    return { setup: { ...setup, consent: { ...setup.consent, direction } }, words: `consent: direction ${direction}` };
  },
  (setup) => ({
    setup: { ...setup, consent: { ...setup.consent, enabled: !setup.consent.enabled } },
    words: `consent: ${setup.consent.enabled ? 'off' : 'on'}`,
  }),
  (setup, _part, _object, random) =>
    random.chance(0.5)
      ? { setup: { ...setup, partialWrite: !setup.partialWrite }, words: `partialWrite ${String(!setup.partialWrite)}` }
      : {
          setup: { ...setup, allowNonCustomer: !setup.allowNonCustomer },
          words: `allowNonCustomer ${String(!setup.allowNonCustomer)}`,
        },
  // One object may rest for a while, but not both.
  (setup, part) => {
    const rest = part === 'contacts' ? setup.leads : setup.contacts;
    const enabled = !setup[part].enabled || !rest.enabled;
    return withObject(setup, part, { enabled }, enabled ? 'on' : 'off');
  },
];

const NAMES: ReadonlySet<string> = new Set(['FIRSTNAME', 'LASTNAME']);

function moreFields(setup: Setup, part: Part, random: Random): Changed {
  const mapped = new Set(setup[part].fields.map(({ dotdigital }) => dotdigital));
  const out = EVERY_FIELD[part].filter(({ dotdigital }) => !mapped.has(dotdigital));
  if (out.length === 0) return withObject(setup, part, {}, 'as before');
  const field = random.pick(out);
  return withObject(setup, part, { fields: [...setup[part].fields, field] }, `with ${field.dotdigital}`);
}
