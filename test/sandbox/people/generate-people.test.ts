// The people of the sandbox: the same for a seed, messy in every way promised, and never on a real domain.
import { describe, expect, it } from 'vitest';
import {
  CUSTOM_FIELDS,
  DATA_FIELDS,
  LEAD_LIST_PREFIX,
  LEAD_LISTS,
  LEAD_STATUSES,
  ORDINARY_LISTS,
} from '../../../sandbox/people/account-schema.ts';
import { DECK_SIZE } from '../../../sandbox/people/archetypes.ts';
import { equalPairs, generatePeople } from '../../../sandbox/people/generate-people.ts';
import { generateProducts } from '../../../sandbox/people/generate-products.ts';
import { storedForm } from '../../../sandbox/people/mailbox.ts';
import { generateOrganisations } from '../../../sandbox/people/organisations.ts';
import type { Person, Trait } from '../../../sandbox/people/person.ts';

/** Spelt out again here, so that a trait nobody makes any more fails. */
const EVERY_TRAIT = {
  'latin-plain': true,
  'latin-diacritics': true,
  'greek-name': true,
  'cyrillic-name': true,
  'japanese-name': true,
  'arabic-name': true,
  'nfd-name': true,
  'double-space-name': true,
  'padded-name': true,
  'upper-case-name': true,
  'apostrophe-name': true,
  'double-barrelled-name': true,
  'single-name': true,
  'missing-first-name': true,
  'missing-last-name': true,
  'plain-email': true,
  'mixed-case-email': true,
  'plus-email': true,
  'idn-email': true,
  'role-email': true,
  'email-without-at': true,
  'email-with-space': true,
  'email-two-ats': true,
  'email-too-long': true,
  'blank-email': true,
  'no-address': true,
  'partial-address': true,
  'full-address': true,
  'billing-address': true,
  'country-name': true,
  'country-code': true,
  'sell-only': true,
  'marketing-only': true,
  'both-agree': true,
  'both-differ': true,
  'duplicate-same-name': true,
  'duplicate-other-name': true,
  'shared-mailbox': true,
  'duplicate-lead': true,
  lead: true,
  'lead-and-contact': true,
  'lead-with-organisation-only': true,
  'listed-as-lead': true,
  'current-customer': true,
  'past-customer': true,
  'current-prospect': true,
  'lost-prospect': true,
  neither: true,
  'unknown-status': true,
  'newsletter-tag': true,
  'unsubscribed-tag': true,
  'contradictory-tags': true,
  unsubscribed: true,
  suppressed: true,
  'hard-bounced': true,
  complained: true,
  'pending-opt-in': true,
  'no-subscription': true,
  'custom-values': true,
  'marketing-without-name': true,
  'mobile-only': true,
} as const satisfies { readonly [trait in Trait]: true };

const people = [...generatePeople({ seed: 7, count: 3000 })];
const having = (trait: Trait): readonly Person[] => people.filter((person) => person.traits.includes(trait));

function addressesOf(all: Iterable<Person>): string[] {
  const found: string[] = [];
  for (const { contacts, leads, marketing } of all) {
    for (const record of [...contacts, ...leads, marketing]) if (record?.email) found.push(record.email);
  }
  return found;
}

const RESERVED = /(^|[.@])(example|example\.(com|net|org))$/iu;

