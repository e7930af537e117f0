// OAuth 2: a page where a user grants access, the token endpoint, revocation, token info.
// Never uses the Sell error envelope; errors here are those of RFC 6749.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteSet, SellContext } from './context.ts';
import type { QueryParameters } from './list-query.ts';
import { type OAuthClient, SCOPES, type Scope, type TokenPair } from './token-book.ts';

interface AuthorizeRequest {
  readonly client: OAuthClient;
  readonly redirectUri: string;
  readonly responseType: string;
  readonly state: string | undefined;
  readonly scope: string | undefined;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function sendPage(reply: FastifyReply, status: number, body: string): FastifyReply {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sell</title></head><body>${body}</body></html>`;
  return reply.code(status).type('text/html; charset=utf-8').send(html);
}

function readScopes(text: string | undefined): readonly Scope[] | undefined {
  const names = (text ?? 'read').split(/\s+/).filter((name) => name !== '');
  const scopes = SCOPES.filter((scope) => names.includes(scope));
  return scopes.length > 0 && scopes.length === new Set(names).size ? scopes : undefined;
}

/** The parameters of an authorization request; a text where they are no good and nobody can be redirected. */
function readAuthorizeRequest(
  context: SellContext,
  get: (name: string) => string | undefined,
): AuthorizeRequest | string {
  const client = context.tokens.client(get('client_id') ?? '');
  if (!client) return 'Unknown client.';
  const redirectUri = get('redirect_uri') ?? client.redirectUris[0] ?? '';
  if (!client.redirectUris.includes(redirectUri)) return 'The redirect URI is not registered for this client.';
  return { client, redirectUri, responseType: get('response_type') ?? '', state: get('state'), scope: get('scope') };
}

function redirectBack(
  reply: FastifyReply,
  asked: AuthorizeRequest,
  values: Readonly<Record<string, string | undefined>>,
): FastifyReply {
  const url = new URL(asked.redirectUri);
  const fragment = new URLSearchParams();
  const target = asked.responseType === 'token' ? fragment : url.searchParams;
  for (const [name, value] of Object.entries({ ...values, state: asked.state })) {
    if (value !== undefined) target.set(name, value);
  }
  if (asked.responseType === 'token') url.hash = fragment.toString();
  return reply.redirect(url.toString(), 302);
}

function renderGrantPage(context: SellContext, asked: AuthorizeRequest, scopes: readonly Scope[]): string {
  const hidden = {
    client_id: asked.client.id,
    redirect_uri: asked.redirectUri,
    response_type: asked.responseType,
    state: asked.state,
    scope: asked.scope,
  };
  const inputs = Object.entries(hidden)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value ?? '')}">`)
    .join('');
  const users = [...context.world.users.values()]
    .filter((user) => user.status === 'active')
    .map((user) => `<option value="${user.id}">${escapeHtml(user.name)}</option>`)
    .join('');
  return `<h1>${escapeHtml(asked.client.name)} asks for access</h1><p>Access: ${scopes.join(', ')}</p>
<form method="post" action="/oauth2/authorize">${inputs}<label>User <select name="user_id">${users}</select></label>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`;
}

function oauthError(reply: FastifyReply, status: number, error: string, description: string): FastifyReply {
  const body = {
    error,
    error_description: description,
    error_uri: 'https://developers.getbase.com/docs/rest/articles/oauth2/errors',
  };
  if (status === 401) reply.header('www-authenticate', 'Basic realm="Sell"');
  return reply.code(status).header('cache-control', 'no-store').send(body);
}

function readBasicClient(context: SellContext, request: FastifyRequest): OAuthClient | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const credentials = Buffer.from(encoded, 'base64').toString();
  const colon = credentials.indexOf(':');
  const client = colon < 0 ? undefined : context.tokens.client(credentials.slice(0, colon));
  return client?.secret === credentials.slice(colon + 1) ? client : undefined;
}

function readForm(request: FastifyRequest): URLSearchParams | undefined {
  const type = request.headers['content-type'] ?? '';
  if (!type.toLowerCase().startsWith('application/x-www-form-urlencoded')) return undefined;
  return new URLSearchParams(typeof request.body === 'string' ? request.body : '');
}

function sendPair(context: SellContext, reply: FastifyReply, pair: TokenPair): FastifyReply {
  return reply.header('cache-control', 'no-store').send({
    access_token: pair.access.token,
    token_type: 'bearer',
    expires_in: context.switches.accessTokenSeconds,
    refresh_token: pair.refreshToken,
    scope: pair.access.scopes.join(' '),
  });
}

