// What a test of both accounts found: what each can do, what not, and what to do about it.
import type { Check } from '../../src/api/contract/connections.ts';
import { Tag } from '../parts/show.tsx';
import type { Tone } from '../parts/words.ts';

const STATUS: { readonly [S in Check['status']]: readonly [string, Tone] } = {
  ok: ['Fine', 'good'],
  warning: ['Mind', 'warn'],
  problem: ['Problem', 'bad'],
};

export function Checks({ of }: { readonly of: readonly Check[] }) {
  return (
    <ul className="plain-list checks">
      {of.map((check) => (
        <li key={`${check.id} ${check.path} ${check.message}`}>
          <Tag tone={STATUS[check.status][1]}>{STATUS[check.status][0]}</Tag>
          <div>
            {check.message}
            {check.fix !== null && <div className="small dim">{check.fix}</div>}
          </div>
        </li>
      ))}
    </ul>
  );
}
