// Persons planned per second on one core, over a mix like a real run's. Prints figures; asserts nothing.
// Usage: node bench/planner.bench.ts [PERSONS]
import type { CompiledField } from '../src/core/mapping/compiled-field.ts';
import { UNDECIDED } from '../src/core/model/choice.ts';
import type { Base } from '../src/core/model/link.ts';
import type { PersonView, RoleView } from '../src/core/model/person.ts';
import type { CrmRecord, MarketingRecord } from '../src/core/model/record.ts';
import type { CrmField } from '../src/core/model/schema.ts';
import type { ConsentSignals, RoleSettings, Settings } from '../src/core/model/settings.ts';
import { planPerson } from '../src/core/plan/plan-person.ts';

/** What one core is to do, in persons a second. */
const TARGET = 50_000;
const PERSONS = Number(process.argv[2] ?? 100_000);
const ROUNDS = 5;

/** The default mapping of contacts. */
const FIELDS: readonly (readonly [key: string, path: string, more: Partial<CrmField>])[] = [
  ['FIRSTNAME', 'first_name', { mandatory: true, meaning: 'first-name' }],
  ['LASTNAME', 'last_name', { mandatory: true, meaning: 'last-name' }],
  ['POSTCODE', 'address.postal_code', { whole: 'address' }],
  ['CUSTOMER_STATUS', 'customer_status', { choices: ['none', 'current', 'past'], fallback: 'none' }],
  ['PROSPECT_STATUS', 'prospect_status', { choices: ['none', 'current', 'lost'], fallback: 'none' }],
];

const NO_SIGNALS: ConsentSignals = { tags: { optIn: [], optOut: [] }, field: null, default: 'none' };

/** Of a hundred persons with news: most read the same after all, some changed on one side, few are new or in conflict. */
const MIX = [
  { name: 'unchanged', share: 55 },
  { name: 'changed in the CRM', share: 20 },
  { name: 'changed in marketing', share: 10 },
  { name: 'changed on both sides', share: 5 },
  { name: 'new in the CRM', share: 5 },
  { name: 'new in marketing', share: 5 },
] as const;
type Kind = (typeof MIX)[number]['name'];

const settings = ordinarySettings();
const mixed = Array.from({ length: PERSONS }, (_, i) => person(i, kindOf(i)));

console.log(`${PERSONS.toLocaleString('en')} persons, 5 mapped fields, best of ${ROUNDS} rounds on one core`);
for (const { name, share } of MIX)
  report(
    `${name} (${share} %)`,
    mixed.filter((_, i) => kindOf(i) === name),
  );
const speed = report('the mix', mixed);
console.log(`the mix is ${(speed / TARGET).toFixed(2)} times the target of ${TARGET.toLocaleString('en')} persons/s`);

function report(name: string, views: readonly PersonView[]): number {
  let best = Number.POSITIVE_INFINITY;
  let actions = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    actions = 0;
    for (const view of views) actions += planPerson(view, settings).actions.length;
    best = Math.min(best, performance.now() - start);
  }
  const perSecond = Math.round((views.length / best) * 1000);
  console.log(
    `${name.padEnd(30)} ${perSecond.toLocaleString('en').padStart(10)} persons/s  ${(actions / views.length).toFixed(2)} writes a person`,
  );
  return perSecond;
}

function kindOf(i: number): Kind {
  // A step that is prime to a hundred spreads the kinds evenly.
  let place = (i * 37) % 100;
  for (const { name, share } of MIX) {
    if (place < share) return name;
    place -= share;
  }
  return 'unchanged';
}

