// Which values the mirror keeps: the mapped ones and those the rules need, nothing else.
import type { CrmSelection, MarketingSelection } from '../connectors/connector.ts';
import { ROLES, type Role } from '../core/model/identity.ts';
import type { Settings } from '../core/model/settings.ts';

export function crmSelection(settings: Settings): CrmSelection {
  const paths = new Set<string>();
  for (const role of ROLES) {
    const { fields, qualification, enabled } = settings.roles[role];
    const { field } = settings.consent.signals[role];
    if (settings.consent.enabled && field !== null && isRead(settings, role)) paths.add(field.path);
    if (!enabled) continue;
    for (const field of fields) paths.add(field.crm.path);
    // The prospect-or-customer gate looks at the marks even where they are not mapped. (C14)
    for (const path of qualification?.paths ?? []) paths.add(path);
  }
  return { roles: ROLES.filter((role) => isRead(settings, role)), paths: [...paths].sort() };
}

/** What is switched off is read as far as consent needs it. (C35, decision 8) */
function isRead({ roles, consent }: Settings, role: Role): boolean {
  return roles[role].enabled || consent.heard.includes(role);
}

/**
 * @param missing data fields the account does not have yet. A field that only we write is not asked for before it is made: an
 * account in which nothing was ever written costs no call more for it.
 */
export function marketingSelection(
  settings: Settings,
  missing: readonly { readonly name: string }[] = [],
): MarketingSelection {
  const fields = new Set<string>();
  let lists = false;
  const absent: string[] = [];
  for (const role of ROLES) {
    const { fields: mapped, idField, scope, enabled, delete: onDelete } = settings.roles[role];
    if (!enabled) continue;
    for (const field of mapped) fields.add(field.marketing.name);
    if (idField !== null) fields.add(idField);
    if (idField !== null && missing.some(({ name }) => name === idField)) absent.push(idField);
    if (scope.marketingLists.length > 0 || scope.pauseList !== null || onDelete === 'remove-from-lists') lists = true;
  }
  return { fields: [...fields].sort(), lists, ...(absent.length === 0 ? {} : { absent }) };
}
