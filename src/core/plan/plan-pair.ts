// A linked pair (or one being linked): merges address and fields, checks the gates, adds the writes. (C5-C29)
import { keepConsentTags, TAGS } from '../consent/own-tags.ts';
import { writeCrm, writeMarketing } from '../mapping/convert.ts';
import {
  type EffectiveBase,
  effectiveBase,
  isRefused,
  isSettled,
  NOTHING_KNOWN,
  sendMark,
} from '../merge/effective-base.ts';
import {
  crmSide,
  isDecidedAnew,
  isEmptied,
  type MergedField,
  marketingSide,
  mergeField,
  resolveWinner,
} from '../merge/merge-field.ts';
import { allowsWriteTo, type Direction, narrowDirection } from '../model/identity.ts';
import type { BaseField, Unconfirmed } from '../model/link.ts';
import type { Change } from '../model/plan.ts';
import type { RowId } from '../model/row.ts';
import type { RoleSettings } from '../model/settings.ts';
import { isBlank, sameValue, type Value } from '../model/value.ts';
import { emailKey } from '../normalize/email.ts';
import { addCrmWrite, addHold, type Draft, marketingDraft } from './draft.ts';
import { gateCrm, joinHalves, rawsOf, type Wanted, type Wishes } from './gate-pair.ts';
import { missingNames } from './gates.ts';
import { holdWords } from './hold-words.ts';
import type { Pair } from './pair.ts';
import { type AddressPlan, planAddress } from './plan-address.ts';
import { planLeadStatus, STATUS_KEY } from './plan-lead-status.ts';
import {
  contactEnded,
  contactTakesPart,
  directionOf,
  holdDefaulted,
  holdUnmappable,
  isContactWriting,
} from './role-rules.ts';

export function planPair(draft: Draft, role: RoleSettings, pair: Pair): void {
  const wishes: Wishes = {
    crm: [],
    marketing: [],
    agreed: {},
    settled: [],
    twoSided: new Set(),
    crmUnfit: false,
    marketingUnfit: false,
  };
  const address = planAddress(draft, role, pair, wishes);
  if (address.severed) return;
  if (role.role === 'lead' && planLeadStatus(draft, role, pair)) return;
  for (const field of role.fields) mergeOne(draft, role, pair, wishes, field);
  learn(draft, role, pair, wishes);
  if (address.holdsRecord && !draft.settings.partialWrite) return;
  const status = role.role === 'lead' ? draft.leadStatus : null;
  const gated = gateCrm(draft, role, pair, wishes, address.crmEmail !== null || status !== null);
  const crmPart = joinHalves(wishes, gated ?? []);
  if (gated !== null) writeToCrm(draft, role, pair, wishes, { sent: crmPart, address, status });
  const names =
    draft.settings.namesRequiredFor === 'both' ? missingNames(pair.record, rawsOf(crmPart), role.fields) : null;
  writeToMarketing(draft, role, pair, wishes, address, names);
}

