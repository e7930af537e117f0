// Something that is shown once only and wants to be copied.
import { Button, CopyButton } from '@mantine/core';
import type { ReactNode } from 'react';

export function Once({
  title,
  value,
  close,
  children,
}: {
  readonly title: string;
  readonly value: string;
  readonly close: () => void;
  readonly children: ReactNode;
}) {
  return (
    <section className="notice" data-tone="info" aria-label={title}>
      <div className="stack tight">
        <span className="strong">{title}</span>
        <code className="once">{value}</code>
        <p>{children}</p>
        <div className="actions">
          <CopyButton value={value}>
            {({ copied, copy }) => (
              <Button size="xs" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button size="xs" variant="default" onClick={close}>
            I have it
          </Button>
        </div>
      </div>
    </section>
  );
}
