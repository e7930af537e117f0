// Account information, server time and the recycle bin. Never answers for a reseller.

import type { FastifyInstance } from 'fastify';
import { emptyBin } from '../domain/recycle-bin.ts';
import { formatV2Date } from '../wire/dates.ts';
import type { SandboxParts } from './sandbox-parts.ts';

/** Adds `GET /v2/account-info`, the one call that works in every region. */
export function registerAccountInfo(app: FastifyInstance, parts: SandboxParts): void {
  const { account, limiter } = parts;
  app.get('/v2/account-info', { config: { tier: 'high', anyRegion: true } }, (request) => {
    const { settings, switches } = account;
    const now = account.clock.now();
    const property = (name: string, type: string, value: string): object => ({ name, type, value });
    const properties = [
      property('AvailableEmailSendsCredits', 'Int', '100000'),
      property('AvailableSmsSendsCredits', 'Int', '0'),
      property('PremiumWalletBalance', 'Decimal', '0.00'),
      property('ListManagedUsers', 'String', ''),
      property('Name', 'String', settings.name),
      property('MainMobilePhoneNumber', 'String', ''),
      property('MainEmail', 'String', 'owner@example.com'),
      property('APILocale', 'String', 'en-GB'),
      property('ApiCallsInLastHour', 'Int', String(limiter.callsInLastHour(now))),
      property('ApiCallsRemaining', 'Int', String(limiter.callsLeft(now))),
      property('ApiEndpoint', 'String', `${parts.endpointOf(request)}${switches.apiEndpointSlash ? '/' : ''}`),
      property('CurrencyCode', 'String', 'GBP'),
      property('CampaignEmailMtaPool', 'String', 'Sandbox pool'),
      property('ShowClock', 'Boolean', 'False'),
      property('TimeZoneIana', 'String', 'Europe/London'),
    ];
    return { id: settings.id, properties };
  });
}

/** Adds the other account calls. */
export function registerAccountCalls(app: FastifyInstance, { account }: SandboxParts): void {
  app.get('/v2/server-time', { config: { tier: 'high' } }, (_request, reply) => {
    const iso = formatV2Date(account.clock.now());
    if (account.switches.serverTime === 'json') {
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(iso));
    }
    return reply.type('text/plain').send(`${iso.slice(0, 23).replace('T', ' ')}000+00:00`);
  });

  app.post('/v2/accounts/empty-recycle-bin', { config: { tier: 'medium' } }, (_request, reply) => {
    emptyBin(account);
    return reply.code(202).send();
  });
}
