// The contract as an OpenAPI 3.1 document: made, never written. Knows nothing that the contract does not say.
import { z } from 'zod';
import { type CallSchemas, CONTRACT } from './contract/contract.ts';
import { ROUTES, type Route, type RouteId, TAGS } from './contract/routes.table.ts';
import { EVENTS } from './contract/runs.ts';
import { errorBody } from './contract/words.ts';

type Json = { readonly [key: string]: unknown };

/** @param version of this program */
export function openApi(version: string): Json {
  const paths: { [path: string]: { [method: string]: Json } } = {};
  for (const id of Object.keys(ROUTES) as RouteId[]) {
    const route: Route = ROUTES[id];
    const at = paths[route.path] ?? {};
    at[route.method.toLowerCase()] = operation(id, route, CONTRACT[id]);
    paths[route.path] = at;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lockstep',
      version,
      description:
        'Everything the dashboard does. Log in with a session cookie (and send its `csrfToken` back in `x-csrf-token` with everything but GET), or with `authorization: Bearer` and an API token.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'lockstep_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
      schemas: {
        Error: schemaOf(errorBody),
        Json: { description: 'Any JSON value.' },
        ...Object.fromEntries(Object.entries(EVENTS).map(([name, data]) => [`Event-${name}`, schemaOf(data)])),
      },
      responses: { Error: { description: 'Refused, and why.', ...inJson({ $ref: '#/components/schemas/Error' }) } },
    },
  };
}

function operation(id: RouteId, route: Route, schemas: CallSchemas): Json {
  const { access, summary, tag, method, status = 200 } = route;
  return {
    operationId: id,
    summary,
    description: access === 'public' ? 'Needs no log-in.' : `Needs the role ${access}.`,
    tags: [tag],
    security: access === 'public' ? [] : [{ session: [] }, { token: [] }],
    parameters: [
      ...parametersOf(schemas.params, 'path'),
      ...parametersOf(schemas.query, 'query'),
      ...(method === 'GET' || access === 'public'
        ? []
        : [{ name: 'x-csrf-token', in: 'header', description: 'With a session cookie.', schema: { type: 'string' } }]),
    ],
    ...(schemas.body === undefined
      ? {}
      : { requestBody: { required: !schemas.body.safeParse(undefined).success, ...inJson(schemaOf(schemas.body)) } }),
    responses: { [status]: success(route, schemas), default: { $ref: '#/components/responses/Error' } },
  };
}

function success(route: Route, { reply }: CallSchemas): Json {
  if (route.stream === true) {
    const names = Object.keys(EVENTS).join(', ');
    const description = `Server-sent events named ${names}; data as in the schemas Event-….`;
    return { description, content: { 'text/event-stream': { schema: { type: 'string' } } } };
  }
  if (route.status === 303) {
    return { description: 'On to the dashboard.', headers: { location: { schema: { type: 'string' } } } };
  }
  return reply === undefined ? { description: 'Done.' } : { description: 'Done.', ...inJson(schemaOf(reply)) };
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): readonly Json[] {
  return Object.entries(schema?.shape ?? {}).map(([name, of]) => {
    const { description, ...own } = schemaOf(of as z.ZodType);
    return {
      name,
      in: place,
      required: place === 'path' || !(of as z.ZodType).safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      schema: own,
    };
  });
}

const inJson = (schema: Json): Json => ({ content: { 'application/json': { schema } } });

/** What is sent over the wire, both ways: what a transformation makes of it here is nobody else's business. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, $defs: __, ...own } = z.toJSONSchema(schema, { io: 'input', reused: 'inline' });
  return JSON.parse(JSON.stringify(own).replaceAll('#/$defs/', '#/components/schemas/')) as Json;
}
