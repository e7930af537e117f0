// Small ways to show what the contract carries: states, rule ids, values, changes. Everything is text; nothing is ever taken as markup.
import type { ReactNode } from 'react';
import type { RunAction } from '../../src/api/contract/runs.ts';
import { Icon, type IconName } from './icon.tsx';
import type { Tone } from './words.ts';

export function Tag({ tone = 'quiet', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span className="tag" data-tone={tone}>
      {children}
    </span>
  );
}

/** A word of one of the closed lists in its tone. */
export function StateTag({ of: [text, tone] }: { readonly of: readonly [string, Tone] }) {
  return <Tag tone={tone}>{text}</Tag>;
}

/** Id of the rule that decided; `why` is told on hover where it does not stand beside. */
export function RowId({ row, why }: { readonly row: string; readonly why?: string }) {
  return (
    <span className="row-id" title={why === undefined ? `Rule ${row}` : `Rule ${row}: ${why}`}>
      {row}
    </span>
  );
}

type Shown = null | string | number | boolean | readonly string[] | { readonly [key: string]: string | null };

function valueText(value: Shown): string {
  if (value === null || value === '') return '(blank)';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '(blank)' : value.join(', ');
  return Object.values(value)
    .filter((part) => part !== null && part !== '')
    .join(', ');
}

export function Value({ of }: { readonly of: Shown | undefined }) {
  if (of === undefined || of === null || of === '') return <span className="dim">(blank)</span>;
  return <span>{valueText(of)}</span>;
}

export function Changes({ of }: { readonly of: RunAction['changes'] }) {
  const fields = Object.entries(of);
  if (fields.length === 0) return null;
  return (
    <dl className="diff">
      {fields.map(([field, { from, to }]) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd>
            {from !== null && <del>{valueText(from)}</del>} <span aria-hidden="true">→</span>{' '}
            <ins>{to === null ? '(cleared)' : valueText(to)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const NOTICE_ICON: { readonly [T in Tone]: IconName } = {
  good: 'good',
  warn: 'holds',
  bad: 'bad',
  info: 'info',
  quiet: 'info',
};

export function Notice({ tone = 'info', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={NOTICE_ICON[tone]} />
      <div>{children}</div>
    </div>
  );
}

/** A link out of here; unknown addresses and odd schemes are told as plain text. */
export function OutLink({ to, children }: { readonly to: string | null; readonly children: ReactNode }) {
  if (to === null || !/^https?:\/\//.test(to)) return <span>{children}</span>;
  return (
    <a href={to} target="_blank" rel="noreferrer noopener">
      {children} <Icon name="out" size={13} />
      <span className="visually-hidden"> (opens in a new tab)</span>
    </a>
  );
}
