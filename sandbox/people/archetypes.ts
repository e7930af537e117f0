// Which system knows a person, how often, and what is wrong with it: one row per archetype. Never touches a sandbox.
import { LEAD_LISTS, LEAD_STATUSES, ORDINARY_LISTS } from './account-schema.ts';
import { CONSENT_TRAITS, type Draft, marketingContact, sellContact, sellLead } from './draft.ts';
import { type BadAddress, badAddress, roleAddress } from './mailbox.ts';
import { singleName } from './naming.ts';
import { companyName } from './organisations.ts';
import type { MarketingContactSeed, Person, SellContactSeed, SellLeadSeed, Trait } from './person.ts';
import { FICTION_MOBILES, fictionMobile } from './places.ts';
import { NO_ADDRESS } from './postal.ts';

type Made = Omit<Person, 'index'>;

interface Parts {
  readonly contacts?: readonly SellContactSeed[];
  readonly leads?: readonly SellLeadSeed[];
  readonly marketing?: MarketingContactSeed | null;
  readonly traits: readonly Trait[];
}

function assemble(draft: Draft, { contacts = [], leads = [], marketing = null, traits }: Parts): Made {
  const consent = marketing === null ? null : CONSENT_TRAITS[marketing.status];
  const said: Trait[] = [...traits];
  if (contacts.length > 0) said.push(draft.traits.status);
  if (contacts.length + leads.length > 0)
    said.push(...draft.traits.address, ...draft.traits.tags, ...draft.traits.custom);
  if (contacts.some((contact) => contact.billing_address !== null)) said.push('billing-address');
  if (consent !== null) said.push(consent);
  // A slip in a name that the archetype replaced is not there any more.
  const names = [...contacts, ...leads].flatMap((record) => [record.first_name ?? '', record.last_name ?? '']);
  names.push(String(marketing?.fields['FIRSTNAME'] ?? ''), String(marketing?.fields['LASTNAME'] ?? ''));
  const seen = (trait: Trait): boolean => {
    if (trait === 'nfd-name') return names.some((name) => name !== name.normalize('NFC'));
    if (trait === 'padded-name') return names.some((name) => name !== name.trim());
    return true;
  };
  return { traits: [...new Set(said)].filter(seen), contacts, leads, marketing };
}

const named = (draft: Draft): readonly Trait[] => [...draft.traits.naming, draft.mailbox.trait];
const status = (draft: Draft): string => draft.random.pick(LEAD_STATUSES);
const company = (draft: Draft): string | null => (draft.random.chance(0.6) ? companyName(draft.random) : null);
const someLists = (draft: Draft): readonly string[] => ORDINARY_LISTS.filter(() => draft.random.chance(0.3));

/** What Dotdigital says when it disagrees: one to three fields are older, cleaner or newer than Sell's. */
function differingMarketing(draft: Draft): MarketingContactSeed {
  const same = marketingContact(draft, someLists(draft));
  const fields = { ...same.fields };
  const change = draft.random.int(0, 5);
  if (change === 0) fields['FIRSTNAME'] = draft.naming.first.charAt(0);
  else if (change === 1) fields['LASTNAME'] = `${draft.naming.clean.last}-${draft.naming.latin.last}`;
  else if (change === 2) fields['POSTCODE'] = draft.country.postcode(draft.random);
  else if (change === 3) delete fields['POSTCODE'];
  else if (change === 4) fields['CUSTOMER_STATUS'] = same.fields['CUSTOMER_STATUS'] === 'past' ? 'current' : 'past';
  else fields['TIER'] = 'Platinum';
  return { ...same, fields };
}

const badContact = (draft: Draft, kind: BadAddress): Made =>
  assemble(draft, {
    contacts: [
      {
        ...sellContact(draft),
        email: badAddress(kind, `${draft.naming.latin.first}.${draft.naming.latin.last}`, draft.index),
      },
    ],
    traits: [...draft.traits.naming, 'sell-only', kind],
  });

/** Marked as a customer in Dotdigital, so that it may become a contact of Sell. (C14) */
const asCustomer = (contact: MarketingContactSeed): MarketingContactSeed => ({
  ...contact,
  fields: { ...contact.fields, CUSTOMER_STATUS: 'current', PROSPECT_STATUS: 'none' },
});

const without = (contact: MarketingContactSeed, ...names: readonly string[]): MarketingContactSeed => ({
  ...contact,
  fields: Object.fromEntries(Object.entries(contact.fields).filter(([name]) => !names.includes(name))),
});

interface Archetype {
  /** Cards in a deck of {@link DECK_SIZE}. */
  readonly cards: number;
  readonly make: (draft: Draft) => Made;
}

