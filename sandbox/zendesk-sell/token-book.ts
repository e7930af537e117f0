// Access tokens, refresh tokens and authorization codes of a simulated account.
// Never expires anything by a timer; lifetimes are compared with the clock when a token is shown.

import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { SellSwitches } from './switches.ts';

/** What a token may do. */
export type Scope = 'read' | 'write' | 'profile' | 'sync';
/** Every scope there is. */
export const SCOPES: readonly Scope[] = ['read', 'write', 'profile', 'sync'];

/** An access token. */
export interface AccessToken {
  readonly token: string;
  readonly userId: number;
  readonly scopes: readonly Scope[];
  /** Milliseconds since the epoch; null: never. */
  readonly expiresAt: number | null;
  readonly clientId: string | null;
}

/** An OAuth client as registered by an administrator. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  readonly redirectUris: readonly string[];
  readonly name: string;
}

/** What a user has granted to a client. */
export interface Grant {
  readonly clientId: string;
  readonly userId: number;
  readonly scopes: readonly Scope[];
  readonly redirectUri: string;
}

interface Code extends Grant {
  readonly expiresAt: number;
  /** The tokens it was exchanged for, so that a second use can take them back. */
  issued: readonly string[] | undefined;
}

/** The pair a token request is answered with. */
export interface TokenPair {
  readonly access: AccessToken;
  readonly refreshToken: string;
}

/** Minutes an authorization code can be used. */
const CODE_LIFE_MS = 10 * 60 * 1000;

/** All credentials of a sandbox. */
export class TokenBook {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #switches: SellSwitches;
  readonly #access = new Map<string, AccessToken>();
  readonly #refresh = new Map<string, Grant>();
  readonly #codes = new Map<string, Code>();
  readonly #clients = new Map<string, OAuthClient>();

  constructor(clock: Clock, random: Random, switches: SellSwitches) {
    this.#clock = clock;
    this.#random = random;
    this.#switches = switches;
  }

  addClient(client: OAuthClient): void {
    this.#clients.set(client.id, client);
  }

  client(id: string): OAuthClient | undefined {
    return this.#clients.get(id);
  }

  /** Makes a personal access token: 64 characters, unlimited life. */
  issuePersonal(userId: number, scopes: readonly Scope[] = SCOPES, token = this.#random.text(64)): AccessToken {
    const access: AccessToken = { token, userId, scopes, expiresAt: null, clientId: null };
    this.#access.set(token, access);
    return access;
  }

  /** The token, unless unknown, revoked or expired. */
  find(token: string): AccessToken | undefined {
    const access = this.#access.get(token);
    if (!access || (access.expiresAt !== null && access.expiresAt <= this.#clock.now())) return undefined;
    return access;
  }

  /** Takes back an access token or a refresh token; false when it is unknown. */
  revoke(token: string): boolean {
    return this.#access.delete(token) || this.#refresh.delete(token);
  }

  /** Ends every token of a user. */
  revokeUser(userId: number): void {
    for (const [token, access] of this.#access) if (access.userId === userId) this.#access.delete(token);
    for (const [token, grant] of this.#refresh) if (grant.userId === userId) this.#refresh.delete(token);
  }

  issueCode(grant: Grant): string {
    const code = this.#random.text(40);
    this.#codes.set(code, { ...grant, expiresAt: this.#clock.now() + CODE_LIFE_MS, issued: undefined });
    return code;
  }

  /** Exchanges a code once; a second try revokes what the first one gave. */
  redeemCode(code: string, clientId: string, redirectUri: string | undefined): TokenPair | undefined {
    const entry = this.#codes.get(code);
    if (!entry || entry.clientId !== clientId || entry.expiresAt <= this.#clock.now()) return undefined;
    if (entry.issued) {
      for (const token of entry.issued) this.revoke(token);
      return undefined;
    }
    if (redirectUri !== undefined && redirectUri !== entry.redirectUri) return undefined;
    const pair = this.issuePair(entry);
    entry.issued = [pair.access.token, pair.refreshToken];
    return pair;
  }

  /** A new pair for a refresh token; whether the used one lives on is a switch. */
  refresh(refreshToken: string, clientId: string): TokenPair | undefined {
    const grant = this.#refresh.get(refreshToken);
    if (!grant || grant.clientId !== clientId) return undefined;
    if (this.#switches.refreshTokenRotation === 'old-dies') this.#refresh.delete(refreshToken);
    return this.issuePair(grant);
  }

  issuePair(grant: Grant): TokenPair {
    const access = this.issueAccess(grant);
    const refreshToken = this.#random.text(64);
    const { clientId, userId, scopes, redirectUri } = grant;
    this.#refresh.set(refreshToken, { clientId, userId, scopes, redirectUri });
    return { access, refreshToken };
  }

  issueAccess(grant: Grant): AccessToken {
    const access: AccessToken = {
      token: this.#random.text(64),
      userId: grant.userId,
      scopes: grant.scopes,
      expiresAt: this.#clock.now() + this.#switches.accessTokenSeconds * 1000,
      clientId: grant.clientId,
    };
    this.#access.set(access.token, access);
    return access;
  }
}
