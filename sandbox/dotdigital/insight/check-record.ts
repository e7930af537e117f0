// What a single insight record must be before its collection's schema is asked. Never stores anything.

import { isObject, type JsonObject } from '../domain/write-shape.ts';

/** Why a record cannot be imported. */
export interface RecordProblem {
  readonly reason:
    | 'InvalidClientKey'
    | 'InvalidContactIdentifier'
    | 'InvalidJson'
    | 'DuplicateKey'
    | 'ContactIdDoesNotExist'
    | 'ContactEmailDoesNotExist'
    | 'JsonContainsNestedArray'
    | 'JsonKeyTooLong'
    | 'JsonKeyInvalidCharacters'
    | 'JsonValueTooLong'
    | 'JsonValueIncompatibleWithSchema'
    | 'JsonNumberValueTooLarge';
  readonly details: readonly string[];
}

const MAX_KEY = 255;
const MAX_FIELD_NAME = 128;
const MAX_TEXT = 64_000;
const MAX_NUMBER = 1e15;

/** True for something that can be a record's key. */
function isRecordKey(key: unknown): key is string {
  return typeof key === 'string' && key.length >= 1 && key.length <= MAX_KEY && !/[\s/]/.test(key);
}

function checkValue(value: unknown, path: string, insideArray: boolean): RecordProblem | undefined {
  if (typeof value === 'string' && value.length > MAX_TEXT) {
    return { reason: 'JsonValueTooLong', details: [`The value of '${path}' is too long`] };
  }
  if (typeof value === 'number' && Math.abs(value) > MAX_NUMBER) {
    return { reason: 'JsonNumberValueTooLarge', details: [`The value of '${path}' is too large`] };
  }
  if (Array.isArray(value)) {
    if (insideArray) return { reason: 'JsonContainsNestedArray', details: [`'${path}' is an array inside an array`] };
    for (const item of value as readonly unknown[]) {
      const problem = checkValue(item, path, true);
      if (problem) return problem;
    }
    return undefined;
  }
  return isObject(value) ? checkNames(value, path) : undefined;
}

function checkNames(json: JsonObject, prefix: string): RecordProblem | undefined {
  for (const [name, value] of Object.entries(json)) {
    if (name.length > MAX_FIELD_NAME) {
      return { reason: 'JsonKeyTooLong', details: [`The key '${name.slice(0, 40)}…' is too long`] };
    }
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      return { reason: 'JsonKeyInvalidCharacters', details: [`The key '${name}' has invalid characters`] };
    }
    const problem = checkValue(value, prefix === '' ? name : `${prefix}.${name}`, false);
    if (problem) return problem;
  }
  return undefined;
}

/** Checks key and JSON of a record; undefined when both will do. */
export function checkRecord(key: unknown, json: unknown): RecordProblem | undefined {
  if (!isRecordKey(key)) return { reason: 'InvalidClientKey', details: ['The key is missing or invalid'] };
  if (!isObject(json)) return { reason: 'InvalidJson', details: ['The json must be an object'] };
  return checkNames(json, '');
}
