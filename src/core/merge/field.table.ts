// Three-way merge of one field whose base is known. (R1-R3)
import { decisionTable } from '../model/decision-table.ts';

type Side = 'same' | 'changed' | 'cleared';

export type FieldFacts = {
  /** Current CRM value against the base: untouched, a new value, or blanked. */
  readonly crm: Side;
  readonly marketing: Side;
  /** Whether both sides now read the same. */
  readonly equal: 'yes' | 'no';
  /** Which sides may be written. */
  readonly targets: 'both' | 'to-marketing' | 'to-crm' | 'none';
  /** Whether a blank may travel: the field's blank rule, and no run that forbids clears. */
  readonly blank: 'travels' | 'stays';
  /** Who wins a conflict; `merge` for sets. */
  readonly winner: 'crm' | 'marketing' | 'hold' | 'merge';
};

export type FieldOutcome =
  /** Nothing to do and nothing to learn. */
  | 'nothing'
  /** Both read the same: remember it. */
  | 'agree'
  | 'write-marketing'
  | 'write-crm'
  | 'merge-sets'
  | 'hold'
  /** The sides stay different; remember each side as it is. */
  | 'keep-both'
  /** A muted side was edited: visible as drift, nothing is learnt. */
  | 'drift';

const SIDES: readonly Side[] = ['same', 'changed', 'cleared'];
const EDITED: readonly Side[] = ['changed', 'cleared'];

