// Turns SIGINT and SIGTERM into an AbortSignal; an impatient second one ends the process at once. Never saves or undoes anything.
import type { EventEmitter } from 'node:events';
import { EXIT } from './exit-code.ts';

/** A terminal and npm both pass one Ctrl-C on; what comes this soon after (milliseconds) is the same one. */
const SAME_KEYSTROKE_MS = 500;

export interface Interruption {
  /** Asking for it starts the listening: until then a signal ends the process as usual. */
  readonly signal: AbortSignal;
  readonly interrupted: boolean;
  /** Which signal it was; null before there was one. A service that is told to end (SIGTERM) has not failed. */
  readonly by: 'SIGINT' | 'SIGTERM' | null;
  stopListening(): void;
}

export function createInterruption(
  signals: EventEmitter,
  tell: (text: string) => void,
  exit: (code: number) => void,
  now: () => number = () => performance.now(),
): Interruption {
  const controller = new AbortController();
  let first: number | null = null;
  let listening = false;
  let by: Interruption['by'] = null;
  const onSignal = (name: 'SIGINT' | 'SIGTERM'): void => {
    if (first !== null) {
      if (now() - first > SAME_KEYSTROKE_MS) exit(EXIT.interrupted);
      return;
    }
    first = now();
    by = name;
    tell('Stopping; what is under way is finished safely. Once more to stop at once (that is safe as well).');
    controller.abort(new Error('interrupted'));
  };
  const onInterrupt = (): void => onSignal('SIGINT');
  const onTerminate = (): void => onSignal('SIGTERM');
  return {
    get by() {
      return by;
    },
    get signal() {
      if (!listening) {
        listening = true;
        signals.on('SIGINT', onInterrupt);
        signals.on('SIGTERM', onTerminate);
      }
      return controller.signal;
    },
    get interrupted() {
      return controller.signal.aborted;
    },
    stopListening() {
      signals.off('SIGINT', onInterrupt);
      signals.off('SIGTERM', onTerminate);
    },
  };
}
