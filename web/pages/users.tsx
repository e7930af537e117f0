// Who may use this dashboard, as what; invited and let back in by one-time links.
import { Button, Select, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import type { RouteId } from '../../src/api/contract/routes.table.ts';
import type { User, UserRole } from '../../src/api/contract/session.ts';
import { useAct, useRead } from '../api/queries.ts';
import { useSession } from '../api/session.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Moment } from '../parts/moment.tsx';
import { Once } from '../parts/once.tsx';
import { Card, Failed, Page, Read } from '../parts/page.tsx';
import { Tag } from '../parts/show.tsx';
import { Table } from '../parts/table.tsx';
import { ROLES } from '../parts/words.ts';

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
                  <Select
                    aria-label={`Role of ${user.email}`}
                    size="xs"
                    w={140}
                    allowDeselect={false}
                    data={ROLES}
                    value={user.role}
                    onChange={(role) => {
                      if (role !== null) update.mutate({ params: { user: user.id }, body: { role: role as UserRole } });
                    }}
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
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
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
  };
  return (
    <Card title="Invite somebody">
      <form onSubmit={submit} className="stack">
        <div className="filters">
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
          <Select
            label="Role"
            allowDeselect={false}
            data={ROLES}
            value={role}
            onChange={(next) => setRole((next ?? 'viewer') as UserRole)}
          />
          <Button type="submit" loading={create.isPending}>
            Invite
          </Button>
        </div>
        <Failed of={create.error} />
      </form>
    </Card>
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
