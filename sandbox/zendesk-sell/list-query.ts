// Reads filters, order and page of a list out of the query string.
// Never touches records; it produces a query for a table.

import type { FieldSet } from './custom-field-catalog.ts';
import { badParameter } from './errors.ts';
import type { Condition, Order, Query } from './record-table.ts';
import { ADDRESS_KEYS, type Address, type CustomFieldRecord, type CustomValues, customKey } from './records.ts';
import type { SortValue } from './sorted-view.ts';
import type { SellSwitches } from './switches.ts';

/** A query string as the application parses it. */
export type QueryParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** How an attribute is compared and sorted. */
export interface ListField<T> {
  readonly kind: 'text' | 'email' | 'phone' | 'integer' | 'boolean' | 'time';
  readonly of: (record: T) => string | number | boolean | null;
  /** False: only for sorting. Default true. */
  readonly filter?: boolean;
  /** False: only for filtering. Default true. */
  readonly sort?: boolean;
}

/** What a list can be filtered and sorted by. */
export interface ListSpec<T> {
  readonly fields: Readonly<Record<string, ListField<T>>>;
  readonly defaultSort: string;
  readonly defaultDescending?: boolean;
  /** True where `inclusive` is understood. */
  readonly inclusive?: boolean;
  readonly custom?: { readonly fields: () => FieldSet; readonly of: (record: T) => CustomValues };
  /** Default 100. */
  readonly maxPerPage?: number;
  /** Other parameters the resource understands. */
  readonly extra?: readonly string[];
}

/** A list as asked for. */
export interface ListRequest<T> {
  readonly query: Query<T>;
  readonly page: number;
  readonly perPage: number;
}

const PAGING = new Set(['page', 'per_page', 'sort_by', 'ids', 'inclusive']);

/** The five `prefix[part]` fields of an address; line1 cannot be filtered by. */
export function addressFields<T>(prefix: string, of: (record: T) => Address | null): Record<string, ListField<T>> {
  const fields: Record<string, ListField<T>> = {};
  for (const key of ADDRESS_KEYS) {
    if (key === 'line1') continue;
    fields[`${prefix}[${key}]`] = { kind: 'text', of: (record) => of(record)?.[key] ?? null, sort: false };
  }
  return fields;
}

function single(name: string, value: string | readonly string[] | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw badParameter(name, 'given more than once');
}

function readWhole(name: string, value: string, most: number): number {
  const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= 1 && number <= most)) {
    const range =
      most === Number.MAX_SAFE_INTEGER ? 'must be greater than or equal to 1' : `must be between 1 and ${most}`;
    throw badParameter(name, `${range}, given: ${value}`);
  }
  return number;
}

function textKey(kind: 'text' | 'email' | 'phone', text: string, switches: SellSwitches): string {
  if (kind === 'phone' && switches.phoneFilter === 'digits') return text.replace(/\D/g, '');
  const trimmed = switches.filterWhitespace === 'trimmed' ? text.trim() : text;
  const folds =
    switches.textFilterCase === 'insensitive' || (kind === 'email' && switches.textFilterCase !== 'sensitive');
  return folds ? trimmed.toLowerCase() : trimmed;
}

function fieldCondition<T>(name: string, field: ListField<T>, value: string, switches: SellSwitches): Condition<T> {
  const { kind, of } = field;
  if (kind === 'boolean') {
    if (value !== 'true' && value !== 'false') throw badParameter(name, `must be true or false, given: ${value}`);
    return { key: `${name}=${value}`, test: (record) => of(record) === (value === 'true') };
  }
  if (kind === 'integer' || kind === 'time') {
    if (!/^-?\d+$/.test(value)) throw badParameter(name, `must be an integer, given: ${value}`);
    const wanted = Number(value);
    const asText = (record: T): string | null => {
      const own = of(record);
      return own === null ? null : String(own);
    };
    return {
      key: `${name}=${wanted}`,
      test: (record) => of(record) === wanted,
      index: { name, of: asText, value: String(wanted) },
    };
  }
  const wanted = textKey(kind, value, switches);
  const modes = `${switches.textFilterCase}/${switches.filterWhitespace}/${switches.phoneFilter}`;
  const keyOf = (record: T): string | null => {
    const own = of(record);
    return typeof own === 'string' && own !== '' ? textKey(kind, own, switches) : null;
  };
  return {
    key: `${name}=${modes}:${wanted}`,
    test: (record) => (keyOf(record) ?? '') === wanted,
    index: wanted === '' ? undefined : { name: `${name}/${modes}`, of: keyOf, value: wanted },
  };
}

function customCondition<T>(
  spec: ListSpec<T>,
  parameter: string,
  name: string,
  value: string,
  switches: SellSwitches,
): Condition<T> | undefined {
  const field = spec.custom?.fields().get(name);
  const read = spec.custom?.of;
  if (!field?.filterable || !read) {
    if (switches.unfilterableCustomField === 'ignore') return undefined;
    throw badParameter(parameter, 'the custom field does not exist or is not filterable');
  }
  const key = customKey(field.id);
  if (field.type === 'list' || field.type === 'multi_select_list') {
    const choice = field.choices.find(
      (candidate) => textKey('text', candidate.name, switches) === textKey('text', value, switches),
    );
    return {
      key: `${key}=choice:${choice?.id ?? 'none'}`,
      test: (record) => {
        const own = read(record)[key];
        if (value === '') return own === undefined;
        return choice !== undefined && Array.isArray(own) && own.includes(choice.id);
      },
    };
  }
  const textOf = (record: T): string | null => {
    const own = read(record)[key];
    return typeof own === 'string' ? own : null;
  };
  if (field.type === 'number') {
    if (value !== '' && Number.isNaN(Number(value))) throw badParameter(parameter, `must be a number, given: ${value}`);
    const canonical = (text: string | null): string | null => (text === null ? null : String(Number(text)));
    const wanted = value === '' ? null : canonical(value);
    return {
      key: `${key}=number:${wanted ?? ''}`,
      test: (record) => canonical(textOf(record)) === wanted,
      index: wanted === null ? undefined : { name: key, of: (record) => canonical(textOf(record)), value: wanted },
    };
  }
  return fieldCondition(key, { kind: 'text', of: textOf }, value, switches);
}

