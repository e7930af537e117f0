// One name and what belongs to it, in a list of such pairs (`dl.pairs`).
import type { ReactNode } from 'react';

export function Pair({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="pair">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
