// Choosing what somebody, or a token, may do.
import { Select, type SelectProps } from '@mantine/core';
import type { UserRole } from '../../src/api/contract/session.ts';
import { ROLES } from './words.ts';

interface RoleSelectProps extends Omit<SelectProps<string>, 'data' | 'value' | 'onChange'> {
  readonly value: UserRole;
  readonly onChange: (role: UserRole) => void;
  /** The strongest that may be given. */
  readonly most?: UserRole;
}

export function RoleSelect({ value, onChange, most = 'admin', ...rest }: RoleSelectProps) {
  return (
    <Select
      allowDeselect={false}
      data={ROLES.slice(0, ROLES.findIndex((role) => role.value === most) + 1)}
      value={value}
      onChange={(role) => {
        if (role !== null) onChange(role as UserRole);
      }}
      {...rest}
    />
  );
}
