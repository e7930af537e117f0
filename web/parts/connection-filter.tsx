// Choosing one connection, or all; not shown where there is only one to choose.
import { Select } from '@mantine/core';
import { useRead } from '../api/queries.ts';

export function ConnectionFilter({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (name: string | undefined) => void;
}) {
  const names = useRead('listConnections', {}).data?.connections.map(({ name }) => name) ?? [];
  if (names.length < 2 && value === undefined) return null;
  return (
    <Select
      label="Connection"
      placeholder="All"
      clearable
      searchable={names.length > 8}
      data={names}
      value={value ?? null}
      onChange={(name) => onChange(name ?? undefined)}
    />
  );
}
