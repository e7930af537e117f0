// Creates missing data fields right before the first write that needs them; a run with nothing to write creates none.
import type { StoredAction } from '../store/actions.ts';
import { updateConnection } from '../store/connections.ts';
import type { Cycle } from './engine.ts';

export async function createDataFields(cycle: Cycle, actions: readonly StoredAction[]): Promise<void> {
  const missing = cycle.missingFields.filter((field) => !cycle.createdFields.has(field.name));
  if (missing.length === 0) return;
  const needed = new Set(actions.flatMap(({ action }) => Object.keys(action.marketing?.set ?? {})));
  for (const field of missing) {
    if (!needed.has(field.name)) continue;
    await cycle.marketing.createField(field);
    cycle.createdFields.add(field.name);
    // The next cycle reads the schema again: the service may have given the field a default.
    await updateConnection(cycle.store, cycle.name, { liveAt: null });
  }
}