function mergeOne(
  draft: Draft,
  role: RoleSettings,
  pair: Pair,
  wishes: Wishes,
  field: RoleSettings['fields'][number],
): void {
  const { link, record, marketing } = pair;
  const crm = crmSide(field, record.values[field.crm.path] ?? null);
  const own = marketingSide(field, marketing.values[field.marketing.name] ?? null);
  // What the contact of the same person writes is not the lead's to judge before it was read back. (L16, L17, R4)
  const shared = role.role === 'lead' && sharedWithContact(draft, field.key);
  if (shared && isContactWriting(draft, field.key, own.value)) return;
  const stored =
    link === null ? NOTHING_KNOWN : effectiveBase(link, field.key, own.value, marketing.assumed, crm.value);
  const emptied = isEmptied(field, crm, own, stored.base);
  const anew = !emptied && isDecidedAnew(field, crm, own, stored.base, draft.settings.mode === 'align');
  const over = anew || emptied || (stored.base?.outranked === true && !shared && contactEnded(draft));
  const known = over ? { ...stored, base: null } : stored;
  const asked = mergeField(field, crm, own, known.base, {
    targets: targetsOf(draft, role, field, known.base !== null || emptied),
    blanksTravel: draft.settings.mode === 'sync',
    winner: resolveWinner(role.alignment.winner, record.updatedAt, marketing.updatedAt),
  });
  const merged = withOwnConsent(draft, role, asked);
  if (own.defaulted && allowsToCrm(draft, role, field)) holdDefaulted(draft, role, field, record.id, marketing.email);
  if (known.confirmation === 'confirmed' && known.base !== null) wishes.agreed[field.key] = known.base;
  // The mark of a refused write stays as long as the write is wanted: it is what keeps it from being sent for ever. (R4)
  const refused = merged.outcome !== 'nothing' && known.sent !== null && isRefused(known, known.sent.to);
  if (isSettled(known, refused)) wishes.settled.push(field.key);
  if (anew && stored.base !== null && stored.confirmation !== 'waiting')
    wishes.agreed[field.key] = { ...stored.base, asked: true };

  switch (merged.outcome) {
    case 'nothing':
    case 'drift':
      return;
    case 'agree':
    case 'keep-both':
      // An alignment clears nothing, and forgets no clear either: the next sync carries it over, under its brake. (C26)
      if (merged.row === 'C26' && field.blank === 'propagate' && draft.settings.mode === 'align') {
        draft.later = true;
        return;
      }
      // An assumed value agrees with what was sent, not yet with anything that was read. (R4)
      if (known.confirmation !== 'waiting')
        wishes.agreed[field.key] = {
          crm: crm.value,
          marketing: merged.marketing.value,
          // Where an alignment changes nothing, it is not for the contact that it stays so. (4.8)
          ...(shared && merged.outcome === 'keep-both' && directionOf(draft, role) !== null ? { outranked: true } : {}),
        };
      return;
    case 'hold':
      addHold(draft, role.role, {
        code: 'VALUE_UNMAPPABLE',
        row: 'C9',
        crmId: record.id,
        field: field.key,
        ...holdWords.conflict(field.marketing.name, draft.settings.labels),
      });
      return;
    case 'write-marketing':
      wantMarketing(draft, role, pair, wishes, merged, merged.result, known);
      return;
    case 'write-crm':
      wantCrm(draft, role, pair, wishes, merged, known);
      return;
    case 'merge-sets': {
      const toMarketing = !sameValue(merged.result, own.value);
      const toCrm = !sameValue(merged.result, crm.value);
      if (toMarketing && toCrm) wishes.twoSided.add(field.key);
      if (toMarketing) wantMarketing(draft, role, pair, wishes, merged, merged.result, known);
      if (toCrm) wantCrm(draft, role, pair, wishes, merged, known);
      return;
    }
    default:
      merged.outcome satisfies never;
  }
}

/** (R19) What is left of a write of tags once consent is out of it; nothing left = both sides stay as they are. */
function withOwnConsent(draft: Draft, role: RoleSettings, merged: MergedField): MergedField {
  if (merged.field.crm.path !== TAGS || (merged.outcome !== 'write-crm' && merged.outcome !== 'merge-sets'))
    return merged;
  const result = keepConsentTags(draft.settings.consent, role.role, merged.result, merged.crm.value);
  const nothing = merged.outcome === 'write-crm' && sameValue(result, merged.crm.value);
  return { ...merged, result, ...(nothing ? { outcome: 'keep-both' as const } : {}) };
}

/** (decision 15) Alignment narrows the direction only where nothing was known yet; a lead leaves shared fields to the contact. (L16) */
function targetsOf(
  draft: Draft,
  role: RoleSettings,
  field: RoleSettings['fields'][number],
  hasBase: boolean,
): Direction | null {
  const direction = hasBase ? role.direction : directionOf(draft, role);
  const narrowed = direction === null ? null : narrowDirection(direction, field.direction);
  if (narrowed === null || !field.crm.writable)
    return narrowed !== null && allowsWriteTo(narrowed, 'marketing') ? 'to-marketing' : null;
  if (role.role === 'lead' && sharedWithContact(draft, field.key)) return narrowDirection(narrowed, 'to-crm');
  return narrowed;
}

function sharedWithContact(draft: Draft, key: string): boolean {
  return contactTakesPart(draft) && draft.settings.roles.contact.fields.some((field) => field.key === key);
}

