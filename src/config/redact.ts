// A configuration that can be shown: every secret replaced, everything else as it applies.
import type { Config, ConnectionConfig } from './config.ts';

export const HIDDEN = '***';

/** A postgres address without its password. */
export function redactDatabase(url: string): string {
  if (!URL.canParse(url) || url.startsWith('sqlite:')) return url;
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = HIDDEN;
  for (const key of parsed.searchParams.keys()) {
    if (/password|secret/i.test(key)) parsed.searchParams.set(key, HIDDEN);
  }
  return parsed.toString();
}

/** For `lockstep config show`: complete, defaults included, no secret. Plain JSON. */
export function redact(config: Config): { readonly [key: string]: unknown } {
  const { given: _, ...shown } = config;
  return {
    ...shown,
    database: redactDatabase(config.database),
    secretKey: config.secretKey === null ? null : HIDDEN,
    server: {
      ...config.server,
      mail:
        config.server.mail === null
          ? null
          : { ...config.server.mail, password: config.server.mail.password === null ? null : HIDDEN },
    },
    connections: config.connections.map(redactConnection),
  };
}

/** One connection, complete, without its secrets. */
export function redactConnection(connection: ConnectionConfig): { readonly [key: string]: unknown } {
  const { credentials } = connection.sell;
  const shown =
    credentials.type === 'token'
      ? { ...credentials, accessToken: HIDDEN }
      : { ...credentials, clientSecret: HIDDEN, refreshToken: HIDDEN };
  return {
    ...connection,
    sell: { ...connection.sell, credentials: shown },
    dotdigital: { ...connection.dotdigital, password: HIDDEN },
    // The path of a web hook is often all that protects it.
    alerts: connection.alerts.map((alert) =>
      'webhook' in alert ? { webhook: `${new URL(alert.webhook).origin}/${HIDDEN}` } : alert,
    ),
  };
}
