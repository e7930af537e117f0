// A list of records as a table: scrolls sideways inside its own frame, goes on page by page as the server cuts it.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

export interface Column<T> {
  readonly head: string;
  readonly cell: (item: T) => ReactNode;
  readonly className?: string;
}

interface TableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Told dimmed. */
  readonly off?: (item: T) => boolean;
}

export function Table<T>({ label, columns, items, keyOf, off }: TableProps<T>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls has to be reachable by keyboard
    <section className="table-frame" aria-label={label} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {columns.map(({ head, className }) => (
              <th key={head} scope="col" className={className}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)} data-off={off?.(item) === true ? '' : undefined}>
              {columns.map(({ head, cell, className }) => (
                <td key={head} className={className}>
                  {cell(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Paged {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

export function More({ of }: { readonly of: Paged }) {
  if (!of.hasNextPage) return null;
  return (
    <div className="actions">
      <Button variant="default" loading={of.isFetchingNextPage} onClick={() => of.fetchNextPage()}>
        Show more
      </Button>
    </div>
  );
}
