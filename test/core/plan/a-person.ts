// Persons and settings for tests of decisions: small named pieces that say only what a test is about.
import type { CompiledField } from '../../../src/core/mapping/compiled-field.ts';
import { TYPE_PAIRS } from '../../../src/core/mapping/type-pairs.table.ts';
import { UNDECIDED } from '../../../src/core/model/choice.ts';
import type { Role } from '../../../src/core/model/identity.ts';
import type { Base, Link } from '../../../src/core/model/link.ts';
import type { PersonView, RoleView } from '../../../src/core/model/person.ts';
import type { Action, PersonPlan } from '../../../src/core/model/plan.ts';
import type { CrmRecord, MarketingRecord } from '../../../src/core/model/record.ts';
import type { CrmField, CrmFieldType, MarketingFieldType, Qualification } from '../../../src/core/model/schema.ts';
import type { ConsentSignals, RoleSettings, Settings } from '../../../src/core/model/settings.ts';
import type { Raw, Value } from '../../../src/core/model/value.ts';
import type { PastWrite } from '../../../src/core/plan/invert-view.ts';

export const QUALIFICATION: Qualification = {
  paths: ['customer_status', 'prospect_status'],
  none: 'none',
  stages: [
    { path: 'prospect_status', value: 'lost' },
    { path: 'customer_status', value: 'past' },
    { path: 'prospect_status', value: 'current' },
    { path: 'customer_status', value: 'current' },
  ],
};

type FieldParts = Partial<Omit<CompiledField, 'crm' | 'marketing'>> & {
  readonly crm?: Partial<CrmField>;
  readonly maxLength?: number;
};

export function mapped(
  key: string,
  path: string,
  types: readonly [CrmFieldType, MarketingFieldType],
  more: FieldParts = {},
): CompiledField {
  const type = TYPE_PAIRS[types[0]][types[1]];
  if (type === null) throw new Error(`${types[0]} and ${types[1]} do not go together`);
  const { crm, maxLength, ...rest } = more;
  return {
    key,
    crm: { path, type: types[0], writable: true, mandatory: false, fieldClass: 'sales', ...crm },
    marketing: { name: key, type: types[1], maxLength: maxLength ?? 1000, fieldClass: 'sales' },
    type,
    direction: 'both',
    conflict: 'crm',
    blank: 'propagate',
    values: [],
    ...rest,
  };
}

const TEXT = ['text', 'string'] as const;
const STATUS = ['status', 'string'] as const;

export const FIELDS = {
  firstName: mapped('FIRSTNAME', 'first_name', TEXT, { crm: { mandatory: true, meaning: 'first-name' } }),
  lastName: mapped('LASTNAME', 'last_name', TEXT, { crm: { mandatory: true, meaning: 'last-name' } }),
  postcode: mapped('POSTCODE', 'address.postal_code', TEXT, { crm: { whole: 'address' } }),
  customer: mapped('CUSTOMER_STATUS', 'customer_status', STATUS, {
    crm: { choices: ['none', 'current', 'past'], fallback: 'none' },
  }),
  prospect: mapped('PROSPECT_STATUS', 'prospect_status', STATUS, {
    crm: { choices: ['none', 'current', 'lost'], fallback: 'none' },
  }),
  organisation: mapped('ORGANISATION', 'organization_name', TEXT),
  tags: mapped('TAGS', 'tags', ['set', 'string'], { crm: { whole: 'tags' } }),
  size: mapped('SIZE', 'custom_fields.Size', ['number', 'numeric']),
  billing: mapped('BILLINGCITY', 'billing_address.city', TEXT, {
    crm: { whole: 'billing_address', needsQualified: true },
  }),
  owner: mapped('OWNER', 'owner.name', TEXT, { crm: { writable: false } }),
  tier: mapped('TIER', 'custom_fields.Tier', ['choice', 'string'], { crm: { choices: ['Gold', 'Silver'] } }),
} as const;

/** The default mapping. (decision 11) */
export const CONTACT_FIELDS = [FIELDS.firstName, FIELDS.lastName, FIELDS.postcode, FIELDS.customer, FIELDS.prospect];
export const LEAD_FIELDS = [FIELDS.firstName, FIELDS.lastName, FIELDS.postcode, FIELDS.organisation];

