// Fills in the profile's defaults: what is given wins, what must be chosen is reported. Never invents a choice.

import type { BrakesConfig, Complete, ConnectionConfig, ContactsConfig, SellCredentials } from './config.ts';
import type { ConnectionInput } from './config-schema.ts';
import { parseDuration, parseTimeOfDay } from './duration.ts';
import { type PlacedMessage, valueAt } from './issue-text.ts';
import { schemaAt } from './json-schema.ts';
import {
  type ConnectionDefaults,
  DEFAULT_PROFILE,
  FIXED,
  MustChoose,
  PROFILES,
  type Switches,
} from './profiles.table.ts';

interface Unchosen {
  readonly path: readonly string[];
  readonly setting: MustChoose<unknown>;
}

type Settled<T> =
  T extends MustChoose<unknown>
    ? never
    : T extends readonly unknown[]
      ? T
      : T extends object
        ? { readonly [K in keyof T]: Settled<T[K]> }
        : T;

const isGroup = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fill(defaults: unknown, given: unknown, path: readonly string[], unchosen: Unchosen[]): unknown {
  if (defaults instanceof MustChoose) {
    if (given !== undefined) return given;
    unchosen.push({ path, setting: defaults });
    return defaults.unused;
  }
  if (given === undefined || (isGroup(defaults) && isGroup(given))) {
    if (!isGroup(defaults)) return defaults;
    const group = isGroup(given) ? given : {};
    return Object.fromEntries(
      Object.keys(defaults).map((key) => [key, fill(defaults[key], group[key], [...path, key], unchosen)]),
    );
  }
  return given;
}

function credentials(sell: ConnectionInput['sell']): SellCredentials {
  const { accessToken, oauth } = sell;
  if (oauth === undefined) return { type: 'token', accessToken: accessToken ?? '' };
  return {
    type: 'oauth',
    clientId: oauth.clientId,
    clientSecret: oauth.clientSecret ?? '',
    refreshToken: oauth.refreshToken ?? '',
  };
}

/** (4.8) Where only Sell may be written, it is Dotdigital's value that is there to be taken, unless the file names a winner. */
function alignmentOf<T extends Pick<ContactsConfig, 'alignment' | 'direction'>>(
  filled: T,
  given: ConnectionInput['contacts'],
): T {
  const { direction, alignment } = filled;
  const toSell = direction === 'dotdigital-to-sell' || alignment.mode === 'dotdigital-to-sell';
  if (!toSell || given?.alignment?.winner !== undefined || alignment.winner !== 'sell') return filled;
  return { ...filled, alignment: { ...alignment, winner: 'dotdigital' } };
}

/** A brake written in the file parks unless it says otherwise, whatever the default does. (decision 25) */
function brakesOf(filled: BrakesConfig, given: ConnectionInput['brakes']): BrakesConfig {
  const entries = Object.entries(filled).map(([kind, brake]) => {
    const own = given?.[kind as keyof BrakesConfig];
    return [kind, own === undefined ? brake : { ...brake, action: own.action ?? 'park' }];
  });
  return Object.fromEntries(entries) as BrakesConfig;
}

const keepMs = (text: string): number | null => (text === 'forever' ? null : parseDuration(text));

/** Settings without a default that this connection needs and does not give. Takes any value, so that it works beside other faults. */
export function unchosenSettings(connection: unknown): readonly PlacedMessage[] {
  const given = isGroup(connection) ? connection : {};
  const profile = given['profile'] ?? DEFAULT_PROFILE;
  if (profile !== 'classic' && profile !== 'recommended') return [];
  const unchosen: Unchosen[] = [];
  const filled = fill(PROFILES[profile], given, [], unchosen);
  return unchosen
    .filter(({ setting }) => setting.neededWhen(switchesOf(filled)))
    .map(({ path }) => {
      const schema = schemaAt(['connections', 0, ...path]);
      const choices = (schema?.enum ?? []).map(String).join(', ');
      return { path, message: `must be chosen: one of ${choices}. ${schema?.description ?? ''}`.trim() };
    });
}

function switchesOf(connection: unknown): Switches {
  const at = (section: string, key: string): unknown => valueAt(connection, [section, key]);
  const object = (name: string) => ({
    enabled: at(name, 'enabled') === true,
    direction: String(at(name, 'direction')),
  });
  return { contacts: object('contacts'), leads: object('leads'), consent: object('consent') };
}

/** The connection with every default filled in. Settings that must be chosen are the business of `unchosenSettings`. */
export function completeConnection(input: ConnectionInput): ConnectionConfig {
  const profile = input.profile ?? DEFAULT_PROFILE;
  const filled = fill(PROFILES[profile], input, [], []) as Settled<ConnectionDefaults> &
    Complete<Pick<ConnectionInput, 'contacts'>>;
  const { schedule, retention, deleteGrace, ...rest } = filled;
  return {
    name: input.name,
    profile,
    sell: {
      url: input.sell.url ?? FIXED.sell.url,
      credentials: credentials(input.sell),
      requestsPerSecond: input.sell.requestsPerSecond ?? FIXED.sell.requestsPerSecond,
    },
    dotdigital: {
      url: input.dotdigital.url ?? FIXED.dotdigital.url,
      user: input.dotdigital.user,
      password: input.dotdigital.password ?? '',
    },
    schedule: {
      everyMs: parseDuration(schedule.every) ?? 0,
      productsAt: parseTimeOfDay(schedule.productsAt) ?? { hour: 0, minute: 0 },
      verifyAt: schedule.verifyAt === null ? null : parseTimeOfDay(schedule.verifyAt),
      timezone: schedule.timezone,
    },
    ...rest,
    deleteGraceMs: parseDuration(deleteGrace) ?? 0,
    contacts: alignmentOf(filled.contacts, input.contacts),
    leads: alignmentOf(filled.leads, input.leads),
    brakes: brakesOf(filled.brakes, input.brakes),
    retention: {
      historyMs: keepMs(retention.history),
      tombstonesMs: keepMs(retention.tombstones),
      ledgerMs: keepMs(retention.ledger),
    },
  };
}
