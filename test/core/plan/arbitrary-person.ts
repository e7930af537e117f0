// Random persons and settings: linked and unlinked records with odd values, bases that agree or do not, writes that
// wait, extra records, tombstones and strangers with the same address.
import fc from 'fast-check';
import type { CompiledField } from '../../../src/core/mapping/compiled-field.ts';
import { readCrm, readMarketing } from '../../../src/core/mapping/convert.ts';
import { UNDECIDED } from '../../../src/core/model/choice.ts';
import type { Direction, Role } from '../../../src/core/model/identity.ts';
import type { BaseField, Link, Unconfirmed } from '../../../src/core/model/link.ts';
import type { PersonView, RoleView } from '../../../src/core/model/person.ts';
import type { ChannelState, CrmRecord, MarketingRecord } from '../../../src/core/model/record.ts';
import type { RoleSettings, Settings } from '../../../src/core/model/settings.ts';
import type { Raw, Value } from '../../../src/core/model/value.ts';
import { FIELDS, NO_SIGNALS, QUALIFICATION } from './a-person.ts';
import { keyOf } from './small-world.ts';

const DIRECTIONS: readonly Direction[] = ['both', 'to-marketing', 'to-crm'];
const ADDRESSES = ['ada@example.org', 'ada.king@example.org', 'noreply@example.org', 'bob@example.com'];

const CONTACT_POOL: readonly CompiledField[] = [
  FIELDS.firstName,
  FIELDS.lastName,
  FIELDS.postcode,
  FIELDS.customer,
  FIELDS.prospect,
  FIELDS.tags,
  FIELDS.size,
  FIELDS.billing,
  FIELDS.owner,
  FIELDS.tier,
];
const LEAD_POOL: readonly CompiledField[] = [
  FIELDS.firstName,
  FIELDS.lastName,
  FIELDS.postcode,
  FIELDS.organisation,
  FIELDS.tags,
];

/** How far from ordinary the persons and settings may be. */
export interface Oddness {
  /** Directions, conflict and blank rules other than the defaults. */
  readonly rules: boolean;
  /** Values that do not fit their field. */
  readonly values: boolean;
  /** Writes under way, other records, other contacts, tombstones. */
  readonly company: boolean;
  /** The person is a lead too. */
  readonly leads: boolean;
  /** Addresses that differ, are missing or cannot be mailed. */
  readonly addresses: boolean;
}

export const ANYTHING: Oddness = { rules: true, values: true, company: true, leads: true, addresses: true };
export const ORDINARY: Oddness = { rules: false, values: false, company: false, leads: false, addresses: false };

export interface Case {
  readonly view: PersonView;
  readonly settings: Settings;
}

export function aCase(odd: Oddness): fc.Arbitrary<Case> {
  return someSettings(odd).chain((settings) => someView(settings, odd).map((view) => ({ view, settings })));
}

