// The address of a linked pair: who renames whom. Addresses are compared in normal form. (C18-C25)
import { decisionTable } from '../model/decision-table.ts';

export type EmailFacts = {
  /** The CRM's address against the base. `invalid` cannot be sent to marketing. */
  readonly crm: 'same' | 'changed' | 'blank' | 'invalid';
  readonly marketing: 'same' | 'changed' | 'blank';
  readonly equal: 'yes' | 'no';
  readonly targets: 'both' | 'to-marketing' | 'to-crm' | 'none';
  /** Whether the CRM's new address is another marketing contact's, or suppressed without being a contact. */
  readonly address: 'free' | 'taken' | 'suppressed';
  readonly onChange: 'rename' | 'new' | 'hold';
};

export type EmailOutcome = 'nothing' | 'agree' | 'rename' | 'rename-opted-out' | 'new-contact' | 'hold-change' | 'hold-taken' | 'hold-invalid' | 'hold-blank' | 'sever' | 'write-crm' | 'drift';

export const EMAIL_TABLE = decisionTable<EmailFacts, EmailOutcome>({
  name: 'email',
  facts: {
    crm: ['same', 'changed', 'blank', 'invalid'],
    marketing: ['same', 'changed', 'blank'],
    equal: ['yes', 'no'],
    targets: ['both', 'to-marketing', 'to-crm', 'none'],
    address: ['free', 'taken', 'suppressed'],
    onChange: ['rename', 'new', 'hold'],
  },
  impossible: (f) => (f.equal === 'yes' && (f.crm === 'invalid' || (f.crm === 'blank') !== (f.marketing === 'blank'))) || (f.equal === 'no' && f.crm === 'blank' && f.marketing === 'blank'),
  rows: [
    { id: 'C27', when: { crm: 'same', marketing: 'same' }, then: 'nothing', because: 'the address did not change' },
    { id: 'C8', when: { crm: 'changed', equal: 'yes' }, then: 'agree', because: 'both sides now have the same address' },
    { id: 'C8', when: { crm: 'same', marketing: 'changed', equal: 'yes' }, then: 'agree', because: 'both sides now have the same address' },
    { id: 'C24', when: { crm: 'blank', equal: 'yes' }, then: 'sever', because: 'both sides lost the address' },
    { id: 'C24', when: { crm: 'blank', equal: 'no' }, then: 'sever', because: 'the address was removed in the CRM: the marketing contact stays, the link ends' },
    { id: 'C19', when: { crm: 'invalid' }, then: 'hold-invalid', because: 'the CRM address cannot be mailed and is never sent' },
    { id: 'C24', when: { crm: ['same', 'changed'], marketing: 'blank', equal: 'no' }, then: 'hold-blank', because: 'the marketing contact lost its address' },

    { id: 'S2', when: { crm: 'changed', marketing: ['same', 'changed'], equal: 'no', targets: 'none' }, then: 'drift', because: 'the direction lets neither side be written' },
    { id: 'S2', when: { crm: 'changed', marketing: 'same', equal: 'no', targets: 'to-crm' }, then: 'drift', because: 'the direction does not let the CRM write to marketing' },
    { id: 'C25', when: { crm: 'changed', marketing: 'changed', equal: 'no', targets: 'to-crm' }, then: 'write-crm', because: 'one-way to the CRM: the marketing address decides' },
    {
      id: 'C21',
      when: { crm: 'changed', marketing: ['same', 'changed'], equal: 'no', targets: ['both', 'to-marketing'], address: 'taken' },
      then: 'hold-taken',
      because: 'the new address is already another marketing contact',
    },
    {
      id: 'C20',
      when: { crm: 'changed', marketing: ['same', 'changed'], equal: 'no', targets: ['both', 'to-marketing'], address: ['free', 'suppressed'], onChange: 'hold' },
      then: 'hold-change',
      because: 'the address changed in the CRM and the setting asks for a decision',
    },
    {
      id: 'C20',
      when: { crm: 'changed', marketing: ['same', 'changed'], equal: 'no', targets: ['both', 'to-marketing'], address: 'free', onChange: 'rename' },
      then: 'rename',
      because: 'the address changed in the CRM: the marketing contact is renamed and keeps its history',
    },
    {
      id: 'C22',
      when: { crm: 'changed', marketing: ['same', 'changed'], equal: 'no', targets: ['both', 'to-marketing'], address: 'suppressed', onChange: 'rename' },
      then: 'rename-opted-out',
      because: 'the new address is suppressed: the link follows, opted out',
    },
    {
      id: 'C20',
      when: { crm: 'changed', marketing: ['same', 'changed'], equal: 'no', targets: ['both', 'to-marketing'], address: ['free', 'suppressed'], onChange: 'new' },
      then: 'new-contact',
      because: 'the address changed in the CRM and the setting makes a second marketing contact',
    },

    { id: 'C25', when: { crm: 'same', marketing: 'changed', equal: 'no', targets: ['both', 'to-crm'] }, then: 'write-crm', because: 'the address changed in marketing' },
    { id: 'S2', when: { crm: 'same', marketing: 'changed', equal: 'no', targets: ['to-marketing', 'none'] }, then: 'drift', because: 'the direction does not let marketing write to the CRM' },
  ],
});
