// Translates one connection's configuration into the settings decisions are made with, checked against the live accounts.
// Never calls a service: what is known of the accounts is handed in.
import {
  addMissingFields,
  compileMapping,
  type MappingLine,
  type MissingField,
} from '../core/mapping/compile-mapping.ts';
import type { CompiledField } from '../core/mapping/compiled-field.ts';
import { didYouMean } from '../core/mapping/did-you-mean.ts';
import type { MappingSeverity } from '../core/mapping/mapping-problem.ts';
import { NEW_FIELD_TYPE } from '../core/mapping/type-pairs.table.ts';
import { UNDECIDED } from '../core/model/choice.ts';
import { allowsWriteTo, narrowDirection, ROLES, type Role } from '../core/model/identity.ts';
import type { CrmField, CrmFieldType, CrmSchema, MarketingSchema } from '../core/model/schema.ts';
import {
  type ConsentSignals,
  DELETED_MARK,
  type RoleSettings,
  type Scope,
  type Settings,
} from '../core/model/settings.ts';
import type { Raw } from '../core/model/value.ts';
import { parseBoolean } from '../core/normalize/boolean.ts';
import { foldText } from '../core/normalize/text.ts';
import type { ConnectionConfig, ContactsConfig } from './config.ts';
import type { FieldConfig } from './config-schema.ts';
import { DEFAULT_FIELDS } from './default-fields.table.ts';
import { toAlignmentDirection, toConflict, toDirection, toWinner } from './vendor-words.ts';

/** What is known of the two accounts right now. */
export interface LiveAccounts {
  readonly crm: CrmSchema;
  readonly marketing: MarketingSchema;
  readonly lists: readonly { readonly id: string; readonly name: string }[];
  /** CRM users; needed only when `scope.sellOwners` names somebody by address. */
  readonly users?: readonly { readonly id: string; readonly email: string }[];
}

/** A setting that does not fit the accounts. Errors keep the connection from running. */
export interface SettingsProblem {
  readonly severity: MappingSeverity;
  /** Within the connection: `contacts.fields[3].sell`. */
  readonly path: string;
  readonly message: string;
}

export interface CompiledSettings {
  readonly settings: Settings;
  readonly problems: readonly SettingsProblem[];
  /** Data fields to create before anything is written; empty unless `createDataFields`. */
  readonly missingFields: readonly MissingField[];
}

const SECTION = { contact: 'contacts', lead: 'leads' } as const satisfies { readonly [R in Role]: string };

/** Everything a decision depends on besides the person. Finds every problem at once. (contract 3, semantics 4.11) */
export function toSettings(connection: ConnectionConfig, live: LiveAccounts, mode: Settings['mode']): CompiledSettings {
  const problems: SettingsProblem[] = [];
  const contact = compileRole('contact', connection, live, live.marketing, problems);
  const grown = addMissingFields(live.marketing, contact.missing);
  const lead = compileRole('lead', connection, live, grown, problems);
  const { consent, names, allowNonCustomer, partialWrite } = connection;
  checkIdFields(contact.settings, lead.settings, problems);
  checkConsentFields(connection, live, problems);
  const settings: Settings = {
    labels: { crm: 'Sell', marketing: 'Dotdigital' },
    roles: { contact: contact.settings, lead: lead.settings },
    consent: {
      enabled: consent.enabled,
      direction: toDirection(consent.direction),
      unknownConsentAs: consent.unknownConsentAs,
      optOutAs: consent.optOutAs,
      optInType: consent.optInType,
      optOutTrigger: consent.optOutTrigger,
      optInTrigger: consent.optInTrigger,
      resubscribe: consent.resubscribe,
      createSuppressed: consent.createSuppressed,
      createSuppressedAs: consent.createSuppressedAs ?? (connection.contacts.enabled ? 'contact' : 'lead'),
      signals: { contact: toSignals('contact', connection, live), lead: toSignals('lead', connection, live) },
      heard: ROLES.filter((role) => isOnlyHeard(connection, role)),
    },
    namesRequiredFor: names.requiredFor === 'both' ? 'both' : 'crm-writes',
    allowNonCustomer,
    partialWrite,
    mode,
    goneBefore: null,
    decided: UNDECIDED,
  };
  return { settings, problems, missingFields: [...contact.missing, ...lead.missing] };
}

