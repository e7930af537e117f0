// The things people do all day in both services, each as one act that says in words what was done. Never asks which engine is watching.
import type { Random } from '../random.ts';
import { LEAD_LIST_PREFIX, LEAD_STATUSES, TIERS } from './account-schema.ts';
import type { Weights } from './deck.ts';
import type { MarketingDesk, MarketingView, SellDesk, SellView } from './desks.ts';
import { createDrafting, type Draft, marketingContact, sellContact, sellLead } from './draft.ts';
import { cultureOf, NAMES } from './names.ts';
import { companyName } from './organisations.ts';
import { COUNTRIES } from './places.ts';

export interface Desks {
  readonly sell: SellDesk;
  readonly marketing: MarketingDesk;
}

export interface ActContext extends Desks {
  readonly random: Random;
  /** A person neither service has seen. */
  readonly nextDraft: () => Draft;
}

/** Does it and tells it, or returns null where nobody fits. */
type Act = (context: ActContext) => string | null;

const orNothing = (text: string | null): string => (text === null || text === '' ? '(none)' : text);
const sellName = (view: SellView): string =>
  `${[view.first_name, view.last_name].filter(Boolean).join(' ').trim() || 'no name'} <${orNothing(view.email)}>`;
const marketingName = (view: MarketingView): string =>
  `${[view.fields['FIRSTNAME'], view.fields['LASTNAME']].filter(Boolean).join(' ').trim() || 'no name'} <${orNothing(view.email)}>`;
const postcode = (random: Random): string => random.pick(COUNTRIES).postcode(random);
const leadLists = (marketing: MarketingDesk): readonly string[] =>
  marketing.listNames().filter((name) => name.startsWith(LEAD_LIST_PREFIX));
const otherThan = (random: Random, all: readonly string[], present: string): string =>
  random.pick(all.filter((value) => value !== present));

/** Another name of the same culture. */
const nameLike = (random: Random, kind: 'first' | 'last', present: unknown): string => {
  const known = typeof present === 'string' ? present : '';
  return otherThan(random, NAMES[cultureOf(known)][kind], known);
};

