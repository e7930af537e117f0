// What the law gives a person, for administrators: everything held as a file, erasure with a look first, and the way back in.
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Person } from '../../../src/api/contract/people.ts';
import type { RouteId } from '../../../src/api/contract/routes.table.ts';
import { useAct } from '../../api/queries.ts';
import { Dialogue } from '../../parts/dialogue.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Card, Failed } from '../../parts/page.tsx';
import { Notice } from '../../parts/show.tsx';
import { counted, useLabel } from '../../parts/words.ts';

const TOUCHED: readonly RouteId[] = ['getPerson', 'searchPeople'];

export function Privacy({ of }: { readonly of: Person }) {
  const { connection, email, erased } = of;
  const params = { connection };
  const take = useAct('exportPerson');
  const readmit = useAct('readmitPerson', TOUCHED);
  const save = (): void =>
    take.mutate({ params, body: { email } }, { onSuccess: (document) => saveFile(`${email}.json`, document) });
  return (
    <Card title="Access and erasure">
      <div className="stack">
        {erased !== null && (
          <Notice tone="info">
            Erased <Moment at={erased.finishedAt} /> and kept out since. Receipt {erased.id}.
          </Notice>
        )}
        <Failed of={take.error ?? readmit.error} />
        <div className="actions">
          <Button variant="default" loading={take.isPending} onClick={save}>
            Export everything held
          </Button>
          {erased === null ? (
            <Erase of={of} />
          ) : (
            <Button
              variant="default"
              loading={readmit.isPending}
              onClick={() => readmit.mutate({ params, body: { email } })}
            >
              Let in again
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

/** Shows first what would go, as both sides say now. */
function Erase({ of: { connection, email } }: { readonly of: Person }) {
  const params = { connection };
  const label = useLabel();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const look = useAct('previewErasure');
  const erase = useAct('erasePerson', TOUCHED);
  const begin = (): void =>
    erase.mutate(
      { params, body: { email } },
      { onSuccess: ({ id }) => void navigate({ to: '/runs/$run', params: { run: id } }) },
    );
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          setOpen(true);
          look.mutate({ params, body: { email } });
        }}
      >
        Erase this person
      </Button>
      <Dialogue opened={open} close={() => setOpen(false)} title={`Erase ${email}?`}>
        <div className="stack">
          {look.data === undefined && look.error === null && <p className="dim">Looking at both sides …</p>}
          {look.data !== undefined && (
            <ul className="plain-list">
              {look.data.crm.map(({ role, id, firstName, lastName }) => (
                <li key={`${role} ${id}`}>
                  {label('crm')} {role} {id}: {[firstName, lastName].filter((part) => part !== null).join(' ')}
                </li>
              ))}
              {look.data.marketing.map(({ id, email: address }) => (
                <li key={id}>
                  {label('marketing')} contact {id}: {address}
                </li>
              ))}
              {look.data.hidden.length > 0 && (
                <li>{counted(look.data.hidden.length, 'record')} that our credential may not see, and cannot delete</li>
              )}
              {look.data.organisations > 0 && (
                <li>{counted(look.data.organisations, 'organisation')} with the address: no person, so it stays</li>
              )}
              <li>Everything held about them here</li>
            </ul>
          )}
          <p>
            All of this is deleted on both sides and here, and they are kept from being read in again. It cannot be
            undone.
          </p>
          <Failed of={look.error ?? erase.error} />
          <div className="foot">
            <Button variant="default" onClick={() => setOpen(false)}>
              Leave it
            </Button>
            <Button color="red" loading={erase.isPending} disabled={look.data === undefined} onClick={begin}>
              Erase for good
            </Button>
          </div>
        </div>
      </Dialogue>
    </>
  );
}

function saveFile(name: string, document: unknown): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(document, null, 2)], { type: 'application/json' }));
  const link = window.document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
