// What people do in both products, at their screens, between any two calls of the program. Each act picks whom it concerns by
// chance from a small town of addresses, so that duplicates, take-overs and collisions are the rule. Never goes through an API.
import { INTERESTS, TIERS } from '../../sandbox/people/account-schema.ts';
import type { Random } from '../../sandbox/random.ts';
import type { Accounts } from './accounts.ts';
import {
  address,
  anyOf,
  CITIES,
  edit,
  editMarketing,
  FIRST,
  inDotdigital,
  inSell,
  isContact,
  isLead,
  LAST,
  names,
  newRecord,
  optionalName,
  postcode,
  someValues,
} from './town.ts';
import type { Seen } from './witness.ts';

export type Act = (accounts: Accounts, random: Random) => string | null;

/** What a person does about consent in Sell. */
function says(accounts: Accounts, record: Seen, word: 'yes' | 'no' | 'nothing'): string {
  const { optIn, optOut } = accounts.consentTags;
  const others = record.tags.filter((tag) => tag !== optIn && tag !== optOut);
  const tags = [...others, ...(word === 'yes' ? [optIn] : word === 'no' ? [optOut] : [])];
  edit(accounts, record, { tags });
  return `${names(record)} says ${word} in Sell`;
}

export const ACTS = {
  'new contact': ({ sell }, random) => {
    const one = sell.world.createContact(newRecord('contact', random));
    return `Sell contact ${String(one.id)} <${one.email ?? ''}> is made`;
  },
  'new lead': ({ sell }, random) => {
    const status = random.pick([...sell.world.state.leadStatuses.values()]);
    const one = sell.world.createLead({ ...newRecord('lead', random), status: status.name });
    return `Sell lead ${String(one.id)} <${one.email ?? ''}> is made, ${status.name}`;
  },
  'signs up': ({ dotdigital }, random) => {
    const email = address(random).toLowerCase();
    if (dotdigital.world.contact(email)?.deletedAt === 0) return null;
    const known = new Set(dotdigital.world.dataFields().map(({ name }) => name));
    const fields = {
      FIRSTNAME: optionalName(random, FIRST),
      LASTNAME: optionalName(random, LAST),
      POSTCODE: random.chance(0.5) ? postcode(random) : null,
      CUSTOMER_STATUS: random.pick(['current', 'current', 'none', 'gold', null]),
    };
    const id = dotdigital.world.addContact({
      email,
      fields: Object.fromEntries(Object.entries(fields).filter(([name]) => known.has(name))),
      status: random.pick(['subscribed', 'subscribed', 'subscribed', 'unsubscribed']),
    });
    return `Dotdigital contact ${String(id)} <${email}> is made`;
  },
  'renames in Sell': (accounts, random) => {
    const one = anyOf(accounts, random, inSell);
    if (one === null) return null;
    return edit(
      accounts,
      one,
      random.chance(0.5) ? { last_name: random.pick(LAST) } : { first_name: optionalName(random, FIRST) },
    );
  },
  'renames in Dotdigital': (accounts, random) => {
    const one = anyOf(accounts, random, inDotdigital);
    if (one === null) return null;
    return editMarketing(
      accounts,
      one,
      random.chance(0.5) ? { LASTNAME: optionalName(random, LAST) } : { FIRSTNAME: optionalName(random, FIRST) },
    );
  },
  'moves in Sell': (accounts, random) => {
    const one = anyOf(accounts, random, inSell);
    if (one === null) return null;
    const part = random.pick(['postal_code', 'city', 'line1']);
    const value = random.chance(0.15) ? null : part === 'postal_code' ? postcode(random) : random.pick(CITIES);
    return edit(accounts, one, { address: { [part]: value } });
  },
  'moves in Dotdigital': (accounts, random) => {
    const one = anyOf(accounts, random, inDotdigital);
    if (one === null) return null;
    return editMarketing(
      accounts,
      one,
      random.chance(0.5)
        ? { POSTCODE: random.chance(0.15) ? null : postcode(random) }
        : { CITY: random.chance(0.15) ? null : random.pick(CITIES) },
    );
  },
  'values in Sell': (accounts, random) => {
    const one = anyOf(accounts, random, inSell);
    if (one === null) return null;
    const values = someValues(one.kind, random);
    const known = new Set(accounts.sell.world.state.customFields.list(one.kind).map(({ name }) => name));
    const mine = Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name)));
    return edit(accounts, one, { custom_fields: mine });
  },
  'values in Dotdigital': (accounts, random) => {
    const one = anyOf(accounts, random, inDotdigital);
    if (one === null) return null;
    return editMarketing(accounts, one, {
      ...(random.chance(0.4) ? { TIER: random.pick([...TIERS, 'Platinum']) } : {}),
      ...(random.chance(0.3) ? { IS_VIP: random.chance(0.5) } : {}),
      ...(random.chance(0.3) ? { SCORE: random.int(-5, 50) } : {}),
      ...(random.chance(0.3) ? { INTERESTS: random.shuffle(INTERESTS).slice(0, 2).join(';') } : {}),
      ...(random.chance(0.3) ? { CUSTOMER_STATUS: random.pick(['current', 'past', 'none', 'gold', 'Current ']) } : {}),
      ...(random.chance(0.2) ? { RENEWAL_DATE: `2026-0${String(random.int(1, 9))}-15T00:00:00Z` } : {}),
    });
  },
  'customer in Sell': (accounts, random) => {
    const one = anyOf(accounts, random, isContact);
    if (one === null) return null;
    return edit(
      accounts,
      one,
      random.chance(0.6)
        ? { customer_status: random.pick(['none', 'current', 'past']) }
        : { prospect_status: random.pick(['none', 'current', 'lost']) },
    );
  },
  'both at once': (accounts, random) => {
    const one = anyOf(accounts, random, (record) => inSell(record) && record.email !== null);
    if (one === null) return null;
    const other = anyOf(
      accounts,
      random,
      (record) => inDotdigital(record) && record.email?.toLowerCase() === one.email?.toLowerCase(),
    );
    if (other === null) return null;
    const here = postcode(random);
    return `${edit(accounts, one, { address: { postal_code: here } })}; ${editMarketing(accounts, other, { POSTCODE: random.chance(0.3) ? here : postcode(random) })}`;
  },
  'address in Sell': (accounts, random) => {
    const one = anyOf(accounts, random, inSell);
    if (one === null) return null;
    return edit(accounts, one, {
      email: random.chance(0.9) ? address(random) : random.pick([null, 'no @ address', 'p1@example']),
    });
  },
  'address in Dotdigital': (accounts, random) => {
    const one = anyOf(accounts, random, inDotdigital);
    const email = address(random).toLowerCase();
    if (one === null || accounts.dotdigital.world.contact(email)?.deletedAt === 0) return null;
    accounts.dotdigital.world.editContact(Number(one.id), { email });
    return `${names(one)} gets the address ${email}`;
  },
  'other tag': (accounts, random) => {
    const one = anyOf(accounts, random, inSell);
    if (one === null) return null;
    const tag = random.pick(['vip', 'no-sync', 'trade fair']);
    return edit(accounts, one, {
      tags: one.tags.includes(tag) ? one.tags.filter((other) => other !== tag) : [...one.tags, tag],
    });
  },
  'yes in Sell': (accounts, random) => {
    const one = anyOf(accounts, random, inSell);
    return one === null ? null : says(accounts, one, 'yes');
  },
  'no in Sell': (accounts, random) => {
    const one = anyOf(accounts, random, inSell);
    return one === null ? null : says(accounts, one, 'no');
  },
  'takes it back in Sell': (accounts, random) => {
    const one = anyOf(
      accounts,
      random,
      (record) =>
        inSell(record) &&
        record.tags.some((tag) => tag === accounts.consentTags.optIn || tag === accounts.consentTags.optOut),
    );
    return one === null ? null : says(accounts, one, 'nothing');
  },
  leaves: (accounts, random) => {
    const one = anyOf(
      accounts,
      random,
      (record) => inDotdigital(record) && ['subscribed', 'softBounced', 'pendingOptIn'].includes(record.channel ?? ''),
    );
    if (one === null) return null;
    const how = random.pick([
      'unsubscribed',
      'unsubscribed',
      'unsubscribed',
      'ispComplained',
      'hardBounced',
      'softBounced',
      'suppressed',
    ] as const);
    accounts.dotdigital.world.optOut(Number(one.id), how);
    return `${names(one)} leaves: ${how}`;
  },
  'comes back': (accounts, random) => {
    const one = anyOf(
      accounts,
      random,
      (record) => inDotdigital(record) && ['unsubscribed', 'suppressed'].includes(record.channel ?? ''),
    );
    if (one === null) return null;
    accounts.dotdigital.world.resubscribe(Number(one.id));
    return `${names(one)} signs up again`;
  },
  confirms: ({ dotdigital, witness }, random) => {
    const open = [...witness.records.values()].filter(
      (record) =>
        record.channel === 'pendingOptIn' && (dotdigital.world.contact(Number(record.id))?.challengedAt ?? 0) > 0,
    );
    if (open.length === 0) return null;
    const one = random.pick(open);
    dotdigital.world.confirm(Number(one.id));
    return `${names(one)} confirms`;
  },
  'joins a list': (accounts, random) => {
    const one = anyOf(accounts, random, inDotdigital);
    const lists = accounts.dotdigital.world.lists().filter(({ name }) => name.startsWith('Zendesk Sell - Leads: '));
    if (one === null || lists.length === 0) return null;
    const list = random.pick(lists);
    accounts.dotdigital.world.joinList(Number(one.id), list.id);
    return `${names(one)} joins ${list.name}`;
  },
  'leaves a list': (accounts, random) => {
    const one = anyOf(accounts, random, (record) => inDotdigital(record) && record.lists.length > 0);
    if (one === null) return null;
    const list = random.pick(
      accounts.dotdigital.world
        .contact(Number(one.id))
        ?.lists.map(({ name }) => name)
        .sort() ?? [],
    );
    accounts.dotdigital.world.leaveList(Number(one.id), list);
    return `${names(one)} is taken off ${list}`;
  },
  'lead moves on': (accounts, random) => {
    const one = anyOf(accounts, random, isLead);
    const status = random.pick([...accounts.sell.world.state.leadStatuses.values()]);
    return one === null ? null : edit(accounts, one, { status: status.name });
  },
  converts: (accounts, random) => {
    const one = anyOf(accounts, random, isLead);
    if (one === null) return null;
    const done = accounts.sell.world.convertLead(Number(one.id));
    return `${names(one)} is converted to contact ${String(done.individual_id)}`;
  },
  'deletes in Sell': (accounts, random) => {
    const one = anyOf(accounts, random, inSell);
    if (one === null) return null;
    if (one.kind === 'contact') accounts.sell.world.deleteContact(Number(one.id));
    else accounts.sell.world.deleteLead(Number(one.id));
    return `${names(one)} is deleted`;
  },
  'deletes in Dotdigital': (accounts, random) => {
    const one = anyOf(accounts, random, inDotdigital);
    if (one === null) return null;
    accounts.dotdigital.world.deleteContact(Number(one.id));
    return `${names(one)} is deleted`;
  },
  merges: (accounts, random) => {
    const kind = random.chance(0.7) ? 'contact' : 'lead';
    const one = anyOf(accounts, random, (record) => inSell(record) && record.kind === kind);
    const other = anyOf(
      accounts,
      random,
      (record) =>
        inSell(record) &&
        record.kind === kind &&
        record.id !== one?.id &&
        (record.email === one?.email || random.chance(0.2)),
    );
    if (one === null || other === null) return null;
    if (kind === 'contact') accounts.sell.world.mergeContacts(Number(one.id), Number(other.id));
    else accounts.sell.world.mergeLeads(Number(one.id), Number(other.id));
    return `${names(other)} is merged into ${names(one)}`;
  },
  'renames a status': ({ sell }, random) => {
    const status = random.pick([...sell.world.state.leadStatuses.values()]);
    const name = `${status.name.split(' ')[0] ?? ''} ${String(random.int(2, 99))}`;
    sell.world.renameLeadStatus(status.id, name);
    return `The lead status ${status.name} is now called ${name}`;
  },
  'renames a list': ({ dotdigital }, random) => {
    const lists = dotdigital.world.lists().filter(({ name }) => name.startsWith('Zendesk Sell - Leads: '));
    if (lists.length === 0) return null;
    const list = random.pick(lists);
    const name = `${list.name} (${String(random.int(1, 99))})`;
    dotdigital.world.renameList(list.id, name);
    return `The list ${list.name} is now called ${name}`;
  },
  'deletes a list': ({ dotdigital }, random) => {
    const lists = dotdigital.world.lists().filter(({ name }) => name.startsWith('Zendesk Sell - Leads: '));
    if (lists.length === 0) return null;
    const list = random.pick(lists);
    dotdigital.world.deleteList(list.id);
    return `The list ${list.name} is deleted`;
  },
  'a field is added': ({ sell }, random) => {
    const name = `Merged ${String(random.int(1, 9))}`;
    if (sell.world.state.customFields.list('contact').some((field) => field.name === name)) return null;
    sell.world.addCustomField({ resource: 'contact', name, type: 'string' });
    return `Sell has a new field ${name}`;
  },
  'hides in Sell': (accounts, random) => {
    const one = anyOf(accounts, random, inSell);
    if (one === null) return null;
    accounts.sell.world.hide(one.kind, Number(one.id));
    return `${names(one)} is hidden`;
  },
  'shows in Sell': (accounts, random) => {
    const one = anyOf(
      accounts,
      random,
      (record) => inSell(record) && accounts.sell.world.state.visibility.isHidden(record.kind, Number(record.id), 0),
    );
    if (one === null) return null;
    accounts.sell.world.show(one.kind, Number(one.id));
    return `${names(one)} is shown again`;
  },
} as const satisfies { readonly [name: string]: Act };

export type ActName = keyof typeof ACTS;

/** How often each thing is done. */
export const WEIGHTS: { readonly [A in ActName]: number } = {
  'new contact': 7,
  'new lead': 5,
  'signs up': 6,
  'renames in Sell': 6,
  'renames in Dotdigital': 6,
  'moves in Sell': 8,
  'moves in Dotdigital': 8,
  'values in Sell': 8,
  'values in Dotdigital': 8,
  'customer in Sell': 4,
  'both at once': 4,
  'address in Sell': 4,
  'address in Dotdigital': 3,
  'other tag': 4,
  'yes in Sell': 5,
  'no in Sell': 5,
  'takes it back in Sell': 3,
  leaves: 5,
  'comes back': 4,
  confirms: 3,
  'joins a list': 5,
  'leaves a list': 3,
  'lead moves on': 5,
  converts: 2,
  'deletes in Sell': 3,
  'deletes in Dotdigital': 2,
  merges: 2,
  'renames a status': 0.4,
  'renames a list': 0.4,
  'deletes a list': 0.3,
  'a field is added': 0.4,
  'hides in Sell': 0.6,
  'shows in Sell': 1.2,
};
