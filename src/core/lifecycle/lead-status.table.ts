// The status of a lead and the list that stands for it: which side moves the other. (L3-L9)
import { decisionTable } from '../model/decision-table.ts';

export type LeadStatusFacts = {
  /** The lead's status in the CRM against the base. */
  readonly crm: 'same' | 'changed';
  /**
   * The list that counts (joined last) against the base; `none` = on no lead list any more, `never` = never was, `lost` = the
   * list itself was deleted, `left` = off the lists since the person opted out, `back` = and has opted in again since.
   */
  readonly lists: 'same' | 'changed' | 'none' | 'never' | 'lost' | 'left' | 'back';
  /** Whether the list that counts already stands for the CRM's status. */
  readonly equal: 'yes' | 'no';
  readonly targets: 'both' | 'to-marketing' | 'to-crm' | 'none';
  readonly winner: 'crm' | 'marketing';
};

export type LeadStatusOutcome = 'nothing' | 'agree' | 'move-list' | 'set-status' | 'pause' | 'drift';

const TO_LISTS = ['both', 'to-marketing'] as const;
const TO_CRM = ['both', 'to-crm'] as const;

export const LEAD_STATUS_TABLE = decisionTable<LeadStatusFacts, LeadStatusOutcome>({
  name: 'lead-status',
  facts: {
    crm: ['same', 'changed'],
    lists: ['same', 'changed', 'none', 'never', 'lost', 'left', 'back'],
    equal: ['yes', 'no'],
    targets: ['both', 'to-marketing', 'to-crm', 'none'],
    winner: ['crm', 'marketing'],
  },
  impossible: (f) => f.equal === 'yes' && f.lists !== 'same' && f.lists !== 'changed',
  rows: [
    { id: 'L5', when: { equal: 'yes', crm: 'same', lists: 'same' }, then: 'nothing', because: 'the list stands for the status' },
    { id: 'C8', when: { equal: 'yes', crm: 'changed', lists: ['same', 'changed'] }, then: 'agree', because: 'the change made list and status agree' },
    { id: 'C8', when: { equal: 'yes', crm: 'same', lists: 'changed' }, then: 'agree', because: 'the change made list and status agree' },
    { id: 'L2', when: { lists: 'never', targets: [...TO_LISTS] }, then: 'move-list', because: 'a lead belongs on the list of its status' },
    { id: 'L2', when: { lists: 'never', targets: ['to-crm', 'none'] }, then: 'drift', because: 'the direction does not let the CRM write to marketing' },
    { id: 'L3', when: { crm: 'changed', lists: 'same', equal: 'no', targets: [...TO_LISTS] }, then: 'move-list', because: 'the status changed in the CRM' },
    { id: 'L3', when: { crm: 'changed', lists: 'same', equal: 'no', targets: ['to-crm', 'none'] }, then: 'drift', because: 'the direction does not let the CRM write to marketing' },
    { id: 'L5', when: { crm: 'same', lists: 'changed', equal: 'no', targets: [...TO_CRM] }, then: 'set-status', because: 'the contact was added to another lead list' },
    { id: 'L5', when: { crm: 'same', lists: 'changed', equal: 'no', targets: ['to-marketing', 'none'] }, then: 'drift', because: 'the direction does not let marketing write to the CRM' },
    { id: 'L9', when: { crm: 'changed', lists: 'changed', equal: 'no', targets: 'both', winner: 'crm' }, then: 'move-list', because: 'both sides moved the lead and the CRM wins' },
    { id: 'L9', when: { crm: 'changed', lists: 'changed', equal: 'no', targets: 'both', winner: 'marketing' }, then: 'set-status', because: 'both sides moved the lead and marketing wins' },
    { id: 'S2', when: { crm: 'changed', lists: 'changed', equal: 'no', targets: 'to-marketing' }, then: 'move-list', because: 'one-way to marketing: the CRM decides' },
    { id: 'S2', when: { crm: 'changed', lists: 'changed', equal: 'no', targets: 'to-crm' }, then: 'set-status', because: 'one-way to the CRM: marketing decides' },
    { id: 'S2', when: { crm: 'changed', lists: 'changed', equal: 'no', targets: 'none' }, then: 'drift', because: 'the direction lets neither side be written' },
    { id: 'S2', when: { crm: 'same', lists: 'same', equal: 'no' }, then: 'drift', because: 'a muted side was edited before; nothing is new' },
    { id: 'L8', when: { crm: 'same', lists: 'none' }, then: 'pause', because: 'the contact was taken off all lead lists' },
    { id: 'L8', when: { crm: 'changed', lists: 'none', targets: [...TO_LISTS] }, then: 'move-list', because: 'the contact was off all lead lists, but the status changed in the CRM since' },
    { id: 'L8', when: { crm: 'changed', lists: 'none', targets: ['to-crm', 'none'] }, then: 'pause', because: 'the contact was taken off all lead lists' },
    { id: 'L10', when: { lists: 'lost', targets: [...TO_LISTS] }, then: 'move-list', because: 'the lead list was deleted in marketing and is filled again' },
    { id: 'L10', when: { lists: 'lost', targets: ['to-crm', 'none'] }, then: 'drift', because: 'the direction does not let the CRM write to marketing' },
    { id: 'L8', when: { lists: 'left' }, then: 'drift', because: 'the person opted out and is on no list until they come back' },
    { id: 'L8', when: { lists: 'back', targets: [...TO_LISTS] }, then: 'move-list', because: 'the person opted in again and belongs on the list of the status' },
    { id: 'L8', when: { lists: 'back', targets: ['to-crm', 'none'] }, then: 'drift', because: 'the direction does not let the CRM write to marketing' },
  ],
});