const ACTS = {
  renameInSell: ({ sell, random }) => {
    const contact = sell.anyContact(random);
    if (contact === null) return null;
    const last = nameLike(random, 'last', contact.last_name);
    sell.changeContact(contact.id, { last_name: last });
    return `Sell: contact ${String(contact.id)} ${sellName(contact)} has a new last name, ${last}`;
  },
  movesHouseInSell: ({ sell, random }) => {
    const contact = sell.anyContact(random);
    if (contact === null) return null;
    const code = postcode(random);
    sell.changeContact(contact.id, { address: { postal_code: code } });
    return `Sell: contact ${String(contact.id)} ${sellName(contact)} moved, postcode ${orNothing(contact.address.postal_code)} is now ${code}`;
  },
  customerInSell: ({ sell, random }) => {
    const contact = sell.anyContact(random);
    if (contact === null) return null;
    const next = otherThan(random, ['current', 'past'], contact.customer_status);
    sell.changeContact(contact.id, { customer_status: next });
    return `Sell: contact ${String(contact.id)} ${sellName(contact)} is now a ${next} customer, was ${contact.customer_status}`;
  },
  dealWon: ({ sell, random }) => {
    const contact = sell.anyContact(random, ({ customer_status }) => customer_status !== 'current');
    if (contact === null) return null;
    sell.winDeal(contact.id, 'Spring order');
    return `Sell: a deal with contact ${String(contact.id)} ${sellName(contact)} is won, which makes them a current customer`;
  },
  tierInSell: ({ sell, random }) => {
    const contact = sell.anyContact(random);
    if (contact === null) return null;
    const tier = random.pick(TIERS);
    sell.changeContact(contact.id, { custom_fields: { Tier: tier } });
    return `Sell: contact ${String(contact.id)} ${sellName(contact)} is put in tier ${tier}`;
  },
  tagInSell: ({ sell, random }) => {
    const tag = random.pick(['newsletter', 'newsletter', 'unsubscribed', 'met at the fair']);
    const contact = sell.anyContact(random, ({ tags }) => !tags.includes(tag));
    if (contact === null) return null;
    sell.changeContact(contact.id, { tags: [...contact.tags, tag] });
    return `Sell: contact ${String(contact.id)} ${sellName(contact)} is tagged ${tag}`;
  },
  emailInSell: ({ sell, random, nextDraft }) => {
    const contact = sell.anyContact(random);
    if (contact === null) return null;
    const email = nextDraft().mailbox.typed;
    sell.changeContact(contact.id, { email });
    return `Sell: contact ${String(contact.id)} ${sellName(contact)} has a new address, ${email}`;
  },
  newContactInSell: ({ sell, nextDraft }) => {
    const seed = { ...sellContact(nextDraft()), customer_status: 'current' as const };
    const id = sell.addContact(seed, null);
    return `Sell: new contact ${String(id)} ${sellName({ id, ...seed })}, a current customer`;
  },
  newLeadInSell: ({ sell, random, nextDraft }) => {
    const seed = sellLead(nextDraft(), 'New', companyName(random));
    const id = sell.addLead(seed);
    return `Sell: new lead ${String(id)} ${sellName({ id, ...seed })} of ${orNothing(seed.organization_name)}`;
  },
  leadMovesInSell: ({ sell, random }) => {
    const lead = sell.anyLead(random);
    if (lead === null) return null;
    const status = otherThan(random, LEAD_STATUSES, lead.status);
    sell.changeLead(lead.id, { status });
    return `Sell: lead ${String(lead.id)} ${sellName(lead)} moves from ${lead.status} to ${status}`;
  },
  leadConverts: ({ sell, random }) => {
    const lead = sell.anyLead(random, ({ last_name }) => last_name !== null);
    if (lead === null) return null;
    const contactId = sell.convertLead(lead.id);
    return `Sell: lead ${String(lead.id)} ${sellName(lead)} is converted to contact ${contactId === null ? '(none)' : String(contactId)}`;
  },
  deletesInSell: ({ sell, random }) => {
    const contact = sell.anyContact(random);
    if (contact === null) return null;
    sell.deleteContact(contact.id);
    return `Sell: contact ${String(contact.id)} ${sellName(contact)} is deleted`;
  },
  renameInMarketing: ({ marketing, random }) => {
    const contact = marketing.anyContact(random);
    if (contact === null) return null;
    const first = nameLike(random, 'first', contact.fields['FIRSTNAME']);
    marketing.changeFields(contact.id, { FIRSTNAME: first });
    return `Dotdigital: contact ${String(contact.id)} ${marketingName(contact)} corrects the first name to ${first}`;
  },
  movesHouseInMarketing: ({ marketing, random }) => {
    const contact = marketing.anyContact(random);
    if (contact === null) return null;
    const code = postcode(random);
    marketing.changeFields(contact.id, { POSTCODE: code });
    return `Dotdigital: contact ${String(contact.id)} ${marketingName(contact)} gives postcode ${code} in the preference centre`;
  },
  signsUp: ({ marketing, nextDraft }) => {
    const drafted = marketingContact(nextDraft());
    const seed = {
      ...drafted,
      status: 'subscribed' as const,
      fields: { ...drafted.fields, CUSTOMER_STATUS: 'current', PROSPECT_STATUS: 'none' },
    };
    const id = marketing.addContact(seed);
    return `Dotdigital: ${marketingName({ id, email: seed.email, fields: seed.fields, status: seed.status, lists: [] })} signs up as contact ${String(id)}`;
  },
  joinsLeadList: ({ marketing, random }) => {
    const lists = leadLists(marketing);
    const contact = marketing.anyContact(
      random,
      (one) => one.status === 'subscribed' && lists.some((name) => !one.lists.includes(name)),
    );
    if (contact === null) return null;
    const list = random.pick(lists.filter((name) => !contact.lists.includes(name)));
    marketing.joinList(contact.id, list);
    return `Dotdigital: contact ${String(contact.id)} ${marketingName(contact)} is put on the list "${list}"`;
  },
  leavesList: ({ marketing, random }) => {
    const contact = marketing.anyContact(random, ({ lists }) => lists.length > 0);
    if (contact === null) return null;
    const list = random.pick(contact.lists);
    marketing.leaveList(contact.id, list);
    return `Dotdigital: contact ${String(contact.id)} ${marketingName(contact)} is taken off the list "${list}"`;
  },
  optsOut: ({ marketing, random }) => {
    const contact = marketing.anyContact(random, ({ email, status }) => email !== null && status === 'subscribed');
    if (contact === null) return null;
    marketing.unsubscribe(contact.id);
    return `Dotdigital: contact ${String(contact.id)} ${marketingName(contact)} unsubscribes`;
  },
  bothAtOnce: ({ sell, marketing, random }) => {
    const inMarketing = (email: string | null): MarketingView | null =>
      email === null ? null : marketing.byEmail(email);
    const contact = sell.anyContact(random, ({ email }) => inMarketing(email) !== null);
    const other = inMarketing(contact?.email ?? null);
    if (contact === null || other === null) return null;
    const here = postcode(random);
    const there = random.chance(0.3) ? here : postcode(random);
    sell.changeContact(contact.id, { address: { postal_code: here } });
    marketing.changeFields(other.id, { POSTCODE: there });
    return `Both: ${sellName(contact)} gets postcode ${here} in Sell (contact ${String(contact.id)}) and ${there} in Dotdigital (contact ${String(other.id)})`;
  },
  mendsName: ({ sell, random }) => {
    const contact = sell.anyContact(random, ({ first_name }) => first_name === null || first_name === '');
    if (contact === null) return null;
    const first = nameLike(random, 'first', contact.last_name);
    sell.changeContact(contact.id, { first_name: first });
    return `Sell: contact ${String(contact.id)} ${sellName(contact)} lacked a first name and is given ${first}`;
  },
  mendsEmail: ({ sell, random, nextDraft }) => {
    const contact = sell.anyContact(random, ({ email }) => email === null || !/^[^@\s]+@[^@\s]+$/.test(email));
    if (contact === null) return null;
    const email = nextDraft().mailbox.stored;
    sell.changeContact(contact.id, { email });
    return `Sell: contact ${String(contact.id)} ${sellName(contact)} had no usable address and is given ${email}`;
  },
  deletesInMarketing: ({ marketing, random }) => {
    const contact = marketing.anyContact(random);
    if (contact === null) return null;
    marketing.deleteContact(contact.id);
    return `Dotdigital: contact ${String(contact.id)} ${marketingName(contact)} is deleted`;
  },
} as const satisfies { readonly [name: string]: Act };

export type ActName = keyof typeof ACTS;

/** How often each thing is done, in about a hundred. */
export const ACT_CARDS: Weights<ActName> = {
  renameInSell: 7,
  movesHouseInSell: 10,
  customerInSell: 5,
  dealWon: 3,
  tierInSell: 5,
  tagInSell: 7,
  emailInSell: 3,
  newContactInSell: 5,
  newLeadInSell: 6,
  leadMovesInSell: 12,
  leadConverts: 2,
  deletesInSell: 1,
  renameInMarketing: 7,
  movesHouseInMarketing: 9,
  signsUp: 5,
  joinsLeadList: 4,
  leavesList: 2,
  optsOut: 3,
  bothAtOnce: 4,
  mendsName: 2,
  mendsEmail: 2,
  deletesInMarketing: 1,
};

/** Performs one act. */
export function performAct(name: ActName, context: ActContext): string | null {
  return ACTS[name](context);
}

/** People for acts, numbered so that their addresses never meet those of the seed. */
export function newcomers(random: Random): () => Draft {
  const draftPerson = createDrafting(random, 0);
  let index = 10_000_000;
  return () => {
    index += 1;
    return draftPerson(index);
  };
}
