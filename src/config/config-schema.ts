// The one schema of the configuration file: validation, JSON Schema, documentation and types come from it.
import { z } from 'zod';
import { connectionSchema } from './connection-schema.ts';
import { httpUrl, secret, secretFile, text } from './leaf-schemas.ts';

/** Bytes of the key that encrypts stored secrets. */
const SECRET_KEY_BYTES = 32;

/** The key's bytes from base64 or hexadecimal text; null when it is not 32 bytes. */
export function parseSecretKey(encoded: string): Uint8Array | null {
  const hex = /^[0-9a-fA-F]{64}$/.test(encoded);
  const bytes = Buffer.from(encoded, hex ? 'hex' : 'base64');
  return (hex || /^[A-Za-z0-9+/_-]{43}=?$/.test(encoded)) && bytes.length === SECRET_KEY_BYTES
    ? new Uint8Array(bytes)
    : null;
}

/** As the driver of the database reads it. */
const isPostgres = (url: string): boolean => /^postgres(ql)?:\/\/./.test(url) && URL.canParse(url);

export const configSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this file format.'),
    database: text
      .refine((url) => !/\p{Cc}/u.test(url) && (/^sqlite:.+/.test(url) || isPostgres(url)), {
        error: 'sqlite:PATH (such as sqlite:./lockstep-data/lockstep.db) or postgres://user:password@host:5432/name',
      })
      .optional()
      .describe(
        'Where everything is kept. A relative path counts from the working directory. --database overrides it.',
      ),
    server: z
      .strictObject({
        host: text.optional().describe('Address lockstep serve listens on.'),
        port: z.int().min(0).max(65_535).optional().describe('Port lockstep serve listens on. 0: any free one.'),
        publicUrl: httpUrl
          .optional()
          .describe(
            'Address by which people reach the dashboard, for links in alerts and for OAuth. With https:// the session cookie is kept to encrypted connections. Default: the address it listens on.',
          ),
        privateAddresses: z
          .boolean()
          .optional()
          .describe(
            'Whether connections that are edited in the dashboard may point at this machine or inside the network. Connections of this file always may.',
          ),
        mail: z
          .strictObject({
            host: text.describe('Mail server.'),
            port: z.int().min(1).max(65_535).optional().describe('Its port. Default: 465 with secure, else 587.'),
            secure: z
              .boolean()
              .optional()
              .describe(
                'TLS from the first byte. Otherwise the connection is encrypted as soon as the server offers it.',
              ),
            user: text.optional().describe('Name to log in with.'),
            password: secret.optional().describe('Password to log in with.'),
            passwordFile: secretFile.optional(),
            from: z.email().describe('Sender of the mails.'),
          })
          .optional()
          .describe('How alerts are mailed.'),
      })
      .optional()
      .describe('The HTTP server of lockstep serve.'),
    secretKey: secret
      .optional()
      .describe(
        '32 bytes in base64 or hexadecimal that encrypt stored secrets. Left out: a key file readable only by its owner is made beside the database.',
      ),
    secretKeyFile: secretFile.optional(),
    connections: z
      .array(connectionSchema)
      .optional()
      .describe('The connections, each a pair of accounts. Further ones can be made in the dashboard.'),
  })
  .meta({ title: 'Lockstep configuration' });

export type ConfigInput = z.infer<typeof configSchema>;
export type ConnectionInput = NonNullable<ConfigInput['connections']>[number];
export type FieldConfig = NonNullable<NonNullable<NonNullable<ConnectionInput['contacts']>['fields']>[number]>;
