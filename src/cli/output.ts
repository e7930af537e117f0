// Where words go: results to stdout, everything else to stderr. With --json, stdout carries exactly one JSON document.
import { styleText } from 'node:util';

/** The part of a stream that is used. */
export interface Sink {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** False with --no-color or NO_COLOR; true still needs a terminal. */
  readonly color: boolean;
}

export class Output {
  readonly options: OutputOptions;
  readonly #stdout: Sink;
  readonly #stderr: Sink;
  #printed = false;

  constructor(stdout: Sink, stderr: Sink, options: OutputOptions) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.options = options;
  }

  /** The answer of a command: a document with --json, else words. Called once per command. */
  result(answer: { readonly json: () => unknown; readonly text: () => string }): void {
    if (this.options.json) {
      if (this.#printed) throw new Error('A second JSON document was about to be printed.');
      this.#printed = true;
      this.#stdout.write(`${JSON.stringify(answer.json())}\n`);
    } else this.print(answer.text());
  }

  /** Why there is no result, as the JSON document; nothing when the result is out already or no JSON is wanted. */
  fault(document: unknown): void {
    if (!this.options.json || this.#printed) return;
    this.#printed = true;
    this.#stdout.write(`${JSON.stringify(document)}\n`);
  }

  /** Words for people on stdout; with --json there is no place for them, so they are dropped. */
  print(text: string): void {
    if (!this.options.json && text !== '') this.#stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** What is going on; silent with --quiet. */
  info(text: string): void {
    if (!this.options.quiet) this.#stderr.write(`${text}\n`);
  }

  /** Worth knowing even with --quiet. */
  warn(text: string): void {
    this.#stderr.write(`${this.onStderr('yellow', 'warning:')} ${text}\n`);
  }

  error(text: string): void {
    this.#stderr.write(`${text}\n`);
  }

  /** `text` styled for stdout, or as it is where colours do not belong. */
  style(style: Style, text: string): string {
    return paint(this.options.color && this.#stdout.isTTY === true, style, text);
  }

  /** Whether a person sees what goes to stderr at once. */
  get stderrIsTerminal(): boolean {
    return this.#stderr.isTTY === true;
  }

  onStderr(style: Style, text: string): string {
    return paint(this.options.color && this.#stderr.isTTY === true, style, text);
  }
}

function paint(colored: boolean, style: Style, text: string): string {
  return colored ? styleText(style, text, { validateStream: false }) : text;
}
