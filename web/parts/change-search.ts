// Changes some of the texts in an address; what becomes undefined leaves it.
export type SearchChange<T> = { readonly [K in keyof T]?: T[K] | undefined };

export function changeSearch<T extends object>(old: T, change: SearchChange<T>): T {
  const kept = Object.entries({ ...old, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as T;
}