describe('generated people', () => {
  it('are the same for the same seed and others for another', () => {
    expect([...generatePeople({ seed: 7, count: 3000 })]).toEqual(people);
    expect([...generatePeople({ seed: 8, count: 50 })]).not.toEqual(people.slice(0, 50));
  });

  it('show every kind of mess, and in every full deck', () => {
    expect([...new Set(people.flatMap((person) => person.traits))].sort()).toEqual(Object.keys(EVERY_TRAIT).sort());
    for (const trait of ['single-name', 'email-two-ats', 'shared-mailbox', 'listed-as-lead', 'mobile-only'] as const) {
      for (let start = 0; start < 3000; start += DECK_SIZE) {
        expect(
          people.slice(start, start + DECK_SIZE).some((person) => person.traits.includes(trait)),
          trait,
        ).toBe(true);
      }
    }
  });

  it('have addresses on domains reserved for examples only', () => {
    const addresses = addressesOf(people);
    expect(addresses.length).toBeGreaterThan(3000);
    expect(addresses.filter((address) => !RESERVED.test(address))).toEqual([]);
    const others = [...generateOrganisations({ seed: 7, count: 200 })];
    expect(
      others.filter(
        ({ email, website }) => (email !== null && !RESERVED.test(email)) || !RESERVED.test(new URL(website).hostname),
      ),
    ).toEqual([]);
  });

  it('have the trait they are said to have', () => {
    expect(
      having('nfd-name').every(({ contacts, leads, marketing }) => {
        const names = [...contacts, ...leads]
          .flatMap((record) => [record.first_name, record.last_name])
          .concat([String(marketing?.fields['FIRSTNAME']), String(marketing?.fields['LASTNAME'])]);
        return names.some((name) => name !== null && name !== name.normalize('NFC'));
      }),
    ).toBe(true);
    expect(having('email-too-long').every(({ contacts }) => (contacts[0]?.email?.length ?? 0) > 254)).toBe(true);
    expect(having('email-without-at').every(({ contacts }) => !contacts[0]?.email?.includes('@'))).toBe(true);
    expect(having('email-two-ats').every(({ contacts }) => contacts[0]?.email?.split('@').length === 3)).toBe(true);
    expect(
      having('plus-email').every((person) => addressesOf([person]).every((address) => address.includes('+'))),
    ).toBe(true);
    expect(having('idn-email').some(({ contacts }) => /\P{ASCII}/u.test(contacts[0]?.email ?? ''))).toBe(true);
    expect(
      having('duplicate-same-name').every(
        ({ contacts: [first, second] }) =>
          first?.last_name === second?.last_name && storedForm(first?.email ?? '') === second?.email,
      ),
    ).toBe(true);
    expect(
      having('duplicate-other-name').every(
        ({ contacts }) =>
          new Set(contacts.map((contact) => `${contact.first_name ?? ''} ${contact.last_name ?? ''}`)).size > 1,
      ),
    ).toBe(true);
    expect(
      having('shared-mailbox').every(
        ({ contacts }) => contacts.length > 1 && new Set(contacts.map((contact) => contact.email)).size === 1,
      ),
    ).toBe(true);
    expect(
      having('marketing-without-name').every(
        ({ marketing }) => marketing !== null && !('FIRSTNAME' in marketing.fields),
      ),
    ).toBe(true);
    expect(having('mobile-only').every(({ marketing }) => marketing?.email === null && marketing.mobile !== null)).toBe(
      true,
    );
    expect(
      having('contradictory-tags').every(({ contacts, leads }) =>
        [...contacts, ...leads].some(({ tags }) => {
          const lower = tags.map((tag) => tag.toLowerCase());
          return lower.includes('newsletter') && lower.includes('unsubscribed');
        }),
      ),
    ).toBe(true);
    expect(having('sell-only').every(({ marketing }) => marketing === null)).toBe(true);
    expect(having('marketing-only').every(({ contacts, leads }) => contacts.length + leads.length === 0)).toBe(true);
    expect(
      having('both-agree').every(
        ({ contacts: [contact], marketing }) => contact?.last_name === marketing?.fields['LASTNAME'],
      ),
    ).toBe(true);
  });

  it('differ on the two sides where they are said to', () => {
    const agreeing = having('both-agree');
    const differing = having('both-differ');
    const sameFields = ({ contacts: [contact], marketing }: Person): boolean =>
      contact !== undefined &&
      marketing !== null &&
      contact.first_name === marketing.fields['FIRSTNAME'] &&
      contact.last_name === marketing.fields['LASTNAME'] &&
      contact.address.postal_code === (marketing.fields['POSTCODE'] ?? null) &&
      contact.customer_status === marketing.fields['CUSTOMER_STATUS'] &&
      contact.prospect_status === marketing.fields['PROSPECT_STATUS'] &&
      (contact.custom_fields['Tier'] ?? undefined) === marketing.fields['TIER'];
    expect(agreeing.every(sameFields)).toBe(true);
    expect(differing.filter(sameFields).length).toBeLessThan(differing.length / 5);
  });

  it('never give two Dotdigital contacts one address or one mobile number', () => {
    const contacts = people.flatMap(({ marketing }) => (marketing === null ? [] : [marketing]));
    const emails = contacts.flatMap(({ email }) => (email === null ? [] : [email]));
    const mobiles = contacts.flatMap(({ mobile }) => (mobile === null ? [] : [mobile]));
    expect(new Set(emails).size).toBe(emails.length);
    expect(new Set(mobiles).size).toBe(mobiles.length);
    expect(emails.every((email) => /^[\x21-\x7e]+$/.test(email) && email === email.toLowerCase())).toBe(true);
  });

  it('use only what the accounts are set up with', () => {
    const lists = [...LEAD_LISTS, ...ORDINARY_LISTS];
    const fields = ['FIRSTNAME', 'LASTNAME', 'POSTCODE', ...DATA_FIELDS.map((field) => field.name)];
    const custom = (resource: 'contact' | 'lead'): string[] =>
      CUSTOM_FIELDS.filter((field) => field.resource === resource).map((field) => field.name);
    const choices = new Map(CUSTOM_FIELDS.map((field) => [field.name, field.choices]));
    for (const { contacts, leads, marketing } of people) {
      for (const contact of contacts) {
        expect(custom('contact')).toEqual(expect.arrayContaining(Object.keys(contact.custom_fields)));
        if (contact.billing_address !== null)
          expect([contact.customer_status, contact.prospect_status]).not.toEqual(['none', 'none']);
      }
      for (const lead of leads) {
        expect(custom('lead')).toEqual(expect.arrayContaining(Object.keys(lead.custom_fields)));
        expect(LEAD_STATUSES).toContain(lead.status);
        expect(lead.last_name ?? lead.organization_name).not.toBeNull();
        for (const [name, value] of Object.entries(lead.custom_fields))
          if (Array.isArray(value)) expect(choices.get(name)).toEqual(expect.arrayContaining(value));
      }
      if (marketing !== null) {
        expect(fields).toEqual(expect.arrayContaining(Object.keys(marketing.fields)));
        expect(lists).toEqual(expect.arrayContaining([...marketing.lists]));
      }
    }
    expect(LEAD_LISTS.every((name) => name.startsWith(LEAD_LIST_PREFIX))).toBe(true);
  });
});

