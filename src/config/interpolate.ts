// `${NAME}` in the file's texts becomes the environment's value; `$${` stands for a plain `${`. Never touches keys.
import type { ConfigPath } from './problem.ts';

export type Environment = { readonly [name: string]: string | undefined };

export interface Interpolated {
  readonly value: unknown;
  /** Paths (joined by a null character) whose text came from the environment. */
  readonly fromEnvironment: ReadonlySet<string>;
  readonly missing: readonly { readonly path: ConfigPath; readonly message: string }[];
}

/** Key of a path in `fromEnvironment`. */
export function pathKey(path: ConfigPath): string {
  return path.join('\0');
}

export function interpolate(value: unknown, env: Environment): Interpolated {
  const fromEnvironment = new Set<string>();
  const missing: { path: ConfigPath; message: string }[] = [];

  const fill = (text: string, path: ConfigPath): string =>
    text.replace(/\$\$\{|\$\{([^}]*)\}?/g, (whole, name: string | undefined) => {
      if (whole === '$${') return '${';
      if (name === undefined || !whole.endsWith('}') || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        missing.push({
          path,
          message: 'expected ${NAME} with the name of an environment variable; write $${ for a plain ${',
        });
        return '';
      }
      fromEnvironment.add(pathKey(path));
      // Not what every object has, such as toString.
      const found = Object.hasOwn(env, name) ? env[name] : undefined;
      if (found === undefined || found === '') {
        const state = found === undefined ? 'not set' : 'empty';
        missing.push({
          path,
          message: `the environment variable ${name} is ${state}; set it, or write the value here`,
        });
        return '';
      }
      return found;
    });

  const walk = (at: unknown, path: ConfigPath): unknown => {
    if (typeof at === 'string') return at.includes('${') ? fill(at, path) : at;
    if (Array.isArray(at)) return at.map((item: unknown, i) => walk(item, [...path, i]));
    if (typeof at !== 'object' || at === null) return at;
    return Object.fromEntries(Object.entries(at).map(([key, item]) => [key, walk(item, [...path, key])]));
  };

  return { value: walk(value, []), fromEnvironment, missing };
}
