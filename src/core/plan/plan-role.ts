// One role of one person: is there a link, should there be one, and who is created where. (C1-C4, C32-C35, 4.4)
import { countingList } from '../lifecycle/lead-lists.ts';
import { type Choice, chooseRecord } from '../match/choose-record.ts';
import { allowsWriteTo } from '../model/identity.ts';
import type { Link } from '../model/link.ts';
import type { RoleView } from '../model/person.ts';
import type { CrmRecord, MarketingRecord } from '../model/record.ts';
import type { RowId } from '../model/row.ts';
import type { RoleSettings } from '../model/settings.ts';
import { isSameAddress } from '../normalize/email.ts';
import type { PersonName } from '../normalize/name.ts';
import { answerTo, ask } from './ask.ts';
import { addHold, type Draft } from './draft.ts';
import { leavesWithNo } from './first-consent.ts';
import { holdWords } from './hold-words.ts';
import { planCrmCreate } from './plan-crm-create.ts';
import { isConverting, planGoneContact, planGoneRecord } from './plan-disappearance.ts';
import { STATUS_KEY } from './plan-lead-status.ts';
import { planMarketingCreate } from './plan-marketing-create.ts';
import { planPair } from './plan-pair.ts';
import { directionOf, holdShadow } from './role-rules.ts';
import { crmParticipation, marketingParticipation, type Participation } from './scope.ts';

export function planRole(draft: Draft, role: RoleSettings): void {
  const view = draft.view.roles[role.role];
  const marketing = presentMarketing(draft);
  holdUnidentified(draft, role, view);
  noteOrganisations(draft, role, view);
  if (view.link !== null) {
    planLinked(draft, role, view, view.link);
  } else if (isConverting(draft)) {
    // The lead hands its place to the contact it became, with all it had agreed on; the contact is planned after that. (D8)
  } else if (marketing !== null) {
    planUnlinkedContact(draft, role, view, marketing);
  } else if (draft.view.marketing === null) {
    // A contact that is gone is explained before another one is made for the same person. (4.3)
    planUnlinkedRecords(draft, role, view);
  }
}

/** (D3) Deleted before it was ever linked, and nothing in the CRM has taken its place. */
function holdUnidentified(draft: Draft, role: RoleSettings, view: RoleView): void {
  if (view.link !== null || view.candidates.length > 0 || view.elsewhere.length > 0) return;
  for (const record of view.gone ?? []) {
    addHold(draft, role.role, {
      code: 'DELETE_UNIDENTIFIED',
      row: 'D3',
      crmId: record.id,
      email: record.email,
      ...holdWords.deleteUnidentified(draft.settings.labels),
    });
  }
}

/** (C34) An organisation is never the person of an address; whoever looks for it learns why. */
function noteOrganisations(draft: Draft, role: RoleSettings, view: RoleView): void {
  const { crm } = draft.settings.labels;
  for (const { id, isOrganisation, email } of view.candidates)
    if (isOrganisation && email !== null)
      draft.notes.push({
        row: 'C34',
        text: `IS_ORGANISATION: ${crm} ${role.role} ${id} is an organisation and takes no part.`,
      });
}

function presentMarketing(draft: Draft): MarketingRecord | null {
  const { marketing } = draft.view;
  return marketing !== null && marketing.state === 'present' ? marketing : null;
}

/** (C3, C5-C9, C20-C34) */
function planLinked(draft: Draft, role: RoleSettings, view: RoleView, link: Link): void {
  const marketing = presentMarketing(draft);
  const { record } = view;
  const gone = draft.view.marketing?.state === 'deleted';
  // One that is merely out of sight stays in the CRM like any other. (D12, D19)
  if (record?.state === 'deleted' || (record?.state === 'hidden' && !gone)) {
    planGoneRecord(draft, role, view, link, record);
    if (record.state === 'hidden') shadowExtras(draft, role, view, link.marketingId);
    return;
  }
  if (gone) {
    planGoneContact(draft, role, link, record);
    return;
  }
  shadowExtras(draft, role, view, link.marketingId);
  if (marketing === null || record === null) return;
  const participation = bothParticipate(record, marketing, role);
  if (participation.type === 'out') {
    if (link.state === 'active') {
      draft.effects.push({
        type: 'link-state',
        linkId: link.id,
        state: 'paused',
        because: participation.row,
        row: participation.row,
      });
      draft.notes.push({ row: participation.row, text: `Paused: ${participation.why}.` });
    }
    return;
  }
  if (link.because === 'L8' && link.state === 'paused' && staysOffLists(draft, role, link, record)) return;
  if (link.state === 'paused') {
    const row = link.because === 'L8' ? 'L8' : 'C32';
    draft.effects.push({ type: 'link-state', linkId: link.id, state: 'active', because: null, row });
    draft.notes.push({ row, text: 'Resumed: it takes part again.' });
  }
  planPair(draft, role, { link, record, marketing });
}

