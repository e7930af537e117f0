// The connection editor: a wizard for a new connection, the same steps for a saved one. Nothing is written to either service here.
import { Button } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { Connection } from '../../src/api/contract/connections.ts';
import { CallFailed } from '../api/client.ts';
import { useAct, useRead } from '../api/queries.ts';
import { Failed } from '../parts/page.tsx';
import { Notice } from '../parts/show.tsx';
import { counted } from '../parts/words.ts';
import { AccountsStep } from './accounts-step.tsx';
import { ConsentStep } from './consent-step.tsx';
import { type DraftEditor, withoutGaps } from './draft.ts';
import { EditingContext } from './editor-context.tsx';
import { FieldsStep } from './fields-step.tsx';
import { PeopleStep } from './people-step.tsx';
import { RestStep } from './rest-step.tsx';

const STEPS: readonly { readonly id: string; readonly name: string; readonly show: () => ReactNode }[] = [
  { id: 'accounts', name: 'Accounts', show: () => <AccountsStep /> },
  { id: 'people', name: 'Contacts and leads', show: () => <PeopleStep /> },
  { id: 'fields', name: 'Fields', show: () => <FieldsStep /> },
  { id: 'consent', name: 'Consent', show: () => <ConsentStep /> },
  { id: 'rest', name: 'Products, times, limits', show: () => <RestStep /> },
];

interface EditorProps {
  readonly editor: DraftEditor;
  readonly saved: Connection | null;
  readonly onSaved: (connection: Connection) => void;
  /** Throws away what was changed here and takes what somebody else saved. */
  readonly onReload?: () => void;
}

export function Editor({ editor, saved, onSaved, onReload }: EditorProps) {
  const { draft, changed } = editor;
  const [step, setStep] = useState(0);
  const { connection, settings, authorization } = draft;
  const validated = useRead('validateDraft', { body: { connection, settings, authorization } });
  const defaults = useRead('validateDraft', {
    body: { connection: null, settings: withoutGaps(settings), authorization: null },
  });
  const create = useAct('createConnection', ['listConnections', 'getOverview']);
  const update = useAct('updateConnection', ['listConnections', 'getConnection', 'getOverview']);
  const problems = validated.data?.problems ?? [];
  const editing = useMemo(
    () => ({
      ...editor,
      effective: defaults.data?.effective ?? saved?.effective ?? null,
      problems,
      hasSecret: (path: string) => saved?.secrets.some((secret) => secret.path === path && secret.set) === true,
    }),
    [editor, defaults.data, saved, problems],
  );
  const error = create.error ?? update.error;
  const save = (): void => {
    if (saved === null) create.mutate({ body: { settings, authorization } }, { onSuccess: onSaved });
    else
      update.mutate(
        { params: { connection: saved.name }, body: { version: draft.version, settings, authorization } },
        { onSuccess: onSaved },
      );
  };
  const last = step === STEPS.length - 1;
  return (
    <EditingContext value={editing}>
      <Steps step={step} go={setStep} />
      {STEPS[step]?.show()}
      {error instanceof CallFailed && error.code === 'conflict' && onReload !== undefined ? (
        <Notice tone="bad">
          <p>{error.message}</p>
          <Button size="xs" variant="default" mt="xs" onClick={onReload}>
            Load what is saved, drop my changes
          </Button>
        </Notice>
      ) : (
        <Failed of={error} />
      )}
      {problems.length > 0 && (last || error !== null) && <Problems of={problems} />}
      <div className="foot">
        <Button variant="default" disabled={step === 0} onClick={() => setStep(step - 1)}>
          Back
        </Button>
        <div className="actions">
          {changed && <span className="dim small">Not saved yet; it stays here until it is.</span>}
          {(saved !== null || last) && (
            <Button
              variant={last ? 'filled' : 'default'}
              loading={create.isPending || update.isPending}
              disabled={problems.length > 0 || (saved !== null && !changed)}
              onClick={save}
            >
              Save
            </Button>
          )}
          {!last && <Button onClick={() => setStep(step + 1)}>Next</Button>}
        </div>
      </div>
    </EditingContext>
  );
}

function Steps({ step, go }: { readonly step: number; readonly go: (step: number) => void }) {
  return (
    <nav aria-label="Steps">
      <ol className="steps">
        {STEPS.map(({ id, name }, index) => (
          <li key={id}>
            <button type="button" aria-current={index === step ? 'step' : undefined} onClick={() => go(index)}>
              {index + 1}. {name}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Problems({ of }: { readonly of: readonly { readonly path: string; readonly message: string }[] }) {
  return (
    <Notice tone="warn">
      <p>{counted(of.length, 'thing')} to settle before this can be saved:</p>
      <ul className="plain-list">
        {of.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <code>{path}</code>: {message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
