// The words of each hold: what is wrong and what to do about it. One place, so that every code reads alike. (4.9)
import type { Settings } from '../model/settings.ts';

type Labels = Settings['labels'];

export interface Words {
  readonly message: string;
  readonly fix: string;
}

export const holdWords = {
  nameMissing: (missing: string, { crm, marketing }: Labels): Words => ({
    message: `The ${missing} ${missing.includes(' and ') ? 'are' : 'is'} missing; ${crm} needs both a first and a last name.`,
    fix: `Fill in the ${missing} in ${marketing} or ${crm}; the next sync tries again.`,
  }),
  emailMissing: ({ crm, marketing }: Labels): Words => ({
    message: `The record has no e-mail address, so it cannot be a contact in ${marketing}.`,
    fix: `Give it an address in ${crm}, or leave it: nothing else waits for it.`,
  }),
  marketingEmailMissing: ({ crm, marketing }: Labels): Words => ({
    message: `The ${marketing} contact has no e-mail address, so nobody in ${crm} can be found for it.`,
    fix: `Give it an address in ${marketing}.`,
  }),
  emailRemoved: ({ crm, marketing }: Labels): Words => ({
    message: `The address was removed in ${crm}. The ${marketing} contact is kept, but no longer linked.`,
    fix: `Put an address back in ${crm} to link the two again, or leave it.`,
  }),
  marketingEmailRemoved: ({ crm, marketing }: Labels): Words => ({
    message: `The address was removed in ${marketing}; the record in ${crm} still has one.`,
    fix: `Put the address back in ${marketing}, or remove it in ${crm} too.`,
  }),
  listRenamed: (name: string, now: string, { marketing }: Labels): Words => ({
    message: `The lead list "${name}" is called "${now}" in ${marketing} now. It is known by its id and goes on.`,
    fix: `Nothing has to be done. Say whether the list gets its old name back.`,
  }),
  emailInvalid: (why: string, { crm }: Labels): Words => ({
    message: `The e-mail address ${why}.`,
    fix: `Correct the address in ${crm}.`,
  }),
  emailBlocked: ({ crm, marketing }: Labels): Words => ({
    message: `${marketing} refuses addresses of this kind (a role or no-reply mailbox).`,
    fix: `Use the person's own address in ${crm}.`,
  }),
  emailTaken: ({ crm, marketing }: Labels): Words => ({
    message: `The address already belongs to another ${marketing} contact, and two people's histories are never merged by a sync.`,
    fix: `Decide who is who, or change the address in ${crm}, or delete or rename the other contact in ${marketing}.`,
  }),
  takenInCrm: ({ crm, marketing }: Labels): Words => ({
    message: `A ${crm} record with this address is linked to another ${marketing} contact.`,
    fix: `Correct the address on one of the two sides; the next sync tries again.`,
  }),
  emailChange: ({ crm, marketing }: Labels): Words => ({
    message: `The address was changed in ${crm}, and the setting asks before it is changed in ${marketing}.`,
    fix: `Change the address in ${marketing} too, or change it back in ${crm}.`,
  }),
  notQualified: ({ crm, marketing }: Labels): Words => ({
    message: `The contact is neither prospect nor customer, so it is not written to ${crm}.`,
    fix: `Set the customer or prospect status in ${marketing}, or allow contacts that are neither (allowNonCustomer).`,
  }),
  statusDefaulted: (field: string, { crm, marketing }: Labels): Words => ({
    message: `The value of ${field} is no status that ${crm} knows; it counts as none.`,
    fix: `Correct the value in ${marketing}, or map it to a status in the configuration.`,
  }),
  addressRefused: (paths: readonly string[], { crm }: Labels): Words => ({
    message: `${crm} takes ${paths.join(', ')} only for a prospect or customer.`,
    fix: `Mark the contact as prospect or customer, or clear the address.`,
  }),
  unmappable: (field: string, why: string, source: string): Words => ({
    message: `The value of ${field} ${why}.`,
    fix: `Correct the value in ${source}, or change the mapping of this field.`,
  }),
  conflict: (field: string, { crm, marketing }: Labels): Words => ({
    message: `${field} was changed to different values in ${crm} and in ${marketing}.`,
    fix: `Make both sides equal; the other fields go on meanwhile.`,
  }),
  notApplied: (field: string, { crm, marketing }: Labels): Words => ({
    message: `${marketing} accepted ${field} but did not keep it.`,
    fix: `Check in ${marketing} whether the data field still exists with the same type; then change the value in ${crm}.`,
  }),
  multiMatch: (count: number, { crm }: Labels): Words => ({
    message: `${count} records in ${crm} share this address, and the setting says not to choose.`,
    fix: `Merge them in ${crm}, or change the setting for multiple matches.`,
  }),
  multiMatchNoName: (count: number, { crm, marketing }: Labels): Words => ({
    message:
      count === 1
        ? `One record in ${crm} has this address, but other names.`
        : `${count} records in ${crm} share this address and none has the same first and last name.`,
    fix:
      count === 1
        ? `Decide whether it is the same person, or make the names equal in ${crm} and ${marketing}.`
        : `Merge them in ${crm}, or give one of them the same names.`,
  }),
  alreadyContact: ({ crm, marketing }: Labels): Words => ({
    message: `The person is a contact in ${crm} already, so no lead is made beside it.`,
    fix: `Take the ${marketing} contact off the lead list, or make the lead all the same.`,
  }),
  hidden: ({ crm }: Labels): Words => ({
    message: `${crm} no longer shows this record to the credential in use; it may still exist.`,
    fix: `Give the ${crm} user of this connection the right to see the record, or unlink it.`,
  }),
  conversionCollision: ({ crm, marketing }: Labels): Words => ({
    message: `The lead was converted into a contact in ${crm} that is linked to another ${marketing} contact.`,
    fix: `Decide which ${marketing} contact is the person.`,
  }),
  mergeTwoPersons: ({ crm, marketing }: Labels): Words => ({
    message: `The record is gone from ${crm}, and a record with the same address belongs to another ${marketing} contact: the two may have been merged.`,
    fix: `Decide whether they are one person. Nothing is deleted by itself.`,
  }),
  deleteUnidentified: ({ crm, marketing }: Labels): Words => ({
    message: `The record was deleted in ${crm} before it was linked, so no ${marketing} contact is known to be the same person.`,
    fix: `Nothing follows. If the person is in ${marketing} and should go too, delete the contact there.`,
  }),
  cameBack: ({ crm, marketing }: Labels): Words => ({
    message: `The ${marketing} contact of this person was deleted before, and the address is back as another contact.`,
    fix: `Decide whether it is the same person; nothing is written to ${crm} meanwhile.`,
  }),
  staysDeleted: ({ crm, marketing }: Labels): Words => ({
    message: `The person was deleted in ${marketing} and was edited in ${crm} since. The delete may have been asked for, so nobody is made again.`,
    fix: `Decide whether the person comes back to ${marketing}.`,
  }),
  editedAfterDelete: ({ crm, marketing }: Labels): Words => ({
    message: `The record was deleted in ${crm}, but the ${marketing} contact was edited since.`,
    fix: `Decide whether the ${marketing} contact goes too.`,
  }),
  consentConflict: ({ crm, marketing }: Labels): Words => ({
    message: `${crm} says the person opted in, ${marketing} says opted out, and the opt-in is not surely the newer one. The opt-out stays.`,
    fix: `Ask the person. If they want mail, take the opt-in off in ${crm} and set it again, or resubscribe them in ${marketing}.`,
  }),
  consentHeld: ({ crm, marketing }: Labels): Words => ({
    message: `The person opted in in ${crm} after opting out in ${marketing}; the setting asks for a decision.`,
    fix: `Resubscribe them in ${marketing}, or take the opt-in off in ${crm}.`,
  }),
  consentOtherRecord: ({ crm, marketing }: Labels): Words => ({
    message: `The person opted in again in ${marketing}, but another record with the same address in ${crm} says opted out.`,
    fix: `Take the opt-out off that record in ${crm}, or unsubscribe the person in ${marketing}.`,
  }),
  consentRefused: (reason: string, { marketing }: Labels): Words => ({
    message: `${marketing} will not mail this address again (${reason}), whatever anybody says.`,
    fix: `Use another address of the person, or leave it.`,
  }),
  consentContradiction: (signal: string, { crm }: Labels): Words => ({
    message: `The record carries opt-in and opt-out at once (${signal}); the opt-out counts.`,
    fix: `Take one of the two off in ${crm}.`,
  }),
  listOrderUnknown: ({ crm }: Labels): Words => ({
    message:
      'The contact is on several lead lists that were first seen together; the later stage of the pipeline was taken.',
    fix: `Leave the contact on one lead list, or set the status in ${crm}.`,
  }),
  statusUnknown: (status: string, { crm }: Labels): Words => ({
    message: `${crm} has no lead status "${status}" any more.`,
    fix: `Move the contact to the list of a status that exists, or add the status in ${crm}.`,
  }),
  shadowed: ({ crm }: Labels): Words => ({
    message: `Another ${crm} record is linked for this person; this one is left alone.`,
    fix: `Merge the two in ${crm}.`,
  }),
} as const;
