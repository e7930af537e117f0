// Who makes a change, which decides the rules it is held to.

/** A user behind a token, or a person at the screen. */
export interface Author {
  readonly userId: number;
  /** True for a person inside the product: may set times and ids, and is not held to the API's own rules. */
  readonly person: boolean;
}