/** (decision 8, C35) Switched off, and yet its records may say no. */
function isOnlyHeard({ consent, ...objects }: ConnectionConfig, role: Role): boolean {
  const { tags, field } = consent[SECTION[role]];
  const mayRefuse = tags.optOut.length > 0 || (field !== null && field.optOut.length > 0);
  return consent.enabled && !objects[SECTION[role]].enabled && mayRefuse;
}

function toSignals(role: Role, connection: ConnectionConfig, live: LiveAccounts): ConsentSignals {
  const { tags, field, default: fallback } = connection.consent[SECTION[role]];
  const schema = live.crm[role].fields;
  const path =
    field === null
      ? null
      : consentFieldPath(
          field.name,
          schema.map((known) => known.path),
        );
  const known = schema.find((candidate) => candidate.path === path);
  return {
    tags: { optIn: tags.optIn, optOut: tags.optOut },
    field:
      field === null || path === null
        ? null
        : {
            path,
            optIn: toReadWords(field.optIn, known?.type),
            optOut: toReadWords(field.optOut, known?.type),
            writeIn: toFieldValue(field.optIn[0], known),
            writeOut: toFieldValue(field.optOut[0], known),
            whole: known?.whole ?? null,
          },
    default: fallback,
  };
}

/** A boolean field answers true and false, however the configuration calls them. */
function toReadWords(words: readonly (string | number | boolean)[], type: CrmFieldType | undefined): readonly string[] {
  const texts = words.map(String);
  return type === 'boolean'
    ? [...new Set([...texts, ...texts.flatMap((word) => String(parseBoolean(word) ?? word))])]
    : texts;
}

/** The first word of a list as the CRM field takes it. */
function toFieldValue(word: string | number | boolean | undefined, field: CrmField | undefined): Raw {
  if (word === undefined) return null;
  if (field?.type === 'boolean') return parseBoolean(String(word)) ?? null;
  const text = field?.choices?.find((choice) => foldText(choice) === foldText(String(word))) ?? String(word);
  return field?.type === 'set' ? [text] : text;
}

/** (R19) The field that carries consent is shown in marketing like any other, and written by no field rule. */
function pastConsent(
  role: Role,
  connection: ConnectionConfig,
  live: LiveAccounts,
  fields: readonly CompiledField[],
  problems: SettingsProblem[],
): readonly CompiledField[] {
  const path = connection.consent.enabled ? (toSignals(role, connection, live).field?.path ?? null) : null;
  return fields.flatMap((field) => {
    if (field.crm.path !== path || !allowsWriteTo(field.direction, 'crm')) return [field];
    const message = `${path} carries the consent of a ${role}, which has its own rules: here it travels to Dotdigital only.`;
    problems.push({ severity: 'warning', path: `${SECTION[role]}.fields`, message });
    const direction = narrowDirection(field.direction, 'to-marketing');
    return direction === null ? [] : [{ ...field, direction }];
  });
}

/** (decision 11) Nobody asked for the default pairs by name: one whose data field is not there, and will not be made, is left out. */
function defaultFields(
  role: Role,
  config: ContactsConfig,
  marketing: MarketingSchema,
  createMissing: boolean,
  problems: SettingsProblem[],
) {
  const there = new Set(marketing.fields.map((field) => field.name));
  return DEFAULT_FIELDS[role].filter(({ dotdigital }) => {
    if (createMissing || there.has(dotdigital)) return true;
    const message = `Dotdigital has no data field "${dotdigital}", and none is made here: this pair of the default mapping is left out.`;
    if (config.enabled) problems.push({ severity: 'warning', path: `${SECTION[role]}.fields`, message });
    return false;
  });
}

interface CompiledRole {
  readonly settings: RoleSettings;
  readonly missing: readonly MissingField[];
}

