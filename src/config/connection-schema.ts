// One connection: a Sell account and a Dotdigital account with everything that is set between them.
import { z } from 'zod';
import { consentSchema } from './consent-schema.ts';
import {
  duration,
  grace,
  httpUrl,
  keepFor,
  loginName,
  secret,
  secretFile,
  text,
  timeOfDay,
  timeZone,
  token,
  webhookUrl,
} from './leaf-schemas.ts';
import { contactsSchema, leadsSchema } from './object-schema.ts';

/** Calls a second. Slower, and no run would ever end. */
const SLOWEST_RATE = 0.01;

const sell = z
  .strictObject({
    url: httpUrl.optional().describe('Address of the Sell API.'),
    accessToken: token.optional().describe('Personal access token. Give this or oauth.'),
    accessTokenFile: secretFile.optional(),
    oauth: z
      .strictObject({
        clientId: loginName.describe('Id of the OAuth client.'),
        clientSecret: secret.optional().describe('Secret of the OAuth client.'),
        clientSecretFile: secretFile.optional(),
        refreshToken: secret.optional().describe('Refresh token; it is renewed and kept encrypted in the database.'),
        refreshTokenFile: secretFile.optional(),
      })
      .optional()
      .describe('OAuth 2 instead of a personal access token.'),
    requestsPerSecond: z
      .number()
      .min(0)
      .max(100)
      .refine((rate) => rate <= 0 || rate >= SLOWEST_RATE, { error: `a number of at least ${SLOWEST_RATE}, or 0` })
      .optional()
      .describe('Calls are evenly spaced at this rate. Sell allows 36,000 an hour per token. 0: not paced.'),
  })
  .describe('The Zendesk Sell account.');

const dotdigital = z
  .strictObject({
    url: httpUrl
      .optional()
      .describe("Address of the Dotdigital API. Any region will do: the account's own region is found out."),
    user: loginName.describe('API user, such as apiuser-…@apiconnector.com.'),
    password: secret.optional().describe('Password of the API user.'),
    passwordFile: secretFile.optional(),
  })
  .describe('The Dotdigital account.');

const schedule = z
  .strictObject({
    every: duration.optional().describe('Time between two cycles while lockstep serve runs.'),
    productsAt: timeOfDay.optional().describe('When the daily product synchronisation is due.'),
    verifyAt: timeOfDay
      .nullable()
      .optional()
      .describe(
        'When lockstep serve compares both sides completely and reports the drift, every day; it writes nothing. null: never.',
      ),
    timezone: timeZone.optional().describe('Time zone of productsAt and verifyAt.'),
  })
  .describe('When things run.');

const products = z
  .strictObject({
    enabled: z.boolean().optional().describe('Whether the Sell product catalogue is copied to Dotdigital.'),
    collection: z
      .string()
      .regex(/^catalog_[A-Za-z0-9_-]{1,92}$/i, {
        error: 'a name that begins with Catalog_ and goes on with letters, digits, _ or -',
      })
      .optional()
      .describe('Name of the insight data collection.'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, { error: 'a currency code of three capital letters, such as GBP' })
      .nullable()
      .optional()
      .describe("Currency of the price. null: the Sell account's currency."),
    urlTemplate: text
      .nullable()
      .optional()
      .describe('Address of a product page; {id}, {sku} and {name} are filled in. null: http://www.example.com/.'),
    imageTemplate: text
      .nullable()
      .optional()
      .describe('Address of a product image, filled in likewise. null: no image.'),
    onRemoved: z
      .enum(['inactive', 'delete', 'keep'])
      .optional()
      .describe('What happens to a product that is inactive or deleted in Sell.'),
  })
  .describe('The product catalogue, Sell to Dotdigital.');

const brake = (counts: string) =>
  z
    .strictObject({
      count: z.int().min(0).optional().describe('Largest number that passes …'),
      percent: z.number().min(0).max(100).optional().describe('… or this share of the active links, if that is more.'),
      action: z
        .enum(['park', 'alert'])
        .optional()
        .describe(
          'park: wait for approval. alert: go on and tell. A brake given in the file parks unless it says alert.',
        ),
    })
    .describe(counts);

const brakes = z
  .strictObject({
    create: brake('Records created in a run and in 24 hours.').optional(),
    update: brake('Records updated.').optional(),
    clear: brake('Values blanked.').optional(),
    delete: brake('Contacts deleted.').optional(),
    listRemove: brake('Contacts taken off a lead status list.').optional(),
    unsubscribe: brake('Opt-outs written. They are never parked by this brake, only told.').optional(),
    unsubscribeStop: brake(
      'Opt-outs written, counted against the linked people now subscribed: more are parked for one decision.',
    ).optional(),
    resubscribe: brake('People subscribed again.').optional(),
  })
  .describe('Limits above which a run stops and asks. Alignment is approved as a whole and has no brakes.');

const alert = z.union(
  [
    z.strictObject({
      webhook: webhookUrl.meta({ writeOnly: true }).describe('Address that gets a POST with a JSON body.'),
    }),
    z.strictObject({ email: z.email().describe('Address that gets a mail.') }),
  ],
  { error: 'either { webhook: https://… } or { email: somebody@example.com }' },
);

export const connectionSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
        error: 'a name of letters, digits, . _ or -, beginning with a letter or digit',
      })
      .describe('Name of the connection in commands and reports.'),
    profile: z
      .enum(['classic', 'recommended'])
      .optional()
      .describe(
        'Which defaults apply. classic keeps to what the original integration did; recommended is more careful and quicker. Settings given here win over the profile.',
      ),
    sell,
    dotdigital,
    schedule: schedule.optional(),
    contacts: contactsSchema.optional(),
    leads: leadsSchema.optional(),
    consent: consentSchema.optional(),
    products: products.optional(),
    names: z
      .strictObject({
        requiredFor: z
          .enum(['both', 'sell-writes'])
          .optional()
          .describe('Where a first and a last name are needed: on both ways, or only to write to Sell.'),
      })
      .optional()
      .describe('Names.'),
    allowNonCustomer: z
      .boolean()
      .optional()
      .describe('Whether Sell contacts may be created that are neither prospect nor customer.'),
    partialWrite: z
      .boolean()
      .optional()
      .describe('Whether the rest of a record is written while one of its fields is held.'),
    deleteGrace: grace
      .optional()
      .describe(
        'How long a record that is gone from Sell is left alone before anything follows from it; a later cycle looks for it once more. none acts in the cycle that noticed it.',
      ),
    createDataFields: z.boolean().optional().describe('Whether mapped data fields that Dotdigital lacks are created.'),
    brakes: brakes.optional(),
    alerts: z
      .array(alert)
      .optional()
      .describe('Who is told when a run changes for the worse, and when it is well again.'),
    retention: z
      .strictObject({
        history: keepFor.optional().describe('How long the journal is kept.'),
        tombstones: keepFor
          .optional()
          .describe('How long deleted people are remembered, so that they do not come back.'),
        ledger: keepFor.optional().describe('How long the consent history is kept; only forever has an effect.'),
      })
      .optional()
      .describe('How long things are kept.'),
  })
  .describe('One Sell account and one Dotdigital account kept in step.');
