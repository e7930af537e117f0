// The address of a linked pair: decides who is renamed and what is held; opt-outs travel with the person. (C19-C25)
import { type EffectiveBase, effectiveBase, isRefused, NOTHING_KNOWN } from '../merge/effective-base.ts';
import { EMAIL_TABLE } from '../merge/email.table.ts';
import { allowsWriteTo, type Direction } from '../model/identity.ts';
import type { BaseField } from '../model/link.ts';
import type { MarketingWrite } from '../model/plan.ts';
import type { MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { RoleSettings } from '../model/settings.ts';
import { isBlockedLocalPart } from '../normalize/blocked-local-part.ts';
import { type EmailReading, emailKey } from '../normalize/email.ts';
import { addHold, type Draft } from './draft.ts';
import { holdWords } from './hold-words.ts';
import type { Pair } from './pair.ts';
import { contactTakesPart, isContactWriting } from './role-rules.ts';

export interface AddressPlan {
  /** The link ended: nothing else of the pair is planned. */
  readonly severed: boolean;
  /** Who is who is in doubt: in record-wise mode nothing of the record is written. */
  readonly holdsRecord: boolean;
  /** New address for the CRM record. */
  readonly crmEmail: string | null;
  /** New address for the marketing contact, and its channel where an opt-out must travel along. */
  readonly renameTo: string | null;
  readonly channel: NonNullable<MarketingWrite['channel']> | null;
  readonly rows: readonly RowId[];
  /** What was known of the address, with the rename that still waits to be read back. */
  readonly known: EffectiveBase;
}

const NOTHING: AddressPlan = {
  severed: false,
  holdsRecord: false,
  crmEmail: null,
  renameTo: null,
  channel: null,
  rows: [],
  known: NOTHING_KNOWN,
};

/** @param learnt receives what both sides agree on, and which sent addresses were read back. */
export function planAddress(
  draft: Draft,
  role: RoleSettings,
  pair: Pair,
  learnt: { readonly agreed: Record<string, BaseField>; readonly settled: string[] },
): AddressPlan {
  const crm = emailKey(pair.record.email);
  const marketing = emailKey(pair.marketing.email);
  const crmKey = keyOf(crm);
  const marketingKey = keyOf(marketing);
  // Where the contact renames the person, the old address is nothing for the lead to follow. (L16)
  if (role.role === 'lead' && contactTakesPart(draft) && isContactWriting(draft, 'email', marketingKey)) return NOTHING;
  const known =
    pair.link === null ? NOTHING_KNOWN : effectiveBase(pair.link, 'email', marketingKey, pair.marketing.assumed);
  const base = known.base ?? { crm: marketingKey, marketing: marketingKey };
  if (known.confirmation === 'confirmed') learnt.agreed['email'] = base;
  // The mark of a refused rename stays as long as the rename is wanted: it is what keeps it from being sent for ever. (R4)
  const refused = crmKey !== null && crmKey !== base.crm && isRefused(known, crmKey);
  if (known.confirmation === 'confirmed' || (known.confirmation === 'not-applied' && !refused))
    learnt.settled.push('email');

  const row = EMAIL_TABLE.decide({
    crm: crm.type === 'invalid' ? 'invalid' : crm.type === 'blank' ? 'blank' : crmKey === base.crm ? 'same' : 'changed',
    marketing: marketingKey === null ? 'blank' : marketingKey === base.marketing ? 'same' : 'changed',
    equal: crm.type !== 'invalid' && crmKey === marketingKey ? 'yes' : 'no',
    targets: targetsOf(draft, role) ?? 'none',
    address: addressFacts(draft, crmKey),
    onChange: role.onEmailChange === 'new' && movedTogether(draft, role, crmKey) ? 'rename' : role.onEmailChange,
  });
  const { labels } = draft.settings;
  const hold = { row: row.id, crmId: pair.record.id, email: pair.record.email ?? pair.marketing.email };
  switch (row.then) {
    case 'nothing':
      if (pair.link === null) learnt.agreed['email'] = { crm: crmKey, marketing: marketingKey };
      return NOTHING;
    case 'agree':
      learnt.agreed['email'] = { crm: crmKey, marketing: marketingKey };
      return NOTHING;
    case 'drift':
      return NOTHING;
    case 'rename':
    case 'rename-opted-out': {
      if (crmKey !== null && isBlockedLocalPart(crmKey)) {
        addHold(draft, role.role, { code: 'EMAIL_BLOCKED', ...hold, row: 'C19', ...holdWords.emailBlocked(labels) });
        return { ...NOTHING, holdsRecord: true };
      }
      if (refused) {
        addHold(draft, role.role, {
          code: 'REMOTE_REJECTED',
          ...hold,
          row: 'R4',
          field: 'email',
          ...holdWords.notApplied('the e-mail address', labels),
        });
        return { ...NOTHING, holdsRecord: true };
      }
      if (row.then === 'rename-opted-out') noteSuppressed(draft);
      const channel = row.then === 'rename-opted-out' ? ({ state: 'unsubscribed' } as const) : optOutOf(pair.marketing);
      const rows: RowId[] = channel !== null && row.then === 'rename' ? [row.id, 'C23'] : [row.id];
      return { ...NOTHING, renameTo: crmKey, channel, rows, known };
    }
    case 'new-contact':
      if (addressFacts(draft, crmKey) === 'suppressed') noteSuppressed(draft);
      return startNewContact(draft, pair);
    case 'sever':
      return sever(draft, role, pair, hold);
    case 'write-crm':
      noteDoubled(draft, role, pair, marketingKey);
      return { ...NOTHING, crmEmail: marketingKey, rows: [row.id] };
    case 'hold-taken':
      addHold(draft, role.role, {
        code: 'EMAIL_TAKEN',
        ...hold,
        ...holdWords.emailTaken(labels),
        refs: draft.view.collisions.map((other) => ({ system: 'marketing', entity: 'contact', id: other.id })),
      });
      return { ...NOTHING, holdsRecord: true };
    case 'hold-change':
      addHold(draft, role.role, { code: 'EMAIL_TAKEN', ...hold, ...holdWords.emailChange(labels) });
      return { ...NOTHING, holdsRecord: true };
    case 'hold-invalid':
      addHold(draft, role.role, {
        code: 'EMAIL_INVALID',
        ...hold,
        ...holdWords.emailInvalid(crm.type === 'invalid' ? crm.why : 'cannot be mailed', labels),
      });
      return { ...NOTHING, holdsRecord: true };
    case 'hold-blank':
      addHold(draft, role.role, { code: 'EMAIL_REMOVED', ...hold, ...holdWords.marketingEmailRemoved(labels) });
      return { ...NOTHING, holdsRecord: true };
    default:
      return row.then satisfies never;
  }
}

/** (C22) */
function noteSuppressed(draft: Draft): void {
  const { crm, marketing } = draft.settings.labels;
  draft.notes.push({
    row: 'C22',
    text: `EMAIL_CHANGE_TO_SUPPRESSED: the new address in ${crm} is opted out in ${marketing}; the person goes along with it, opted out.`,
  });
}

/** (C25) Duplicates are the CRM's own affair: the address is written, links stay, and it is told. */
function noteDoubled(draft: Draft, role: RoleSettings, pair: Pair, address: string | null): void {
  const { candidates, elsewhere, shadows } = draft.view.roles[role.role];
  const others = [...candidates, ...elsewhere, ...shadows.flatMap(({ record }) => record ?? [])].filter(
    ({ id, email, state }) => state === 'present' && id !== pair.record.id && keyOf(emailKey(email)) === address,
  );
  if (others.length === 0) return;
  const { crm } = draft.settings.labels;
  draft.notes.push({
    row: 'C25',
    text: `SELL_DUP_EMAIL: ${crm} ${role.role} ${others.map(({ id }) => id).join(', ')} has this address too; links stay as they are.`,
  });
}

/** (C24) The link ends, the marketing contact stays. */
function sever(
  draft: Draft,
  role: RoleSettings,
  pair: Pair,
  hold: { row: RowId; crmId: string; email: string | null },
): AddressPlan {
  if (pair.link !== null) {
    draft.effects.push({ type: 'link-state', linkId: pair.link.id, state: 'severed', because: 'C24', row: 'C24' });
  }
  addHold(draft, role.role, { code: 'EMAIL_REMOVED', ...hold, ...holdWords.emailRemoved(draft.settings.labels) });
  return { ...NOTHING, severed: true };
}

/** (C20 `new`, C23) The link ends so that the record is planned again as a new contact; an opt-out is remembered on the link. */
function startNewContact(draft: Draft, pair: Pair): AddressPlan {
  const because = optOutOf(pair.marketing) === null ? 'C20' : 'C23';
  if (pair.link !== null) {
    draft.effects.push({ type: 'link-state', linkId: pair.link.id, state: 'severed', because, row: 'C20' });
    draft.again = true;
  }
  return { ...NOTHING, severed: true };
}

/** (C23) The opt-out that must go along with a person's new address; complaints and bounces stay where they are by themselves. */
export function optOutOf(marketing: MarketingRecord): { readonly state: 'unsubscribed' | 'suppressed' } | null {
  switch (marketing.channel.state) {
    case 'unsubscribed':
    case 'blocked':
      return { state: 'unsubscribed' };
    case 'suppressed':
      return { state: 'suppressed' };
    case 'subscribed':
    case 'pending':
    case 'soft-bounced':
    case 'hard-bounced':
    case 'none':
      return null;
    default:
      return marketing.channel.state satisfies never;
  }
}

/** (L16) Where the person is a contact too, the contact's address decides for marketing. */
function targetsOf(draft: Draft, role: RoleSettings): Direction | null {
  if (role.role === 'lead' && contactTakesPart(draft)) {
    return allowsWriteTo(role.direction, 'crm') ? 'to-crm' : null;
  }
  return role.direction;
}

/** The person's other record has the new address too: nobody stays behind at the old one, and a new contact would be joined right back. */
function movedTogether(draft: Draft, role: RoleSettings, crmKey: string | null): boolean {
  const other = draft.view.roles[role.role === 'contact' ? 'lead' : 'contact'];
  return crmKey !== null && other.link !== null && keyOf(emailKey(other.record?.email ?? null)) === crmKey;
}

function addressFacts(draft: Draft, crmKey: string | null): 'free' | 'taken' | 'suppressed' {
  if (crmKey === null) return 'free';
  if (draft.view.collisions.some((other) => keyOf(emailKey(other.email)) === crmKey)) return 'taken';
  return draft.view.suppressedAddresses.includes(crmKey) ? 'suppressed' : 'free';
}

function keyOf(reading: EmailReading): string | null {
  return reading.type === 'ok' ? reading.key : null;
}
