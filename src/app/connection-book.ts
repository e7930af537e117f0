// The connections of the configuration file and those of the database as one list. One that is saved in the database counts there,
// whatever the file says of it: the file was its seed. Secrets are sealed; they leave only inside settings that run.
import type { BookEntry, Draft, DraftInput, Problem, Saved } from '../api/host.ts';
import { checkContext } from '../config/check-context.ts';
import type { Config, ConnectionConfig } from '../config/config.ts';
import type { ConnectionInput } from '../config/config-schema.ts';
import { DEFAULT_FIELDS } from '../config/default-fields.table.ts';
import { checkSettings, putSecrets, type SecretTexts, secretsSet, takeSecrets } from '../config/drafts.ts';
import { exportYaml } from '../config/export-yaml.ts';
import { redactConnection } from '../config/redact.ts';
import { crmRecordUrl } from '../connectors/registry.ts';
import type { Store } from '../store/executor.ts';
import type { JsonObject } from '../store/runs.ts';
import {
  deleteSavedConnection,
  resume,
  type SavedConnection,
  saveConnection,
  savedConnections,
  savedVersions,
} from '../store/saved-connections.ts';
import { deleteSecret, getSecrets, putSecret } from '../store/secrets.ts';
import { alertChecks } from './alert-checks.ts';
import { forgetCredential } from './crm-credential.ts';
import { insideFault } from './service-address.ts';
import type { App, GrantedOauth, WiredBook } from './wiring.ts';

export interface BookParts {
  readonly config: Config;
  readonly store: Store;
  secretKey(): Uint8Array;
  readonly engine: App['engine'];
  readonly granted: GrantedOauth;
}

interface Page {
  readonly settings: JsonObject;
  readonly secrets: SecretTexts;
  readonly saved: SavedConnection | null;
  /** Settings that run. Null for saved ones that this version no longer takes: they have to be saved anew. */
  readonly config: ConnectionConfig | null;
}

/** All secrets of a connection in one sealed text: they are saved together or not at all. */
const PLACE = 'settings';

