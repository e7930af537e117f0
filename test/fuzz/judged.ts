// What is said of one case, whichever door it came in at.
export interface Judged {
  /** The case in one line. */
  readonly what: string;
  readonly outcome: string;
  /** Empty when everything holds. */
  readonly wrong: readonly string[];
  /** What was sent and answered, for whoever looks into it. */
  readonly told: string;
}
