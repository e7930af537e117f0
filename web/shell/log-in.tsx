// Logging in: as a page of its own, and laid over a page whose session has ended.
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { call } from '../api/client.ts';
import { useRead } from '../api/queries.ts';
import { enter } from '../api/session.ts';
import { Dialogue } from '../parts/dialogue.tsx';
import { Failed } from '../parts/page.tsx';
import { Notice } from '../parts/show.tsx';
import { Door } from './door.tsx';

export function LogIn() {
  const setup = useRead('getSetup', {});
  return (
    <Door title="Log in">
      {setup.data?.needed === true && (
        <Notice tone="info">
          Nobody has an account here yet. Open the one-time link that Lockstep printed when it started.
        </Notice>
      )}
      <LogInForm />
    </Door>
  );
}

/** Lies over the page; nothing typed there is lost. */
export function LogInAgain({ email }: { readonly email: string }) {
  return (
    <Dialogue opened title="Your session has ended">
      <div className="stack">
        <p>Log in again. The page behind this stays as it is, with everything you have entered.</p>
        <LogInForm email={email} />
      </div>
    </Dialogue>
  );
}

function LogInForm({ email: known = '' }: { readonly email?: string }) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await enter(await call('logIn', { body: { email, password } }));
    } catch (reason) {
      setError(reason as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        value={email}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      <Failed of={error} />
      <Button type="submit" loading={busy} fullWidth>
        Log in
      </Button>
      <p className="dim small">Forgot your password? An administrator can make you a new one-time link.</p>
    </form>
  );
}
