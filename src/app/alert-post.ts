// How an alert reaches people: a web hook or a mail. Knows no rule; a web hook's address never gets into a message or the store.
import { createTransport } from 'nodemailer';
import type { AlertConfig, MailConfig } from '../config/config.ts';
import { ConnectorError } from '../connectors/error.ts';
import { createHttpClient } from '../connectors/http/http-client.ts';
import type { AlertNotice } from '../engine/watch-alerts.ts';

const TIMEOUT_MS = 15_000;

/** The name a recipient goes by: an address, or the host of a web hook, whose path is often all that protects it. */
export function recipientOf(alert: AlertConfig, index: number): string {
  return 'email' in alert ? alert.email : `${new URL(alert.webhook).origin} (${index + 1})`;
}

/** @param link where people look further @returns why it did not go out; null when it did */
export async function postAlert(
  alert: AlertConfig,
  notice: AlertNotice,
  how: { readonly mail: MailConfig | null; readonly link: string },
): Promise<string | null> {
  try {
    if ('webhook' in alert) await postWebhook(alert.webhook, { ...notice, link: how.link });
    else await mail(alert.email, notice, how);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function postWebhook(address: string, body: object): Promise<void> {
  const url = new URL(address);
  const http = createHttpClient({
    baseUrl: url.origin,
    headers: { 'user-agent': 'lockstep-sync' },
    classify: (reply) => ({
      kind: reply.status >= 500 ? 'unavailable' : 'rejected',
      outcome: 'refused',
      message: `answered ${reply.status}`,
    }),
    concurrency: 1,
    timeoutMs: TIMEOUT_MS,
    retry: { maxAttempts: 2, maxElapsedMs: TIMEOUT_MS },
  });
  await http
    .send({
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      name: url.origin,
      body: { json: body },
      // Twice told is better than not at all.
      idempotent: true,
      counts: 'none',
      secrets: [url.pathname, url.search].filter((part) => part.length > 3),
      read: () => undefined,
    })
    .catch((error: unknown) => {
      throw error instanceof ConnectorError ? new Error(error.message) : error;
    });
}

async function mail(
  to: string,
  { connection, state, severity, message, since }: AlertNotice,
  { mail: config, link }: { readonly mail: MailConfig | null; readonly link: string },
): Promise<void> {
  if (config === null) throw new Error('No mail server is configured: set server.mail.');
  const { host, port, secure, user, password, from } = config;
  const transport = createTransport({
    host,
    port,
    secure,
    connectionTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
  });
  const what = state === 'ended' ? 'Over' : severity === 'critical' ? 'Critical' : 'Warning';
  try {
    await transport.sendMail({
      from,
      to,
      subject: `[Lockstep] ${what}: ${connection}`,
      text: [
        `${state === 'ended' ? 'This is over: ' : ''}${message}`,
        '',
        `Connection: ${connection}`,
        `Since: ${since}`,
        link,
      ].join('\n'),
    });
  } finally {
    transport.close();
  }
}
