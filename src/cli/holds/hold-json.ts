// A hold as the JSON documents show it.
import type { StoredHold } from '../../app.ts';

/** (contract 4) */
export function holdJson(hold: StoredHold) {
  const {
    id,
    connection,
    code,
    severity,
    entity,
    email,
    crmId,
    marketingId,
    field,
    message,
    fix,
    asks,
    firstSeen,
    attempts,
    row,
  } = hold;
  return {
    id,
    connection,
    code,
    severity,
    entity,
    email,
    sellId: crmId,
    dotdigitalId: marketingId,
    field,
    message,
    fix,
    choices: asks?.choices ?? [],
    firstSeen,
    attempts,
    row,
  };
}