/** A CRM record that says nothing about consent. (S18) */
export const NO_SIGNALS: ConsentSignals = { tags: { optIn: [], optOut: [] }, field: null, default: 'none' };

export type Profile = 'classic' | 'recommended';

interface SettingsParts extends Partial<Omit<Settings, 'roles' | 'consent'>> {
  readonly contact?: Partial<RoleSettings>;
  readonly lead?: Partial<RoleSettings>;
  readonly consent?: Partial<Settings['consent']>;
}

/** The defaults of a profile (4.11) with contacts on and leads off. */
export function settingsOf(profile: Profile, parts: SettingsParts = {}): Settings {
  const { contact, lead, consent, ...rest } = parts;
  const classic = profile === 'classic';
  const role = (name: Role, own: Partial<RoleSettings> | undefined): RoleSettings => ({
    role: name,
    enabled: name === 'contact',
    direction: 'both',
    multipleMatch: 'email-and-names',
    matchFirst: 'oldest',
    strictSingle: false,
    besideContact: name === 'contact' || classic,
    fields: name === 'contact' ? CONTACT_FIELDS : LEAD_FIELDS,
    alignment: { direction: 'both', winner: classic ? 'crm' : 'fill-blanks' },
    onEmailChange: 'rename',
    delete: classic ? 'delete' : 'queue',
    afterMarketingDelete: 'stay-deleted',
    scope: { marketingLists: [], crmTags: [], crmOwners: [], pauseList: null, pauseTag: 'no-sync' },
    qualification: name === 'contact' ? QUALIFICATION : null,
    idField: name === 'contact' ? 'SELL_CONTACT_ID' : 'SELL_LEAD_ID',
    statusLists: null,
    ...own,
  });
  return {
    labels: { crm: 'the CRM', marketing: 'the mailing system' },
    roles: { contact: role('contact', contact), lead: role('lead', lead) },
    consent: {
      enabled: false,
      direction: 'to-marketing',
      unknownConsentAs: classic ? 'subscribed' : 'unsubscribed',
      optOutAs: 'unsubscribed',
      optInType: 'single',
      optOutTrigger: 'immediate',
      optInTrigger: classic ? 'with-change' : 'immediate',
      resubscribe: classic ? 'no-challenge' : 'challenge',
      createSuppressed: false,
      createSuppressedAs: 'contact',
      signals: { contact: NO_SIGNALS, lead: NO_SIGNALS },
      heard: [],
      ...consent,
    },
    namesRequiredFor: classic ? 'both' : 'crm-writes',
    allowNonCustomer: !classic,
    partialWrite: !classic,
    mode: 'sync',
    goneBefore: null,
    decided: UNDECIDED,
    ...rest,
  };
}

export const ADDRESS = 'ada@example.org';

/** Ada Lovelace in the CRM, a current customer. */
export function aRecord(values: Readonly<Record<string, Raw>> = {}, more: Partial<CrmRecord> = {}): CrmRecord {
  const all: Record<string, Raw> = {
    first_name: 'Ada',
    last_name: 'Lovelace',
    'address.postal_code': '10115',
    customer_status: 'current',
    prospect_status: 'none',
    ...values,
  };
  return {
    role: 'contact',
    id: '11',
    email: ADDRESS,
    firstName: textOf(all['first_name']),
    lastName: textOf(all['last_name']),
    values: all,
    tags: [],
    status: null,
    ownerId: '1',
    isOrganisation: false,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-02T00:00:00Z',
    revision: null,
    state: 'present',
    ...more,
  };
}

function textOf(raw: Raw | undefined): string | null {
  return typeof raw === 'string' ? raw : null;
}

