// The one entry to every decision: what is known of one person goes in, the plan for that person comes out.
import { ROLES } from '../model/identity.ts';
import type { PersonView } from '../model/person.ts';
import type { PersonPlan } from '../model/plan.ts';
import type { Settings } from '../model/settings.ts';
import { spareRelated } from './delete-contact.ts';
import { finishDraft, startDraft } from './draft.ts';
import { planConsent } from './plan-consent.ts';
import { letGo } from './plan-disappearance.ts';
import { planRole } from './plan-role.ts';

/**
 * Plans one person. Pure and total: the same view and settings give the same plan, whatever came before. (R15, R18)
 * The contact goes first, so that the lead of the same person sees its results. (L16, L17)
 */
export function planPerson(view: PersonView, settings: Settings): PersonPlan {
  const draft = startDraft(view, settings);
  for (const role of ROLES) {
    if (settings.roles[role].enabled) planRole(draft, settings.roles[role]);
    else letGo(draft, settings.roles[role]);
  }
  spareRelated(draft);
  planConsent(draft);
  return finishDraft(draft);
}