function allowsToCrm(draft: Draft, role: RoleSettings, field: RoleSettings['fields'][number]): boolean {
  const targets = targetsOf(draft, role, field, true);
  return targets !== null && allowsWriteTo(targets, 'crm');
}

function wantMarketing(
  draft: Draft,
  role: RoleSettings,
  pair: Pair,
  wishes: Wishes,
  merged: MergedField,
  value: Value,
  known: EffectiveBase,
): void {
  if (isRefused(known, value)) {
    addHold(draft, role.role, {
      code: 'REMOTE_REJECTED',
      row: 'R4',
      crmId: pair.record.id,
      field: merged.field.key,
      ...holdWords.notApplied(merged.field.marketing.name, draft.settings.labels),
    });
    return;
  }
  const writing =
    merged.crm.why !== null && merged.outcome === 'write-marketing'
      ? { type: 'unmappable' as const, why: merged.crm.why }
      : writeMarketing(merged.field, value);
  if (writing.type === 'unmappable') {
    wishes.marketingUnfit = true;
    holdUnmappable(draft, role, merged.field, 'marketing', writing.why, pair.record.id, pair.marketing.email);
    return;
  }
  wishes.marketing.push({ merged, value, raw: writing.raw, known });
}

function wantCrm(
  draft: Draft,
  role: RoleSettings,
  pair: Pair,
  wishes: Wishes,
  merged: MergedField,
  known: EffectiveBase,
): void {
  const { field, result: value } = merged;
  // A status cannot be blank in the CRM: clearing it means none, on both sides. (C12, C13)
  if (isBlank(value) && field.crm.fallback !== undefined) {
    const fallback = field.crm.fallback;
    const targets = targetsOf(draft, role, field, true);
    const toMarketing = targets !== null && allowsWriteTo(targets, 'marketing');
    const toCrm = !sameValue(merged.crm.value, fallback);
    if (toMarketing && toCrm) wishes.twoSided.add(field.key);
    if (toMarketing) wantMarketing(draft, role, pair, wishes, merged, fallback, known);
    if (toCrm) wishes.crm.push({ merged, value: fallback, raw: fallback, known: NOTHING_KNOWN });
    return;
  }
  if (isBlank(value) && field.crm.meaning !== undefined) {
    wishes.crm.push({ merged, value: null, raw: null, known: NOTHING_KNOWN });
    return;
  }
  const writing =
    merged.marketing.why !== null && merged.outcome === 'write-crm'
      ? { type: 'unmappable' as const, why: merged.marketing.why }
      : writeCrm(field, value);
  if (writing.type === 'unmappable') {
    wishes.crmUnfit = true;
    holdUnmappable(draft, role, field, 'crm', writing.why, pair.record.id, pair.marketing.email);
    return;
  }
  wishes.crm.push({ merged, value, raw: writing.raw, known: NOTHING_KNOWN });
}

/** What both sides agree on already is remembered at once. (R4, C8) */
function learn(draft: Draft, role: RoleSettings, pair: Pair, wishes: Wishes): void {
  const { settled } = wishes;
  const base = pair.link?.base ?? {};
  // What is remembered so already is no news, however often an alignment decides it anew.
  const agreed = Object.fromEntries(Object.entries(wishes.agreed).filter(([key, field]) => !isSame(base[key], field)));
  if (Object.keys(agreed).length === 0 && settled.length === 0) return;
  draft.effects.push({
    type: 'base',
    role: role.role,
    crmId: pair.record.id,
    marketingId: pair.marketing.id,
    fields: agreed,
    unconfirmed: {},
    settled,
  });
}

/** Both sides' values, and all that is said of them. */
function isSame(known: BaseField | undefined, { crm, marketing, ...marks }: BaseField): boolean {
  if (known === undefined || !sameValue(known.crm, crm) || !sameValue(known.marketing, marketing)) return false;
  const { crm: _crm, marketing: _marketing, ...before } = known;
  return JSON.stringify(before) === JSON.stringify(marks);
}

interface CrmPart {
  readonly sent: readonly Wanted[];
  readonly address: AddressPlan;
  readonly status: Draft['leadStatus'];
}

