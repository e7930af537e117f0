// A dialogue over the page: heading, content, closed by Escape or its button. Where closing makes no sense there is no button.
import { CloseButton, Modal } from '@mantine/core';
import type { ReactNode } from 'react';

interface DialogueProps {
  readonly opened: boolean;
  readonly title: string;
  readonly close?: () => void;
  readonly children: ReactNode;
}

export function Dialogue({ opened, title, close, children }: DialogueProps) {
  return (
    <Modal.Root opened={opened} onClose={close ?? (() => undefined)} centered>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <div className="line-apart dialogue-head">
            <Modal.Title>{title}</Modal.Title>
            {close !== undefined && <CloseButton aria-label="Close" onClick={close} />}
          </div>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