function person(i: number, kind: Kind): PersonView {
  const email = `person.${i}@example.org`;
  const values: readonly string[] = ['Ada', `Lovelace ${i}`, '10115', 'current', 'none'];
  const crm = record(
    String(i + 1),
    email,
    kind === 'changed in the CRM' || kind === 'changed on both sides' ? values.with(2, '10117') : values,
  );
  const mailing = contact(
    String(i + 1),
    email,
    kind === 'changed in marketing' || kind === 'changed on both sides' ? values.with(2, '10119') : values,
  );
  const nobody: RoleView = { link: null, record: null, candidates: [], shadows: [], severed: [], elsewhere: [] };
  const agreed: readonly (readonly [string, string])[] = [
    ['email', email],
    ...FIELDS.map(([key], n) => [key, values[n] ?? ''] as const),
  ];
  const base: Base = Object.fromEntries(agreed.map(([key, value]) => [key, { crm: value, marketing: value }]));
  const roles: { readonly [K in Kind]: RoleView } = {
    unchanged: linked(),
    'changed in the CRM': linked(),
    'changed in marketing': linked(),
    'changed on both sides': linked(),
    'new in the CRM': { ...nobody, candidates: [crm] },
    'new in marketing': nobody,
  };
  return {
    key: kind === 'new in the CRM' ? `e:${email}` : `m:${mailing.id}`,
    marketing: kind === 'new in the CRM' ? null : mailing,
    leadLists: [],
    roles: { contact: roles[kind], lead: nobody },
    collisions: [],
    suppressedAddresses: [],
    conversion: null,
    optedOutAt: null,
  };

  function linked(): RoleView {
    return {
      ...nobody,
      record: crm,
      link: {
        id: `l${i}`,
        role: 'contact',
        crmId: crm.id,
        marketingId: mailing.id,
        state: 'active',
        because: null,
        base,
        unconfirmed: {},
      },
    };
  }
}

function record(id: string, email: string, values: readonly string[]): CrmRecord {
  return {
    role: 'contact',
    id,
    email,
    firstName: values[0] ?? null,
    lastName: values[1] ?? null,
    values: Object.fromEntries(FIELDS.map(([, path], n) => [path, values[n] ?? null])),
    tags: ['vip'],
    status: null,
    ownerId: '1',
    isOrganisation: false,
    createdAt: null,
    updatedAt: '2026-01-01T00:00:00Z',
    revision: 1,
    state: 'present',
  };
}

function contact(id: string, email: string, values: readonly string[]): MarketingRecord {
  return {
    id,
    email,
    values: Object.fromEntries(FIELDS.map(([key], n) => [key, values[n] ?? null])),
    channel: { state: 'subscribed', reason: 'subscribed', optInType: 'single' },
    lists: ['1'],
    createdAt: null,
    updatedAt: '2026-01-01T00:00:00Z',
    state: 'present',
    assumed: false,
  };
}

function ordinarySettings(): Settings {
  const fields = FIELDS.map(
    ([key, path, more]): CompiledField => ({
      key,
      crm: {
        path,
        type: more.choices === undefined ? 'text' : 'status',
        writable: true,
        mandatory: false,
        fieldClass: 'sales',
        ...more,
      },
      marketing: { name: key, type: 'string', maxLength: 1000, fieldClass: 'sales' },
      type: more.choices === undefined ? 'text' : 'status',
      direction: 'both',
      conflict: 'crm',
      blank: 'propagate',
      values: [],
    }),
  );
  const contactRole: RoleSettings = {
    role: 'contact',
    enabled: true,
    direction: 'both',
    multipleMatch: 'email-and-names',
    matchFirst: 'oldest',
    strictSingle: false,
    besideContact: true,
    fields,
    alignment: { direction: 'both', winner: 'fill-blanks' },
    onEmailChange: 'rename',
    delete: 'queue',
    afterMarketingDelete: 'stay-deleted',
    scope: { marketingLists: [], crmTags: [], crmOwners: [], pauseList: null, pauseTag: 'no-sync' },
    qualification: { paths: ['customer_status', 'prospect_status'], none: 'none', stages: [] },
    idField: 'CRM_CONTACT_ID',
    statusLists: null,
  };
  return {
    labels: { crm: 'the CRM', marketing: 'marketing' },
    roles: { contact: contactRole, lead: { ...contactRole, role: 'lead', enabled: false } },
    consent: {
      enabled: false,
      direction: 'to-marketing',
      unknownConsentAs: 'unsubscribed',
      optOutAs: 'unsubscribed',
      optInType: 'single',
      optOutTrigger: 'immediate',
      optInTrigger: 'immediate',
      resubscribe: 'challenge',
      createSuppressed: false,
      createSuppressedAs: 'contact',
      signals: { contact: NO_SIGNALS, lead: NO_SIGNALS },
      heard: [],
    },
    namesRequiredFor: 'crm-writes',
    allowNonCustomer: true,
    partialWrite: true,
    mode: 'sync',
    goneBefore: null,
    decided: UNDECIDED,
  };
}
