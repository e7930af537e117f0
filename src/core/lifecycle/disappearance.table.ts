// A linked CRM record that is gone: what follows for the person. Asked only after the disappearance was explained. (4.3)
import { decisionTable } from '../model/decision-table.ts';

export type DisappearanceFacts = {
  readonly role: 'contact' | 'lead';
  /** What the explanation found: deleted for good, out of our sight, or a lead that was converted. */
  readonly what: 'deleted' | 'hidden' | 'converted';
  /** The contact a converted lead became: nobody, the person's linked contact, a contact nobody is linked to, somebody else's. */
  readonly successor: 'none' | 'own' | 'free' | 'other';
  /** Another record of the role with the person's address: none, one that can take over, or only one linked to somebody else. */
  readonly twin: 'none' | 'free' | 'other';
  /** Whether the person has a living link in the other role. (S8, S15) */
  readonly related: 'yes' | 'no';
  readonly marketing: 'present' | 'gone';
  /** Whether the marketing contact was edited since both last agreed. (D17) */
  readonly edited: 'yes' | 'no';
  /** Whether the record is still left alone, in case it comes back. */
  readonly grace: 'running' | 'over';
  /** What the settings and the direction make of a delete. */
  readonly mode: 'delete' | 'queue' | 'mark' | 'remove-from-lists' | 'ignore' | 'not-now';
};

export type DisappearanceOutcome =
  | 'hold-hidden'
  | 'sever-both-gone'
  | 'sever-converted'
  | 'relink-contact'
  | 'sever-to-shadow'
  | 'hold-collision'
  | 'promote'
  | 'hold-merge'
  | 'sever-related'
  | 'hold-edited'
  | 'delete'
  | 'queue-delete'
  | 'mark'
  | 'leave-lists'
  | 'ignore'
  | 'wait';

const NOT_CONVERTED = { successor: 'none', grace: 'over' } as const;