function compileRole(
  role: Role,
  connection: ConnectionConfig,
  live: LiveAccounts,
  marketing: MarketingSchema,
  problems: SettingsProblem[],
): CompiledRole {
  const section = SECTION[role];
  const config: ContactsConfig = connection[section];
  const direction = toDirection(config.direction);
  const createMissing = connection.createDataFields && allowsWriteTo(direction, 'marketing');
  const lines = config.fields ?? defaultFields(role, config, marketing, createMissing, problems);
  const mapping = compileMapping({
    role,
    lines: config.enabled ? lines.map(toLine) : [],
    crm: live.crm[role],
    marketing,
    direction,
    defaults: {
      conflict: { sales: 'crm', marketing: connection.profile === 'recommended' ? 'marketing' : 'crm' },
      blank: 'propagate',
    },
    createMissing,
    at: { path: `${section}.fields`, crmKey: 'sell', marketingKey: 'dotdigital' },
  });
  problems.push(...mapping.problems.map(({ severity, path, message }) => ({ severity, path, message })));
  const writesId = config.enabled && config.idField !== null && allowsWriteTo(direction, 'marketing');
  const idMissing =
    config.idField !== null && !marketing.fields.some((field) => field.name === config.idField) ? config.idField : null;
  const missing: MissingField[] = [...mapping.missing];
  if (writesId && idMissing !== null) {
    if (connection.createDataFields) missing.push({ name: idMissing, type: NEW_FIELD_TYPE.id });
    else {
      const message = `There is no data field "${idMissing}", and data fields are not to be created. Create it as a text field, or set idField: null.`;
      problems.push({ severity: 'error', path: `${section}.idField`, message });
    }
  }
  const marks = config.enabled && config.delete === 'mark' && allowsWriteTo(direction, 'marketing');
  if (marks && !marketing.fields.some((field) => field.name === DELETED_MARK)) {
    if (connection.createDataFields) missing.push({ name: DELETED_MARK, type: NEW_FIELD_TYPE.text });
    else {
      const message = `There is no data field "${DELETED_MARK}" to mark deleted records with, and data fields are not to be created. Create it as a text field, or choose another delete.`;
      problems.push({ severity: 'error', path: `${section}.delete`, message });
    }
  }
  const settings: RoleSettings = {
    role,
    enabled: config.enabled,
    direction,
    multipleMatch: config.multipleMatch,
    matchFirst: config.multipleMatchFirst,
    strictSingle: config.strictSingle,
    besideContact: role === 'contact' || connection.leads.createLeadIfContactExists,
    fields: pastConsent(role, connection, live, mapping.fields, problems),
    alignment: { direction: toAlignmentDirection(config.alignment.mode), winner: toWinner(config.alignment.winner) },
    onEmailChange: config.onEmailChange,
    delete: config.delete,
    afterMarketingDelete: config.afterDotdigitalDelete,
    scope: toScope(config, live, `${section}.scope`, problems),
    qualification: live.crm[role].qualification ?? null,
    statusLists: null,
    // A field that does not exist and will not be made carries nothing.
    idField: idMissing !== null && !(writesId && connection.createDataFields) ? null : config.idField,
  };
  return { settings, missing };
}

function toLine(field: FieldConfig): MappingLine {
  const { direction, conflict, blank, values } = field;
  return {
    crm: field.sell,
    marketing: field.dotdigital,
    ...(direction === undefined ? {} : { direction: toDirection(direction) }),
    ...(conflict === undefined ? {} : { conflict: toConflict(conflict) }),
    ...(blank === undefined ? {} : { blank }),
    ...(values === undefined ? {} : { values: Object.entries(values).map(([marketing, crm]) => ({ marketing, crm })) }),
  };
}