function writeToCrm(
  draft: Draft,
  role: RoleSettings,
  pair: Pair,
  wishes: Wishes,
  { sent, address, status }: CrmPart,
): void {
  const alsoToMarketing = new Set(wishes.marketing.map((wanted) => wanted.merged.field.key));
  if (sent.length === 0 && address.crmEmail === null && status === null) return;
  const changes: Record<string, Change> = {};
  const fields: Record<string, BaseField> = {};
  const rows: RowId[] = [];
  const whole = new Set<string>();
  if (address.crmEmail !== null) {
    rows.push(...address.rows);
    changes['email'] = { from: pair.record.email, to: address.crmEmail };
    fields['email'] = { crm: address.crmEmail, marketing: address.crmEmail };
  }
  if (status !== null) {
    rows.push(status.row);
    changes['status'] = { from: status.from, to: status.to };
    fields[STATUS_KEY] = { crm: status.to, marketing: status.to };
  }
  for (const { merged, value } of sent) {
    rows.push(merged.row);
    changes[merged.field.crm.path] = { from: merged.crm.value, to: value };
    if (merged.field.crm.whole !== undefined) whole.add(merged.field.crm.whole);
    // Where the other side is written too, that write settles the base: until then both sides count as changed.
    if (!alsoToMarketing.has(merged.field.key))
      fields[merged.field.key] = { crm: value, marketing: merged.marketing.value };
  }
  addCrmWrite(draft, role.role, pair.record.id, {
    rows,
    email: pair.marketing.email,
    changes,
    write: {
      set: rawsOf(sent),
      ...(address.crmEmail === null ? {} : { email: address.crmEmail }),
      ...(status === null ? {} : { status: status.to }),
      ...(whole.size === 0 ? {} : { whole: [...whole] }),
    },
    effects: [
      {
        type: 'base',
        role: role.role,
        crmId: pair.record.id,
        marketingId: pair.marketing.id,
        fields,
        unconfirmed: {},
        settled: Object.keys(fields),
      },
    ],
  });
}

/** @param missing names the CRM record lacks, where they are needed for this direction too. (C11) */
function writeToMarketing(
  draft: Draft,
  role: RoleSettings,
  pair: Pair,
  wishes: Wishes,
  address: AddressPlan,
  missing: string | null,
): void {
  if (wishes.marketing.length === 0 && address.renameTo === null) return;
  if (missing !== null) {
    addHold(draft, role.role, {
      code: 'NAME_MISSING',
      row: role.role === 'contact' ? 'C11' : 'L14',
      crmId: pair.record.id,
      ...holdWords.nameMissing(missing, draft.settings.labels),
    });
    return;
  }
  if (wishes.marketingUnfit && !draft.settings.partialWrite) return;
  const target = marketingDraft(draft, pair.record, pair.marketing.email);
  const unconfirmed: Record<string, Unconfirmed> = {};
  if (address.renameTo !== null) {
    target.rows.push(...address.rows);
    target.renameTo = address.renameTo;
    target.changes['email'] = { from: pair.marketing.email, to: address.renameTo };
    unconfirmed['email'] = sendMark(address.known, marketingKey(pair), address.renameTo, address.renameTo);
    if (address.channel !== null) target.channel = address.channel;
  }
  for (const { merged, value, raw, known } of wishes.marketing) {
    target.rows.push(merged.row);
    target.set[merged.field.marketing.name] = raw;
    target.changes[merged.field.marketing.name] = { from: merged.marketing.value, to: value };
    target.results.set(merged.field.key, value);
    // What it agrees with in the CRM is the same: a merged value is written to both.
    const mark = sendMark(known, merged.marketing.value, value, value);
    unconfirmed[merged.field.key] = wishes.twoSided.has(merged.field.key) ? { ...mark, twoSided: true } : mark;
  }
  if (role.idField !== null && (pair.marketing.values[role.idField] ?? null) !== pair.record.id)
    target.set[role.idField] = pair.record.id;
  target.effects.push({
    type: 'base',
    role: role.role,
    crmId: pair.record.id,
    marketingId: pair.marketing.id,
    fields: {},
    unconfirmed,
    settled: [],
  });
}

/** The marketing address in normal form, as it is compared when it is read back. */
function marketingKey(pair: Pair): string | null {
  const reading = emailKey(pair.marketing.email);
  return reading.type === 'ok' ? reading.key : null;
}
