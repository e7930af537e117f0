// First step: which two accounts, how to get in, and a test of both.
import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useAct, useRead } from '../api/queries.ts';
import { Card, Failed } from '../parts/page.tsx';
import { Notice } from '../parts/show.tsx';
import { useLabel } from '../parts/words.ts';
import { Checks } from './checks.tsx';
import { accountsOf } from './draft.ts';
import { useEditing, useSetting } from './editor-context.tsx';
import { ChoiceSetting, TextSetting } from './inputs.tsx';

export function AccountsStep() {
  const label = useLabel();
  const { draft } = useEditing();
  return (
    <>
      <Card title="The connection">
        <div className="stack narrow">
          {draft.connection === null && (
            <TextSetting
              path="name"
              label="Name"
              description="Letters, digits, . _ or -. It stays, because the history goes by it."
              placeholder="acme"
            />
          )}
          <ChoiceSetting
            path="profile"
            label="Defaults"
            options={[
              {
                value: 'recommended',
                label: 'Recommended',
                means:
                  'Every 15 minutes. Blanks are filled first, nothing is overruled in the first alignment; deletes wait for your approval.',
              },
              {
                value: 'classic',
                label: 'Classic',
                means: `Exactly what the original integration does: every hour, ${label('crm')} wins, deletes go through.`,
              },
            ]}
          />
        </div>
      </Card>
      <div className="grid">
        <CrmAccount />
        <MarketingAccount />
      </div>
      <Test />
    </>
  );
}

function Secret({
  path,
  label,
  description,
}: {
  readonly path: string;
  readonly label: string;
  readonly description?: string;
}) {
  const { own, set, problem } = useSetting<string>(path);
  const { hasSecret } = useEditing();
  return (
    <PasswordInput
      label={label}
      description={description}
      autoComplete="off"
      placeholder={hasSecret(path) ? 'Stored; type to replace it' : undefined}
      value={own ?? ''}
      error={problem}
      onChange={({ currentTarget }) => set(currentTarget.value === '' ? undefined : currentTarget.value)}
    />
  );
}

function CrmAccount() {
  const label = useLabel();
  const { own: oauth } = useSetting<object>('sell.oauth');
  const { draft, put } = useEditing();
  const [way, setWay] = useState(oauth !== undefined || draft.authorization !== null ? 'oauth' : 'token');
  return (
    <Card title={label('crm')}>
      <div className="stack">
        <SegmentedControl
          aria-label={`How to get into ${label('crm')}`}
          data={[
            { value: 'token', label: 'Access token' },
            { value: 'oauth', label: 'OAuth' },
          ]}
          value={way}
          onChange={(next) => {
            setWay(next);
            put(next === 'token' ? 'sell.oauth' : 'sell.accessToken', undefined);
          }}
        />
        {way === 'token' ? (
          <Secret
            path="sell.accessToken"
            label="Access token"
            description="Settings › Integrations › OAuth › Access tokens, with the scopes read, write, profile and sync."
          />
        ) : (
          <Authorize />
        )}
        <details>
          <summary>Other address</summary>
          <TextSetting path="sell.url" label={`Address of the ${label('crm')} API`} />
        </details>
      </div>
    </Card>
  );
}

/** OAuth 2: leaves for the CRM and comes back with an authorization; the secret goes to the server at once and is not kept here. */
function Authorize() {
  const label = useLabel();
  const { draft, set } = useEditing();
  const { own: url } = useSetting<string>('sell.url');
  const [clientId, setClientId] = useState('');
  const [clientSecret, setClientSecret] = useState('');
  const start = useAct('startCrmAuthorization');
  const id = draft.authorization;
  const state = useRead('getCrmAuthorization', { params: { authorization: id ?? '' } }, { enabled: id !== null });
  if (id !== null && state.data?.state === 'granted') {
    return <Notice tone="good">{label('crm')} has granted access. It is kept when you save.</Notice>;
  }
  const begin = async (): Promise<void> => {
    const begun = await start.mutateAsync({ body: { clientId, clientSecret, url: url ?? null } });
    set({ authorization: begun.id });
    if (begun.url !== null && /^https?:\/\//.test(begun.url))
      setTimeout(() => window.location.assign(begun.url ?? '/'));
  };
  return (
    <>
      {id !== null && state.data !== undefined && state.data.state !== 'waiting' && (
        <Notice tone="bad">{state.data.message ?? 'Access was not granted.'} Try again, or use an access token.</Notice>
      )}
      <TextInput
        label="Client id"
        value={clientId}
        onChange={({ currentTarget }) => setClientId(currentTarget.value)}
      />
      <PasswordInput
        label="Client secret"
        autoComplete="off"
        value={clientSecret}
        onChange={({ currentTarget }) => setClientSecret(currentTarget.value)}
      />
      <p className="small dim">
        Register this address with the client:{' '}
        <code className="once">{`${window.location.origin}/api/crm-authorizations/callback`}</code>
      </p>
      <p className="small dim">
        {label('crm')} asks you, and sends you back to this page. Passwords typed here before are not kept meanwhile.
      </p>
      <Failed of={start.error} />
      <Button disabled={clientId === '' || clientSecret === ''} loading={start.isPending} onClick={() => void begin()}>
        Ask {label('crm')} for access
      </Button>
    </>
  );
}

function MarketingAccount() {
  const label = useLabel();
  return (
    <Card title={label('marketing')}>
      <div className="stack">
        <TextSetting
          path="dotdigital.user"
          label="API user"
          description="Settings › Access › API users."
          placeholder="apiuser-…@apiconnector.com"
        />
        <Secret path="dotdigital.password" label="Password of the API user" />
        <details>
          <summary>Other address</summary>
          <TextSetting
            path="dotdigital.url"
            label={`Address of the ${label('marketing')} API`}
            description="Any region will do: the account's own is found out."
          />
        </details>
      </div>
    </Card>
  );
}

function Test() {
  const { draft, problems } = useEditing();
  const test = useAct('testDraft');
  const { settings, authorization } = draft;
  const { reset } = test;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an old answer says nothing about new settings
  useEffect(() => reset(), [settings, authorization, reset]);
  const missing = problems.filter(({ path }) => path === '' || /^(name|profile|sell|dotdigital)/.test(path));
  return (
    <Card
      title="Test both"
      actions={
        <Button loading={test.isPending} variant="default" onClick={() => test.mutate({ body: accountsOf(draft) })}>
          Test both accounts
        </Button>
      }
    >
      {test.data !== undefined && <Checks of={test.data.checks} />}
      <Failed of={test.error} />
      {test.data === undefined && test.error === null && (
        <p className="dim">
          {missing.length > 0 && draft.settings['sell'] !== undefined
            ? missing.map(({ path, message }) => `${path}: ${message}`).join('; ')
            : 'Says what each account lets us do, and what not. Nothing is written.'}
        </p>
      )}
    </Card>
  );
}
