// Checks a configuration as a value, wherever it came from: every fault at once, each at its path. Reads no file.
import { unchosenSettings } from './complete-connection.ts';
import { type ConfigInput, configSchema, parseSecretKey } from './config-schema.ts';
import { pathKey } from './interpolate.ts';
import { explainIssue, type PlacedMessage, quoted, valueAt } from './issue-text.ts';
import { type ConfigPath, shownStep } from './problem.ts';
import { SECRET_KEY_NEEDED } from './secret-key.ts';

/** What is known of the value from where it was read. */
export interface Origin {
  /** Environment variables that are not there. */
  readonly missing: readonly PlacedMessage[];
  /** Paths whose text came from the environment. */
  readonly fromEnvironment: ReadonlySet<string>;
  readonly secretProblems: readonly PlacedMessage[];
}

/** @param root may be changed: texts of the environment become what their place asks for */
export function checkValue(
  root: unknown,
  { missing, fromEnvironment, secretProblems }: Origin,
): { readonly ok: ConfigInput } | { readonly faults: readonly PlacedMessage[] } {
  let parsed = configSchema.safeParse(root);
  if (!parsed.success && readAsTyped(root, fromEnvironment, parsed.error.issues)) parsed = configSchema.safeParse(root);

  const faults: PlacedMessage[] = [...missing];
  const told = new Set(missing.map(({ path }) => pathKey(path)));
  const hidden = (path: ConfigPath): boolean => fromEnvironment.has(pathKey(path));
  const add = (more: readonly PlacedMessage[]): void => {
    for (const fault of more) if (!told.has(pathKey(fault.path))) faults.push(fault);
  };
  add(secretProblems);
  add(crossCheck(root, hidden));
  for (const issue of parsed.error?.issues ?? []) {
    const explained = explainIssue(issue, root, hidden);
    // An unknown key is worth telling even where its value had a problem of its own.
    if (issue.code === 'unrecognized_keys') faults.push(...explained);
    else add(explained);
  }
  return parsed.success && faults.length === 0 ? { ok: parsed.data } : { faults };
}

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** Texts from the environment that stand where a number or a switch belongs are read as such. */
function readAsTyped(
  root: unknown,
  fromEnvironment: ReadonlySet<string>,
  issues: readonly { readonly code: string; readonly path: readonly PropertyKey[]; readonly expected?: unknown }[],
): boolean {
  let changed = false;
  for (const issue of issues) {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const last = path.at(-1);
    if (issue.code !== 'invalid_type' || last === undefined || !fromEnvironment.has(pathKey(path))) continue;
    const text = String(valueAt(root, path)).trim();
    const typed =
      issue.expected === 'boolean' ? SWITCHES.get(text) : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    const parent = valueAt(root, path.slice(0, -1));
    if (typed === undefined || typeof parent !== 'object' || parent === null) continue;
    (parent as { [key: string]: unknown })[String(last)] = typed;
    changed = true;
  }
  return changed;
}

/** Faults that lie between settings rather than in one. */
function crossCheck(input: unknown, hidden: (path: ConfigPath) => boolean): readonly PlacedMessage[] {
  const problems: PlacedMessage[] = [];
  const secretKey = valueAt(input, ['secretKey']);
  if (typeof secretKey === 'string' && secretKey !== '-' && parseSecretKey(secretKey) === null) {
    problems.push({
      path: ['secretKey'],
      message: 'expected 32 bytes in base64 (44 characters) or hexadecimal (64 characters)',
    });
  }
  const connections = valueAt(input, ['connections']);
  const seen = new Map<unknown, number>();
  for (const [i, connection] of (Array.isArray(connections) ? connections : []).entries()) {
    const name = valueAt(connection, ['name']);
    const first = seen.get(name);
    if (first !== undefined) {
      const path = ['connections', i, 'name'];
      const shown = hidden(path) ? 'this name' : `the name ${quoted(String(name))}`;
      problems.push({ path, message: `${shown} is taken by connections[${first}]` });
    } else if (typeof name === 'string') seen.set(name, i);
    problems.push(...repeatedFields(connection, i, hidden));
    problems.push(
      ...unchosenSettings(connection).map(({ path, message }) => ({ path: ['connections', i, ...path], message })),
    );
  }
  problems.push(...missingKey(input));
  return problems;
}

/** Renewed tokens are stored sealed, and on a server no file beside the database holds the key. */
function missingKey(root: unknown): readonly PlacedMessage[] {
  const connections = valueAt(root, ['connections']);
  const renews = (Array.isArray(connections) ? connections : []).some(
    (connection) => valueAt(connection, ['sell', 'oauth']) !== undefined,
  );
  const database = valueAt(root, ['database']);
  const given = valueAt(root, ['secretKey']);
  const needs = typeof database === 'string' && /^postgres(ql)?:/.test(database) && given === undefined;
  return renews && needs ? [{ path: ['secretKey'], message: SECRET_KEY_NEEDED }] : [];
}

/** Two lines that write one data field would overwrite each other for ever. */
function repeatedFields(
  connection: unknown,
  index: number,
  hidden: (path: ConfigPath) => boolean,
): readonly PlacedMessage[] {
  return ['contacts', 'leads'].flatMap((object) => {
    const fields = valueAt(connection, [object, 'fields']);
    const seen = new Map<string, number>();
    return (Array.isArray(fields) ? fields : []).flatMap((field: unknown, i): readonly PlacedMessage[] => {
      const at = ['connections', index, object, 'fields', i];
      const values = valueAt(field, ['values']);
      // No object has room for it among its own, so it would be lost without a word.
      if (typeof values === 'object' && values !== null && Object.hasOwn(values, '__proto__'))
        return [
          { path: [...at, 'values', '__proto__'], message: 'the value __proto__ cannot be translated; leave it out' },
        ];
      const name = valueAt(field, ['dotdigital']);
      if (typeof name !== 'string') return [];
      const first = seen.get(name.trim().toUpperCase());
      if (first === undefined) {
        seen.set(name.trim().toUpperCase(), i);
        return [];
      }
      const path = [...at, 'dotdigital'];
      const shown = hidden(path) ? 'this data field' : `the data field ${shownStep(name.trim())}`;
      return [{ path, message: `${shown} is already mapped by fields[${first}]` }];
    });
  });
}
