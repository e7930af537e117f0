// Sound configurations to be damaged: the examples of the documents, what servers are deployed with, and one that says everything. Reads no other file.
import { readFileSync } from 'node:fs';
import type { Random } from '../../sandbox/random.ts';

export interface SoundConfig {
  readonly name: string;
  readonly text: string;
  readonly env: { readonly [name: string]: string };
  /** Texts that must never be shown. */
  readonly secrets: readonly string[];
}

const page = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The first block of YAML in a page that is a whole file. */
function exampleIn(path: string): string {
  const blocks = [...page(path).matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
  const found = blocks.find((block) => /^version: 1$/m.test(block));
  if (found === undefined) throw new Error(`${path} has no example of a configuration.`);
  return found;
}

const EXAMPLES = ['README.md', 'docs/configuration.md'].map((path) => ({ name: path, text: exampleIn(path) }));
const DEPLOYED = { name: 'deploy/lockstep.yaml', text: page('deploy/lockstep.yaml') };

/** Every setting once, each kind of value, two connections; secrets stand as `@1`, `@2` … */
const EVERYTHING = `version: 1
database: postgres://lockstep:@1@db.example.com:5432/lockstep
secretKey: @KEY
server:
  host: 127.0.0.1
  port: 8484
  publicUrl: https://lockstep.example.com
  privateAddresses: false
  mail: { host: mail.example.com, port: 465, secure: true, user: lockstep, password: @2, from: lockstep@example.com }
connections:
  - name: acme
    profile: classic
    sell:
      url: https://api.getbase.com
      accessToken: @3
      requestsPerSecond: 9.5
    dotdigital:
      url: https://r1-api.dotdigital.com
      user: apiuser-1@apiconnector.com
      password: "@4"
    schedule: { every: 1h30m, productsAt: "03:00", verifyAt: null, timezone: Europe/London }
    contacts:
      enabled: true
      direction: bi-directional
      multipleMatch: email-and-names
      multipleMatchFirst: newest-updated
      strictSingle: true
      fields:
        - { sell: first_name, dotdigital: FIRSTNAME }
        - { sell: last_name, dotdigital: LASTNAME }
        - { sell: custom_fields.Tier, dotdigital: TIER, direction: sell-to-dotdigital, conflict: sell, blank: ignore }
        - { sell: customer_status, dotdigital: CUSTOMER_STATUS, values: { vip: current, 1: past, "no": none } }
      alignment: { mode: both, winner: fill-blanks }
      onEmailChange: hold
      delete: queue
      afterDotdigitalDelete: recreate
      scope: { dotdigitalLists: [Main, 42], sellTags: [vip], sellOwners: [anna@example.com], pauseList: null, pauseTag: wait }
      idField: SELL_ID
    leads:
      enabled: true
      direction: sell-to-dotdigital
      multipleMatch: do-not-update
      listPrefix: "Leads: "
      createLeadIfContactExists: false
      enforceSingleList: true
      idField: null
    consent:
      enabled: true
      direction: bi-directional
      contacts:
        tags: { optIn: [newsletter], optOut: [unsubscribed] }
        field: { name: Email consent, optIn: ["Yes", 1, true], optOut: ["No"] }
        default: opted-out
      leads: { tags: { optIn: [newsletter], optOut: [unsubscribed] }, field: null, default: none }
      createSuppressed: true
      createSuppressedAs: lead
      optOutTrigger: immediate
      optInTrigger: with-change
      resubscribe: hold
      unknownConsentAs: unsubscribed
      optOutAs: suppressed
      optInType: double
    products:
      enabled: true
      collection: Catalog_Zendesk_Sell
      currency: GBP
      urlTemplate: "https://shop.example.com/{id}"
      imageTemplate: null
      onRemoved: keep
    names: { requiredFor: sell-writes }
    allowNonCustomer: true
    partialWrite: true
    deleteGrace: none
    createDataFields: false
    brakes: { delete: { count: 25, percent: 5, action: park }, update: { count: 0 }, resubscribe: { percent: 0.5, action: alert } }
    alerts:
      - webhook: https://hooks.example.com/@5
      - webhook: https://hooks.example.com/@6
      - email: ops@example.com
    retention: { history: 400d, tombstones: forever, ledger: forever }
  - name: 2nd.one
    sell: { oauth: { clientId: client-1, clientSecret: @7, refreshToken: @8 } }
    dotdigital: { user: apiuser-2@apiconnector.com, password: @9 }
    contacts: { enabled: false }
`;

/** One of them, with secrets of its own. */
export function soundConfig(random: Random): SoundConfig {
  const secrets = Array.from({ length: 10 }, () => `k${random.text(15)}`);
  const { name, text } = random.pick([...EXAMPLES, DEPLOYED, ...Array.from({ length: 5 }, () => EVERY)]);
  const key = Buffer.from(random.text(32)).toString('base64');
  const variables = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, variable = '']) => variable);
  const env = Object.fromEntries(variables.map((variable, i) => [variable, standFor(variable, secrets[i] ?? '', key)]));
  return {
    name,
    text: text.replaceAll('@KEY', key).replaceAll(/@(\d)/g, (_, n: string) => secrets[Number(n)] ?? ''),
    env,
    secrets: [...secrets, key],
  };
}

const EVERY = { name: 'everything', text: EVERYTHING };

function standFor(variable: string, secret: string, key: string): string {
  if (variable === 'LOCKSTEP_DATABASE') return `postgres://lockstep:${secret}@127.0.0.1:5432/lockstep`;
  if (variable === 'LOCKSTEP_SECRET_KEY') return key;
  if (variable === 'LOCKSTEP_PUBLIC_URL') return 'https://lockstep.example.com';
  // A name is no secret.
  if (variable.endsWith('_USER')) return 'apiuser-1@apiconnector.com';
  return secret;
}