function someRole(role: Role, odd: Oddness): fc.Arbitrary<RoleSettings> {
  const pool = role === 'contact' ? CONTACT_POOL : LEAD_POOL;
  const defaults = pool.slice(0, role === 'contact' ? 5 : 4);
  const someField = (field: CompiledField): fc.Arbitrary<CompiledField> =>
    fc
      .record({
        direction: fc.constantFrom(...DIRECTIONS),
        conflict: fc.constantFrom('crm' as const, 'marketing' as const, 'hold' as const),
        blank: fc.constantFrom('propagate' as const, 'ignore' as const),
      })
      .map((rules) => ({ ...field, ...rules }));
  const fields = odd.rules
    ? fc
        .subarray([...pool])
        .chain((some) =>
          fc.tuple(...some.map((field) => fc.oneof({ weight: 2, arbitrary: fc.constant(field) }, someField(field)))),
        )
    : fc.constant(defaults);
  const often = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
    odd.rules ? fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, fc.constantFrom(...others)) : fc.constant(usual);
  return fc.record({
    role: fc.constant(role),
    enabled: role === 'contact' ? often(true, false) : fc.constant(odd.leads),
    direction: often<Direction>('both', 'to-marketing', 'to-crm'),
    multipleMatch: fc.constantFrom('email-and-names' as const, 'email' as const, 'do-not-update' as const),
    matchFirst: fc.constantFrom('oldest' as const, 'newest-updated' as const, 'latest-stage' as const),
    strictSingle: often(false, true),
    besideContact: role === 'contact' ? fc.constant(true) : fc.boolean(),
    fields,
    alignment: fc.record({
      direction: often<Direction | null>('both', 'to-marketing', 'to-crm', null),
      winner: fc.constantFrom('crm' as const, 'marketing' as const, 'fill-blanks' as const, 'newest' as const),
    }),
    onEmailChange: fc.constantFrom('rename' as const, 'new' as const, 'hold' as const),
    delete: fc.constantFrom(
      'delete' as const,
      'queue' as const,
      'mark' as const,
      'remove-from-lists' as const,
      'ignore' as const,
    ),
    afterMarketingDelete: fc.constantFrom('stay-deleted' as const, 'recreate' as const),
    scope: fc.record({
      marketingLists: often<readonly string[]>([], ['7']),
      crmTags: often<readonly string[]>([], ['sync']),
      crmOwners: often<readonly string[]>([], ['1']),
      pauseList: often<string | null>(null, '9'),
      pauseTag: fc.constant('no-sync'),
    }),
    qualification: fc.constant(role === 'contact' ? QUALIFICATION : null),
    idField: often<string | null>(role === 'contact' ? 'SELL_CONTACT_ID' : 'SELL_LEAD_ID', null),
    statusLists: fc.constant(null),
  });
}

export function someSettings(odd: Oddness): fc.Arbitrary<Settings> {
  return fc.record({
    labels: fc.constant({ crm: 'CRM', marketing: 'Mailing' }),
    roles: fc.record({ contact: someRole('contact', odd), lead: someRole('lead', odd) }),
    consent: fc.record({
      enabled: fc.boolean(),
      direction: fc.constantFrom(...DIRECTIONS),
      unknownConsentAs: fc.constantFrom('subscribed' as const, 'unsubscribed' as const),
      optOutAs: fc.constantFrom('unsubscribed' as const, 'suppressed' as const),
      optInType: fc.constant('single' as const),
      optOutTrigger: fc.constantFrom('with-change' as const, 'immediate' as const),
      optInTrigger: fc.constantFrom('with-change' as const, 'immediate' as const),
      resubscribe: fc.constantFrom('challenge' as const, 'no-challenge' as const, 'hold' as const),
      createSuppressed: fc.constant(false),
      createSuppressedAs: fc.constant('contact' as const),
      signals: fc.constant({ contact: NO_SIGNALS, lead: NO_SIGNALS }),
      heard: fc.constant([]),
    }),
    namesRequiredFor: fc.constantFrom('both' as const, 'crm-writes' as const),
    allowNonCustomer: fc.boolean(),
    partialWrite: fc.boolean(),
    goneBefore: fc.constant(null),
    decided: fc.constant(UNDECIDED),
    mode: odd.rules
      ? fc.oneof(
          { weight: 4, arbitrary: fc.constant('sync' as const) },
          fc.constantFrom('align' as const, 'rebaseline' as const),
        )
      : fc.constant('sync' as const),
  });
}

const CHANNELS: readonly ChannelState[] = [
  'subscribed',
  'unsubscribed',
  'suppressed',
  'pending',
  'soft-bounced',
  'hard-bounced',
  'blocked',
  'none',
];

const ODD: fc.Arbitrary<Raw> = fc.oneof(
  fc.constantFrom<Raw>('\0', '\ud800', 'x'.repeat(1001), '  ', 'not a number', 'platinum', 12.5, true, ['a', 'b'], {
    line1: 'here',
  }),
  fc.string({ maxLength: 4 }),
);

