// Where a one-time link leads: the first administrator names and secures the account, an invited person chooses a password.
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { CallFailed, call } from '../api/client.ts';
import { useRead } from '../api/queries.ts';
import { enter } from '../api/session.ts';
import { Failed, Read } from '../parts/page.tsx';
import { Notice } from '../parts/show.tsx';
import { Door } from '../shell/door.tsx';

/** The token stands behind the #, which browsers never send: no log and no proxy sees it. */
export const tokenOf = (address: Location): string => decodeURIComponent(address.hash.replace(/^#/, ''));

export function Welcome() {
  const [token] = useState(() => tokenOf(window.location));
  const setup = useRead('getSetup', {});
  return (
    <Door title="Welcome to Lockstep">
      {token === '' ? (
        <Notice tone="warn">This address is not complete. Copy the whole link, including what follows the #.</Notice>
      ) : (
        <Read of={setup} data={setup.data}>
          {({ needed }) => <Join token={token} first={needed} />}
        </Read>
      )}
    </Door>
  );
}

function Join({ token, first }: { readonly token: string; readonly first: boolean }) {
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const navigate = useNavigate();
  const problem = (path: string): string | undefined =>
    error instanceof CallFailed ? error.problems.find((each) => each.path === path)?.message : undefined;
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await enter(await call('finishSetup', { body: { token, password, ...(first ? { email, name } : {}) } }));
      await navigate({ to: '/', replace: true });
    } catch (reason) {
      setError(reason as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <p className="dim">
        {first
          ? 'You are the first here and will be the administrator. Others are invited later.'
          : 'Choose a password to join.'}
      </p>
      {first && (
        <>
          <TextInput
            label="Your name"
            autoComplete="name"
            required
            withAsterisk={false}
            value={name}
            error={problem('name')}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            error={problem('email')}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
        </>
      )}
      <PasswordInput
        label="Password"
        description="At least 12 characters; a sentence is fine."
        autoComplete="new-password"
        required
        withAsterisk={false}
        minLength={12}
        value={password}
        error={problem('password')}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      <Failed of={error} />
      <Button type="submit" loading={busy} fullWidth>
        {first ? 'Create the account' : 'Join'}
      </Button>
    </form>
  );
}
