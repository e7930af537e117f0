// For pages about one connection at a time: which one is in the address, the first where none is.
import { Select } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRead } from '../api/queries.ts';
import { Empty, Read } from './page.tsx';

export function OneConnection({
  from,
  children,
}: {
  readonly from: '/lists' | '/catalogue';
  readonly children: (name: string) => ReactNode;
}) {
  const search: { readonly connection?: string } = useSearch({ from });
  const navigate = useNavigate();
  const connections = useRead('listConnections', {});
  return (
    <Read of={connections} data={connections.data}>
      {({ connections: all }) => {
        const names = all.map(({ name }) => name);
        const name = search.connection ?? names[0];
        if (name === undefined) {
          return (
            <Empty title="Nothing is connected yet" action={<Link to="/connections">To the connections</Link>}>
              This page fills as soon as a connection is set up.
            </Empty>
          );
        }
        return (
          <>
            {names.length > 1 && (
              <div className="filters">
                <Select
                  label="Connection"
                  allowDeselect={false}
                  data={names}
                  value={name}
                  onChange={(connection) => {
                    if (connection !== null) void navigate({ to: from, search: { connection } });
                  }}
                />
              </div>
            )}
            {children(name)}
          </>
        );
      }}
    </Read>
  );
}