/** Raw values that a side may hold for a field; few different ones, so that equal and unchanged values are common. */
function someRaw(field: CompiledField, side: 'crm' | 'marketing', odd: Oddness): fc.Arbitrary<Raw> {
  const usual = ((): fc.Arbitrary<Raw> => {
    switch (field.type) {
      case 'status':
        return side === 'crm'
          ? fc.constantFrom<Raw>(...(field.crm.choices ?? []))
          : fc.constantFrom<Raw>(...(field.crm.choices ?? []), null, ...(odd.values ? ['Prospect!'] : []));
      case 'set':
        return fc
          .subarray(['red', 'green', 'blue'])
          .map((items) => (side === 'crm' ? items : items.length === 0 ? null : items.join('; ')));
      case 'decimal':
        return side === 'crm' ? fc.constantFrom<Raw>('1', '2.50', null) : fc.constantFrom<Raw>(1, 2.5, null);
      default:
        return field.crm.choices === undefined
          ? fc.constantFrom<Raw>('Ada', 'Bea', 'Cleo ', null)
          : fc.constantFrom<Raw>(...field.crm.choices, null);
    }
  })();
  return odd.values ? fc.oneof({ weight: 8, arbitrary: usual }, ODD) : usual;
}

function canonical(field: CompiledField, side: 'crm' | 'marketing', raw: Raw): Value {
  const reading = side === 'crm' ? readCrm(field, raw) : readMarketing(field, raw);
  return reading.type === 'ok' ? reading.value : `\0${JSON.stringify(raw)}`;
}

function valuesOf(
  fields: readonly CompiledField[],
  side: 'crm' | 'marketing',
  odd: Oddness,
): fc.Arbitrary<Record<string, Raw>> {
  return fc
    .tuple(...fields.map((field) => someRaw(field, side, odd)))
    .map((raws) =>
      Object.fromEntries(
        fields.map((field, i) => [side === 'crm' ? field.crm.path : field.marketing.name, raws[i] ?? null]),
      ),
    );
}

/** Everything the CRM would hold of a record, mapped or not, so that its names and statuses are always there. */
function someRecord(
  role: Role,
  id: string,
  address: fc.Arbitrary<string | null>,
  odd: Oddness,
): fc.Arbitrary<CrmRecord> {
  return fc
    .record({
      values: valuesOf(role === 'contact' ? CONTACT_POOL : LEAD_POOL, 'crm', odd),
      email: address,
      tags: odd.rules ? fc.subarray(['sync', 'no-sync', 'vip']) : fc.constant([]),
      owner: odd.rules ? fc.constantFrom('1', '2', null) : fc.constant('1'),
      updatedAt: fc.constantFrom('2026-01-02T00:00:00Z', '2026-03-02T00:00:00Z', null),
      organisation: odd.company
        ? fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true))
        : fc.constant(false),
      state: odd.company
        ? fc.oneof(
            { weight: 9, arbitrary: fc.constant('present' as const) },
            fc.constantFrom('deleted' as const, 'hidden' as const),
          )
        : fc.constant('present' as const),
    })
    .map(({ values, email, tags, owner, updatedAt, organisation, state }) => ({
      role,
      id,
      email,
      firstName: nameOf(values['first_name']),
      lastName: nameOf(values['last_name']),
      values,
      tags,
      status: role === 'lead' ? 'New' : null,
      ownerId: owner,
      isOrganisation: organisation,
      createdAt: null,
      updatedAt,
      revision: null,
      state,
    }));
}

function nameOf(raw: Raw | undefined): string | null {
  return typeof raw === 'string' && raw.trim() !== '' ? raw : null;
}

function someMailing(
  id: string,
  fields: readonly CompiledField[],
  address: fc.Arbitrary<string | null>,
  odd: Oddness,
): fc.Arbitrary<MarketingRecord> {
  return fc
    .record({
      values: valuesOf(fields, 'marketing', odd),
      ids: fc.constantFrom<Record<string, Raw>>({}, { SELL_CONTACT_ID: '11', SELL_LEAD_ID: '51' }),
      email: address,
      channel: fc.constantFrom(...CHANNELS),
      lists: odd.rules ? fc.constantFrom<readonly string[] | null>([], ['7'], ['7', '9'], null) : fc.constant([]),
      updatedAt: fc.constantFrom('2026-02-02T00:00:00Z', null),
      state: odd.company
        ? fc.oneof({ weight: 9, arbitrary: fc.constant('present' as const) }, fc.constant('deleted' as const))
        : fc.constant('present' as const),
    })
    .map(({ values, ids, email, channel, lists, updatedAt, state }) => ({
      id,
      email,
      values: { ...values, ...ids },
      channel: { state: channel, reason: channel, optInType: 'unknown' as const },
      lists,
      createdAt: null,
      updatedAt,
      state,
      assumed: false,
    }));
}

