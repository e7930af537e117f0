// The frame of pages before anybody is logged in.
import { type ReactNode, useEffect } from 'react';
import { Logo } from './logo.tsx';

export function Door({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Lockstep`;
  }, [title]);
  return (
    <div className="door">
      <main>
        <Logo />
        <div className="card stack">
          <h1 className="door-title">{title}</h1>
          {children}
        </div>
      </main>
    </div>
  );
}
