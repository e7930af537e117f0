// The control API under `/_control`: switches, faults, limits, counters, jobs, and the people inside the product.
// Never counted, limited, faulted or authenticated; never part of what is simulated.

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseFault } from '../../faults/fault.ts';
import { SERVICE } from '../options.ts';
import { JOB_KINDS } from '../state/job-board.ts';
import { parseSwitches } from '../switches.ts';
import { Refusal } from '../wire/refusal.ts';
import type { ControlParts } from './control-parts.ts';
import { registerControlPeople } from './control-people.ts';

const budget = z.int().min(0).optional();
const limitsSchema = z.discriminatedUnion('scheme', [
  z.strictObject({ scheme: z.literal('off') }),
  z.strictObject({
    scheme: z.literal('tiered'),
    perMinute: z.strictObject({ low: budget, medium: budget, high: budget }),
  }),
  z.strictObject({ scheme: z.literal('flat'), perHour: budget }),
]);

const planSchema = z.strictObject({
  status: z.string().optional(),
  delayMs: z.number().min(0).optional(),
  polls: z.int().min(0).optional(),
  applyRows: z.int().min(0).optional(),
  failRows: z.array(z.strictObject({ pattern: z.string(), code: z.string() })).optional(),
});
const plannedSchema = planSchema.extend({ kind: z.enum(JOB_KINDS) });

function registerSettings(app: FastifyInstance, { account, faults, limiter }: ControlParts): void {
  app.get('/_control/switches', () => ({ ...account.switches }));
  app.patch('/_control/switches', (request) => {
    Object.assign(account.switches, parseSwitches(request.body));
    return { ...account.switches };
  });

  app.get('/_control/limits', () => limiter.limits);
  app.put('/_control/limits', (request) => {
    // Absent and undefined mean the same to the limiter.
    limiter.limits = JSON.parse(JSON.stringify(limitsSchema.parse(request.body))) as typeof limiter.limits;
    limiter.reset();
    return limiter.limits;
  });

  app.get('/_control/faults', () => faults.list(SERVICE));
  app.post('/_control/faults', (request, reply) =>
    reply.code(201).send(faults.add(parseFault({ service: SERVICE, ...(request.body as object) }))),
  );
  app.delete('/_control/faults', (_request, reply) => {
    faults.clear(SERVICE);
    return reply.code(204).send();
  });
  app.delete<{ Params: { id: string } }>('/_control/faults/:id', (request, reply) =>
    reply.code(faults.remove(request.params.id) ? 204 : 404).send(),
  );
}

function registerJobs(app: FastifyInstance, { world }: ControlParts): void {
  app.get('/_control/jobs', () =>
    world.jobs().map(({ result, ...job }) => ({ ...job, done: result !== undefined, result: result ?? null })),
  );
  app.post('/_control/jobs/plan', (request, reply) => {
    const { kind, ...plan } = plannedSchema.parse(request.body);
    world.planJob(kind, plan);
    return reply.code(201).send({ kind, plan });
  });
  app.post<{ Params: { id: string } }>('/_control/jobs/:id/finish', (request, reply) => {
    world.finishJob(request.params.id, planSchema.parse(request.body ?? {}));
    return reply.code(204).send();
  });
}

/** Adds the control API. */
export function registerControl(app: FastifyInstance, parts: ControlParts): void {
  const { account, requests, world } = parts;
  void app.register((scope, _options, done) => {
    scope.setErrorHandler((error, _request, reply) => {
      if (error instanceof Refusal) return reply.code(error.status).send(error.body);
      const text = error instanceof Error ? error.message : String(error);
      return reply.code(400).send({ error: text });
    });
    scope.get('/_control', () => ({
      service: SERVICE,
      accountId: account.settings.id,
      region: account.settings.region,
      now: account.clock.now(),
      contacts: world.contactCount,
      binned: account.contacts.bin.length,
      lists: account.lists.all().length,
      dataFields: account.fields.all().length,
      activeJobs: account.jobs.all().filter((job) => job.result === undefined).length,
    }));
    scope.get('/_control/requests', () => requests.read());
    scope.post('/_control/requests/reset', (_request, reply) => {
      requests.reset();
      return reply.code(204).send();
    });
    scope.post('/_control/reset', (_request, reply) => {
      parts.reset();
      return reply.code(204).send();
    });
    registerSettings(scope, parts);
    registerJobs(scope, parts);
    registerControlPeople(scope, parts);
    done();
  });
}