/** A base that mostly agrees with one side, the other, both or neither, and now and then is missing or uneven. */
function someBase(
  fields: readonly CompiledField[],
  record: CrmRecord,
  mailing: MarketingRecord,
  odd: Oddness,
): fc.Arbitrary<Link['base']> {
  const some = (field: CompiledField): fc.Arbitrary<BaseField | null> => {
    const crm = canonical(field, 'crm', record.values[field.crm.path] ?? null);
    const marketing = canonical(field, 'marketing', mailing.values[field.marketing.name] ?? null);
    const even: readonly Value[] = [
      crm,
      marketing,
      crm,
      marketing,
      field.type === 'set' ? ['green'] : field.type === 'status' ? 'none' : 'Dora',
      null,
    ];
    const usual = fc.constantFrom(...even).map((value): BaseField => ({ crm: value, marketing: value }));
    if (!odd.company) return usual;
    return fc.oneof(
      { weight: 8, arbitrary: usual },
      fc.constant(null),
      fc.constant({ crm, marketing }),
      fc.constant({ crm, marketing: null }),
    );
  };
  const email = fc.constantFrom<BaseField | null>(
    ...[keyOf(record.email), keyOf(mailing.email), ADDRESSES[0] ?? null].map(
      (value): BaseField => ({ crm: value, marketing: value }),
    ),
    ...(odd.company ? [null] : []),
  );
  return fc
    .tuple(email, ...fields.map(some))
    .map(([address, ...bases]) =>
      Object.fromEntries([
        ...(address === null ? [] : [['email', address] as const]),
        ...fields.flatMap((field, i) => (bases[i] == null ? [] : [[field.key, bases[i]] as const])),
      ]),
    );
}

/** Writes under way: read back as written, as before, or as something else. */
function someUnconfirmed(
  fields: readonly CompiledField[],
  record: CrmRecord,
  mailing: MarketingRecord,
  base: Link['base'],
): fc.Arbitrary<Link['unconfirmed']> {
  return fc.subarray([...fields], { maxLength: Math.min(2, fields.length) }).chain((some) =>
    fc
      .tuple(
        ...some.map((field): fc.Arbitrary<Unconfirmed> => {
          const crm = canonical(field, 'crm', record.values[field.crm.path] ?? null);
          const now = canonical(field, 'marketing', mailing.values[field.marketing.name] ?? null);
          const before = base[field.key]?.marketing ?? null;
          return (
            fc
              .record({
                from: fc.constantFrom(now, before),
                to: fc.constantFrom(crm, now),
                tries: fc.constantFrom(1, 2),
              })
              // What was sent is what the CRM had then.
              .map((mark) => ({ ...mark, crm: mark.to }))
          );
        }),
      )
      .map((marks) =>
        Object.fromEntries(
          some.flatMap((field, i) => (marks[i] === undefined ? [] : [[field.key, marks[i]] as const])),
        ),
      ),
  );
}

function someView(settings: Settings, odd: Oddness): fc.Arbitrary<PersonView> {
  const usualAddress = fc.constant<string | null>(ADDRESSES[0] ?? null);
  const address = odd.addresses
    ? fc.oneof(
        { weight: 6, arbitrary: usualAddress },
        fc.constantFrom<string | null>(...ADDRESSES, 'ADA@example.org ', 'not an address', null),
      )
    : usualAddress;
  const fields = [
    ...new Map(
      [...settings.roles.contact.fields, ...settings.roles.lead.fields].map((field) => [field.key, field]),
    ).values(),
  ];
  const mailing = fc.oneof({ weight: 5, arbitrary: someMailing('900', fields, address, odd) }, fc.constant(null));
  return mailing.chain((marketing) =>
    fc
      .record({
        contact: someRoleView(settings.roles.contact, marketing, '11', address, odd),
        lead: odd.leads ? someRoleView(settings.roles.lead, marketing, '51', address, odd) : fc.constant(EMPTY),
        collisions:
          odd.company && odd.addresses
            ? fc.array(someMailing('901', fields, fc.constantFrom<string | null>(...ADDRESSES.slice(1)), odd), {
                maxLength: 1,
              })
            : fc.constant<MarketingRecord[]>([]),
        suppressed: odd.addresses ? fc.subarray(ADDRESSES.slice(1)) : fc.constant<string[]>([]),
        assumed: odd.company ? fc.boolean() : fc.constant(false),
      })
      .map(
        ({ contact, lead, collisions, suppressed, assumed }): PersonView => ({
          key: marketing === null ? `e:${ADDRESSES[0]}` : `m:${marketing.id}`,
          marketing: marketing === null ? null : { ...marketing, assumed },
          leadLists: [],
          roles: { contact, lead },
          collisions:
            marketing === null
              ? []
              : collisions
                  .filter((other) => keyOf(other.email) !== keyOf(marketing.email))
                  .map((other) => ({ marketing: other, holders: [] })),
          suppressedAddresses: suppressed.filter((key) => key !== keyOf(marketing?.email ?? null)),
          conversion: null,
          optedOutAt: null,
        }),
      ),
  );
}