/** The conditions of a query string, and the ids it names. */
function readFilters<T>(
  spec: ListSpec<T>,
  parameters: QueryParameters,
  switches: SellSwitches,
): { readonly conditions: Condition<T>[]; readonly ids: number[] | undefined; readonly inclusive: boolean } {
  const conditions: Condition<T>[] = [];
  let ids: number[] | undefined;
  let inclusive = true;
  for (const [name, raw] of Object.entries(parameters)) {
    const value = single(name, raw) ?? '';
    const custom = /^custom_fields\[(.*)\]$/s.exec(name)?.[1];
    const field = Object.hasOwn(spec.fields, name) ? spec.fields[name] : undefined;
    if (name === 'ids') {
      ids = value.split(',').map((part) => {
        if (!/^\s*\d+\s*$/.test(part)) throw badParameter('ids', `must be a list of integers, given: ${value}`);
        return Number(part);
      });
    } else if (name === 'inclusive' && spec.inclusive) {
      if (value !== 'true' && value !== 'false') throw badParameter(name, `must be true or false, given: ${value}`);
      inclusive = value === 'true';
    } else if (custom !== undefined && spec.custom) {
      const condition = customCondition(spec, name, custom, value, switches);
      if (condition) conditions.push(condition);
    } else if (field && field.filter !== false) {
      conditions.push(fieldCondition(name, field, value, switches));
    } else if (!PAGING.has(name) && !spec.extra?.includes(name) && switches.unknownQueryParameter === 'refuse') {
      throw badParameter(name, 'unknown query parameter');
    }
  }
  return { conditions, ids, inclusive };
}

function sortable(value: string | number | boolean | null): SortValue {
  if (typeof value === 'string') return value.toLowerCase();
  return typeof value === 'boolean' ? Number(value) : value;
}

function customSortValue(field: CustomFieldRecord, values: CustomValues): SortValue {
  const value = values[customKey(field.id)];
  if (typeof value !== 'string') return Array.isArray(value) ? ((value as readonly number[])[0] ?? null) : null;
  return field.type === 'number' ? Number(value) : value.toLowerCase();
}

function readOrder<T>(spec: ListSpec<T>, given: string | undefined, switches: SellSwitches): Order<T> {
  const fallback = (): Order<T> => {
    const field = spec.fields[spec.defaultSort];
    const descending = spec.defaultDescending ?? false;
    return { key: spec.defaultSort, of: (record) => sortable(field?.of(record) ?? null), descending };
  };
  if (given === undefined || given === '') return fallback();
  const match = /^(custom_fields:)?(.+?)(?::(asc|desc))?$/s.exec(given);
  const name = match?.[2] ?? '';
  const descending = match?.[3] === 'desc';
  if (match?.[1]) {
    const field = spec.custom?.fields().get(name);
    const read = spec.custom?.of;
    if (field?.filterable && read) {
      return { key: customKey(field.id), of: (record) => customSortValue(field, read(record)), descending };
    }
  } else {
    const field = Object.hasOwn(spec.fields, name) ? spec.fields[name] : undefined;
    if (field && field.sort !== false) return { key: name, of: (record) => sortable(field.of(record)), descending };
  }
  if (switches.unknownSortField === 'ignore') return fallback();
  throw badParameter('sort_by', `unknown field, given: ${given}`);
}

/**
 * A list request from its query string.
 * @throws SellRefusal 400 invalid_param
 */
export function readListRequest<T>(
  spec: ListSpec<T>,
  parameters: QueryParameters,
  switches: SellSwitches,
): ListRequest<T> {
  const page = readWhole('page', single('page', parameters['page']) ?? '1', Number.MAX_SAFE_INTEGER);
  const perPage = readWhole('per_page', single('per_page', parameters['per_page']) ?? '25', spec.maxPerPage ?? 100);
  if (switches.pageDepthLimit > 0 && page > switches.pageDepthLimit) {
    throw badParameter('page', `must be between 1 and ${switches.pageDepthLimit}, given: ${page}`);
  }
  const { conditions, ids, inclusive } = readFilters(spec, parameters, switches);
  const order = readOrder(spec, single('sort_by', parameters['sort_by']), switches);
  return { query: { conditions, ids, inclusive, order }, page, perPage };
}

/** The query of an upsert's filters; undefined when there is no filter at all. */
export function readUpsertQuery<T>(
  spec: ListSpec<T>,
  parameters: QueryParameters,
  switches: SellSwitches,
): Query<T> | undefined {
  const { conditions, ids, inclusive } = readFilters(spec, parameters, switches);
  if (conditions.length === 0 && ids === undefined) return undefined;
  return { conditions, ids, inclusive, order: readOrder(spec, 'id', switches) };
}
