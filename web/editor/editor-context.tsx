// What the steps of the editor share: the draft, every default filled in, and the problems of each place.
import { createContext, useContext } from 'react';
import type { DraftEditor } from './draft.ts';
import { readAt } from './draft.ts';

export interface Editing extends DraftEditor {
  /** Every default filled in; null until the settings were once complete enough to tell. */
  readonly effective: unknown;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
  /** Whether the saved connection has a secret at this place. */
  readonly hasSecret: (path: string) => boolean;
}

export const EditingContext = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (editing === null) throw new Error('This is part of the connection editor.');
  return editing;
}

/** A setting: what was chosen, else its default; `set(undefined)` goes back to the default. */
export function useSetting<T>(path: string) {
  const { draft, effective, put, problems } = useEditing();
  const own = readAt(draft.settings, path);
  const problem = problems.find((each) => each.path === path)?.message;
  return {
    own: own as T | undefined,
    // What has to be chosen has no default to show.
    value: (own ?? (problem === undefined ? readAt(effective, path) : undefined)) as T | undefined,
    set: (value: T | undefined) => put(path, value),
    // Nobody is told of faults in what they have not come to yet; the last step names everything that is left.
    problem: own === undefined ? undefined : problem,
  };
}
