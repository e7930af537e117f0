// The address of a linked pair: decides who is renamed and what is held; opt-outs travel with the person. (C19-C25)
import { type EffectiveBase, effectiveBase, isRefused, isSettled, NOTHING_KNOWN } from '../merge/effective-base.ts';
import { EMAIL_TABLE } from '../merge/email.table.ts';
import { allowsWriteTo, type Direction } from '../model/identity.ts';
import type { BaseField, Link } from '../model/link.ts';
import type { Collision } from '../model/person.ts';
import type { Effect, MarketingWrite } from '../model/plan.ts';
import type { MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { RoleSettings } from '../model/settings.ts';
import { isBlockedLocalPart } from '../normalize/blocked-local-part.ts';
import { type EmailReading, emailKey, isSameAddress } from '../normalize/email.ts';
import { ask } from './ask.ts';
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
    pair.link === null
      ? NOTHING_KNOWN
      : effectiveBase(pair.link, 'email', marketingKey, pair.marketing.assumed, crmKey);
  const winner = role.alignment.winner === 'marketing' ? crmKey : marketingKey;
  const base =
    draft.settings.mode === 'align' && known.base?.undone === true
      ? { crm: winner, marketing: winner }
      : (known.base ?? { crm: marketingKey, marketing: marketingKey });
  if (known.confirmation === 'confirmed') learnt.agreed['email'] = base;
  // The mark of a refused rename stays as long as the rename is wanted: it is what keeps it from being sent for ever. (R4)
  const refused = crmKey !== null && crmKey !== base.crm && isRefused(known, crmKey);
  if (isSettled(known, refused)) learnt.settled.push('email');

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
      noteDoubled(draft, role, marketingKey);
      return { ...NOTHING, crmEmail: marketingKey, rows: [row.id] };
    case 'hold-taken':
      return planTaken(draft, role, pair, hold, crmKey);
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
function noteDoubled(draft: Draft, role: RoleSettings, address: string | null): void {
  const { candidates, elsewhere, shadows } = draft.view.roles[role.role];
  const others = [...candidates, ...elsewhere, ...shadows.flatMap(({ record }) => record ?? [])].filter(
    ({ email, state }) => state === 'present' && keyOf(emailKey(email)) === address,
  );
  if (others.length === 0) return;
  const { crm } = draft.settings.labels;
  draft.notes.push({
    row: 'C25',
    text: `SELL_DUP_EMAIL: ${crm} ${role.role} ${others.map(({ id }) => id).join(', ')} has this address too; links stay as they are.`,
  });
}

interface HoldPlace {
  readonly row: RowId;
  readonly crmId: string;
  readonly email: string | null;
}

function collisionWith(draft: Draft, crmKey: string | null): Collision | null {
  return draft.view.collisions.find(({ marketing }) => keyOf(emailKey(marketing.email)) === crmKey) ?? null;
}

/** (C21) The address belongs to another contact: somebody says who is who. Two histories are never merged. */
function planTaken(draft: Draft, role: RoleSettings, pair: Pair, hold: HoldPlace, crmKey: string | null): AddressPlan {
  const other = collisionWith(draft, crmKey);
  const holder = other?.holders.find(({ link }) => link.role === role.role) ?? null;
  const exchanged = isSameAddress(holder?.record?.email ?? null, pair.marketing.email);
  const answer = ask(draft, role.role, 'address-taken', {
    code: 'EMAIL_TAKEN',
    ...hold,
    ...holdWords.emailTaken(draft.settings.labels),
    about: other === null ? [] : [other.marketing.id],
    refs: other === null ? [] : [{ system: 'marketing', entity: 'contact', id: other.marketing.id }],
    offered: [...(holder === null ? (['relink'] as const) : exchanged ? (['swap'] as const) : []), 'keep-apart'],
  });
  // Left apart, the rest of the record goes on.
  if (answer === 'keep-apart') return NOTHING;
  if (answer === null || other === null || pair.link === null) return { ...NOTHING, holdsRecord: true };
  draft.effects.push(ended(pair.link), joined(role, pair.record.id, other.marketing.id));
  if (holder !== null) draft.effects.push(ended(holder.link), joined(role, holder.link.crmId, pair.marketing.id));
  else carryOptOut(draft, role, pair, other.marketing);
  draft.again = true;
  return { ...NOTHING, severed: true };
}

function ended(link: Link): Effect {
  return { type: 'link-state', linkId: link.id, state: 'severed', because: 'C21', row: 'C21' };
}

function joined({ role }: RoleSettings, crmId: string, marketingId: string): Effect {
  return { type: 'link', role, crmId, marketingId, state: 'active', because: null, row: 'C21' };
}

/** (C23) Whoever had opted out stays so at the new address. */
function carryOptOut(draft: Draft, role: RoleSettings, pair: Pair, to: MarketingRecord): void {
  const channel = optOutOf(pair.marketing);
  if (channel === null || optOutOf(to) !== null) return;
  draft.lists.push({
    id: `${draft.view.key}/marketing/${role.role}/set-consent/${to.id}`,
    row: 'C23',
    rows: ['C23', 'C21'],
    lane: 'opt-out',
    kind: 'set-consent',
    system: 'marketing',
    entity: role.role,
    email: to.email,
    crmId: pair.record.id,
    marketingId: to.id,
    changes: { consent: { from: to.channel.state, to: channel.state } },
    clears: false,
    crm: null,
    marketing: { set: {}, channel },
    effects: [
      {
        type: 'consent',
        system: 'marketing',
        state: 'optedOut',
        signal: 'opt-out of the address before',
        effectiveAt: null,
        row: 'C23',
        crmId: pair.record.id,
        marketingId: to.id,
        written: `${channel.state} in ${draft.settings.labels.marketing}`,
      },
    ],
  });
}

/** (C24) The link ends, the marketing contact stays. */
function sever(draft: Draft, role: RoleSettings, pair: Pair, hold: HoldPlace): AddressPlan {
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
  if (collisionWith(draft, crmKey) !== null) return 'taken';
  return draft.view.suppressedAddresses.includes(crmKey) ? 'suppressed' : 'free';
}

function keyOf(reading: EmailReading): string | null {
  return reading.type === 'ok' ? reading.key : null;
}
