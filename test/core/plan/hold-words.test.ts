// What people read of a hold: whole sentences that name their own two systems, for every code. (4.9)
import { describe, expect, it } from 'vitest';
import { holdWords, type Words } from '../../../src/core/plan/hold-words.ts';

const LABELS = { crm: 'Blue CRM', marketing: 'Red Mail' };

/** Every pair of words with arguments that are met in practice. */
const ALL: Readonly<Record<keyof typeof holdWords, () => readonly Words[]>> = {
  nameMissing: () => [
    holdWords.nameMissing('first name', LABELS),
    holdWords.nameMissing('first and last name', LABELS),
  ],
  emailMissing: () => [holdWords.emailMissing(LABELS)],
  marketingEmailMissing: () => [holdWords.marketingEmailMissing(LABELS)],
  emailRemoved: () => [holdWords.emailRemoved(LABELS)],
  marketingEmailRemoved: () => [holdWords.marketingEmailRemoved(LABELS)],
  listRenamed: () => [holdWords.listRenamed('Leads: New', 'Newcomers', LABELS)],
  emailInvalid: () => [holdWords.emailInvalid('has no @', LABELS)],
  emailBlocked: () => [holdWords.emailBlocked(LABELS)],
  emailTaken: () => [holdWords.emailTaken(LABELS)],
  takenInCrm: () => [holdWords.takenInCrm(LABELS)],
  emailChange: () => [holdWords.emailChange(LABELS)],
  notQualified: () => [holdWords.notQualified(LABELS)],
  statusDefaulted: () => [holdWords.statusDefaulted('CUSTOMER_STATUS', LABELS)],
  addressRefused: () => [holdWords.addressRefused(['billing_address.city', 'billing_address.line1'], LABELS)],
  unmappable: () => [holdWords.unmappable('custom_fields.Size', 'is no number', LABELS.crm)],
  conflict: () => [holdWords.conflict('POSTCODE', LABELS)],
  notApplied: () => [holdWords.notApplied('POSTCODE', LABELS)],
  multiMatch: () => [holdWords.multiMatch(3, LABELS)],
  multiMatchNoName: () => [holdWords.multiMatchNoName(1, LABELS), holdWords.multiMatchNoName(3, LABELS)],
  alreadyContact: () => [holdWords.alreadyContact(LABELS)],
  hidden: () => [holdWords.hidden(LABELS)],
  conversionCollision: () => [holdWords.conversionCollision(LABELS)],
  mergeTwoPersons: () => [holdWords.mergeTwoPersons(LABELS)],
  deleteUnidentified: () => [holdWords.deleteUnidentified(LABELS)],
  cameBack: () => [holdWords.cameBack(LABELS)],
  staysDeleted: () => [holdWords.staysDeleted(LABELS)],
  editedAfterDelete: () => [holdWords.editedAfterDelete(LABELS)],
  consentConflict: () => [holdWords.consentConflict(LABELS)],
  consentHeld: () => [holdWords.consentHeld(LABELS)],
  consentOtherRecord: () => [holdWords.consentOtherRecord(LABELS)],
  consentRefused: () => [holdWords.consentRefused('complaint', LABELS)],
  consentContradiction: () => [holdWords.consentContradiction('tag in, tag out', LABELS)],
  listOrderUnknown: () => [holdWords.listOrderUnknown(LABELS)],
  statusUnknown: () => [holdWords.statusUnknown('Parked', LABELS)],
  shadowed: () => [holdWords.shadowed(LABELS)],
};

describe('the words of a hold', () => {
  it.each(Object.entries(ALL))(
    '4.9: %s says in whole sentences what is wrong and what to do, and where',
    (_, words) => {
      for (const { message, fix } of words()) {
        expect(message).toMatch(/^[A-Z0-9].{20,}\.$/);
        expect(fix).toMatch(/^[A-Z].{15,}\.$/);
        expect(`${message} ${fix}`).toMatch(/Blue CRM|Red Mail/);
        expect(`${message} ${fix}`).not.toMatch(/undefined|\[object|Sell|Dotdigital| {2}/);
      }
    },
  );

  it('C10, C11: one name that is missing is, two are', () => {
    expect(holdWords.nameMissing('last name', LABELS).message).toContain('The last name is missing');
    expect(holdWords.nameMissing('first and last name', LABELS).message).toContain(
      'The first and last name are missing',
    );
  });

  it('H3, H6: a single record with other names is asked about, several are counted', () => {
    const [one, many] = [holdWords.multiMatchNoName(1, LABELS), holdWords.multiMatchNoName(3, LABELS)];
    expect([one.message.startsWith('One record'), one.fix.includes('same person')]).toEqual([true, true]);
    expect([many.message.startsWith('3 records'), many.fix.includes('Merge them')]).toEqual([true, true]);
    expect(holdWords.multiMatch(3, LABELS).message).toContain('3 records');
  });

  it.each<[string, () => Words, string]>([
    [
      'C16: each path',
      () => holdWords.addressRefused(['billing_address.city', 'billing_address.line1'], LABELS),
      'billing_address.city, billing_address.line1',
    ],
    [
      'C28: the value',
      () => holdWords.unmappable('custom_fields.Size', 'is no number', LABELS.crm),
      'custom_fields.Size is no number',
    ],
    ['C9: the field', () => holdWords.conflict('POSTCODE', LABELS), 'POSTCODE'],
    ['R4: what was not kept', () => holdWords.notApplied('POSTCODE', LABELS), 'POSTCODE'],
    ['C12: the status field', () => holdWords.statusDefaulted('CUSTOMER_STATUS', LABELS), 'CUSTOMER_STATUS'],
    ['C19: why it cannot be mailed', () => holdWords.emailInvalid('has no @', LABELS), 'address has no @'],
    ['L13: the status', () => holdWords.statusUnknown('Parked', LABELS), '"Parked"'],
    ['O5: the reason', () => holdWords.consentRefused('complaint', LABELS), '(complaint)'],
    ['P3: both signals', () => holdWords.consentContradiction('tag in, tag out', LABELS), '(tag in, tag out)'],
  ])('%s is named', (_, words, text) => {
    expect(words().message).toContain(text);
  });

  it('L11: a list that was renamed is told with both its names', () => {
    const { message } = holdWords.listRenamed('Leads: New', 'Newcomers', LABELS);
    expect(message).toContain('"Leads: New" is called "Newcomers"');
  });
});