const addAuthorizeRoutes: RouteSet = (app, context) => {
  app.get('/oauth2/authorize', (request, reply) => {
    const query = request.query as QueryParameters;
    const asked = readAuthorizeRequest(context, (name) => {
      const value = query[name];
      return typeof value === 'string' ? value : undefined;
    });
    if (typeof asked === 'string') return sendPage(reply, 400, `<p>${asked}</p>`);
    if (asked.responseType !== 'code' && asked.responseType !== 'token') {
      return redirectBack(reply, asked, { error: 'unsupported_response_type' });
    }
    const scopes = readScopes(asked.scope);
    if (!scopes) return redirectBack(reply, asked, { error: 'invalid_scope' });
    return sendPage(reply, 200, renderGrantPage(context, asked, scopes));
  });

  app.post('/oauth2/authorize', (request, reply) => {
    const form = readForm(request) ?? new URLSearchParams();
    const asked = readAuthorizeRequest(context, (name) => form.get(name) ?? undefined);
    if (typeof asked === 'string') return sendPage(reply, 400, `<p>${asked}</p>`);
    const scopes = readScopes(asked.scope);
    if (!scopes) return redirectBack(reply, asked, { error: 'invalid_scope' });
    if (form.get('decision') !== 'allow') return redirectBack(reply, asked, { error: 'access_denied' });
    const [first] = context.world.users.values();
    const userId = Number(form.get('user_id') ?? first?.id ?? 0);
    if (!context.world.users.has(userId)) return sendPage(reply, 400, '<p>Unknown user.</p>');
    const grant = { clientId: asked.client.id, userId, scopes, redirectUri: asked.redirectUri };
    if (asked.responseType === 'token') {
      const access = context.tokens.issueAccess(grant);
      const expires = String(context.switches.accessTokenSeconds);
      const values = { access_token: access.token, token_type: 'bearer', expires_in: expires, scope: scopes.join(' ') };
      return redirectBack(reply, asked, values);
    }
    return redirectBack(reply, asked, { code: context.tokens.issueCode(grant) });
  });
};

/** `/oauth2/authorize`, `/oauth2/token`, `/oauth2/revoke`, `/oauth2/token/info` */
export const addOauthRoutes: RouteSet = (app, context) => {
  addAuthorizeRoutes(app, context);

  app.post('/oauth2/token', (request, reply) => {
    const form = readForm(request);
    if (!form) return oauthError(reply, 400, 'invalid_request', 'The request must be form encoded.');
    const client = readBasicClient(context, request);
    if (!client) return oauthError(reply, 401, 'invalid_client', 'Client authentication failed.');
    const grantType = form.get('grant_type');
    if (grantType === 'authorization_code') {
      const code = form.get('code');
      if (!code) return oauthError(reply, 400, 'invalid_request', 'The parameter code is missing.');
      const pair = context.tokens.redeemCode(code, client.id, form.get('redirect_uri') ?? undefined);
      if (!pair) return oauthError(reply, 400, 'invalid_grant', 'The authorization code is invalid, expired or used.');
      return sendPair(context, reply, pair);
    }
    if (grantType === 'refresh_token') {
      const token = form.get('refresh_token');
      if (!token) return oauthError(reply, 400, 'invalid_request', 'The parameter refresh_token is missing.');
      const pair = context.tokens.refresh(token, client.id);
      if (!pair) return oauthError(reply, 400, 'invalid_grant', 'The refresh token is invalid or revoked.');
      return sendPair(context, reply, pair);
    }
    if (!grantType) return oauthError(reply, 400, 'invalid_request', 'The parameter grant_type is missing.');
    return oauthError(reply, 400, 'unsupported_grant_type', `The grant type ${grantType} is not supported.`);
  });

  app.post('/oauth2/revoke', (request, reply) => {
    const form = readForm(request);
    if (!form) return oauthError(reply, 400, 'invalid_request', 'The request must be form encoded.');
    if (!readBasicClient(context, request))
      return oauthError(reply, 401, 'invalid_client', 'Client authentication failed.');
    const token = form.get('token');
    if (!token) return oauthError(reply, 400, 'invalid_request', 'The parameter token is missing.');
    context.tokens.revoke(token);
    return reply.code(200).send({});
  });

  app.get('/oauth2/token/info', (request, reply) => {
    const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const access = bearer === undefined ? undefined : context.tokens.find(bearer);
    if (!access) return oauthError(reply, 401, 'invalid_token', 'The access token is invalid or expired.');
    const left = access.expiresAt === null ? null : Math.floor((access.expiresAt - context.clock.now()) / 1000);
    return reply.send({
      resource_owner_id: access.userId,
      token_type: 'bearer',
      scope: access.scopes.join(' '),
      expires_in: left,
      application: access.clientId === null ? null : { uid: access.clientId },
    });
  });
};
