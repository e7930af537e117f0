// Consent of one person: what each side says, what is new, and what follows. It never goes through field rules. (O1-O10, O18)
import { decisionTable } from '../model/decision-table.ts';

export type ConsentFacts = {
  /** `derived-…` comes from a default only. (P4) */
  readonly crm: 'out' | 'in' | 'unknown' | 'derived-in' | 'derived-out';
  /** `blocked` can never be undone by a sync: complaint, bounce, global or domain suppression. (O5) */
  readonly marketing: 'out' | 'blocked' | 'in' | 'pending' | 'none';
  /** Whether that side changed since both were last seen; `first` = never seen before. (O6, O18) */
  readonly crmNews: 'same' | 'changed' | 'first';
  readonly marketingNews: 'same' | 'changed' | 'returned' | 'first';
  /** `setting`: the contact was made as unsubscribed because nothing was known, and nobody said no since. (O16) */
  readonly optOutBy: 'somebody' | 'setting';
  readonly targets: 'both' | 'to-marketing' | 'to-crm';
  /** Whether the CRM's opt-in is surely newer than the marketing opt-out. (O3, O4) */
  readonly optIn: 'newer' | 'not-newer';
};

export type ConsentOutcome =
  | 'nothing'
  | 'unsubscribe'
  | 'subscribe'
  | 'resubscribe'
  | 'hold-conflict'
  | 'refused'
  | 'opt-out-crm'
  | 'opt-in-crm'
  /** Decided once the confirmation is there; nothing is remembered of it until then. */
  | 'wait';

const TO_MARKETING = ['both', 'to-marketing'] as const;
const TO_CRM = ['both', 'to-crm'] as const;
const SILENT = ['unknown', 'derived-in', 'derived-out'] as const;

