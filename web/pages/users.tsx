// Who may use this dashboard, as what; invited and let back in by one-time links.
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { RouteId } from '../../src/api/contract/routes.table.ts';
import type { User, UserRole } from '../../src/api/contract/session.ts';
import { useAct, useRead } from '../api/queries.ts';
import { useSession } from '../api/session.ts';
import { Confirm } from '../parts/confirm.tsx';
import { FormCard } from '../parts/form-card.tsx';
import { Moment } from '../parts/moment.tsx';
import { Once } from '../parts/once.tsx';
import { Failed, Page, Read } from '../parts/page.tsx';
import { RoleSelect } from '../parts/role-select.tsx';
import { Tag } from '../parts/show.tsx';
import { Table } from '../parts/table.tsx';

const TOUCHED: readonly RouteId[] = ['listUsers'];

export function Users() {
  const users = useRead('listUsers', {});
  const update = useAct('updateUser', TOUCHED);
  const [link, setLink] = useState<string | null>(null);
  return (
    <Page
      title="Users"
      lead="A viewer sees everything. An operator also starts, approves, retries and mends. An administrator also sets up and invites."
    >
      {link !== null && (
        <Once title="One-time link" value={new URL(link, window.location.origin).href} close={() => setLink(null)}>
          Give this to the person by a way you trust. It works once, and is not shown again.
        </Once>
      )}
      <Invite invited={setLink} />
      <Failed of={update.error} />
      <Read of={users} data={users.data}>
        {({ users: all }) => (
          <Table
            label="Users"
            items={all}
            keyOf={({ id }) => id}
            off={({ disabled }) => disabled}
            columns={[
              {
                head: 'Who',
                className: 'wide',
                cell: ({ name, email, joined, disabled }) => (
                  <>
                    <span className="strong">{name}</span> {!joined && <Tag tone="info">Invited</Tag>}{' '}
                    {disabled && <Tag>Shut out</Tag>}
                    <div className="small dim">{email}</div>
                  </>
                ),
              },
              {
                head: 'Role',
                cell: (user) => (
                  <RoleSelect
                    aria-label={`Role of ${user.email}`}
                    size="xs"
                    w={140}
                    value={user.role}
                    onChange={(role) => update.mutate({ params: { user: user.id }, body: { role } })}
                  />
                ),
              },
              { head: 'Last seen', cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} /> },
              { head: 'Deeds', cell: (user) => <Deeds of={user} renewed={setLink} /> },
            ]}
          />
        )}
      </Read>
    </Page>
  );
}

function Invite({ invited }: { readonly invited: (link: string) => void }) {
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<UserRole>('viewer');
  const create = useAct('createUser', TOUCHED);
  const send = (): void =>
    create.mutate(
      { body: { email, name, role } },
      {
        onSuccess: ({ link }) => {
          invited(link);
          setEmail('');
          setName('');
        },
      },
    );
  return (
    <FormCard title="Invite somebody" label="Invite" of={create} send={send}>
      <TextInput
        label="Name"
        required
        withAsterisk={false}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <TextInput
        label="E-mail"
        type="email"
        required
        withAsterisk={false}
        value={email}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <RoleSelect label="Role" value={role} onChange={setRole} />
    </FormCard>
  );
}

function Deeds({ of, renewed }: { readonly of: User; readonly renewed: (link: string) => void }) {
  const self = useSession().user.id === of.id;
  const renew = useAct('renewUserLink', TOUCHED);
  const update = useAct('updateUser', TOUCHED);
  const remove = useAct('deleteUser', TOUCHED);
  if (self) return <span className="dim small">that is you</span>;
  const params = { user: of.id };
  return (
    <div className="actions">
      <Button
        size="xs"
        variant="default"
        loading={renew.isPending}
        onClick={() => renew.mutate({ params }, { onSuccess: ({ link }) => renewed(link) })}
      >
        New link
      </Button>
      <Button size="xs" variant="default" onClick={() => update.mutate({ params, body: { disabled: !of.disabled } })}>
        {of.disabled ? 'Let in' : 'Shut out'}
      </Button>
      <Confirm
        label="Remove"
        quiet
        danger
        small
        title={`Remove ${of.email}?`}
        onConfirm={() => remove.mutateAsync({ params })}
      >
        The sessions and API tokens of this user end at once. What was done stays in the audit log.
      </Confirm>
      <Failed of={renew.error ?? update.error} />
    </div>
  );
}
