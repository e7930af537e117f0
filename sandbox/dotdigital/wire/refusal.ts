// A request the service turns down, with the body each of the two frameworks would give. Never used for what succeeds.

/** One entry of a v3 error's details. */
export interface RefusalDetail {
  readonly item: string;
  readonly description: string;
}

/** Thrown by a handler; the error handler makes the answer of it. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: object) {
    super(JSON.stringify(body));
    this.name = 'Refusal';
    this.status = status;
    this.body = body;
  }
}

const V2_TEXT: Readonly<Record<string, string>> = {
  ERROR_CONTACT_SUPPRESSED: 'Contact is suppressed.',
  ERROR_CONTACT_SUPPRESSEDFORADDRESSBOOK: 'Contact is suppressed for address book.',
  ERROR_ADDRESSBOOK_NOTWRITABLE: 'Address book cannot be written to via the API.',
  ERROR_ADDRESSBOOK_DUPLICATE: 'That name is in use already, please choose another.',
  ERROR_NON_UNIQUE_DATAFIELD: 'Field already exists.',
  ERROR_PARAMETER_INVALID: 'Parameter is not valid.',
};

/**
 * A v2 refusal: one text with the code at its end.
 * @param text said before the code; default: what the service says for that code, or `Error:`
 */
export function refuseV2(status: number, code: string, text?: string): Refusal {
  return new Refusal(status, { message: `${text ?? V2_TEXT[code] ?? 'Error:'} ${code}` });
}

/** A v3 refusal; `code` is `service:code`. */
export function refuseV3(
  status: number,
  code: string,
  description: string,
  details: readonly RefusalDetail[] = [],
): Refusal {
  return new Refusal(status, { errorCode: code, description, ...(details.length > 0 && { details }) });
}

/** A value that cannot be the identifier it is given for. */
export function refuseInvalidId(identifier: string, value: string): Refusal {
  return refuseV3(400, 'contacts:invalidId', `The id value '${value}' is invalid for the identifier '${identifier}'`);
}

/** Nobody is found under an identifier. */
export function refuseUnknownContact(identifier: string, value: string): Refusal {
  return refuseV3(404, 'contacts:contactNotFound', 'The following contacts could not be found', [
    { item: value, description: `Not found using the identifier '${identifier}'` },
  ]);
}
