// Data fields that are asked for and do not exist (yet): the service refuses a whole list for one of them. Never forgets a field that exists.
import type { MarketingSelection } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { AccountCalls } from './account-calls.ts';
import { readSchema } from './data-fields.ts';

/** Exists in every account and may be missing from the list of data fields. (v2 API: data fields) */
const UNLISTED: ReadonlySet<string> = new Set(['LASTSUBSCRIBED']);

export interface AbsentFields {
  /** The names worth asking for. A field that does not exist has no value on any contact. */
  existing(selection: MarketingSelection): readonly string[];
  /** After a refusal: true when the account lacks a field that was asked for, so that asking without it may succeed. (U18) */
  explains(error: unknown, selection: MarketingSelection): Promise<boolean>;
  /** These fields are there: created by us, or seen in the schema. Whoever created them, their values must be read from now on. */
  exist(names: readonly string[]): void;
}

export function createAbsentFields(calls: AccountCalls): AbsentFields {
  const absent = new Set<string>();
  const made = new Set<string>();
  return {
    existing: (selection) =>
      selection.fields.filter(
        (name) =>
          !absent.has(name.toUpperCase()) &&
          (made.has(name.toUpperCase()) || selection.absent?.includes(name) !== true),
      ),
    async explains(error, selection) {
      if (!(error instanceof ConnectorError) || error.kind !== 'rejected' || error.status !== 400) return false;
      const asked = selection.fields.map((name) => name.toUpperCase()).filter((name) => !absent.has(name));
      if (asked.length === 0) return false;
      const listed = new Set((await readSchema(calls)).fields.map((field) => field.name));
      const lacking = asked.filter((name) => !listed.has(name) && !UNLISTED.has(name));
      for (const name of lacking) {
        absent.add(name);
        calls.report({
          where: 'data-fields',
          id: null,
          message: `the account has no data field ${name}; it reads as blank`,
        });
      }
      return lacking.length > 0;
    },
    exist(names) {
      for (const name of names) {
        absent.delete(name.toUpperCase());
        made.add(name.toUpperCase());
      }
    },
  };
}
