// Every question a person may answer, and what each answer means. Answers are carried out where the question came up. (4.9)
import type { Choice } from '../model/choice.ts';
import type { HoldCode } from '../model/hold.ts';
import type { RowId } from '../model/row.ts';
import type { Settings } from '../model/settings.ts';

type Words = (labels: Settings['labels']) => string;

export interface Question {
  readonly question: Words;
  readonly codes: readonly HoldCode[];
  readonly rows: readonly RowId[];
  readonly choices: { readonly [C in Choice]?: Words };
}

export const QUESTIONS = {
  'which-record': {
    question: ({ crm }) => `Is this ${crm} record the person?`,
    codes: ['MULTI_MATCH', 'MULTI_MATCH_NO_NAME'],
    rows: ['H4', 'H5', 'H6'],
    choices: {
      link: ({ crm }) => `this ${crm} record is the person; the others are left alone`,
      'keep-apart': ({ crm }) => `this ${crm} record is somebody else`,
    },
  },
  'address-taken': {
    question: ({ crm, marketing }) => `The address in ${crm} belongs to another ${marketing} contact. What is to become of the two?`,
    codes: ['EMAIL_TAKEN'],
    rows: ['C21'],
    choices: {
      relink: ({ marketing }) => `link the record to the ${marketing} contact that has the address; the old contact stays, unlinked`,
      swap: ({ marketing }) => `the two records exchanged their addresses: exchange their ${marketing} contacts too`,
      'keep-apart': ({ crm, marketing }) => `keep the link and leave the address in ${marketing} different from the one in ${crm}`,
    },
  },
  'address-in-use': {
    question: ({ crm, marketing }) => `The address is in use already. Is this ${marketing} contact to stay out of ${crm}?`,
    codes: ['EMAIL_TAKEN'],
    rows: ['C21'],
    choices: {
      'keep-apart': ({ crm, marketing }) => `leave this ${marketing} contact out of ${crm}`,
    },
  },
  'already-contact': {
    question: ({ crm }) => `This person is a contact in ${crm} already. Is a lead to be made as well?`,
    codes: ['ALREADY_CONTACT'],
    rows: ['L4'],
    choices: {
      create: ({ crm }) => `make the lead in ${crm} all the same`,
      'keep-apart': ({ crm }) => `no lead for this person in ${crm}`,
    },
  },
  'two-persons': {
    question: ({ marketing }) => `Two records became one in the merge. What is to become of the other ${marketing} contact?`,
    codes: ['MERGE_TWO_PERSONS'],
    rows: ['D5'],
    choices: {
      delete: ({ marketing }) => `they are one person: delete this ${marketing} contact; a suppression of its address stays`,
      keep: ({ marketing }) => `keep this ${marketing} contact, unlinked`,
    },
  },
  collision: {
    question: () => 'What the lead became is linked to somebody else already. Which link is right?',
    codes: ['CONVERSION_COLLISION'],
    rows: ['D10'],
    choices: {
      relink: ({ marketing }) => `this ${marketing} contact is the person: link it to what the lead became`,
      keep: () => 'leave the other link as it is; this one ends with its lead',
    },
  },
  'came-back': {
    question: () => 'The record is back. Is it the same person?',
    codes: ['EDITED_AFTER_DELETE'],
    rows: ['D14'],
    choices: {
      relink: () => 'it is the same person: link the two again',
      'keep-apart': () => 'leave the two unlinked',
    },
  },
  'stays-deleted': {
    question: ({ marketing }) => `The person was deleted in ${marketing} and edited since. Is the contact to be made again?`,
    codes: ['EDITED_AFTER_DELETE'],
    rows: ['D13'],
    choices: {
      restore: ({ marketing }) => `make the contact in ${marketing} again`,
      'keep-apart': ({ marketing }) => `leave the person out of ${marketing}`,
    },
  },
  'list-renamed': {
    question: ({ marketing }) => `The list was renamed in ${marketing}. What is it to be called?`,
    codes: ['LEAD_LIST_RENAMED'],
    rows: ['L11'],
    choices: {
      restore: ({ marketing }) => `give the list its old name back in ${marketing}`,
      keep: () => 'keep the new name',
    },
  },
  'edited-after-delete': {
    question: ({ crm, marketing }) => `The person was deleted in ${crm} and edited in ${marketing} since. What is to become of the contact?`,
    codes: ['EDITED_AFTER_DELETE'],
    rows: ['D17'],
    choices: {
      delete: ({ marketing }) => `delete the ${marketing} contact after all`,
      keep: ({ marketing }) => `keep the ${marketing} contact, unlinked`,
    },
  },
} as const satisfies { readonly [name: string]: Question };

export type QuestionName = keyof typeof QUESTIONS;

/** What a question asks, in words. @param key as the hold keeps it; null for one of another version */
export function questionText(key: string, labels: Settings['labels']): string | null {
  const [name = ''] = key.split(' ');
  const question = Object.entries(QUESTIONS).find(([known]) => known === name)?.[1];
  return question?.question(labels) ?? null;
}
