// What a connector could not read and went on without. Told, so that nothing is lost in silence.

/** Something in an answer that could not be read; the rest of the answer was used. */
export interface Oddity {
  /** Which call, e.g. `contacts`. */
  readonly where: string;
  /** Id of the record at fault, where it could be read. */
  readonly id: string | null;
  readonly message: string;
}
