// One pair of fields: both names with their types, direction, who wins, blanks, and the translation of values.
import { ActionIcon, Autocomplete, Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../../src/api/contract/connections.ts';
import { Icon } from '../parts/icon.tsx';
import { useLabel } from '../parts/words.ts';
import { useEditing } from './editor-context.tsx';

/** As in the configuration file. */
export interface Pair {
  readonly sell: string;
  readonly dotdigital: string;
  readonly direction?: string;
  readonly conflict?: string;
  readonly blank?: string;
  readonly values?: { readonly [marketing: string]: string };
}

interface PairProps {
  /** Place in the settings, as problems name it. */
  readonly at: string;
  readonly pair: Pair;
  readonly crm: Schemas['crm']['contact'];
  readonly marketing: Schemas['marketing']['fields'];
  readonly change: (pair: Pair) => void;
  readonly remove: () => void;
}

export function FieldPair({ at, pair, crm, marketing, change, remove }: PairProps) {
  const label = useLabel();
  const { problems } = useEditing();
  const [open, setOpen] = useState(false);
  const left = crm.find(({ path }) => path === pair.sell);
  const right = marketing.find(({ name }) => name === pair.dotdigital.toUpperCase());
  const wrong = problems.filter(({ path }) => path === at || path.startsWith(`${at}.`));
  const put = (key: keyof Pair, value: unknown): void => {
    const { [key]: _, ...others } = pair;
    change((value === null || value === undefined ? others : { ...pair, [key]: value }) as Pair);
  };
  const name = pair.sell === '' ? 'new pair' : pair.sell;
  return (
    <fieldset className="field-pair" aria-label={`Pair of ${name}`}>
      <div className="pair-line">
        <Select
          aria-label={`${label('crm')} field of ${name}`}
          placeholder={`${label('crm')} field`}
          searchable
          data={[...new Set([...crm.map(({ path }) => path), ...(pair.sell === '' ? [] : [pair.sell])])]}
          value={pair.sell === '' ? null : pair.sell}
          onChange={(path) => change({ ...pair, sell: path ?? '' })}
        />
        <Select
          aria-label={`Direction of ${name}`}
          className="pair-way"
          data={[
            { value: '', label: '↔ as the object' },
            { value: 'bi-directional', label: '↔ both ways' },
            { value: 'sell-to-dotdigital', label: '→ only' },
            { value: 'dotdigital-to-sell', label: '← only' },
          ]}
          allowDeselect={false}
          value={pair.direction ?? ''}
          onChange={(way) => put('direction', way === '' ? null : way)}
        />
        <Autocomplete
          aria-label={`${label('marketing')} field of ${name}`}
          placeholder={`${label('marketing')} field`}
          data={marketing.map((field) => field.name)}
          value={pair.dotdigital}
          onChange={(next) => change({ ...pair, dotdigital: next.toUpperCase() })}
        />
        <div className="actions">
          <Button variant="default" size="xs" aria-expanded={open} onClick={() => setOpen(!open)}>
            More<span className="visually-hidden"> about {name}</span>
          </Button>
          <ActionIcon variant="default" aria-label={`Remove ${name}`} onClick={remove}>
            <Icon name="bad" size={14} />
          </ActionIcon>
        </div>
      </div>
      <p className="small dim">
        {left === undefined ? (pair.sell === '' ? 'Choose a field' : 'not in the account') : left.type}
        {left !== undefined && !left.writable && ', read only'} ↔{' '}
        {right === undefined ? (pair.dotdigital === '' ? 'choose a field' : 'will be made') : right.type}
      </p>
      {wrong.map(({ path, message }) => (
        <p key={`${path} ${message}`} className="small fault-text">
          {message}
        </p>
      ))}
      {open && (
        <div className="stack">
          <div className="filters">
            <Select
              label="When both sides changed it"
              placeholder="as the defaults say"
              clearable
              data={[
                { value: 'sell', label: `${label('crm')} wins` },
                { value: 'dotdigital', label: `${label('marketing')} wins` },
                { value: 'newest', label: 'the newest wins' },
                { value: 'hold', label: 'it is held' },
              ]}
              value={pair.conflict ?? null}
              onChange={(next) => put('conflict', next)}
            />
            <Select
              label="When one side clears it"
              placeholder="as the defaults say"
              clearable
              data={[
                { value: 'propagate', label: 'the other is cleared' },
                { value: 'ignore', label: 'the other stays' },
              ]}
              value={pair.blank ?? null}
              onChange={(next) => put('blank', next)}
            />
          </div>
          <ValueMap
            of={pair.values ?? {}}
            choices={left?.choices ?? null}
            change={(values) => put('values', Object.keys(values).length === 0 ? null : values)}
          />
        </div>
      )}
    </fieldset>
  );
}

function ValueMap({
  of,
  choices,
  change,
}: {
  readonly of: { readonly [marketing: string]: string };
  readonly choices: readonly string[] | null;
  readonly change: (values: { readonly [marketing: string]: string }) => void;
}) {
  const label = useLabel();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  return (
    <div className="stack tight">
      <p className="small strong">Translation of values</p>
      {Object.entries(of).map(([marketing, crm]) => (
        <p key={marketing} className="small">
          {marketing} in {label('marketing')} is {crm} in {label('crm')}{' '}
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Remove the translation of ${marketing}`}
            onClick={() => change(Object.fromEntries(Object.entries(of).filter(([key]) => key !== marketing)))}
          >
            Remove
          </Button>
        </p>
      ))}
      <div className="filters">
        <TextInput
          size="xs"
          label={`In ${label('marketing')}`}
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <Autocomplete
          size="xs"
          label={`In ${label('crm')}`}
          data={choices === null ? [] : [...choices]}
          value={to}
          onChange={setTo}
        />
        <Button
          size="xs"
          variant="default"
          disabled={from === '' || to === ''}
          onClick={() => {
            change({ ...of, [from]: to });
            setFrom('');
            setTo('');
          }}
        >
          Add
        </Button>
      </div>
    </div>
  );
}
