// A card with a line of inputs and the button that sends them; what goes wrong is told below.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Card, Failed } from './page.tsx';

interface FormCardProps {
  readonly title: string;
  /** On the button. */
  readonly label: string;
  readonly of: { readonly isPending: boolean; readonly error: Error | null };
  readonly send: () => void;
  readonly children: ReactNode;
}

export function FormCard({ title, label, of, send, children }: FormCardProps) {
  return (
    <Card title={title}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div className="filters">
          {children}
          <Button type="submit" loading={of.isPending}>
            {label}
          </Button>
        </div>
        <Failed of={of.error} />
      </form>
    </Card>
  );
}
