// Connections as text of a configuration file. Never writes a secret: each becomes the name of an environment variable of its own.
import { stringify } from 'yaml';
import { putSecrets, SECRET_PATHS, type SecretTexts } from './drafts.ts';
import { formatPath } from './problem.ts';

interface Page {
  readonly settings: { readonly [key: string]: unknown };
  readonly secrets: SecretTexts;
}

/** A file that would make the same connections. */
export function exportYaml(pages: readonly Page[]): string {
  const taken = new Set<string>();
  const connections = pages.map(({ settings, secrets }) => {
    const name = variableOf(String(settings['name']));
    const variables = new Map<string, string>();
    const add = (key: string, wanted: string): void => {
      let variable = wanted;
      // Names that differ in a dot or a case alone would read one secret for two.
      for (let n = 2; taken.has(variable); n += 1) variable = `${wanted}_${n}`;
      taken.add(variable);
      variables.set(key, `\${${variable}}`);
    };
    for (const path of SECRET_PATHS) {
      const text = path.map((step) => String(step).replaceAll(/([A-Z])/g, '_$1')).join('_');
      if (secrets.has(formatPath(path))) add(formatPath(path), `${name}_${text.toUpperCase()}`);
    }
    const alerts = [...secrets.keys()].filter((path) => path.startsWith('alerts '));
    for (const [i, key] of alerts.entries()) add(key, `${name}_ALERT_${i + 1}`);
    return putSecrets(escaped(settings) as Page['settings'], variables);
  });
  return stringify({ version: 1, connections }, { aliasDuplicateObjects: false });
}

/** No variable begins with a digit. */
function variableOf(name: string): string {
  const variable = name.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase();
  return /^\d/.test(variable) ? `_${variable}` : variable;
}

/** A `${` that is meant as it stands. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escaped(item)]));
}
