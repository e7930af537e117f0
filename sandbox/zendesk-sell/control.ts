// The control API under `/_control`: acting as a person, turning switches, causing faults, looking behind the scenes.
// Never counted, limited or authenticated, and never part of what is simulated.

import type { FastifyInstance } from 'fastify';
import { parseFault } from '../faults/fault.ts';
import type { SellContext } from './context.ts';
import { readControlBody } from './control-body.ts';
import { addControlRecordRoutes } from './control-records.ts';
import { SELL_SERVICE } from './sell-app.ts';
import { turnSwitches } from './switches.ts';
import { SCOPES, type Scope } from './token-book.ts';
import type { SellWorld } from './world.ts';

function readScopes(value: unknown): readonly Scope[] {
  if (value === undefined) return SCOPES;
  const names: readonly unknown[] = Array.isArray(value) ? value : String(value).split(' ');
  return SCOPES.filter((scope) => names.includes(scope));
}

/** What the control API needs besides the context. */
export interface ControlParts {
  readonly world: SellWorld;
  readonly reset: () => void;
}

/** Serves the control API. */
export function addControlRoutes(app: FastifyInstance, context: SellContext, parts: ControlParts): void {
  app.get('/_control/switches', () => ({ ...context.switches }));
  app.put('/_control/switches', (request) => {
    turnSwitches(context.switches, readControlBody(request));
    return { ...context.switches };
  });

  app.get('/_control/plan', () => context.plan);
  app.put('/_control/plan', (request) => {
    const { syncApi, products } = readControlBody(request);
    context.plan = {
      syncApi: typeof syncApi === 'boolean' ? syncApi : context.plan.syncApi,
      products: typeof products === 'boolean' ? products : context.plan.products,
    };
    return context.plan;
  });

  app.get('/_control/faults', () => ({ faults: context.faults.list(SELL_SERVICE) }));
  app.post('/_control/faults', (request, reply) => {
    const fault = context.faults.add(parseFault({ service: SELL_SERVICE, ...readControlBody(request) }));
    return reply.code(201).send(fault);
  });
  app.delete('/_control/faults', (_request, reply) => {
    context.faults.clear(SELL_SERVICE);
    return reply.code(204).send();
  });
  app.delete('/_control/faults/:id', (request, reply) => {
    const removed = context.faults.remove((request.params as { readonly id: string }).id);
    return reply.code(removed ? 204 : 404).send();
  });

  app.get('/_control/requests', () => context.counter.counts());
  app.post('/_control/requests/reset', (_request, reply) => {
    context.counter.reset();
    return reply.code(204).send();
  });

  app.post('/_control/tokens', (request, reply) => {
    const { userId, scopes } = readControlBody(request);
    const [first] = context.world.users.values();
    const id = typeof userId === 'number' ? userId : (first?.id ?? 0);
    const { token } = context.tokens.issuePersonal(id, readScopes(scopes));
    return reply.code(201).send({ token, userId: id, scopes: readScopes(scopes) });
  });
  app.delete('/_control/tokens/:token', (request, reply) => {
    const revoked = context.tokens.revoke((request.params as { readonly token: string }).token);
    return reply.code(revoked ? 204 : 404).send();
  });

  app.post('/_control/reset', (_request, reply) => {
    parts.reset();
    return reply.code(204).send();
  });
  app.get('/_control/state', () => ({
    now: new Date(context.clock.now()).toISOString(),
    contacts: context.world.contacts.size,
    leads: context.world.leads.size,
    products: context.world.products.size,
    tags: context.world.tags.size,
    users: [...context.world.users.values()],
    syncSessions: context.sessions.active,
  }));

  addControlRecordRoutes(app, context, parts.world);
}