const EMPTY: RoleView = { link: null, record: null, candidates: [], shadows: [], severed: [], elsewhere: [] };

function someRoleView(
  role: RoleSettings,
  marketing: MarketingRecord | null,
  id: string,
  address: fc.Arbitrary<string | null>,
  odd: Oddness,
): fc.Arbitrary<RoleView> {
  const own = fc.constant<string | null>(marketing === null ? (ADDRESSES[0] ?? null) : marketing.email);
  const next = (offset: number): string => String(Number(id) + offset);
  const candidates = fc
    .array(someRecord(role.role, id, own, odd), { maxLength: odd.company ? 3 : 1 })
    .map((records) =>
      records
        .filter((record) => record.state === 'present' && keyOf(record.email) !== null)
        .map((record, i) => ({ ...record, id: next(i + 1) })),
    );
  const tombstones = odd.company
    ? fc.array(
        fc
          .constantFrom('C3', 'P5', 'C20', 'C23', 'C24', 'D12', 'D1')
          .map((because) => tombstone(role.role, marketing?.id ?? '800', next(1), because)),
        { maxLength: 1 },
      )
    : fc.constant([]);
  const unlinked = fc.record({ candidates, severed: tombstones }).map((parts): RoleView => ({ ...EMPTY, ...parts }));
  if (marketing === null) return unlinked;
  const linked = someRecord(role.role, id, address, odd).chain((record) =>
    someBase(role.fields, record, marketing, odd).chain((base) =>
      fc
        .record({
          unconfirmed: odd.company
            ? fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, someUnconfirmed(role.fields, record, marketing, base))
            : fc.constant({}),
          state: odd.company
            ? fc.oneof(
                { weight: 5, arbitrary: fc.constant('active' as const) },
                fc.constantFrom('paused' as const, 'held' as const),
              )
            : fc.constant('active' as const),
          extras: odd.company ? candidates : fc.constant<CrmRecord[]>([]),
          shadows: odd.company
            ? fc.array(someRecord(role.role, next(8), address, odd), { maxLength: 1 })
            : fc.constant<CrmRecord[]>([]),
          severed: tombstones,
        })
        .map(
          ({ unconfirmed, state, extras, shadows, severed }): RoleView => ({
            link: {
              id: `link-${id}`,
              role: role.role,
              crmId: id,
              marketingId: marketing.id,
              state,
              because: state === 'active' ? null : 'C33',
              base,
              unconfirmed,
            },
            record,
            candidates: extras,
            shadows: shadows.map((shadow) => ({
              link: {
                id: `shadow-${id}`,
                role: role.role,
                crmId: shadow.id,
                marketingId: marketing.id,
                state: 'shadow' as const,
                because: 'C3',
                base: {},
                unconfirmed: {},
              },
              record: shadow,
            })),
            severed,
            elsewhere: [],
          }),
        ),
    ),
  );
  return fc.oneof({ weight: 3, arbitrary: linked }, unlinked);
}

function tombstone(role: Role, marketingId: string, crmId: string, because: string): Link {
  return { id: `tombstone-${crmId}`, role, crmId, marketingId, state: 'severed', because, base: {}, unconfirmed: {} };
}