export const DISAPPEARANCE_TABLE = decisionTable<DisappearanceFacts, DisappearanceOutcome>({
  name: 'disappearance',
  facts: {
    role: ['contact', 'lead'],
    what: ['deleted', 'hidden', 'converted'],
    successor: ['none', 'own', 'free', 'other'],
    twin: ['none', 'free', 'other'],
    related: ['yes', 'no'],
    marketing: ['present', 'gone'],
    edited: ['yes', 'no'],
    grace: ['running', 'over'],
    mode: ['delete', 'queue', 'mark', 'remove-from-lists', 'ignore', 'not-now'],
  },
  impossible: (f) =>
    (f.what === 'converted' && f.role === 'contact') ||
    (f.what !== 'converted' && f.successor !== 'none') ||
    (f.marketing === 'gone' && f.edited === 'yes') ||
    (f.what !== 'deleted' && f.grace === 'running'),
  rows: [
    { id: 'D19', when: { what: 'hidden' }, then: 'hold-hidden', because: 'the record is still there but refused to our credential: nothing follows from that' },
    { id: 'D15', when: { what: ['deleted', 'converted'], marketing: 'gone' }, then: 'sever-both-gone', because: 'both sides are gone' },
    { id: 'D8', when: { what: 'converted', marketing: 'present', successor: 'none' }, then: 'sever-converted', because: 'the lead was converted: it ends as a lead, the person stays' },
    { id: 'D9', when: { what: 'converted', marketing: 'present', successor: 'own' }, then: 'sever-converted', because: 'the lead was converted into the contact that is linked already' },
    { id: 'D8', when: { what: 'converted', marketing: 'present', successor: 'free', related: 'no' }, then: 'relink-contact', because: 'the lead was converted: the contact it became takes over' },
    { id: 'D9', when: { what: 'converted', marketing: 'present', successor: 'free', related: 'yes' }, then: 'sever-to-shadow', because: 'the lead was converted into a second contact of the person' },
    { id: 'D10', when: { what: 'converted', marketing: 'present', successor: 'other' }, then: 'hold-collision', because: 'the lead was converted into a contact that is linked to somebody else' },
    {
      id: 'D1',
      when: { role: 'contact', what: 'deleted', successor: 'none', marketing: 'present', grace: 'running' },
      then: 'wait',
      because: 'the contact is gone from the CRM; it is left alone for a while, in case it comes back',
    },
    {
      id: 'D6',
      when: { role: 'lead', what: 'deleted', successor: 'none', marketing: 'present', grace: 'running' },
      then: 'wait',
      because: 'the lead is gone from the CRM; it is left alone for a while, in case it comes back',
    },
    { id: 'D4', when: { ...NOT_CONVERTED, what: 'deleted', marketing: 'present', twin: 'free' }, then: 'promote', because: 'another record with the same address takes over' },
    {
      id: 'D2',
      when: { ...NOT_CONVERTED, role: 'contact', what: 'deleted', marketing: 'present', twin: ['none', 'other'], related: 'yes' },
      then: 'sever-related',
      because: 'the person is still a lead',
    },
    {
      id: 'D7',
      when: { ...NOT_CONVERTED, role: 'lead', what: 'deleted', marketing: 'present', twin: ['none', 'other'], related: 'yes' },
      then: 'sever-related',
      because: 'the person is still a contact',
    },
    {
      id: 'D5',
      when: { ...NOT_CONVERTED, what: 'deleted', marketing: 'present', twin: 'other', related: 'no' },
      then: 'hold-merge',
      because: 'a record with the same address is linked to another person: it may have been merged into that one',
    },
    { id: 'D20', when: { ...NOT_CONVERTED, what: 'deleted', marketing: 'present', twin: 'none', related: 'no', mode: 'not-now' }, then: 'wait', because: 'this run deletes nothing' },
    {
      id: 'D17',
      when: { ...NOT_CONVERTED, what: 'deleted', marketing: 'present', twin: 'none', related: 'no', edited: 'yes', mode: ['delete', 'queue', 'mark', 'remove-from-lists'] },
      then: 'hold-edited',
      because: 'the marketing contact was edited after the record was deleted',
    },
    {
      id: 'D1',
      when: { ...NOT_CONVERTED, role: 'contact', what: 'deleted', marketing: 'present', twin: 'none', related: 'no', edited: 'no', mode: 'delete' },
      then: 'delete',
      because: 'the contact was deleted in the CRM and is nothing else there',
    },
    {
      id: 'D6',
      when: { ...NOT_CONVERTED, role: 'lead', what: 'deleted', marketing: 'present', twin: 'none', related: 'no', edited: 'no', mode: 'delete' },
      then: 'delete',
      because: 'the lead was deleted in the CRM and is nothing else there',
    },
    {
      id: 'D1',
      when: { ...NOT_CONVERTED, role: 'contact', what: 'deleted', marketing: 'present', twin: 'none', related: 'no', edited: 'no', mode: 'queue' },
      then: 'queue-delete',
      because: 'the contact was deleted in the CRM; deletes wait for approval',
    },
    {
      id: 'D6',
      when: { ...NOT_CONVERTED, role: 'lead', what: 'deleted', marketing: 'present', twin: 'none', related: 'no', edited: 'no', mode: 'queue' },
      then: 'queue-delete',
      because: 'the lead was deleted in the CRM; deletes wait for approval',
    },
    {
      id: 'D1',
      when: { ...NOT_CONVERTED, what: 'deleted', marketing: 'present', twin: 'none', related: 'no', edited: 'no', mode: 'mark' },
      then: 'mark',
      because: 'the record was deleted in the CRM; the setting marks the marketing contact',
    },
    {
      id: 'D1',
      when: { ...NOT_CONVERTED, what: 'deleted', marketing: 'present', twin: 'none', related: 'no', edited: 'no', mode: 'remove-from-lists' },
      then: 'leave-lists',
      because: 'the record was deleted in the CRM; the setting takes the contact off its lists',
    },
    {
      id: 'D1',
      when: { ...NOT_CONVERTED, what: 'deleted', marketing: 'present', twin: 'none', related: 'no', mode: 'ignore' },
      then: 'ignore',
      because: 'the record was deleted in the CRM; the setting leaves the marketing contact alone',
    },
  ],
});
