// Settings that are not saved yet, held against both accounts. Looks at both services and writes nothing anywhere.

import { suggestFields } from '../../core/mapping/suggest-fields.ts';
import { ROLES } from '../../core/model/identity.ts';
import type { CrmField } from '../../core/model/schema.ts';
import { sampleFit } from '../../engine/check-fit.ts';
import { compileLive } from '../../engine/check-mapping.ts';
import type { LiveAccounts } from '../../engine/engine.ts';
import { ApiError, notFound } from '../api-error.ts';
import type { Calls } from '../call.ts';
import type { Schemas } from '../contract/connections.ts';
import type { ApiHost, DraftInput } from '../host.ts';
import { checksOf, draftOf, unfit } from './connection-calls.ts';

type DraftCalls = Calls<
  | 'validateDraft'
  | 'testDraft'
  | 'readDraftSchemas'
  | 'suggestDraftMapping'
  | 'fitDraft'
  | 'startCrmAuthorization'
  | 'getCrmAuthorization'
  | 'finishCrmAuthorization'
>;

export function draftCalls(host: ApiHost): DraftCalls {
  return {
    validateDraft: async ({ body }) => {
      const draft = await host.book.draft(body);
      return 'problems' in draft
        ? { problems: draft.problems.map((one) => ({ ...one })), effective: null }
        : { problems: [], effective: { ...draft.effective } as { [key: string]: never } };
    },

    testDraft: async ({ body, signal }) => ({ checks: await checksOf(host, await draftOf(host, body), signal) }),

    readDraftSchemas: async ({ body, signal }) => {
      const { live } = await readLive(body, signal);
      return schemasOf(live, new Date(host.now()).toISOString());
    },

    suggestDraftMapping: async ({ body, signal }) => {
      const { live } = await readLive(body, signal);
      return {
        suggestions: ROLES.flatMap((role) =>
          suggestFields(live.crm[role], live.marketing).map((one) => ({ role, ...one })),
        ),
      };
    },

    fitDraft: async ({ body, signal }) => {
      const { engine, compiled } = await readLive(body, signal);
      const problems = compiled.problems.map((problem) => ({ ...problem, message: host.say.text(problem.message) }));
      if (problems.some(({ severity }) => severity === 'error'))
        return { fields: [], sampled: { contact: 0, lead: 0, marketing: 0 }, percent: null, problems };
      const { fits, sampled } = await sampleFit(engine, compiled.settings);
      const sides = fits.flatMap(({ fit }) => [fit.crm, fit.marketing]);
      const filled = sides.reduce((sum, side) => sum + side.total - side.blank, 0);
      const good = sides.reduce((sum, side) => sum + side.fits, 0);
      return {
        fields: fits.map(({ role, fit }) => ({
          role,
          crm: fit.path,
          marketing: fit.key,
          sides: { crm: sideOf(fit.crm), marketing: sideOf(fit.marketing) },
        })),
        sampled,
        // Rounded down, so that 100 % means all.
        percent: filled === 0 ? null : Math.floor((good * 100) / filled),
        problems,
      };
    },

    startCrmAuthorization: async ({ body }) => {
      const started = await host.authorizations.start(body);
      if ('problems' in started) throw unfit(started.problems);
      return started;
    },

    getCrmAuthorization: async ({ params }) => {
      const found = host.authorizations.get(params.authorization);
      if (found === null) throw notFound('authorization');
      return { ...found, message: found.message === null ? null : host.say.text(found.message) };
    },

    finishCrmAuthorization: async ({ query, answer }) => {
      const { state, code, error } = query;
      const done = await host.authorizations.finish({ state, code: code ?? null, error: error ?? null });
      if (done === null)
        throw new ApiError(
          'forbidden',
          'This answer does not belong to anything that was begun here, or it came too late. Begin again in the dashboard.',
        );
      answer.redirect(`/connect?authorization=${encodeURIComponent(done.id)}`);
      return undefined;
    },
  };

  async function readLive(input: DraftInput, signal: AbortSignal) {
    const { engine } = await (await draftOf(host, input)).probe(signal);
    // Finds the account's own region first.
    await engine.marketing.identify();
    const found = await compileLive(engine);
    if ('error' in found) throw found.error;
    return { engine, ...found };
  }
}

type SideFit = Awaited<ReturnType<typeof sampleFit>>['fits'][number]['fit']['crm'];

function sideOf({ total, blank, fits, defaulted, misfits }: SideFit) {
  return {
    total,
    blank,
    fits,
    defaulted,
    misfits: misfits.map(({ why, count, examples }) => ({ why, count, examples: examples.map((one) => ({ ...one })) })),
  };
}

function schemasOf(live: LiveAccounts, readAt: string): Schemas {
  const field = ({ path, type, writable, mandatory, choices, maxLength }: CrmField) => ({
    path,
    type,
    writable,
    mandatory,
    choices: choices === undefined ? null : [...choices],
    maxLength: maxLength ?? null,
  });
  return {
    crm: {
      contact: live.crm.contact.fields.map(field),
      lead: live.crm.lead.fields.map(field),
      leadStatuses: [...(live.crm.lead.statuses ?? [])],
    },
    marketing: {
      fields: live.marketing.fields.map(({ name, type, maxLength }) => ({ name, type, maxLength })),
      lists: live.lists.filter(({ reserved }) => reserved !== true).map(({ id, name }) => ({ id, name })),
    },
    readAt,
  };
}