function toScope(config: ContactsConfig, live: LiveAccounts, path: string, problems: SettingsProblem[]): Scope {
  const { dotdigitalLists, sellTags, sellOwners, pauseList, pauseTag } = config.scope;
  const lists = live.lists.map(({ id, name }) => ({ id, name }));
  const users = (live.users ?? []).map(({ id, email }) => ({ id, name: email }));
  const find = (wanted: string, among: readonly Named[], what: string, at: string): readonly string[] => {
    const result = findNamed(wanted, among, what);
    if (typeof result === 'string') return [result];
    if (config.enabled) problems.push({ severity: 'error', path: `${path}.${at}`, message: result.message });
    return [];
  };
  const ids = (wanted: readonly string[], among: readonly Named[], what: string, at: string): readonly string[] =>
    [...new Set(wanted.flatMap((name, i) => find(name, among, what, `${at}[${i}]`)))].sort();
  return {
    marketingLists: ids(dotdigitalLists, lists, 'Dotdigital list', 'dotdigitalLists'),
    crmTags: [...new Set(sellTags)].sort(),
    crmOwners: ids(sellOwners, users, 'Sell user', 'sellOwners'),
    pauseList: pauseList === null ? null : (find(pauseList, lists, 'Dotdigital list', 'pauseList')[0] ?? null),
    pauseTag,
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The id of what is named, by id, exact name, or name without regard to case; or why there is none. */
function findNamed(wanted: string, among: readonly Named[], what: string): string | { readonly message: string } {
  const byId = among.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId.id;
  const exact = among.filter(({ name }) => name === wanted);
  const found = exact.length > 0 ? exact : among.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  if (found.length > 1) {
    return {
      message: `Several of the kind ${what} are named "${wanted}" (ids ${found.map(({ id }) => id).join(', ')}). Give the id.`,
    };
  }
  const meant = didYouMean(
    wanted,
    among.map(({ name }) => name),
  );
  return { message: `There is no ${what} "${wanted}".${meant === null ? '' : ` Did you mean "${meant}"?`}` };
}

function checkIdFields(contact: RoleSettings, lead: RoleSettings, problems: SettingsProblem[]): void {
  for (const role of [contact, lead]) {
    if (!role.enabled || role.idField === null) continue;
    const path = `${SECTION[role.role]}.idField`;
    const clash = [...contact.fields, ...lead.fields].some((field) => field.key === role.idField);
    if (clash)
      problems.push({
        severity: 'error',
        path,
        message: `${role.idField} is also a mapped field; give the id a data field of its own.`,
      });
  }
  if (contact.enabled && lead.enabled && contact.idField !== null && contact.idField === lead.idField) {
    const message = `${lead.idField} already carries the id of the contact; a person can be both, so leads need a data field of their own.`;
    problems.push({ severity: 'error', path: 'leads.idField', message });
  }
}

/** A consent field that Sell does not have would read as "nobody ever said anything". (S18) */
function checkConsentFields(connection: ConnectionConfig, live: LiveAccounts, problems: SettingsProblem[]): void {
  if (!connection.consent.enabled) return;
  for (const role of ['contact', 'lead'] as const) {
    const section = SECTION[role];
    const { field } = connection.consent[section];
    if (field === null || !(connection[section].enabled || isOnlyHeard(connection, role))) continue;
    const paths = live.crm[role].fields.map(({ path }) => path);
    const path = consentFieldPath(field.name, paths);
    if (path !== null) {
      const known = live.crm[role].fields.find((candidate) => candidate.path === path);
      for (const kind of ['optIn', 'optOut'] as const) {
        const message = unfitWords(field[kind].map(String), known);
        if (message !== null)
          problems.push({
            severity: 'error',
            path: `consent.${section}.field.${kind}`,
            message: `"${field.name}" of a ${role} ${message}`,
          });
      }
      continue;
    }
    const meant = didYouMean(
      field.name,
      paths.map((path) => path.replace(/^custom_fields\./, '')),
    );
    const message = `Sell has no field "${field.name}" for a ${role}.${meant === null ? '' : ` Did you mean "${meant}"?`}`;
    problems.push({ severity: 'error', path: `consent.${section}.field.name`, message });
  }
}

/** Why none or not all of the words can be a value of the field: then it would read as if nobody ever said anything. Null when all can. */
function unfitWords(words: readonly string[], field: CrmField | undefined): string | null {
  if (field === undefined) return null;
  if (field.type === 'number') {
    const odd = words.filter((word) => !/^-?\d+(\.\d+)?$/.test(word));
    return odd.length === 0 ? null : `is a number field and can never be "${odd.join('", "')}".`;
  }
  if (!['text', 'choice', 'set', 'boolean', 'status'].includes(field.type))
    return `is a field of type ${field.type}, which carries no consent. Name a text, list or yes/no field.`;
  if (field.type === 'boolean') {
    const odd = words.filter((word) => parseBoolean(word) === null);
    return odd.length === 0 ? null : `is a yes/no field and can never be "${odd.join('", "')}".`;
  }
  const choices = field.choices;
  if (choices === undefined) return null;
  const odd = words.filter((word) => !choices.some((choice) => foldText(choice) === foldText(word)));
  return odd.length === 0 ? null : `has no option "${odd.join('", "')}". Its options: ${choices.join(', ')}.`;
}

/** The path of a consent field named as in the configuration: a path as it stands, else a custom field. Null when Sell has neither. */
export function consentFieldPath(name: string, paths: readonly string[]): string | null {
  return [name, `custom_fields.${name}`].find((path) => paths.includes(path)) ?? null;
}
