// API tokens: for scripts that do what their owner may do, or less.
import { NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ApiToken, UserRole } from '../../src/api/contract/session.ts';
import { useAct, useRead } from '../api/queries.ts';
import { useMay, useSession } from '../api/session.ts';
import { Confirm } from '../parts/confirm.tsx';
import { FormCard } from '../parts/form-card.tsx';
import { Moment } from '../parts/moment.tsx';
import { Once } from '../parts/once.tsx';
import { Empty, Page, Read } from '../parts/page.tsx';
import { RoleSelect } from '../parts/role-select.tsx';
import { type Column, Table } from '../parts/table.tsx';

export function Tokens() {
  const tokens = useRead('listTokens', {});
  const remove = useAct('deleteToken', ['listTokens']);
  const admin = useMay('admin');
  const [secret, setSecret] = useState<string | null>(null);
  const columns: readonly Column<ApiToken>[] = [
    { head: 'Name', cell: ({ name }) => <span className="strong">{name}</span>, className: 'wide' },
    { head: 'Role', cell: ({ role }) => role },
    ...(admin ? [{ head: 'Owner', cell: ({ owner }: ApiToken) => owner, className: 'not-on-phone' }] : []),
    { head: 'Last used', cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} /> },
    { head: 'Ends', cell: ({ expiresAt }) => <Moment at={expiresAt} none="never" />, className: 'not-on-phone' },
    {
      head: 'Deeds',
      cell: ({ id, name }) => (
        <Confirm
          label="Revoke"
          quiet
          danger
          small
          title={`Revoke ${name}?`}
          onConfirm={() => remove.mutateAsync({ params: { token: id } })}
        >
          Scripts that use it are refused from now on.
        </Confirm>
      ),
    },
  ];
  return (
    <Page
      title="API tokens"
      lead={
        <>
          For scripts: whatever this dashboard does can be done through the <a href="/api/openapi.json">HTTP API</a>.
        </>
      }
    >
      {secret !== null && (
        <Once title="The new token" value={secret} close={() => setSecret(null)}>
          Send it as <code>authorization: Bearer …</code>. It is not shown again.
        </Once>
      )}
      <Make made={setSecret} />
      <Read of={tokens} data={tokens.data}>
        {({ tokens: all }) =>
          all.length === 0 ? (
            <Empty title="No tokens">None was made yet. A person at the screen needs none.</Empty>
          ) : (
            <Table label="API tokens" items={all} keyOf={({ id }) => id} columns={columns} />
          )
        }
      </Read>
    </Page>
  );
}

function Make({ made }: { readonly made: (secret: string) => void }) {
  const { role: most } = useSession().user;
  const [name, setName] = useState('');
  const [role, setRole] = useState<UserRole>('viewer');
  const [days, setDays] = useState<number | string>(365);
  const create = useAct('createToken', ['listTokens']);
  const send = (): void =>
    create.mutate(
      { body: { name, role, days: typeof days === 'number' ? days : null } },
      {
        onSuccess: ({ secret }) => {
          made(secret);
          setName('');
        },
      },
    );
  return (
    <FormCard title="Make a token" label="Make it" of={create} send={send}>
      <TextInput
        label="What it is for"
        required
        withAsterisk={false}
        maxLength={100}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <RoleSelect label="Role" most={most} value={role} onChange={setRole} />
      <NumberInput
        label="Days until it ends"
        placeholder="never"
        min={1}
        max={3650}
        allowDecimal={false}
        value={days}
        onChange={setDays}
        hideControls
      />
    </FormCard>
  );
}