const ARCHETYPES = {
  agreeing: {
    cards: 96,
    make: (draft) =>
      assemble(draft, {
        contacts: [sellContact(draft)],
        marketing: marketingContact(draft, someLists(draft)),
        traits: [...named(draft), 'both-agree'],
      }),
  },
  differing: {
    cards: 55,
    make: (draft) =>
      assemble(draft, {
        contacts: [sellContact(draft)],
        marketing: differingMarketing(draft),
        traits: [...named(draft), 'both-differ'],
      }),
  },
  sellOnly: {
    cards: 75,
    make: (draft) => assemble(draft, { contacts: [sellContact(draft)], traits: [...named(draft), 'sell-only'] }),
  },
  marketingCustomer: {
    cards: 30,
    make: (draft) =>
      assemble(draft, {
        marketing: asCustomer(marketingContact(draft, someLists(draft))),
        traits: [...named(draft), 'marketing-only'],
      }),
  },
  marketingPlain: {
    cards: 45,
    make: (draft) =>
      assemble(draft, {
        marketing: without(marketingContact(draft, someLists(draft)), 'CUSTOMER_STATUS', 'PROSPECT_STATUS'),
        traits: [...named(draft), 'marketing-only', 'neither'],
      }),
  },
  marketingNameless: {
    cards: 16,
    make: (draft) =>
      assemble(draft, {
        marketing: without(asCustomer(marketingContact(draft)), 'FIRSTNAME', 'LASTNAME'),
        traits: [draft.mailbox.trait, 'marketing-only', 'marketing-without-name'],
      }),
  },
  marketingOptedOut: {
    cards: 9,
    make: (draft) =>
      assemble(draft, {
        marketing: { ...marketingContact(draft), status: draft.random.pick(['unsubscribed', 'suppressed']) },
        traits: [...named(draft), 'marketing-only'],
      }),
  },
  marketingUnknownStatus: {
    cards: 6,
    make: (draft) => {
      const contact = marketingContact(draft);
      const word = draft.random.pick(['VIP', 'platinum', 'ja', 'Current ']);
      return assemble(draft, {
        marketing: { ...contact, fields: { ...contact.fields, CUSTOMER_STATUS: word, PROSPECT_STATUS: 'current' } },
        traits: [...named(draft), 'marketing-only', 'unknown-status'],
      });
    },
  },
  marketingFirstNameOnly: {
    cards: 6,
    make: (draft) =>
      assemble(draft, {
        marketing: without(asCustomer(marketingContact(draft)), 'LASTNAME'),
        traits: [draft.mailbox.trait, 'marketing-only', 'missing-last-name'],
      }),
  },
  mobileOnly: {
    cards: 6,
    make: (draft) =>
      assemble(draft, {
        marketing: {
          ...marketingContact(draft),
          email: null,
          status: 'noSubscription',
          mobile: fictionMobile(FICTION_MOBILES - 1 - (draft.index % (FICTION_MOBILES / 2))),
        },
        traits: [...draft.traits.naming, 'marketing-only', 'mobile-only'],
      }),
  },
  twiceSameName: {
    cards: 9,
    make: (draft) => {
      const contact = sellContact(draft);
      const copy: SellContactSeed = {
        ...contact,
        email: draft.mailbox.stored,
        phone: null,
        tags: [],
        custom_fields: {},
        address: NO_ADDRESS,
        organisation: null,
      };
      return assemble(draft, {
        contacts: [contact, copy],
        marketing: draft.random.chance(0.6) ? marketingContact(draft) : null,
        traits: [...named(draft), 'duplicate-same-name'],
      });
    },
  },
  twiceOtherName: {
    cards: 7,
    make: (draft) => {
      const contact = sellContact(draft);
      const married: SellContactSeed = {
        ...contact,
        last_name: `${draft.naming.clean.last}-${singleName(draft.random)}`,
      };
      return assemble(draft, {
        contacts: [married, contact],
        marketing: draft.random.chance(0.6) ? marketingContact(draft) : null,
        traits: [...named(draft), 'duplicate-other-name'],
      });
    },
  },
  family: {
    cards: 6,
    make: (draft) => {
      const address = `familie-${draft.naming.latin.last}${String(draft.index)}@mail.example`;
      const contact = { ...sellContact(draft), email: address };
      const members = Array.from({ length: draft.random.int(2, 4) }, (_, n) => ({
        ...contact,
        first_name: `${singleName(draft.random)} ${'ABCD'.charAt(n)}.`,
      }));
      const shared = marketingContact(draft);
      return assemble(draft, {
        contacts: members,
        // Dotdigital has one contact for the whole family: under one member's name, or under nobody's in particular.
        marketing: {
          ...shared,
          email: address,
          fields: {
            ...shared.fields,
            FIRSTNAME: draft.random.chance(0.5) ? (members[0]?.first_name ?? '') : 'Familie',
          },
        },
        traits: [...draft.traits.naming, 'plain-email', 'shared-mailbox', 'duplicate-other-name'],
      });
    },
  },
  lead: {
    cards: 52,
    make: (draft) =>
      assemble(draft, {
        leads: [sellLead(draft, status(draft), company(draft))],
        traits: [...named(draft), 'lead', 'sell-only'],
      }),
  },
  leadOnBothSides: {
    cards: 20,
    make: (draft) => {
      const contact = without(
        marketingContact(draft, draft.random.chance(0.4) ? [draft.random.pick(LEAD_LISTS)] : []),
        'CUSTOMER_STATUS',
        'PROSPECT_STATUS',
      );
      return assemble(draft, {
        leads: [sellLead(draft, status(draft), company(draft))],
        marketing: contact,
        traits: [...named(draft), 'lead'],
      });
    },
  },
  leadAndContact: {
    cards: 12,
    make: (draft) =>
      assemble(draft, {
        contacts: [sellContact(draft)],
        leads: [sellLead(draft, status(draft), company(draft))],
        marketing: draft.random.chance(0.5) ? marketingContact(draft) : null,
        traits: [...named(draft), 'lead', 'lead-and-contact'],
      }),
  },
  leadTwice: {
    cards: 4,
    make: (draft) =>
      assemble(draft, {
        leads: [sellLead(draft, 'New', company(draft)), sellLead(draft, 'Working', company(draft))],
        traits: [...named(draft), 'lead', 'duplicate-lead'],
      }),
  },
  leadOfCompany: {
    cards: 6,
    make: (draft) =>
      assemble(draft, {
        leads: [{ ...sellLead(draft, status(draft), companyName(draft.random)), first_name: null, last_name: null }],
        traits: [draft.mailbox.trait, 'lead', 'lead-with-organisation-only'],
      }),
  },
  leadWithoutEmail: {
    cards: 4,
    make: (draft) =>
      assemble(draft, {
        leads: [{ ...sellLead(draft, status(draft), company(draft)), email: null }],
        traits: [...draft.traits.naming, 'lead', 'blank-email'],
      }),
  },
  listedLead: {
    cards: 10,
    make: (draft) =>
      assemble(draft, {
        marketing: {
          ...without(marketingContact(draft, [draft.random.pick(LEAD_LISTS)]), 'CUSTOMER_STATUS', 'PROSPECT_STATUS'),
          status: 'subscribed',
        },
        traits: [...named(draft), 'marketing-only', 'listed-as-lead'],
      }),
  },
  singleName: {
    cards: 5,
    make: (draft) => {
      const name = singleName(draft.random);
      return assemble(draft, {
        contacts: [{ ...sellContact(draft), first_name: null, last_name: name }],
        traits: [draft.mailbox.trait, 'sell-only', 'single-name', 'missing-first-name'],
      });
    },
  },
  noEmail: {
    cards: 7,
    make: (draft) =>
      assemble(draft, {
        contacts: [{ ...sellContact(draft), email: null }],
        traits: [...draft.traits.naming, 'sell-only', 'blank-email'],
      }),
  },
  office: {
    cards: 4,
    make: (draft) =>
      assemble(draft, {
        contacts: [{ ...sellContact(draft), email: roleAddress(draft.random, draft.index) }],
        traits: [...draft.traits.naming, 'sell-only', 'role-email'],
      }),
  },
  emailWithoutAt: { cards: 3, make: (draft) => badContact(draft, 'email-without-at') },
  emailWithSpace: { cards: 3, make: (draft) => badContact(draft, 'email-with-space') },
  emailTwoAts: { cards: 2, make: (draft) => badContact(draft, 'email-two-ats') },
  emailTooLong: { cards: 2, make: (draft) => badContact(draft, 'email-too-long') },
} as const satisfies { readonly [name: string]: Archetype };

export type ArchetypeName = keyof typeof ARCHETYPES;

/** Cards of the deck, by archetype. */
export const ARCHETYPE_CARDS = Object.fromEntries(
  Object.entries(ARCHETYPES).map(([name, archetype]) => [name, archetype.cards]),
) as { readonly [name in ArchetypeName]: number };

/** That many people in a row hold every archetype. */
export const DECK_SIZE: number = Object.values(ARCHETYPE_CARDS).reduce((sum, cards) => sum + cards, 0);

/** Makes the person of a draft as one archetype has it. */
export function makeAs(name: ArchetypeName, draft: Draft): Person {
  return { index: draft.index, ...ARCHETYPES[name].make(draft) };
}