/** Ada Lovelace as a mailable contact, reading the same as `aRecord()`. */
export function aMailing(
  values: Readonly<Record<string, Raw>> = {},
  more: Partial<MarketingRecord> = {},
): MarketingRecord {
  return {
    id: '900',
    email: ADDRESS,
    values: {
      FIRSTNAME: 'Ada',
      LASTNAME: 'Lovelace',
      POSTCODE: '10115',
      CUSTOMER_STATUS: 'current',
      PROSPECT_STATUS: 'none',
      SELL_CONTACT_ID: '11',
      ...values,
    },
    channel: { state: 'subscribed', reason: 'subscribed', optInType: 'single' },
    lists: [],
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-02T00:00:00Z',
    state: 'present',
    assumed: false,
    ...more,
  };
}

/** Both sides agreed on these values. */
export function agreedOn(values: Readonly<Record<string, Value>>): Base {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { crm: value, marketing: value }]));
}

export const ADA_BASE: Base = agreedOn({
  email: ADDRESS,
  FIRSTNAME: 'Ada',
  LASTNAME: 'Lovelace',
  POSTCODE: '10115',
  CUSTOMER_STATUS: 'current',
  PROSPECT_STATUS: 'none',
});

export function aLink(more: Partial<Link> = {}): Link {
  return {
    id: 'link-1',
    role: 'contact',
    crmId: '11',
    marketingId: '900',
    state: 'active',
    because: null,
    base: ADA_BASE,
    unconfirmed: {},
    ...more,
  };
}

export const NO_ROLE: RoleView = { link: null, record: null, candidates: [], shadows: [], severed: [], elsewhere: [] };

export function aView(parts: {
  readonly marketing?: MarketingRecord | null;
  readonly contact?: Partial<RoleView>;
  readonly lead?: Partial<RoleView>;
  readonly collisions?: readonly MarketingRecord[];
  readonly suppressedAddresses?: readonly string[];
}): PersonView {
  const marketing = parts.marketing ?? null;
  return {
    key: marketing === null ? `e:${ADDRESS}` : `m:${marketing.id}`,
    marketing,
    leadLists: [],
    roles: { contact: { ...NO_ROLE, ...parts.contact }, lead: { ...NO_ROLE, ...parts.lead } },
    collisions: (parts.collisions ?? []).map((marketing) => ({ marketing, holders: [] })),
    suppressedAddresses: parts.suppressedAddresses ?? [],
    conversion: null,
    optedOutAt: null,
  };
}

/** A linked pair: what the CRM and the mailing system now say, against the common base. */
export function aPair(
  crm: Readonly<Record<string, Raw>> = {},
  marketing: Readonly<Record<string, Raw>> = {},
  more: {
    readonly link?: Partial<Link>;
    readonly record?: Partial<CrmRecord>;
    readonly mailing?: Partial<MarketingRecord>;
  } = {},
): PersonView {
  return aView({
    marketing: aMailing(marketing, more.mailing),
    contact: { link: aLink(more.link), record: aRecord(crm, more.record) },
  });
}

/** The one write of a side, or undefined. */
export function writeTo(plan: PersonPlan, system: 'crm' | 'marketing'): Action | undefined {
  const own = plan.actions.filter((action) => action.system === system);
  if (own.length > 1) throw new Error('More than one write to one side.');
  return own[0];
}

export function codesOf(plan: PersonPlan): readonly string[] {
  return plan.holds.map((hold) => hold.code);
}

/** The base learnt at once, field by field. */
export function learntBy(plan: PersonPlan): Base {
  return Object.assign(
    {},
    ...plan.effects.flatMap((effect) => (effect.type === 'base' ? [effect.fields] : [])),
  ) as Base;
}

/** A write of the run as the journal has it. */
export function aPastWrite(action: Partial<Action>, more: Partial<PastWrite> = {}): PastWrite {
  const { system = 'marketing', entity = 'contact' } = action;
  return {
    action: {
      id: 'm:900/x',
      row: 'C5',
      rows: ['C5'],
      lane: 'update',
      kind: 'update',
      system,
      entity,
      email: ADDRESS,
      crmId: null,
      marketingId: null,
      changes: {},
      clears: false,
      crm: null,
      marketing: null,
      effects: [],
      ...action,
    },
    crmId: entity === 'contact' ? '11' : '51',
    marketingId: '900',
    made: true,
    ...more,
  };
}
