// What happens to leads in a company: they move on in either system, become customers, and records are deleted. Done by hand in
// the two simulated accounts, told in words, and shown again with what the sync made of it. Never decides what follows.
import { LEAD_LIST_PREFIX } from '../../../sandbox/people/account-schema.ts';
import type { MarketingView } from '../../../sandbox/people/desks.ts';
import type { RunningSandbox } from '../../../sandbox/start.ts';
import type { Output } from '../output.ts';
import { actionText } from '../report-text.ts';
import type { Ran } from '../run-connections.ts';

export interface Journey {
  /** What somebody did. */
  readonly told: string;
  /** What that should come to, for somebody who sees it for the first time. */
  readonly meaning: string;
  readonly email: string;
}

/** One journey of each kind, as far as the account has somebody for it; each of another person. */
export function leadJourneys({ desks: { sell, marketing }, sellSandbox }: RunningSandbox): readonly Journey[] {
  const { state } = sellSandbox.world;
  const journeys: Journey[] = [];
  const taken = new Set<number>();
  const act = (suits: (view: Known) => boolean, does: (view: Known) => Omit<Journey, 'email'>): void => {
    for (const contact of marketing.everyContact()) {
      const view = known(contact);
      if (view === null || taken.has(view.id) || !suits(view)) continue;
      taken.add(view.id);
      journeys.push({ email: view.email, ...does(view) });
      return;
    }
  };
  const statusOf = ({ leadId }: Known): string =>
    state.leadStatuses.get(state.leads.get(leadId ?? 0)?.status_id ?? 0)?.name ?? '';
  const isLead = (view: Known): boolean =>
    view.contactId === null && view.leadLists.length === 1 && statusOf(view) !== '';
  const otherStatus = (present: string): string =>
    [...state.leadStatuses.values()].map(({ name }) => name).find((name) => name !== present) ?? present;

  act(isLead, (view) => {
    const [from, to] = [statusOf(view), otherStatus(statusOf(view))];
    sell.changeLead(view.leadId ?? 0, { status: to });
    return {
      told: `Sell: a salesperson moves the lead ${view.who} from ${from} to ${to}`,
      meaning: `${view.name} changes lists in Dotdigital: onto "${to}", off "${from}"`,
    };
  });
  act(isLead, (view) => {
    const from = statusOf(view);
    const list =
      marketing
        .listNames()
        .find((name) => name.startsWith(LEAD_LIST_PREFIX) && name !== `${LEAD_LIST_PREFIX}${from}`) ?? '';
    marketing.joinList(view.id, list);
    return {
      told: `Dotdigital: somebody puts the lead ${view.who} on the list "${list}"`,
      meaning: `The list joined last is the status: in Sell ${view.name} moves from ${from} to ${list.slice(LEAD_LIST_PREFIX.length)}`,
    };
  });
  act(isLead, (view) => {
    const contact = sell.convertLead(view.leadId ?? 0);
    return {
      told: `Sell: the lead ${view.who} is converted and becomes contact ${String(contact)}`,
      meaning: `${view.name} stays the same contact in Dotdigital, with its history and consent: off the lead lists, and linked to the new contact`,
    };
  });
  act(
    (view) => view.contactId !== null && view.leadId === null && state.contacts.has(view.contactId),
    (view) => {
      sell.deleteContact(view.contactId ?? 0);
      return {
        told: `Sell: the contact ${view.who} is deleted`,
        meaning: `Nothing else speaks for ${view.name}, who is no lead: deleted in Dotdigital, too, where a recycle bin keeps the contact for 30 days`,
      };
    },
  );
  return journeys;
}

/** Each journey with the writes that followed from it. */
export function followedText(journeys: readonly Journey[], { planned }: Ran, output: Output): string {
  return journeys
    .map(({ meaning, email }) => {
      const writes = (planned ?? []).filter(({ action }) => action.email === email);
      return [`  ${meaning}`, ...writes.map((write) => `    ${actionText(write, output)}`)].join('\n');
    })
    .join('\n');
}

/** A linked person, as both accounts show it. */
interface Known {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly who: string;
  readonly contactId: number | null;
  readonly leadId: number | null;
  readonly leadLists: readonly string[];
}

/** Null for people who would make a bad example: without a name, an address or a subscription. */
function known({ id, email, fields, lists, status }: MarketingView): Known | null {
  const name = [fields['FIRSTNAME'], fields['LASTNAME']].filter(Boolean).join(' ').trim();
  const leadLists = lists.filter((list) => list.startsWith(LEAD_LIST_PREFIX));
  if (email === null || name === '' || status !== 'subscribed') return null;
  const [contactId, leadId] = [idOf(fields['SELL_CONTACT_ID']), idOf(fields['SELL_LEAD_ID'])];
  return { id, email, name, who: `${name} <${email}>`, contactId, leadId, leadLists };
}

function idOf(value: string | number | boolean | null | undefined): number | null {
  return value === null || value === undefined || value === '' ? null : Number(value);
}
