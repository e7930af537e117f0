// The own account: who one is here, the password, and the way out.
import { Button, PasswordInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { call } from '../api/client.ts';
import { useAct } from '../api/queries.ts';
import { leave, useSession } from '../api/session.ts';
import { Card, Failed, Page } from '../parts/page.tsx';
import { Notice } from '../parts/show.tsx';

export function Account() {
  const { user, version } = useSession();
  const [error, setError] = useState<Error | null>(null);
  const logOut = (): void => {
    setError(null);
    call('logOut', {}).then(leave, setError);
  };
  return (
    <Page
      title={user.name}
      lead={`${user.email}, ${user.role}. This is Lockstep ${version}.`}
      actions={<Button onClick={logOut}>Log out</Button>}
    >
      <Failed of={error} />
      <ChangePassword />
    </Page>
  );
}

function ChangePassword() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useAct('changePassword');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const done = (): void => {
      setCurrent('');
      setNext('');
    };
    change.mutate({ body: { current, next } }, { onSuccess: done });
  };
  return (
    <Card title="Change the password">
      <form className="stack narrow" onSubmit={submit}>
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={current}
          onChange={({ currentTarget }) => setCurrent(currentTarget.value)}
        />
        <PasswordInput
          label="New password"
          description="At least 12 characters; a sentence is fine. Every other session of yours ends."
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={12}
          value={next}
          onChange={({ currentTarget }) => setNext(currentTarget.value)}
        />
        {change.isSuccess && <Notice tone="good">The password was changed.</Notice>}
        <Failed of={change.error} />
        <div>
          <Button type="submit" loading={change.isPending}>
            Change it
          </Button>
        </div>
      </form>
    </Card>
  );
}
