// What can be set for contacts and for leads. Says nothing of defaults: those are in profiles.table.ts.
import { z } from 'zod';
import { dataFieldName, direction, nameOrId, plainValue, text } from './leaf-schemas.ts';

const fieldSchema = z
  .strictObject({
    sell: text.describe(
      'Path of the Sell field: an attribute (first_name), a part of an address (address.city), custom_fields.NAME, or a read-only relation (owner.email).',
    ),
    dotdigital: dataFieldName.describe('Name of the Dotdigital data field.'),
    direction: direction
      .optional()
      .describe('Which side this field may be written on. Default: the direction of the object.'),
    conflict: z
      .enum(['sell', 'dotdigital', 'newest', 'hold'])
      .optional()
      .describe(
        'Who wins when both sides changed the field to different values. Default: sell; in recommended dotdigital for the fields Dotdigital keeps for itself (GENDER, LASTSUBSCRIBED). newest: neither service says when a single field changed, so the default wins.',
      ),
    blank: z
      .enum(['propagate', 'ignore'])
      .optional()
      .describe('Whether clearing the field on one side clears it on the other. Default: propagate.'),
    values: z
      .record(z.string(), plainValue)
      .optional()
      .describe('Translation of values, Dotdigital value to Sell value.'),
  })
  .meta({ title: 'field' });

const scope = z
  .strictObject({
    dotdigitalLists: z
      .array(nameOrId)
      .optional()
      .describe('Only members of one of these Dotdigital lists (by name or id) are synchronised. Empty: everybody.'),
    sellTags: z.array(text).optional().describe('Only Sell records with one of these tags, in any case. Empty: all.'),
    sellOwners: z
      .array(nameOrId)
      .optional()
      .describe('Only Sell records of one of these owners (by e-mail address or id). Empty: all.'),
    pauseList: nameOrId
      .nullable()
      .optional()
      .describe('Members of this Dotdigital list are paused: nothing but opt-outs travels.'),
    pauseTag: text
      .optional()
      .describe('Sell records with this tag, in any case, are paused: nothing but opt-outs travels.'),
  })
  .describe('Who takes part. Whoever leaves the scope is paused, never deleted.');

const alignment = z
  .strictObject({
    mode: z
      .enum(['none', 'sell-to-dotdigital', 'dotdigital-to-sell', 'both'])
      .optional()
      .describe('Where the first alignment may write. none: only links are made.'),
    winner: z
      .enum(['sell', 'dotdigital', 'fill-blanks', 'newest'])
      .optional()
      .describe(
        'Whose value is taken where both sides have different ones. fill-blanks: neither, only blanks are filled. Where only Sell may be written, classic takes dotdigital.',
      ),
  })
  .describe('The first alignment of the data (lockstep align).');

const objectKeys = {
  enabled: z.boolean().optional().describe('Whether these records are synchronised at all.'),
  direction: direction.optional().describe('Which side may be written.'),
  multipleMatch: z
    .enum(['email-and-names', 'email', 'do-not-update'])
    .optional()
    .describe(
      'What to do when several Sell records have the address of a Dotdigital contact: update the first with equal names, update the first, or none.',
    ),
  multipleMatchFirst: z
    .enum(['oldest', 'newest-updated', 'latest-stage'])
    .optional()
    .describe('Which of several matching Sell records is the first.'),
  strictSingle: z
    .boolean()
    .optional()
    .describe(
      'With multipleMatch email-and-names: whether the only Sell record with an address is held instead of linked when its names differ.',
    ),
  fields: z
    .array(fieldSchema)
    .nullable()
    .optional()
    .describe('The mapped fields. Left out or null: the default mapping. E-mail is always mapped.'),
  alignment: alignment.optional(),
  onEmailChange: z
    .enum(['rename', 'new', 'hold'])
    .optional()
    .describe(
      'What happens in Dotdigital when the address changes in Sell: the contact is renamed, a new contact is made, or the change waits for a person.',
    ),
  delete: z
    .enum(['delete', 'queue', 'mark', 'remove-from-lists', 'ignore'])
    .optional()
    .describe('What happens in Dotdigital when a record was deleted in Sell. queue: deleted after approval.'),
  afterDotdigitalDelete: z
    .enum(['stay-deleted', 'recreate'])
    .optional()
    .describe('What happens when a Sell record changes after its Dotdigital contact was deleted.'),
  scope: scope.optional(),
  idField: dataFieldName.nullable().optional().describe('Dotdigital data field that carries the Sell id. null: none.'),
};

export const contactsSchema = z
  .strictObject(objectKeys)
  .describe('Sell contacts (people, not organisations) and Dotdigital contacts.');

export const leadsSchema = z
  .strictObject({
    ...objectKeys,
    listPrefix: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('Beginning of the names of the lead status lists in Dotdigital; the lead status follows.'),
    createLeadIfContactExists: z
      .boolean()
      .optional()
      .describe(
        'Whether somebody who is put on a lead list becomes a Sell lead although they are a Sell contact already. Contacts are known only while they are synchronised.',
      ),
    enforceSingleList: z
      .boolean()
      .optional()
      .describe('Whether a lead is taken off its other lead status lists when it is added to one.'),
  })
  .describe('Sell leads and the Dotdigital contacts on the lead status lists.');
