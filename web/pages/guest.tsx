// Where the link of a demo leads: straight in, without a name or a password.
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call } from '../api/client.ts';
import { enter } from '../api/session.ts';
import { Failed } from '../parts/page.tsx';
import { Door } from '../shell/door.tsx';
import { tokenOf } from './welcome.tsx';

export function Guest() {
  const [error, setError] = useState<Error | null>(null);
  const navigate = useNavigate();
  useEffect(() => {
    call('enterAsGuest', { body: { token: tokenOf(window.location) } })
      .then(enter)
      .then(() => navigate({ to: '/', replace: true }))
      .catch(setError);
  }, [navigate]);
  return <Door title="Welcome to Lockstep">{error === null ? <p>One moment …</p> : <Failed of={error} />}</Door>;
}
