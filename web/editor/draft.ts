// Settings being edited: kept through reloads, lost connections and ended sessions, until they are saved or thrown away. Secrets are never kept.
import { useCallback, useEffect, useState } from 'react';
import type { BodyInput } from '../../src/api/contract/contract.ts';

export type Settings = BodyInput<'createConnection'>['settings'];
type Json = Settings[string];

export interface Draft {
  /** Null for a connection that was never saved. */
  readonly connection: string | null;
  /** Of the saved one, as it was when editing began. */
  readonly version: number;
  readonly settings: Settings;
  /** An OAuth authorization that was granted. */
  readonly authorization: string | null;
}

/** Places in the settings that are never kept in the browser. */
const SECRETS = ['sell.accessToken', 'sell.oauth.clientSecret', 'sell.oauth.refreshToken', 'dotdigital.password'];

export function readAt(settings: unknown, path: string): unknown {
  let at = settings;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as { readonly [key: string]: unknown })[key];
  }
  return at;
}

/** @param value undefined takes the setting out, and the sections that are empty then */
function writeAt(settings: Settings, path: string, value: unknown): Settings {
  const [key = '', ...rest] = path.split('.');
  const { [key]: old, ...others } = settings;
  if (rest.length === 0) return value === undefined ? others : { ...settings, [key]: value as Json };
  const section = writeAt(isSection(old) ? old : {}, rest.join('.'), value);
  return Object.keys(section).length === 0 ? others : { ...settings, [key]: section as Json };
}

/** The two accounts alone, as far as they are known: what they can do and have does not depend on what is still to be chosen. */
export function accountsOf({ connection, settings, authorization }: Draft) {
  const { name = 'draft', profile = 'classic', sell, dotdigital } = settings;
  const accounts = JSON.parse(JSON.stringify({ name, profile, sell, dotdigital })) as Settings;
  return { connection, settings: accounts, authorization };
}

/** What has to be entered or chosen; anything will do to learn the defaults of all the rest. */
const NEEDED: readonly (readonly [path: string, value: string])[] = [
  ['name', 'draft'],
  ['sell.accessToken', 'none'],
  ['dotdigital.user', 'none'],
  ['dotdigital.password', 'none'],
  ['contacts.multipleMatch', 'email-and-names'],
  ['leads.multipleMatch', 'email-and-names'],
  ['consent.contacts.default', 'none'],
  ['consent.leads.default', 'none'],
  ['consent.unknownConsentAs', 'unsubscribed'],
];

/** The settings with something in every place that must not be empty: only for reading what the others are by default. */
export function withoutGaps(settings: Settings): Settings {
  const accounts = writeAt(settings, 'sell.oauth', undefined);
  return NEEDED.reduce(
    (full, [path, value]) => (readAt(full, path) === undefined ? writeAt(full, path, value) : full),
    accounts,
  );
}

function isSection(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutSecrets(settings: Settings): Settings {
  return SECRETS.reduce(
    (kept, path) => (readAt(kept, path) === undefined ? kept : writeAt(kept, path, undefined)),
    settings,
  );
}

export interface DraftEditor {
  readonly draft: Draft;
  /** Changes a setting; undefined = its default. */
  readonly put: (path: string, value: unknown) => void;
  readonly set: (change: Partial<Draft>) => void;
  /** Begins anew from what is given, and forgets what was kept. */
  readonly reset: (draft: Draft) => void;
  /** Something was changed that is not saved. */
  readonly changed: boolean;
}

export function useDraft(key: string, initial: Draft): DraftEditor {
  const place = `lockstep-draft:${key}`;
  const [draft, setDraft] = useState<Draft>(() => kept(place) ?? initial);
  const [changed, setChanged] = useState(() => kept(place) !== null);
  useEffect(() => {
    if (changed) sessionStorage.setItem(place, JSON.stringify({ ...draft, settings: withoutSecrets(draft.settings) }));
    else sessionStorage.removeItem(place);
  }, [place, draft, changed]);
  const set = useCallback((change: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...change }));
    setChanged(true);
  }, []);
  const put = useCallback((path: string, value: unknown) => {
    setDraft((old) => ({ ...old, settings: writeAt(old.settings, path, value) }));
    setChanged(true);
  }, []);
  const reset = useCallback((next: Draft) => {
    setDraft(next);
    setChanged(false);
  }, []);
  return { draft, put, set, reset, changed };
}

function kept(place: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(place) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}
