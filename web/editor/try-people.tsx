// Aligning some people first: the first ten, or those somebody names. The rest stays as it is.
import { Radio, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { useRead } from '../api/queries.ts';
import { Confirm } from '../parts/confirm.tsx';

const TRY = 10;
const LEAST_LETTERS = 2;

export function TryPeople({
  connection,
  disabled,
  start,
}: {
  readonly connection: string;
  readonly disabled: boolean;
  readonly start: (people: number | string[]) => Promise<unknown>;
}) {
  const [which, setWhich] = useState('first');
  const [addresses, setAddresses] = useState<string[]>([]);
  const [typed, setTyped] = useState('');
  const q = typed.trim();
  const found = useRead('searchPeople', { query: { q, connection } }, { enabled: q.length >= LEAST_LETTERS });
  const begin = async (): Promise<void> => {
    const named = q === '' ? addresses : [...addresses, q];
    if (which === 'named' && named.length === 0) throw new Error('Name at least one address.');
    await start(which === 'first' ? TRY : named);
  };
  return (
    <Confirm label="Try ten people" title="Align some people first?" quiet disabled={disabled} onConfirm={begin}>
      <div className="stack">
        <p>They are aligned for real, on both sides. Everybody else stays as they are, and this can be undone.</p>
        <Radio.Group label="Who" value={which} onChange={setWhich}>
          <div className="stack choices">
            <Radio value="first" label="The first ten" />
            <Radio value="named" label="People I name" />
          </div>
        </Radio.Group>
        {which === 'named' && (
          <TagsInput
            label="Their e-mail addresses"
            description="Type the beginning and choose, or type a whole address and press Enter."
            data={q.length >= LEAST_LETTERS ? (found.data?.people.map(({ email }) => email) ?? []) : []}
            // Above, where it does not cover the button below.
            comboboxProps={{ position: 'top-start', middlewares: { flip: false } }}
            value={addresses}
            onChange={setAddresses}
            searchValue={typed}
            onSearchChange={setTyped}
            maxTags={100}
          />
        )}
      </div>
    </Confirm>
  );
}