/** (L8) Off all lead lists by somebody's hand: stays so until the contact is put back, or the status moves in the CRM and may put it back. */
function staysOffLists(draft: Draft, role: RoleSettings, link: Link, record: CrmRecord): boolean {
  const lists = role.statusLists;
  const base = link.base[STATUS_KEY];
  // What an undo took off the lists, an alignment puts back. (decision 27)
  if (lists === null || base === undefined || (draft.settings.mode === 'align' && base.undone === true)) return false;
  if (countingList(draft.view.leadLists, lists, record.status) !== null) return false;
  const direction = directionOf(draft, role);
  return base.crm === record.status || direction === null || !allowsWriteTo(direction, 'marketing');
}

function bothParticipate(record: CrmRecord, marketing: MarketingRecord, role: RoleSettings): Participation {
  const crm = crmParticipation(record, role);
  return crm.type === 'out' ? crm : marketingParticipation(marketing, role);
}

/** (C2, C4, H1-H6) A marketing contact that nobody in the CRM is linked to. */
function planUnlinkedContact(draft: Draft, role: RoleSettings, view: RoleView, marketing: MarketingRecord): void {
  if (freesShadows(draft, view)) return;
  const candidates = candidatesOf(draft, role, view);
  // Nobody is made for an address all of whose records somebody declared to be others.
  if (candidates.length === 0 && view.candidates.some((record) => !record.isOrganisation)) return;
  const choice = chooseAmong(draft, role, namesOf(role, marketing), candidates);
  switch (choice.outcome) {
    case 'link-first':
    case 'link-first-named': {
      const { record } = choice;
      if (record === null || cameBack(draft, role, view, record, marketing)) return;
      const participation = bothParticipate(record, marketing, role);
      const paused = participation.type === 'out';
      draft.effects.push({
        type: 'link',
        role: role.role,
        crmId: record.id,
        marketingId: marketing.id,
        state: paused ? 'paused' : 'active',
        because: paused ? participation.row : null,
        row: choice.row,
      });
      draft.notes.push({
        row: choice.row,
        text: choice.namesDiffer ? 'NAME_DIFFERS: linked by address; the names differ.' : 'Linked.',
      });
      for (const other of choice.others) shadow(draft, role, other, marketing.id);
      if (!paused) planPair(draft, role, { link: null, record, marketing });
      return;
    }
    case 'hold-many':
    case 'hold-no-name':
      holdMany(draft, role, candidates, choice.outcome, choice.row);
      return;
    case 'no-match':
      planCrmCreate(draft, role, view, marketing);
      return;
    default:
      choice.outcome satisfies never;
  }
}

/** (C3, 4.4) Where the record that they stood beside is linked no more, nobody is a shadow: they are matched like any other. */
function freesShadows(draft: Draft, view: RoleView): boolean {
  for (const { link } of view.shadows)
    draft.effects.push({ type: 'link-state', linkId: link.id, state: 'severed', because: 'C3', row: 'C3' });
  const frees = view.shadows.some(({ record }) => record?.state === 'present');
  if (frees) draft.again = true;
  return frees;
}

/** (D14) The person was deleted in marketing before, and the address is back as another contact: somebody decides once. */
function cameBack(
  draft: Draft,
  role: RoleSettings,
  view: RoleView,
  record: CrmRecord,
  marketing: MarketingRecord,
): boolean {
  if (role.afterMarketingDelete === 'recreate') return false;
  const before = view.severed.find(
    (link) =>
      link.crmId === record.id &&
      link.marketingId !== marketing.id &&
      (link.because === 'D11' || link.because === 'D12'),
  );
  if (before === undefined) return false;
  const answer = ask(draft, role.role, 'came-back', {
    code: 'EDITED_AFTER_DELETE',
    row: 'D14',
    crmId: record.id,
    ...holdWords.cameBack(draft.settings.labels),
  });
  return answer !== 'relink';
}

