// Settings of a connection as the dashboard edits them: checked like a file's, their secrets taken out and put back in.
// Never reads a file or the environment for them.
import { checkValue } from './check-value.ts';
import { completeConnection } from './complete-connection.ts';
import type { ConnectionConfig } from './config.ts';
import type { ConnectionInput } from './config-schema.ts';
import { type PlacedMessage, valueAt } from './issue-text.ts';
import { type ConfigPath, formatPath } from './problem.ts';
import { HIDDEN } from './redact.ts';
import { resolveSecrets, SECRETS } from './secrets.ts';

type Json = { readonly [key: string]: unknown };

/** Secrets by their path in the settings, such as `sell.accessToken`. */
export type SecretTexts = ReadonlyMap<string, string>;

export const SECRET_PATHS: readonly ConfigPath[] = SECRETS.flatMap(({ group, keys }) =>
  keys.map((key) => [...group, key]),
);

export type CheckedSettings =
  | { readonly ok: ConnectionConfig; readonly input: ConnectionInput }
  | { readonly problems: readonly { readonly path: string; readonly message: string }[] };

/** Every problem at once, each with its path within the settings. @param settings with their secrets */
export function checkSettings(settings: Json): CheckedSettings {
  const root = { version: 1, connections: [settings] };
  const files = fileKeys(settings);
  // Files of this machine are for those who can write its configuration.
  const secretProblems = files.length > 0 ? files : resolveSecrets(root, '/').problems;
  const checked = checkValue(structuredClone(root), { missing: [], fromEnvironment: new Set(), secretProblems });
  if ('faults' in checked) {
    return {
      problems: checked.faults.map(({ path, message }) => ({ path: formatPath(path.slice(2)), message })),
    };
  }
  const [input] = checked.ok.connections ?? [];
  if (input === undefined) return { problems: [{ path: '', message: 'expected the settings of a connection' }] };
  return { ok: completeConnection(input), input };
}

function fileKeys(settings: Json): readonly PlacedMessage[] {
  return SECRET_PATHS.flatMap((path) => {
    const file = [...path.slice(0, -1), `${String(path.at(-1))}File`];
    return valueAt(settings, file) === undefined
      ? []
      : [
          {
            path: ['connections', 0, ...file],
            message: 'only possible in the configuration file; enter the secret itself',
          },
        ];
  });
}

/** The settings without their secrets, and the secrets. A web hook's address is one too; it stands there shortened. */
export function takeSecrets(settings: Json): { readonly settings: Json; readonly secrets: SecretTexts } {
  const copy = structuredClone(settings) as { [key: string]: unknown };
  const secrets = new Map<string, string>();
  for (const path of SECRET_PATHS) {
    const group = valueAt(copy, path.slice(0, -1));
    const key = String(path.at(-1));
    const text = valueAt(copy, path);
    if (typeof text === 'string') secrets.set(formatPath(path), text);
    if (typeof group === 'object' && group !== null) delete (group as { [key: string]: unknown })[key];
  }
  const taken = new Set(webhooksOf(copy).map(({ webhook }) => webhook));
  for (const alert of webhooksOf(copy)) {
    const { webhook } = alert;
    if (!URL.canParse(webhook) || /\/\*{3}\d*$/.test(webhook)) continue;
    alert.webhook = shortened(webhook, taken);
    taken.add(alert.webhook);
    secrets.set(`alerts ${alert.webhook}`, webhook);
  }
  return { settings: copy, secrets };
}

/** The settings with their secrets at their place; one that stands there already is newer and wins. */
export function putSecrets(settings: Json, secrets: SecretTexts): Json {
  const copy = structuredClone(settings) as { [key: string]: unknown };
  // A token replaces OAuth and the other way round: what the other one left behind is not put back.
  const oauth = valueAt(copy, ['sell', 'oauth']) !== undefined;
  for (const path of SECRET_PATHS) {
    const text = secrets.get(formatPath(path));
    const group = valueAt(copy, path.slice(0, -1));
    const key = String(path.at(-1));
    if (text === undefined || typeof group !== 'object' || group === null || key in group) continue;
    if (key === 'accessToken' && oauth) continue;
    (group as { [key: string]: unknown })[key] = text;
  }
  for (const alert of webhooksOf(copy)) alert.webhook = secrets.get(`alerts ${alert.webhook}`) ?? alert.webhook;
  return copy;
}

/** What of the secrets is known, without telling any. */
export function secretsSet(
  settings: Json,
  secrets: SecretTexts,
): readonly { readonly path: string; readonly set: boolean }[] {
  const oauth = valueAt(settings, ['sell', 'oauth']) !== undefined;
  return SECRET_PATHS.filter((path) => (path[1] === 'oauth' ? oauth : path[1] !== 'accessToken' || !oauth)).map(
    (path) => ({
      path: formatPath(path),
      set: secrets.has(formatPath(path)),
    }),
  );
}

function webhooksOf(settings: Json): readonly { webhook: string }[] {
  const { alerts } = settings;
  return (Array.isArray(alerts) ? (alerts as readonly unknown[]) : []).filter(
    (alert): alert is { webhook: string } => typeof valueAt(alert, ['webhook']) === 'string',
  );
}

/** The path of a web hook is often all that protects it. Several of one service are told apart by a number. */
function shortened(url: string, taken: ReadonlySet<string>): string {
  const first = `${new URL(url).origin}/${HIDDEN}`;
  let shown = first;
  for (let n = 2; taken.has(shown); n += 1) shown = `${first}${n}`;
  return shown;
}
