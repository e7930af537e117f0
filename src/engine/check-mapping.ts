// The configuration against both live schemas: what does not fit, what will be created, what the lead lists stand for. (L1, L13)
import type { ConnectorError } from '../connectors/error.ts';
import { ROLES } from '../core/model/identity.ts';
import { ask, refusal } from './check-access.ts';
import type { Check, CheckContext } from './check-line.ts';
import type { Compiled, Engine, LiveAccounts } from './engine.ts';
import { listName } from './lead-lists.ts';

type Live =
  | { readonly live: LiveAccounts; readonly compiled: Compiled }
  | { readonly system: 'crm' | 'marketing'; readonly error: ConnectorError };

/** Reads both schemas and compiles the configuration against them; keeps nothing. */
export async function compileLive(engine: Engine): Promise<Live> {
  const [crm, marketing] = await Promise.all([
    ask(async () => ({
      schema: await engine.crm.schema(),
      users: engine.needsUsers ? await engine.crm.users() : undefined,
    })),
    ask(async () => ({ schema: await engine.marketing.schema(), lists: await engine.marketing.lists() })),
  ]);
  if ('error' in crm) return { system: 'crm', error: crm.error };
  if ('error' in marketing) return { system: 'marketing', error: marketing.error };
  const { users } = crm.value;
  const live: LiveAccounts = {
    crm: crm.value.schema,
    marketing: marketing.value.schema,
    lists: marketing.value.lists.map(({ id, name }) => ({ id, name })),
    ...(users === undefined ? {} : { users }),
  };
  return { live, compiled: engine.compile(live, 'sync') };
}

export function checkMapping(found: Live, engine: Engine, context: CheckContext): readonly Check[] {
  if ('error' in found) {
    const connector = found.system === 'crm' ? engine.crm : engine.marketing;
    const place = {
      name: context.names[found.system],
      credential: context.credentials[found.system],
      url: `${connector.label}.url`,
    };
    return [refusal(`${connector.label}.schema`, found.error, place)];
  }
  const { live, compiled } = found;
  return [...mappingChecks(compiled), ...fieldChecks(compiled), ...statusChecks(engine, live)];
}

function mappingChecks({ settings, problems }: Compiled): readonly Check[] {
  const on = ROLES.filter((role) => settings.roles[role].enabled);
  if (on.length === 0) {
    const fix = 'Set contacts.enabled or leads.enabled to true.';
    return [
      {
        id: 'mapping',
        status: 'warning',
        message: 'neither contacts nor leads are switched on: nothing is synchronised',
        fix,
      },
    ];
  }
  const summary = on.map((role) => `${settings.roles[role].fields.length} ${role} fields`).join(' and ');
  const checks: Check[] = problems.map(({ severity, path, message }) => {
    const base = { id: 'mapping', path, message } as const;
    if (severity === 'info') return { ...base, status: 'ok' };
    if (severity === 'warning') return { ...base, status: 'warning' };
    return { ...base, status: 'problem', fix: `Correct ${path} in the configuration.`, fault: 'configuration' };
  });
  if (checks.some(({ status }) => status === 'problem')) return checks;
  return [{ id: 'mapping', status: 'ok', message: `${summary} mapped; all of them fit both accounts` }, ...checks];
}

function fieldChecks({ missingFields }: Compiled): readonly Check[] {
  if (missingFields.length === 0) return [];
  const names = [...new Set(missingFields.map(({ name, type }) => `${name} (${type})`))];
  const what = names.length === 1 ? 'one data field does' : `${names.length} data fields do`;
  return [
    { id: 'data-fields', status: 'ok', message: `${what} not exist yet and will be created: ${names.join(', ')}` },
  ];
}

function statusChecks(engine: Engine, live: LiveAccounts): readonly Check[] {
  if (engine.leadLists === null) return [];
  const { prefix } = engine.leadLists;
  const statuses = live.crm.lead.statuses ?? [];
  // Not listed means unknown: a sync takes the statuses it meets on leads. (L1)
  if (statuses.length === 0) {
    const message = 'the CRM does not list its lead statuses: each gets its list as soon as a lead with it is met';
    const fix = 'Nothing has to be done. To have all the lists at once, keep a lead in each status.';
    return [{ id: 'lead-statuses', status: 'warning', message, fix }];
  }
  const wanted = new Set(statuses.map((status) => listName(prefix, status).toLowerCase()));
  const there = new Set(live.lists.map(({ name }) => name.toLowerCase()));
  const open = statuses.filter((status) => !there.has(listName(prefix, status).toLowerCase()));
  const made = open.length === 0 ? 'each has its list' : `lists will be made for ${open.join(', ')}`;
  const checks: Check[] = [
    { id: 'lead-statuses', status: 'ok', message: `lead statuses ${statuses.join(', ')}; ${made}` },
  ];
  const strange = live.lists.filter(
    ({ name }) => name.toLowerCase().startsWith(prefix.toLowerCase()) && !wanted.has(name.toLowerCase()),
  );
  if (strange.length > 0) {
    const names = strange.map(({ name }) => `"${name}"`).join(', ');
    const fix = 'Rename the list or the status so that they agree; people on such a list become no leads.';
    checks.push({
      id: 'lead-statuses',
      status: 'warning',
      message: `named like a lead list, but for no lead status: ${names}`,
      fix,
    });
  }
  return checks;
}
