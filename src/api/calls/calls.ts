// Every call of the contract with what carries it out: the compiler insists that none is missing.
import type { Calls } from '../call.ts';
import type { ApiHost } from '../host.ts';
import { connectionCalls } from './connection-calls.ts';
import { dataCalls } from './data-calls.ts';
import { draftCalls } from './draft-calls.ts';
import { fixCalls } from './fix-calls.ts';
import { holdCalls } from './hold-calls.ts';
import { peopleCalls } from './people-calls.ts';
import { privacyCalls } from './privacy-calls.ts';
import { runCalls } from './run-calls.ts';
import { serviceCalls } from './service-calls.ts';
import { sessionCalls } from './session-calls.ts';
import { userCalls } from './user-calls.ts';

/** @param ended aborts what was started when the service ends */
export function createCalls(host: ApiHost, ended: AbortSignal): Calls {
  return {
    ...sessionCalls(host),
    ...userCalls(host),
    ...connectionCalls(host),
    ...draftCalls(host),
    ...runCalls(host),
    ...holdCalls(host),
    ...fixCalls(host),
    ...peopleCalls(host),
    ...privacyCalls(host, ended),
    ...dataCalls(host),
    ...serviceCalls(host),
  };
}
