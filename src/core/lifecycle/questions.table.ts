// Every question a person may answer, and what each answer means. Answers are carried out where the question came up. (4.9)
import type { Choice } from '../model/choice.ts';
import type { HoldCode } from '../model/hold.ts';
import type { RowId } from '../model/row.ts';
import type { Settings } from '../model/settings.ts';

type Words = (labels: Settings['labels']) => string;

export interface Question {
  readonly codes: readonly HoldCode[];
  readonly rows: readonly RowId[];
  readonly choices: { readonly [C in Choice]?: Words };
}

export const QUESTIONS = {
  'which-record': {
    codes: ['MULTI_MATCH', 'MULTI_MATCH_NO_NAME'],
    rows: ['H4', 'H5', 'H6'],
    choices: {
      link: ({ crm }) => `this ${crm} record is the person; the others are left alone`,
      'keep-apart': ({ crm }) => `this ${crm} record is somebody else`,
    },
  },
  'address-taken': {
    codes: ['EMAIL_TAKEN'],
    rows: ['C21'],
    choices: {
      relink: ({ marketing }) => `link the record to the ${marketing} contact that has the address; the old contact stays, unlinked`,
      swap: ({ marketing }) => `the two records exchanged their addresses: exchange their ${marketing} contacts too`,
      'keep-apart': ({ crm, marketing }) => `keep the link and leave the address in ${marketing} different from the one in ${crm}`,
    },
  },
  'address-in-use': {
    codes: ['EMAIL_TAKEN'],
    rows: ['C21'],
    choices: {
      'keep-apart': ({ crm, marketing }) => `leave this ${marketing} contact out of ${crm}`,
    },
  },
  'already-contact': {
    codes: ['ALREADY_CONTACT'],
    rows: ['L4'],
    choices: {
      create: ({ crm }) => `make the lead in ${crm} all the same`,
      'keep-apart': ({ crm }) => `no lead for this person in ${crm}`,
    },
  },
  'two-persons': {
    codes: ['MERGE_TWO_PERSONS'],
    rows: ['D5'],
    choices: {
      delete: ({ marketing }) => `they are one person: delete this ${marketing} contact; a suppression of its address stays`,
      keep: ({ marketing }) => `keep this ${marketing} contact, unlinked`,
    },
  },
  collision: {
    codes: ['CONVERSION_COLLISION'],
    rows: ['D10'],
    choices: {
      relink: ({ marketing }) => `this ${marketing} contact is the person: link it to what the lead became`,
      keep: () => 'leave the other link as it is; this one ends with its lead',
    },
  },
  'came-back': {
    codes: ['EDITED_AFTER_DELETE'],
    rows: ['D14'],
    choices: {
      relink: () => 'it is the same person: link the two again',
      'keep-apart': () => 'leave the two unlinked',
    },
  },
  'stays-deleted': {
    codes: ['EDITED_AFTER_DELETE'],
    rows: ['D13'],
    choices: {
      restore: ({ marketing }) => `make the contact in ${marketing} again`,
      'keep-apart': ({ marketing }) => `leave the person out of ${marketing}`,
    },
  },
  'edited-after-delete': {
    codes: ['EDITED_AFTER_DELETE'],
    rows: ['D17'],
    choices: {
      delete: ({ marketing }) => `delete the ${marketing} contact after all`,
      keep: ({ marketing }) => `keep the ${marketing} contact, unlinked`,
    },
  },
} as const satisfies { readonly [name: string]: Question };

export type QuestionName = keyof typeof QUESTIONS;