export function createConnectionBook(parts: BookParts): WiredBook {
  const { config, store } = parts;

  const ofFile = new Map(
    config.given.map((input, i): readonly [string, Page] => [
      input.name,
      { ...takeSecrets(input), saved: null, config: config.connections[i] ?? null },
    ]),
  );
  /** By name, as last read from the database: checking settings takes longer than most answers may. */
  const read = new Map<string, Page>();

  async function pages(): Promise<ReadonlyMap<string, Page>> {
    const saved = new Map((await savedVersions(store)).map((one) => [one.name, one]));
    for (const name of read.keys()) if (!saved.has(name)) read.delete(name);
    await readAgain([...saved.values()].flatMap((one) => (isRead(one) ? [] : one.name)));
    return new Map([...ofFile, ...read].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** One of thousands is found without the others. */
  async function pageOf(name: string): Promise<Page | null> {
    await readAgain([name]);
    return read.get(name) ?? ofFile.get(name) ?? null;
  }

  async function readAgain(names: readonly string[]): Promise<void> {
    const found = await savedConnections(store, names);
    const news = found.filter((saved) => !isRead(saved));
    const secrets =
      news.length === 0
        ? new Map<string, string>()
        : await getSecrets(store, parts.secretKey(), { connections: news.map(({ name }) => name), name: PLACE });
    for (const saved of news) read.set(saved.name, checkedPage(saved, secrets.get(saved.name) ?? null));
    const there = new Set(found.map(({ name }) => name));
    for (const name of names) if (!there.has(name)) read.delete(name);
  }

  function isRead({ name, version, savedAt }: Pick<SavedConnection, 'name' | 'version' | 'savedAt'>): boolean {
    const known = read.get(name)?.saved;
    return known?.version === version && known.savedAt === savedAt;
  }

  async function prepared(input: DraftInput): Promise<Prepared | { readonly problems: readonly Problem[] }> {
    const base = input.connection === null ? null : await pageOf(input.connection);
    if (input.connection !== null && base === null)
      return fault('connection', `there is no connection "${input.connection}"`);
    const given = input.settings ?? base?.settings ?? null;
    if (given === null) return fault('', 'expected the settings of a connection');
    const joined = putSecrets(given, base?.secrets ?? new Map());
    const withOauth = input.authorization === null ? joined : withGrant(joined, input.authorization);
    if (withOauth === null)
      return fault('authorization', 'this authorization was not granted, or is too old: begin it again');
    const checked = checkSettings(withOauth);
    if ('problems' in checked) return checked;
    // A file's own connection may point anywhere: whoever writes the file runs this program.
    const trusted = input.settings === null && base?.saved === null;
    const inside = trusted ? [] : await addressFaults(checked.input);
    return inside.length > 0 ? { problems: inside } : { config: checked.ok, whole: withOauth };
  }

  function withGrant(settings: JsonObject, authorization: string): JsonObject | null {
    const oauth = parts.granted(authorization);
    if (oauth === null) return null;
    const { accessToken: _, ...sell } = (settings['sell'] ?? {}) as JsonObject;
    return { ...settings, sell: { ...sell, oauth } };
  }

  async function addressFaults({ sell, dotdigital, alerts }: ConnectionInput): Promise<readonly Problem[]> {
    if (config.server.privateAddresses) return [];
    const urls = [
      ['sell.url', sell.url],
      ['dotdigital.url', dotdigital.url],
      ...(alerts ?? []).map(
        (alert, i) => [`alerts[${i}].webhook`, 'webhook' in alert ? alert.webhook : undefined] as const,
      ),
    ] as const;
    const faults = await Promise.all(
      urls.map(async ([path, url]): Promise<readonly Problem[]> => {
        const message = url === undefined ? null : await insideFault(url);
        return message === null ? [] : [{ path, message }];
      }),
    );
    return faults.flat();
  }

  async function write(whole: JsonObject, version: number, by: string | null): Promise<boolean> {
    const { settings, secrets } = takeSecrets(whole);
    const name = String(settings['name']);
    const savedAt = new Date().toISOString();
    return store.transaction(async (tx) => {
      if (!(await saveConnection(tx, { name, settings, savedAt, savedBy: by }, version))) return false;
      await putSecret(
        tx,
        parts.secretKey(),
        { connection: name, name: PLACE },
        JSON.stringify(Object.fromEntries(secrets)),
        savedAt,
      );
      return true;
    });
  }

  const book: WiredBook = {
    configs: async () => [...(await pages()).values()].flatMap((page) => page.config ?? []),
    config: async (name) => (await pageOf(name))?.config ?? null,
    list: async () => [...(await pages()).values()].flatMap((page) => entryOf(page) ?? []),
    get: async (name) => {
      const page = await pageOf(name);
      return page === null ? null : entryOf(page);
    },
    draft: async (input) => {
      const ready = await prepared(input);
      return 'problems' in ready ? ready : draftOf(parts, ready.config);
    },
    save: async (name, version, input, by): Promise<Saved> => {
      if (version === 0 && (await pageOf(name)) !== null) return 'changed-meanwhile';
      const ready = await prepared({ ...input, connection: version === 0 ? null : name });
      if ('problems' in ready) return ready;
      if (!(await write(ready.whole, version, by))) return 'changed-meanwhile';
      const entry = await book.get(name);
      return entry === null ? 'changed-meanwhile' : { entry };
    },
    takeOver: async (name, by) => {
      const page = await pageOf(name);
      if (page === null) throw new Error(`There is no connection ${name}.`);
      await write(putSecrets(page.settings, page.secrets), 0, by);
      const entry = await book.get(name);
      if (entry === null) throw new Error(`The connection ${name} was not saved.`);
      return entry;
    },
    remove: async (name) => {
      const all = await book.configs();
      const going = all.find((each) => each.name === name);
      if (going !== undefined) await forgetCredential(store, going, all);
      await store.transaction(async (tx) => {
        await deleteSavedConnection(tx, name);
        await deleteSecret(tx, { connection: name, name: PLACE });
        await resume(tx, name);
      });
    },
    exportYaml: async () => exportYaml([...(await pages()).values()]),
  };
  return book;
}

function checkedPage(saved: SavedConnection, sealed: string | null): Page {
  const { settings } = saved;
  const secrets: SecretTexts = new Map(
    sealed === null ? [] : Object.entries(JSON.parse(sealed) as { readonly [path: string]: string }),
  );
  const checked = checkSettings(putSecrets(settings, secrets));
  return { settings, secrets, saved, config: 'ok' in checked ? checked.ok : null };
}

interface Prepared {
  readonly config: ConnectionConfig;
  /** The settings with every secret, to be taken apart again when they are saved. */
  readonly whole: JsonObject;
}

function fault(path: string, message: string): { readonly problems: readonly Problem[] } {
  return { problems: [{ path, message }] };
}

/** Every default filled in, the mapping too; no secret. */
function shown(config: ConnectionConfig): JsonObject {
  const { contacts, leads } = config;
  return redactConnection({
    ...config,
    contacts: { ...contacts, fields: contacts.fields ?? [...DEFAULT_FIELDS.contact] },
    leads: { ...leads, fields: leads.fields ?? [...DEFAULT_FIELDS.lead] },
  });
}

function draftOf(parts: BookParts, config: ConnectionConfig): Draft {
  return {
    effective: shown(config),
    probe: async (signal) => ({
      engine: await parts.engine(config, { signal, probe: true }),
      context: checkContext(config),
    }),
    extraChecks: alertChecks(parts.config, config),
  };
}

function entryOf({ settings, secrets, saved, config }: Page): BookEntry | null {
  if (config === null) return null;
  const { name, profile, schedule, contacts, leads, consent, products, sell } = config;
  return {
    name,
    source: saved === null ? 'file' : 'database',
    profile,
    everyMs: schedule.everyMs,
    parts: { contacts: contacts.enabled, leads: leads.enabled, consent: consent.enabled, products: products.enabled },
    version: saved?.version ?? 0,
    settings: settings as BookEntry['settings'],
    secrets: secretsSet(settings, secrets),
    effective: shown(config),
    savedAt: saved?.savedAt ?? null,
    savedBy: saved?.savedBy ?? null,
    leadListPrefix: leads.enabled ? leads.listPrefix : null,
    crmPerSecond: sell.requestsPerSecond,
    crmRecordUrl: (role, id) => crmRecordUrl(sell.url, role, id),
    collection: products.enabled ? products.collection : null,
  };
}
