// Whether alerts can reach whom they are meant for, as far as the configuration tells. Sends nothing.
import type { Config, ConnectionConfig } from '../config/config.ts';
import type { Check } from '../engine/check-line.ts';

export function alertChecks(
  { server }: Pick<Config, 'server'>,
  { alerts }: Pick<ConnectionConfig, 'alerts'>,
): readonly Check[] {
  const mailed = alerts.filter((alert) => 'email' in alert).length;
  if (mailed === 0 || server.mail !== null) return [];
  return [
    {
      id: 'alerts.mail',
      status: 'warning',
      path: 'alerts',
      message: 'alerts are to be mailed, but no mail server is configured: nobody would get them',
      fix: 'Set server.mail in the configuration file, or use a webhook.',
    },
  ];
}
