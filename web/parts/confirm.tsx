// A button whose deed is asked about once more, with what it will do in words.
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Dialogue } from './dialogue.tsx';
import { Failed } from './page.tsx';

interface ConfirmProps {
  /** On the button. */
  readonly label: string;
  readonly title: string;
  readonly children: ReactNode;
  readonly danger?: boolean;
  readonly quiet?: boolean;
  readonly small?: boolean;
  readonly disabled?: boolean;
  /** @returns when it is done; what it throws is told in the dialogue */
  readonly onConfirm: () => Promise<unknown>;
}

export function Confirm({
  label,
  title,
  children,
  danger = false,
  quiet = false,
  small = false,
  disabled = false,
  onConfirm,
}: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      setOpen(false);
    } catch (reason) {
      setError(reason instanceof Error ? reason : new Error(String(reason)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        variant={quiet ? 'default' : 'filled'}
        size={small ? 'xs' : 'sm'}
        {...(danger && !quiet ? { color: 'red' } : {})}
        disabled={disabled}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <Dialogue opened={open} close={() => setOpen(false)} title={title}>
        <div className="stack">
          <div>{children}</div>
          <Failed of={error} />
          <div className="foot">
            <Button variant="default" onClick={() => setOpen(false)}>
              Leave it
            </Button>
            <Button loading={busy} {...(danger ? { color: 'red' } : {})} onClick={() => void confirm()} data-autofocus>
              {label}
            </Button>
          </div>
        </div>
      </Dialogue>
    </>
  );
}
