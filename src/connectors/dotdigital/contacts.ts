// Reading contacts: everything, what changed, one, the members of a list. Never writes.
import type { MarketingConnector, MarketingSelection, ShownContact } from '../connector.ts';
import { ConnectorError } from '../error.ts';
import type { AbsentFields } from './absent-fields.ts';
import type { AccountCalls } from './account-calls.ts';
import { askContact, type ContactAnswer } from './ask-contact.ts';
import { markedPages } from './marked-pages.ts';
import { isGone, readContact } from './read-contact.ts';
import { toFilterTime } from './service-time.ts';
import { asText, contactIdentity } from './wire.ts';

type Reading = Pick<
  MarketingConnector,
  'changedSince' | 'scan' | 'readOne' | 'listMembers' | 'contactIds' | 'idsPerPage'
>;

const CONTACTS = { path: '/contacts/v3', scope: 'contacts-list' } as const;

export function createContactReading(calls: AccountCalls, absentFields: AbsentFields, limit: number): Reading {
  /** Learnt from the first answer: whether one contact comes complete without being asked for its parts. (U16) */
  let completeWithoutAsking = true;

  async function* records(
    selection: MarketingSelection,
    filter: { readonly [name: string]: string },
  ): AsyncGenerator<readonly ShownContact[]> {
    let begun = false;
    do {
      try {
        for await (const items of markedPages(calls, CONTACTS, { ...parts(selection), ...filter }, limit)) {
          begun = true;
          yield items.flatMap((item) => readItem(item, selection));
        }
        return;
      } catch (error) {
        if (begun || !(await absentFields.explains(error, selection))) throw error;
      }
    } while (!begun);
  }

  function readItem(item: unknown, selection: MarketingSelection): readonly ShownContact[] {
    const read = readContact(item, selection);
    if ('record' in read) return [read.record];
    calls.report(read.oddity);
    return [];
  }

  /** What must be asked for by name: nothing but ids, times and statuses comes unasked. */
  function parts(selection: MarketingSelection): { readonly [name: string]: string } {
    const fields = absentFields.existing(selection);
    return {
      ...(fields.length === 0 ? {} : { 'data-fields': fields.join('|') }),
      include: selection.lists ? 'channelProperties|lists' : 'channelProperties',
    };
  }

  async function readOne(
    by: { readonly id: string } | { readonly email: string },
    selection: MarketingSelection,
  ): Promise<ShownContact | 'missing'> {
    let answer: ContactAnswer | 'missing' | null = completeWithoutAsking ? await askContact(calls, by, {}) : null;
    if (answer === 'missing') return 'missing';
    if (answer === null || lacks(answer, selection)) {
      const plain = answer;
      const asked = await askContact(calls, by, parts(selection)).catch(async (error: unknown) => {
        // A service that does not know the parameters here refuses them: the plain answer is then all there is.
        const refused = error instanceof ConnectorError && error.kind === 'rejected';
        if (refused && plain !== null && !absent(plain, 'dataFields')) return plain;
        if (await absentFields.explains(error, selection)) return askContact(calls, by, parts(selection));
        if (refused && plain !== null) return plain;
        throw error;
      });
      if (asked === 'missing') return 'missing';
      if (answer !== null && !lacks(asked, selection)) completeWithoutAsking = false;
      answer = asked;
    }
    // No data fields and no channel either: the answer is a stub, and reading it as blanks would clear the other side.
    const stub =
      absentFields.existing(selection).length > 0 &&
      absent(answer, 'dataFields') &&
      absent(answer, 'channelProperties');
    const read = stub ? null : readContact(answer, selection);
    if (read === null || 'oddity' in read) {
      throw new ConnectorError(
        `GET /contacts/v3 of one contact: ${read?.oddity.message ?? 'the answer carries no data fields'}`,
        {
          kind: 'malformed',
          outcome: 'refused',
        },
      );
    }
    return selection.lists && absent(answer, 'lists') ? { ...read.record, lists: null } : read.record;
  }

  /** Whether something that was asked for is not in the answer. */
  function lacks(answer: ContactAnswer, selection: MarketingSelection): boolean {
    return (
      (absentFields.existing(selection).length > 0 && absent(answer, 'dataFields')) ||
      absent(answer, 'channelProperties') ||
      (selection.lists && absent(answer, 'lists'))
    );
  }

  async function* ids(filter: { readonly [name: string]: string }): AsyncGenerator<readonly string[]> {
    for await (const items of markedPages(calls, CONTACTS, filter, limit)) {
      yield items.flatMap((item) => {
        const contact = contactIdentity.safeParse(item);
        if (contact.success) return isGone(asText(contact.data['status'])) ? [] : [contact.data.contactId];
        calls.report({ where: 'contact-ids', id: null, message: 'a contact without a readable contactId' });
        return [];
      });
    }
  }

  return {
    scan: (selection) => records(selection, {}),
    changedSince(since, selection) {
      const from = toFilterTime(since);
      if (from === null)
        throw new ConnectorError(`"${since}" is not a date and time`, { kind: 'rejected', outcome: 'not-sent' });
      return records(selection, { '~modified': `gte::${from}` });
    },
    readOne,
    listMembers: (listId) => ids({ '~listId': listId }),
    contactIds: () => ids({}),
    idsPerPage: limit,
  };
}

function absent(answer: ContactAnswer, part: string): boolean {
  return answer[part] === undefined || answer[part] === null;
}
