// What administrators do to the fields of both accounts. Whatever they take away they put back some day; the values are lost.
import type { DataField } from '../../sandbox/dotdigital/state/data-field-registry.ts';
import type { Random } from '../../sandbox/random.ts';
import type { Accounts } from './accounts.ts';
import type { Act } from './acts.ts';

const TYPES = ['String', 'Numeric'] as const;

/** A data field that somebody added, mapped or not. */
function anyDataField({ dotdigital }: Accounts, random: Random) {
  const own = dotdigital.world.dataFields().filter(({ name }) => MAY_GO.test(name));
  return own.length === 0 ? null : random.pick(own);
}

/** Of the type that the field had before anybody touched it. */
function typeOf({ fieldTypes }: Accounts, { name, type }: DataField): DataField['type'] {
  const first = fieldTypes.get(name) ?? type;
  fieldTypes.set(name, first);
  return first;
}

const RENAMED = /( 2)+$/;

const MAY_GO =
  /^(CUSTOMER_STATUS|PROSPECT_STATUS|TIER|SCORE|IS_VIP|RENEWAL_DATE|CITY|INTERESTS|SELL_TAGS|ORGANISATION)$/i;

function anyCustomField({ sell }: Accounts, random: Random) {
  const { customFields } = sell.world.state;
  const found = (['contact', 'lead'] as const).flatMap((kind) =>
    customFields.list(kind).map((field) => ({ ...field, kind })),
  );
  return found.length === 0 ? null : random.pick(found);
}

export const SCHEMA_ACTS = {
  'deletes a data field': (accounts, random) => {
    const field = anyDataField(accounts, random);
    if (field === null) return null;
    const { world } = accounts.dotdigital;
    const { name } = field;
    const type = typeOf(accounts, field);
    world.deleteDataField(name);
    accounts.repairs.push(() => {
      if (world.dataFields().some((one) => one.name.toUpperCase() === name.toUpperCase())) return null;
      world.createDataField(name, type);
      return `The data field ${name} is made again`;
    });
    return `The data field ${name} is deleted`;
  },
  'changes a data field': (accounts, random) => {
    const field = anyDataField(accounts, random);
    if (field === null) return null;
    const { world } = accounts.dotdigital;
    const { name } = field;
    const type = typeOf(accounts, field);
    const other = TYPES.find((one) => one !== field.type) ?? 'String';
    world.deleteDataField(name);
    world.createDataField(name, other);
    accounts.repairs.push(() => {
      if (world.dataFields().some((one) => one.name.toUpperCase() === name.toUpperCase())) world.deleteDataField(name);
      world.createDataField(name, type);
      return `The data field ${name} is made anew as ${type}`;
    });
    return `The data field ${name} is made anew as ${other}`;
  },
  'deletes a custom field': (accounts, random) => {
    const field = anyCustomField(accounts, random);
    if (field === null) return null;
    const { world } = accounts.sell;
    const { id, name, type, kind, choices } = field;
    const first = name.replace(RENAMED, '');
    world.removeCustomField(id);
    accounts.repairs.push(() => {
      if (world.state.customFields.list(kind).some((one) => one.name === first)) return null;
      world.addCustomField({ resource: kind, name: first, type, choices: choices.map((choice) => choice.name) });
      return `The ${kind} field ${first} is made again`;
    });
    return `The ${kind} field ${name} is deleted`;
  },
  'renames a custom field': (accounts, random) => {
    const field = anyCustomField(accounts, random);
    if (field === null) return null;
    const { world } = accounts.sell;
    const { id, name, kind } = field;
    world.changeCustomField(id, { name: `${name} 2` });
    accounts.repairs.push(() => {
      if (world.state.customFields.get(id) === undefined) return null;
      const first = name.replace(RENAMED, '');
      world.changeCustomField(id, { name: first });
      return `The ${kind} field ${name} 2 is called ${first} again`;
    });
    return `The ${kind} field ${name} is called ${name} 2`;
  },
  'drops an option': (accounts, random) => {
    const field = anyCustomField(accounts, random);
    if (field === null || field.choices.length < 2) return null;
    const { world } = accounts.sell;
    const names = field.choices.map((choice) => choice.name);
    const gone = random.pick(names);
    world.changeCustomField(field.id, { choices: names.filter((name) => name !== gone) });
    accounts.repairs.push(() => {
      if (world.state.customFields.get(field.id) === undefined) return null;
      world.changeCustomField(field.id, { choices: names });
      return `The option ${gone} of ${field.name} is there again`;
    });
    return `The option ${gone} of ${field.name} is dropped`;
  },
  'puts a field back': (accounts, random) => {
    if (accounts.repairs.length === 0) return null;
    const [repair] = accounts.repairs.splice(random.int(0, accounts.repairs.length - 1), 1);
    return repair?.() ?? null;
  },
} as const satisfies { readonly [name: string]: Act };

/** How often each thing is done. */
export const SCHEMA_WEIGHTS: { readonly [A in keyof typeof SCHEMA_ACTS]: number } = {
  'deletes a data field': 3,
  'changes a data field': 1,
  'deletes a custom field': 2,
  'renames a custom field': 2,
  'drops an option': 1,
  'puts a field back': 6,
};
