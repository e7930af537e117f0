// First merge of one field, when nothing is known of what both sides agreed on. (C2, R11, 4.8)
import { decisionTable } from '../model/decision-table.ts';

export type AlignmentFacts = {
  readonly crm: 'value' | 'blank';
  readonly marketing: 'value' | 'blank';
  readonly equal: 'yes' | 'no';
  readonly targets: 'both' | 'to-marketing' | 'to-crm' | 'none';
  /** `newest` is resolved to a side before the table is asked. */
  readonly winner: 'crm' | 'marketing' | 'fill-blanks';
};

export type AlignmentOutcome = 'agree' | 'write-marketing' | 'write-crm' | 'keep-both';

export const ALIGNMENT_TABLE = decisionTable<AlignmentFacts, AlignmentOutcome>({
  name: 'alignment',
  facts: {
    crm: ['value', 'blank'],
    marketing: ['value', 'blank'],
    equal: ['yes', 'no'],
    targets: ['both', 'to-marketing', 'to-crm', 'none'],
    winner: ['crm', 'marketing', 'fill-blanks'],
  },
  impossible: (f) => (f.equal === 'yes' ? f.crm !== f.marketing : f.crm === 'blank' && f.marketing === 'blank'),
  rows: [
    { id: 'C2', when: { equal: 'yes' }, then: 'agree', because: 'both sides already read the same' },
    { id: 'C2', when: { equal: 'no', crm: 'value', marketing: 'blank', targets: ['both', 'to-marketing'] }, then: 'write-marketing', because: 'marketing is blank and blanks are filled' },
    { id: 'C2', when: { equal: 'no', crm: 'value', marketing: 'blank', targets: ['to-crm', 'none'] }, then: 'keep-both', because: 'marketing is blank and may not be written' },
    { id: 'C2', when: { equal: 'no', crm: 'blank', marketing: 'value', targets: ['both', 'to-crm'] }, then: 'write-crm', because: 'the CRM is blank and blanks are filled' },
    {
      id: 'C2',
      when: { equal: 'no', crm: 'blank', marketing: 'value', targets: ['to-marketing', 'none'] },
      then: 'keep-both',
      because: 'the CRM is blank and may not be written; a blank never overwrites',
    },
    {
      id: 'C2',
      when: { equal: 'no', crm: 'value', marketing: 'value', winner: 'crm', targets: ['both', 'to-marketing'] },
      then: 'write-marketing',
      because: 'the values differ and the CRM wins the first merge',
    },
    {
      id: 'C2',
      when: { equal: 'no', crm: 'value', marketing: 'value', winner: 'marketing', targets: ['both', 'to-crm'] },
      then: 'write-crm',
      because: 'the values differ and marketing wins the first merge',
    },
    {
      id: 'C2',
      when: { equal: 'no', crm: 'value', marketing: 'value', winner: 'crm', targets: ['to-crm', 'none'] },
      then: 'keep-both',
      because: 'the values differ and the losing side may not be written',
    },
    {
      id: 'C2',
      when: { equal: 'no', crm: 'value', marketing: 'value', winner: 'marketing', targets: ['to-marketing', 'none'] },
      then: 'keep-both',
      because: 'the values differ and the losing side may not be written',
    },
    { id: 'C2', when: { equal: 'no', crm: 'value', marketing: 'value', winner: 'fill-blanks' }, then: 'keep-both', because: 'the values differ and only blanks are filled' },
  ],
});
