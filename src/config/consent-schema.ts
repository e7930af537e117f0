// What can be set for opt-ins and opt-outs. Says nothing of defaults: those are in profiles.table.ts.
import { z } from 'zod';
import { direction, plainValue, text } from './leaf-schemas.ts';

const signals = (records: string) =>
  z
    .strictObject({
      tags: z
        .strictObject({
          optIn: z.array(text).optional().describe('Tags that mean: opted in. The first is the one that is written.'),
          optOut: z.array(text).optional().describe('Tags that mean: opted out. The first is the one that is written.'),
        })
        .optional()
        .describe(`Tags of Sell ${records} that carry consent.`),
      field: z
        .strictObject({
          name: text.describe('Name of a Sell custom field, or of a standard field.'),
          optIn: z.array(plainValue).describe('Values that mean: opted in. The first is the one that is written.'),
          optOut: z.array(plainValue).describe('Values that mean: opted out. The first is the one that is written.'),
        })
        .nullable()
        .optional()
        .describe(`A field of Sell ${records} that carries consent.`),
      default: z
        .enum(['none', 'opted-in', 'opted-out'])
        .optional()
        .describe(
          'What a Sell record without any signal means. A default only ever decides for new Dotdigital contacts.',
        ),
    })
    .describe(`How consent is read from Sell ${records}.`);

export const consentSchema = z
  .strictObject({
    enabled: z.boolean().optional().describe('Whether opt-ins and opt-outs are synchronised.'),
    direction: direction.optional().describe('Which side may be written.'),
    contacts: signals('contacts').optional(),
    leads: signals('leads').optional(),
    createSuppressed: z
      .boolean()
      .optional()
      .describe(
        'Whether a suppressed Dotdigital contact unknown in Sell is created there, so that the opt-out is on record.',
      ),
    createSuppressedAs: z
      .enum(['contact', 'lead'])
      .nullable()
      .optional()
      .describe('As what. null: as a contact when contacts are synchronised, else as a lead.'),
    optOutTrigger: z
      .enum(['with-change', 'immediate'])
      .optional()
      .describe('Whether an opt-out in Dotdigital travels at once or together with the next other change.'),
    optInTrigger: z.enum(['with-change', 'immediate']).optional().describe('The same for an opt-in in Dotdigital.'),
    resubscribe: z
      .enum(['challenge', 'no-challenge', 'hold'])
      .optional()
      .describe(
        'What happens when somebody who opted out in Dotdigital opts in again in Sell: a confirmation mail, subscribed at once, or a person decides.',
      ),
    unknownConsentAs: z
      .enum(['subscribed', 'unsubscribed'])
      .optional()
      .describe(
        'How a new Dotdigital contact is made when nothing is known of its consent. Also used while consent is not synchronised.',
      ),
    optOutAs: z
      .enum(['unsubscribed', 'suppressed'])
      .optional()
      .describe('What an opt-out in Sell becomes in Dotdigital.'),
    optInType: z
      .enum(['unknown', 'single', 'double', 'verifiedDouble'])
      .optional()
      .describe('Opt-in type written with an opt-in from Sell.'),
  })
  .describe(
    'Opt-ins and opt-outs. They never go through field rules. Where contacts or leads are switched off, opt-outs of theirs count all the same, by the tags and the field given here.',
  );