export const CONSENT_TABLE = decisionTable<ConsentFacts, ConsentOutcome>({
  name: 'consent',
  facts: {
    crm: ['out', 'in', 'unknown', 'derived-in', 'derived-out'],
    marketing: ['out', 'blocked', 'in', 'pending', 'none'],
    crmNews: ['same', 'changed', 'first'],
    marketingNews: ['same', 'changed', 'returned', 'first'],
    optOutBy: ['somebody', 'setting'],
    targets: ['both', 'to-marketing', 'to-crm'],
    optIn: ['newer', 'not-newer'],
  },
  impossible: (f) =>
    (f.crmNews === 'first') !== (f.marketingNews === 'first') ||
    (f.marketingNews === 'returned' && f.marketing !== 'in' && f.marketing !== 'pending') ||
    (f.optOutBy === 'setting' && (f.marketing !== 'out' || f.marketingNews !== 'same')) ||
    (f.optIn === 'newer' && (f.crm !== 'in' || f.crmNews !== 'changed')),
  rows: [
    // The CRM says no.
    { id: 'O18', when: { crm: 'out', marketing: ['out', 'blocked'] }, then: 'nothing', because: 'both sides say no' },
    {
      id: 'O9',
      when: { crm: 'out', marketing: 'in', marketingNews: 'returned', crmNews: 'same', targets: [...TO_CRM] },
      then: 'opt-in-crm',
      because: 'the person opted in again in marketing after the opt-out in the CRM was known',
    },
    {
      id: 'O10',
      when: { crm: 'out', marketing: 'in', marketingNews: 'returned', crmNews: 'changed', targets: [...TO_MARKETING] },
      then: 'unsubscribe',
      because: 'both sides changed to opposite choices: the opt-out wins',
    },
    {
      id: 'O4',
      when: { crm: 'out', marketing: 'in', marketingNews: 'returned', crmNews: 'changed', targets: 'to-crm' },
      then: 'hold-conflict',
      because: 'both sides changed to opposite choices, and marketing may not be written',
    },
    {
      id: 'O1',
      when: { crm: 'out', marketing: 'in', marketingNews: 'returned', crmNews: 'same', targets: 'to-marketing' },
      then: 'unsubscribe',
      because: 'the CRM says no, and only the CRM may speak',
    },
    {
      id: 'O1',
      when: { crm: 'out', marketing: ['in', 'pending', 'none'], marketingNews: ['same', 'changed', 'first'], targets: [...TO_MARKETING] },
      then: 'unsubscribe',
      because: 'the person opted out in the CRM',
    },
    {
      id: 'O1',
      when: { crm: 'out', marketing: ['in', 'pending', 'none'], marketingNews: ['same', 'changed', 'first'], targets: 'to-crm' },
      then: 'nothing',
      because: 'the direction does not let the CRM write to marketing',
    },

    {
      id: 'O9',
      when: { crm: 'out', marketing: 'pending', marketingNews: 'returned', crmNews: 'same', targets: [...TO_CRM] },
      then: 'wait',
      because: 'the person asked to come back in marketing and has not confirmed yet',
    },
    {
      id: 'O10',
      when: { crm: 'out', marketing: 'pending', marketingNews: 'returned', crmNews: 'changed', targets: [...TO_MARKETING] },
      then: 'unsubscribe',
      because: 'both sides changed to opposite choices: the opt-out wins',
    },
    { id: 'O4', when: { crm: 'out', marketing: 'pending', marketingNews: 'returned', crmNews: 'changed', targets: 'to-crm' }, then: 'wait', because: 'nobody is mailed before the confirmation' },
    {
      id: 'O1',
      when: { crm: 'out', marketing: 'pending', marketingNews: 'returned', crmNews: 'same', targets: 'to-marketing' },
      then: 'unsubscribe',
      because: 'the CRM says no, and only the CRM may speak',
    },

    // The CRM says yes, and somebody said so.
    { id: 'O2', when: { crm: 'in', marketing: 'in' }, then: 'nothing', because: 'both sides say yes' },
    { id: 'O2', when: { crm: 'in', marketing: 'pending' }, then: 'nothing', because: 'the confirmation is still awaited' },
    { id: 'O2', when: { crm: 'in', marketing: 'none', targets: [...TO_MARKETING] }, then: 'subscribe', because: 'the person opted in in the CRM and said nothing in marketing' },
    { id: 'O2', when: { crm: 'in', marketing: 'none', targets: 'to-crm' }, then: 'nothing', because: 'the direction does not let the CRM write to marketing' },
    {
      id: 'O3',
      when: { crm: 'in', marketing: 'out', crmNews: 'changed', marketingNews: 'same', optIn: 'newer', targets: [...TO_MARKETING] },
      then: 'resubscribe',
      because: 'the person opted in in the CRM after the opt-out in marketing',
    },
    {
      id: 'O7',
      when: { crm: 'in', marketing: 'out', crmNews: 'changed', marketingNews: 'same', optIn: 'newer', targets: 'to-crm' },
      then: 'nothing',
      because: 'the direction does not let the CRM write to marketing',
    },
    {
      id: 'O4',
      when: { crm: 'in', marketing: 'out', crmNews: 'changed', marketingNews: 'same', optOutBy: 'somebody', optIn: 'not-newer', targets: [...TO_CRM] },
      then: 'opt-out-crm',
      because: 'the opt-in is not surely newer than the opt-out in marketing: the opt-out stays',
    },
    {
      id: 'O4',
      when: { crm: 'in', marketing: 'out', crmNews: 'changed', marketingNews: 'same', optOutBy: 'setting', optIn: 'not-newer', targets: [...TO_CRM] },
      then: 'hold-conflict',
      because: 'nobody said no in marketing, yet the opt-in is not surely newer than the contact there',
    },
    {
      id: 'O4',
      when: { crm: 'in', marketing: 'out', crmNews: 'changed', marketingNews: 'same', optIn: 'not-newer', targets: 'to-marketing' },
      then: 'hold-conflict',
      because: 'the opt-in is not surely newer than the opt-out in marketing',
    },
    {
      id: 'O10',
      when: { crm: 'in', marketing: 'out', crmNews: 'changed', marketingNews: 'changed', targets: [...TO_CRM] },
      then: 'opt-out-crm',
      because: 'both sides changed to opposite choices: the opt-out wins',
    },
    {
      id: 'O4',
      when: { crm: 'in', marketing: 'out', crmNews: 'changed', marketingNews: 'changed', targets: 'to-marketing' },
      then: 'hold-conflict',
      because: 'both sides changed to opposite choices: the opt-out stays',
    },
    { id: 'O7', when: { crm: 'in', marketing: 'out', crmNews: 'same', marketingNews: 'changed', targets: [...TO_CRM] }, then: 'opt-out-crm', because: 'the person opted out in marketing' },
    {
      id: 'O4',
      when: { crm: 'in', marketing: 'out', crmNews: 'same', marketingNews: 'changed', targets: 'to-marketing' },
      then: 'nothing',
      because: 'the person opted out in marketing; the CRM may not be written',
    },
    { id: 'O6', when: { crm: 'in', marketing: 'out', crmNews: 'same', marketingNews: 'same' }, then: 'nothing', because: 'an old opt-in never undoes an opt-out' },
    { id: 'O18', when: { crm: 'in', marketing: ['out', 'blocked'], crmNews: 'first', targets: [...TO_CRM] }, then: 'opt-out-crm', because: 'at the first look the opt-outs of both sides are joined' },
    { id: 'O18', when: { crm: 'in', marketing: ['out', 'blocked'], crmNews: 'first', targets: 'to-marketing' }, then: 'nothing', because: 'at the first look no opt-in is copied onto an opt-out' },
    {
      id: 'O5',
      when: { crm: 'in', marketing: 'blocked', crmNews: 'changed', marketingNews: 'same' },
      then: 'refused',
      because: 'a complaint, a bounce or a global suppression is never undone by a sync',
    },
    {
      id: 'O5',
      when: { crm: 'in', marketing: 'blocked', crmNews: ['same', 'changed'], marketingNews: 'changed', targets: [...TO_CRM] },
      then: 'opt-out-crm',
      because: 'the address was suppressed in marketing for good',
    },
    {
      id: 'O5',
      when: { crm: 'in', marketing: 'blocked', crmNews: ['same', 'changed'], marketingNews: 'changed', targets: 'to-marketing' },
      then: 'nothing',
      because: 'the address was suppressed in marketing for good; the CRM may not be written',
    },
    {
      id: 'O5',
      when: { crm: 'in', marketing: 'blocked', crmNews: 'same', marketingNews: 'same' },
      then: 'nothing',
      because: 'a complaint, a bounce or a global suppression is never undone by a sync',
    },

    // The CRM says nothing, or only its default does.
    { id: 'O7', when: { crm: [...SILENT], marketing: ['out', 'blocked'], optOutBy: 'somebody', targets: [...TO_CRM] }, then: 'opt-out-crm', because: 'the person opted out in marketing' },
    {
      id: 'O16',
      when: { crm: [...SILENT], marketing: 'out', optOutBy: 'setting', targets: [...TO_CRM] },
      then: 'nothing',
      because: 'nobody said anything: the contact was made as unsubscribed because nothing was known',
    },
    { id: 'O7', when: { crm: [...SILENT], marketing: ['out', 'blocked'], targets: 'to-marketing' }, then: 'nothing', because: 'the person opted out in marketing; the CRM may not be written' },
    { id: 'O9', when: { crm: [...SILENT], marketing: 'in', marketingNews: 'returned', targets: [...TO_CRM] }, then: 'opt-in-crm', because: 'the person opted in again in marketing' },
    {
      id: 'O9',
      when: { crm: [...SILENT], marketing: 'pending', marketingNews: 'returned', targets: [...TO_CRM] },
      then: 'wait',
      because: 'the person asked to come back in marketing and has not confirmed yet',
    },
    { id: 'P4', when: { crm: [...SILENT], marketing: ['in', 'pending'], marketingNews: 'returned', targets: 'to-marketing' }, then: 'nothing', because: 'a default never overrides a choice' },
    {
      id: 'P4',
      when: { crm: [...SILENT], marketing: ['in', 'pending', 'none'], marketingNews: ['same', 'changed', 'first'] },
      then: 'nothing',
      because: 'nobody said anything, and a default decides for new contacts only',
    },
  ],
});