export const FIELD_TABLE = decisionTable<FieldFacts, FieldOutcome>({
  name: 'field',
  facts: {
    crm: SIDES,
    marketing: SIDES,
    equal: ['yes', 'no'],
    targets: ['both', 'to-marketing', 'to-crm', 'none'],
    blank: ['travels', 'stays'],
    winner: ['crm', 'marketing', 'hold', 'merge'],
  },
  // One side cleared and the other changed cannot read the same; both cleared cannot differ.
  impossible: (f) =>
    (f.equal === 'yes' && [f.crm, f.marketing].includes('cleared') && [f.crm, f.marketing].includes('changed')) || (f.equal === 'no' && f.crm === 'cleared' && f.marketing === 'cleared'),
  rows: [
    { id: 'C27', when: { crm: 'same', marketing: 'same' }, then: 'nothing', because: 'neither side changed since both were last seen' },
    { id: 'C8', when: { crm: EDITED, marketing: SIDES, equal: 'yes' }, then: 'agree', because: 'the change made both sides equal' },
    { id: 'C8', when: { crm: 'same', marketing: EDITED, equal: 'yes' }, then: 'agree', because: 'the change made both sides equal' },

    { id: 'C5', when: { crm: 'changed', marketing: 'same', equal: 'no', targets: ['both', 'to-marketing'] }, then: 'write-marketing', because: 'only the CRM value changed' },
    { id: 'S2', when: { crm: 'changed', marketing: 'same', equal: 'no', targets: ['to-crm', 'none'] }, then: 'drift', because: 'the direction does not let the CRM write to marketing' },
    { id: 'C6', when: { crm: 'same', marketing: 'changed', equal: 'no', targets: ['both', 'to-crm'] }, then: 'write-crm', because: 'only the marketing value changed' },
    { id: 'S2', when: { crm: 'same', marketing: 'changed', equal: 'no', targets: ['to-marketing', 'none'] }, then: 'drift', because: 'the direction does not let marketing write to the CRM' },

    {
      id: 'C26',
      when: { crm: 'cleared', marketing: 'same', equal: 'no', targets: ['both', 'to-marketing'], blank: 'travels' },
      then: 'write-marketing',
      because: 'the CRM value was cleared and blanks travel',
    },
    {
      id: 'C26',
      when: { crm: 'cleared', marketing: 'same', equal: 'no', targets: ['both', 'to-marketing'], blank: 'stays' },
      then: 'keep-both',
      because: 'the CRM value was cleared and blanks do not travel',
    },
    { id: 'S2', when: { crm: 'cleared', marketing: 'same', equal: 'no', targets: ['to-crm', 'none'] }, then: 'drift', because: 'the direction does not let the CRM write to marketing' },
    {
      id: 'C26',
      when: { crm: 'same', marketing: 'cleared', equal: 'no', targets: ['both', 'to-crm'], blank: 'travels' },
      then: 'write-crm',
      because: 'the marketing value was cleared and blanks travel',
    },
    {
      id: 'C26',
      when: { crm: 'same', marketing: 'cleared', equal: 'no', targets: ['both', 'to-crm'], blank: 'stays' },
      then: 'keep-both',
      because: 'the marketing value was cleared and blanks do not travel',
    },
    { id: 'S2', when: { crm: 'same', marketing: 'cleared', equal: 'no', targets: ['to-marketing', 'none'] }, then: 'drift', because: 'the direction does not let marketing write to the CRM' },

    { id: 'C9', when: { crm: 'changed', marketing: 'changed', equal: 'no', targets: 'both', winner: 'crm' }, then: 'write-marketing', because: 'both sides changed it and the CRM wins this field' },
    { id: 'C9', when: { crm: 'changed', marketing: 'changed', equal: 'no', targets: 'both', winner: 'marketing' }, then: 'write-crm', because: 'both sides changed it and marketing wins this field' },
    { id: 'C9', when: { crm: EDITED, marketing: EDITED, equal: 'no', targets: 'both', winner: 'hold' }, then: 'hold', because: 'both sides changed it and the field asks for a decision' },
    {
      id: 'C29',
      when: { crm: EDITED, marketing: EDITED, equal: 'no', targets: 'both', winner: 'merge' },
      then: 'merge-sets',
      because: 'both sides changed the list: additions and removals of both are kept',
    },
    {
      id: 'C9',
      when: { crm: 'cleared', marketing: 'changed', equal: 'no', targets: 'both', winner: 'crm', blank: 'travels' },
      then: 'write-marketing',
      because: 'the CRM cleared it, marketing changed it, and the CRM wins this field',
    },
    {
      id: 'C9',
      when: { crm: 'cleared', marketing: 'changed', equal: 'no', targets: 'both', winner: 'marketing' },
      then: 'write-crm',
      because: 'the CRM cleared it, marketing changed it, and marketing wins this field',
    },
    {
      id: 'C26',
      when: { crm: 'cleared', marketing: 'changed', equal: 'no', targets: 'both', winner: 'crm', blank: 'stays' },
      then: 'write-crm',
      because: 'blanks do not travel, so the side with a value wins',
    },
    {
      id: 'C9',
      when: { crm: 'changed', marketing: 'cleared', equal: 'no', targets: 'both', winner: 'crm' },
      then: 'write-marketing',
      because: 'marketing cleared it, the CRM changed it, and the CRM wins this field',
    },
    {
      id: 'C9',
      when: { crm: 'changed', marketing: 'cleared', equal: 'no', targets: 'both', winner: 'marketing', blank: 'travels' },
      then: 'write-crm',
      because: 'marketing cleared it, the CRM changed it, and marketing wins this field',
    },
    {
      id: 'C26',
      when: { crm: 'changed', marketing: 'cleared', equal: 'no', targets: 'both', winner: 'marketing', blank: 'stays' },
      then: 'write-marketing',
      because: 'blanks do not travel, so the side with a value wins',
    },

    { id: 'S2', when: { crm: 'changed', marketing: EDITED, equal: 'no', targets: 'to-marketing' }, then: 'write-marketing', because: 'one-way to marketing: the CRM decides' },
    { id: 'S2', when: { crm: 'cleared', marketing: 'changed', equal: 'no', targets: 'to-marketing', blank: 'travels' }, then: 'write-marketing', because: 'one-way to marketing: the CRM decides' },
    { id: 'C26', when: { crm: 'cleared', marketing: 'changed', equal: 'no', targets: 'to-marketing', blank: 'stays' }, then: 'keep-both', because: 'one-way to marketing and blanks do not travel' },
    { id: 'S2', when: { crm: EDITED, marketing: 'changed', equal: 'no', targets: 'to-crm' }, then: 'write-crm', because: 'one-way to the CRM: marketing decides' },
    { id: 'S2', when: { crm: 'changed', marketing: 'cleared', equal: 'no', targets: 'to-crm', blank: 'travels' }, then: 'write-crm', because: 'one-way to the CRM: marketing decides' },
    { id: 'C26', when: { crm: 'changed', marketing: 'cleared', equal: 'no', targets: 'to-crm', blank: 'stays' }, then: 'keep-both', because: 'one-way to the CRM and blanks do not travel' },
    { id: 'S2', when: { crm: EDITED, marketing: EDITED, equal: 'no', targets: 'none' }, then: 'drift', because: 'the direction lets neither side be written' },
  ],
});
