// What every page stands on: its heading, and what it shows while it reads, when reading failed, and when there is nothing.
import { Button, Skeleton } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Notice } from './show.tsx';

interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, lead, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Lockstep`;
  }, [title]);
  // A screen reader is told where it has come to.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p>{lead}</p>}
        </div>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

interface Reading {
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** Shows `children` once there is an answer; an answer that is there stays on the screen while it is read anew. */
export function Read<T>({
  of,
  data,
  rows = 4,
  children,
}: {
  readonly of: Reading;
  readonly data: T | null | undefined;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}) {
  if (data !== null && data !== undefined) return <>{children(data)}</>;
  if (of.error !== null) return <Fault error={of.error} again={of.refetch} />;
  return <Waiting rows={rows} />;
}

function Waiting({ rows = 4 }: { readonly rows?: number }) {
  return (
    <div className="card waiting-rows" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of nothing have no other name
        <Skeleton key={row} height={18} radius="sm" />
      ))}
    </div>
  );
}

export function Fault({ error, again }: { readonly error: Error; readonly again?: () => unknown }) {
  return (
    <Notice tone="bad">
      <p>{error.message}</p>
      {again !== undefined && (
        <Button variant="default" size="xs" mt="xs" onClick={() => again()}>
          Try again
        </Button>
      )}
    </Notice>
  );
}

/** What went wrong with the last thing somebody did; nothing when nothing did. */
export function Failed({ of }: { readonly of: Error | null }) {
  return of === null ? null : <Fault error={of} />;
}

export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  );
}

export function Card({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