/** Records of the role that may be the person: not those that somebody declared to be somebody else. (4.4, D14) */
function candidatesOf(draft: Draft, role: RoleSettings, view: RoleView): readonly CrmRecord[] {
  const isApart = ({ id }: CrmRecord): boolean =>
    (['which-record', 'came-back'] as const).some((name) => answerTo(draft, role.role, name, id) === 'keep-apart');
  return view.candidates.filter((record) => !record.isOrganisation && !isApart(record));
}

/** A person's word comes before the rules of matching. (4.4) */
function chooseAmong(
  draft: Draft,
  role: RoleSettings,
  names: PersonName | null,
  candidates: readonly CrmRecord[],
): Choice {
  const chosen = candidates.find((record) => answerTo(draft, role.role, 'which-record', record.id) === 'link');
  const choice =
    chosen === undefined
      ? chooseRecord(names, candidates, role)
      : chooseRecord(names, [chosen], { ...role, strictSingle: false });
  return chosen === undefined ? choice : { ...choice, others: candidates.filter((record) => record !== chosen) };
}

/** (C1, decision 22) CRM records with one address that no marketing contact has. */
function planUnlinkedRecords(draft: Draft, role: RoleSettings, view: RoleView): void {
  const direction = directionOf(draft, role);
  const candidates = candidatesOf(draft, role, view);
  if (candidates.length === 0 || direction === null || !allowsWriteTo(direction, 'marketing')) return;
  const choice = chooseAmong(draft, role, null, candidates);
  if (choice.outcome === 'hold-many') holdMany(draft, role, candidates, choice.outcome, choice.row);
  else if (choice.record !== null) planMarketingCreate(draft, role, view, choice.record, choice.others);
}

/** (C3) Every further record with the person's address becomes a shadow of the linked one. */
function shadowExtras(draft: Draft, role: RoleSettings, view: RoleView, marketingId: string): void {
  for (const record of view.candidates) if (!record.isOrganisation) shadow(draft, role, record, marketingId);
  for (const { link, record } of view.shadows) {
    if (record === null || record.state !== 'present' || !sharesAddress(draft, record)) {
      const left = leavesWithNo(draft)
        ? ({ because: 'P5', row: 'C23' } as const)
        : ({ because: 'C3', row: 'C3' } as const);
      draft.effects.push({ type: 'link-state', linkId: link.id, state: 'severed', ...left });
      // With an address of its own it is a person of its own.
      if (record?.state === 'present') draft.again = true;
    } else {
      holdShadow(draft, role, record);
    }
  }
}

function shadow(draft: Draft, role: RoleSettings, record: CrmRecord, marketingId: string): void {
  draft.effects.push({
    type: 'link',
    role: role.role,
    crmId: record.id,
    marketingId,
    state: 'shadow',
    because: 'C3',
    row: 'C3',
  });
  holdShadow(draft, role, record);
}

/** A shadow stays one as long as it has an address of the person, in whichever role. */
function sharesAddress(draft: Draft, record: CrmRecord): boolean {
  const { marketing, roles } = draft.view;
  return [marketing, roles.contact.record, roles.lead.record].some((other) =>
    isSameAddress(record.email, other?.email ?? null),
  );
}

function holdMany(
  draft: Draft,
  role: RoleSettings,
  candidates: readonly CrmRecord[],
  outcome: 'hold-many' | 'hold-no-name',
  row: RowId,
): void {
  const words = outcome === 'hold-many' ? holdWords.multiMatch : holdWords.multiMatchNoName;
  const refs = candidates.map((record) => ({ system: 'crm', entity: role.role, id: record.id }) as const);
  for (const record of candidates) {
    ask(draft, role.role, 'which-record', {
      code: outcome === 'hold-many' ? 'MULTI_MATCH' : 'MULTI_MATCH_NO_NAME',
      row,
      crmId: record.id,
      email: record.email,
      ...words(candidates.length, draft.settings.labels),
      refs: refs.filter((ref) => ref.id !== record.id),
    });
  }
}

function namesOf(
  role: RoleSettings,
  marketing: MarketingRecord,
): { firstName: string | null; lastName: string | null } {
  const named = (meaning: 'first-name' | 'last-name'): string | null => {
    const field = role.fields.find((candidate) => candidate.crm.meaning === meaning);
    const raw = field === undefined ? null : (marketing.values[field.marketing.name] ?? null);
    return typeof raw === 'string' && raw.trim() !== '' ? raw : null;
  };
  return { firstName: named('first-name'), lastName: named('last-name') };
}
