// The CRM records that speak for a person, and what each said at the last look. Decides nothing.

import { type CrmConsent, readSignals } from '../consent/read-signals.ts';
import { CONSENT_KEY, EVIDENCE_KEY, OTHERS_KEY, saysOut } from '../consent/state-words.ts';
import { ROLES, type Role } from '../model/identity.ts';
import type { BaseField, Link } from '../model/link.ts';
import type { CrmRecord } from '../model/record.ts';
import type { ConsentSettings } from '../model/settings.ts';
import { isSameAddress } from '../normalize/email.ts';
import type { Draft } from './draft.ts';

export interface Member {
  readonly role: Role;
  readonly record: CrmRecord;
  readonly consent: CrmConsent;
  /** False while the link is paused or held, or the role is off: opt-outs still flow, opt-ins do not. */
  readonly active: boolean;
  /** Nobody's yes counts for an address it was not said for. (decision 8, C21) */
  readonly sharesAddress: boolean;
}

/** A record of the person with what it says, and the link that remembers what it said before. */
export interface Voice {
  readonly role: Role;
  readonly record: CrmRecord;
  readonly consent: CrmConsent;
  readonly link: Link | null;
}

/** Linked records, those that this plan links included. */
export function linkedMembers(draft: Draft, consent: ConsentSettings): readonly Member[] {
  return ROLES.flatMap((role): readonly Member[] => {
    const view = draft.view.roles[role];
    const made = draft.effects
      .filter((effect) => effect.type === 'link')
      .find((link) => link.role === role && link.state !== 'shadow');
    const record = view.link === null ? view.candidates.find(({ id }) => id === made?.crmId) : view.record;
    if (record?.state !== 'present') return [];
    const active = (view.link ?? made)?.state === 'active' && !consent.heard.includes(role);
    const sharesAddress = isSameAddress(record.email, draft.view.marketing?.email ?? null);
    return [{ role, record, consent: readSignals(record, consent.signals[role]), active, sharesAddress }];
  });
}

/** (P5) Shadows and records with the address that are not linked: only their opt-outs count. */
export function bystanders(draft: Draft, consent: ConsentSettings, members: readonly Member[]): readonly Voice[] {
  return ROLES.flatMap((role) => {
    const view = draft.view.roles[role];
    const free = [...view.candidates, ...view.elsewhere].map((record) => ({ record, link: null }));
    const shadows = view.shadows.flatMap(({ record, link }) => (record === null ? [] : [{ record, link }]));
    return [...free, ...shadows]
      .filter(
        ({ record }) =>
          record.state === 'present' &&
          !members.some((member) => member.role === role && member.record.id === record.id),
      )
      .map(({ record, link }) => ({ role, record, link, consent: readSignals(record, consent.signals[role]) }));
  });
}

/** What was remembered last. The link of a record that is gone and waits for its delete remembers nothing any more: it comes last. */
export function baseOf(
  draft: Draft,
  members: readonly Member[],
): { readonly crm: string; readonly marketing: string } | null {
  const speaking = members.map(({ role }) => role);
  for (const role of [...speaking, ...ROLES]) {
    const field = draft.view.roles[role].link?.base[CONSENT_KEY];
    if (typeof field?.crm === 'string' && typeof field.marketing === 'string')
      return { crm: field.crm, marketing: field.marketing };
  }
  return null;
}

export function saidBefore({ link, record }: Voice): BaseField | null {
  return link?.crmId === record.id ? (link.base[EVIDENCE_KEY] ?? null) : null;
}

/** Linked by this very plan, as a shadow too: what it says was never heard before. */
export function isLinkedNow({ effects }: Draft, { role, record }: Voice): boolean {
  return effects.some((effect) => effect.type === 'link' && effect.role === role && effect.crmId === record.id);
}

/** (P5, C35) Records without a link whose no was heard before; the person's links remember that for them. */
export function othersHeard(draft: Draft, members: readonly Member[]): ReadonlySet<string> {
  const texts = members.map(({ role }) => draft.view.roles[role].link?.base[OTHERS_KEY]?.crm);
  return new Set(texts.flatMap((text) => (typeof text === 'string' ? text.split(' ') : [])));
}

/** Those that say no now, as they are remembered. */
export function othersOut(draft: Draft, voices: readonly Voice[]): string | null {
  const names = voices.filter((voice) => saysOut(voice.consent) && !hasLink(draft, voice)).map(nameOf);
  return names.length === 0 ? null : names.sort().join(' ');
}

export function nameOf({ role, record }: Voice): string {
  return `${role}:${record.id}`;
}

/** There is a link, of before or of this plan, that remembers what it says. */
export function hasLink(draft: Draft, voice: Voice): boolean {
  return voice.link !== null || isLinkedNow(draft, voice);
}
