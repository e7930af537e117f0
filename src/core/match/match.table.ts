// Which CRM record a marketing contact is, when no link says so. (4.4)
import { decisionTable } from '../model/decision-table.ts';

export type MatchFacts = {
  /** Unlinked records of the role with the person's address. */
  readonly candidates: 'none' | 'one' | 'many';
  /** How many of them carry the person's names; blank names on either side count as equal for a single candidate. */
  readonly named: 'none' | 'one' | 'several';
  readonly option: 'email-and-names' | 'email' | 'do-not-update';
  /** Whether a single record must carry the names too, where names are compared at all. */
  readonly strict: 'yes' | 'no';
};

export type MatchOutcome = 'no-match' | 'link-first' | 'link-first-named' | 'hold-many' | 'hold-no-name';

export const MATCH_TABLE = decisionTable<MatchFacts, MatchOutcome>({
  name: 'match',
  facts: {
    candidates: ['none', 'one', 'many'],
    named: ['none', 'one', 'several'],
    option: ['email-and-names', 'email', 'do-not-update'],
    strict: ['yes', 'no'],
  },
  impossible: (f) => (f.candidates === 'none' && f.named !== 'none') || (f.candidates === 'one' && f.named === 'several'),
  rows: [
    { id: 'H1', when: { candidates: 'none' }, then: 'no-match', because: 'nobody there has this address' },
    { id: 'H2', when: { candidates: 'one', named: 'one' }, then: 'link-first', because: 'one record has this address and the names agree' },
    { id: 'H3', when: { candidates: 'one', named: 'none', option: 'email-and-names', strict: 'no' }, then: 'link-first', because: 'one record has this address; its names differ' },
    { id: 'H3', when: { candidates: 'one', named: 'none', option: ['email', 'do-not-update'] }, then: 'link-first', because: 'one record has this address; its names differ' },
    {
      id: 'H3',
      when: { candidates: 'one', named: 'none', option: 'email-and-names', strict: 'yes' },
      then: 'hold-no-name',
      because: 'one record has this address, but other names, and the setting asks for equal ones',
    },
    { id: 'H4', when: { candidates: 'many', named: 'one', option: 'email-and-names' }, then: 'link-first-named', because: 'several records have this address and one of them the names too' },
    { id: 'H5', when: { candidates: 'many', named: 'several', option: 'email-and-names' }, then: 'link-first-named', because: 'several records have this address and the names; the first is taken' },
    { id: 'H6', when: { candidates: 'many', named: 'none', option: 'email-and-names' }, then: 'hold-no-name', because: 'several records have this address and none the names' },
    { id: 'H4', when: { candidates: 'many', named: 'one', option: 'email' }, then: 'link-first', because: 'several records have this address; the first is taken' },
    { id: 'H5', when: { candidates: 'many', named: 'several', option: 'email' }, then: 'link-first', because: 'several records have this address; the first is taken' },
    { id: 'H6', when: { candidates: 'many', named: 'none', option: 'email' }, then: 'link-first', because: 'several records have this address; the first is taken' },
    { id: 'H4', when: { candidates: 'many', named: 'one', option: 'do-not-update' }, then: 'hold-many', because: 'several records have this address and the setting says not to choose' },
    { id: 'H5', when: { candidates: 'many', named: 'several', option: 'do-not-update' }, then: 'hold-many', because: 'several records have this address and the setting says not to choose' },
    { id: 'H6', when: { candidates: 'many', named: 'none', option: 'do-not-update' }, then: 'hold-many', because: 'several records have this address and the setting says not to choose' },
  ],
});
