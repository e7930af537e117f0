// Reads the body of a control request.
// Never used by the simulated API, whose bodies have an envelope.

import type { FastifyRequest } from 'fastify';

/** The JSON object in a control request; an empty one when there is no body. */
export function readControlBody(request: FastifyRequest): Readonly<Record<string, unknown>> {
  const text = typeof request.body === 'string' ? request.body : '';
  if (text.trim() === '') return {};
  const body: unknown = JSON.parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new TypeError('the body must be a JSON object');
  return body as Readonly<Record<string, unknown>>;
}