describe('equal pairs', () => {
  it('agree on everything, are clean, and can be had one at a time', () => {
    let seen = 0;
    const addresses = new Set<string>();
    for (const {
      contacts: [contact, ...more],
      leads,
      marketing,
    } of equalPairs({ seed: 3, count: 5000 })) {
      seen += 1;
      addresses.add(contact?.email ?? '');
      const { custom_fields: custom, tags } = contact ?? { custom_fields: { missing: true }, tags: ['missing'] };
      expect({
        ...marketing?.fields,
        email: marketing?.email,
        status: marketing?.status,
        more,
        leads,
        custom,
        tags,
        mobile: marketing?.mobile,
      }).toEqual({
        FIRSTNAME: contact?.first_name,
        LASTNAME: contact?.last_name,
        ...(contact?.address.postal_code ? { POSTCODE: contact.address.postal_code } : {}),
        CUSTOMER_STATUS: contact?.customer_status,
        PROSPECT_STATUS: contact?.prospect_status,
        email: contact?.email,
        status: 'subscribed',
        more: [],
        leads: [],
        custom: {},
        tags: [],
        mobile: null,
      });
    }
    expect(seen).toBe(5000);
    expect(addresses.size).toBe(5000);
  });

  it('stop where the reader stops', () => {
    const pairs = equalPairs({ seed: 3, count: 200_000 });
    expect(pairs.next().value?.index).toBe(0);
    expect(pairs.return(undefined).done).toBe(true);
  });
});

describe('generated products', () => {
  const products = [...generateProducts({ seed: 7, count: 120 })];

  it('K7 K8: have prices in several currencies, none, doubled SKUs and inactive ones', () => {
    expect([...generateProducts({ seed: 7, count: 120 })]).toEqual(products);
    const skus = products.map(({ sku }) => sku).filter((sku) => sku !== '');
    expect(new Set(skus).size).toBeLessThan(skus.length);
    expect(products.some(({ active }) => !active)).toBe(true);
    expect(products.some(({ prices }) => prices.length === 0)).toBe(true);
    expect(products.some(({ prices }) => prices.length > 0 && prices.every(({ currency }) => currency !== 'GBP'))).toBe(
      true,
    );
    expect(new Set(products.flatMap(({ prices }) => prices.map(({ currency }) => currency))).size).toBeGreaterThan(3);
    for (const { prices } of products) {
      expect(new Set(prices.map(({ currency }) => currency)).size).toBe(prices.length);
      expect(prices.every(({ amount }) => /^\d+\.\d\d$/.test(amount))).toBe(true);
    }
  });
});
