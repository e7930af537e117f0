// The only place that looks at the process environment.
import process from 'node:process';
import type { Environment } from './interpolate.ts';

export type { Environment } from './interpolate.ts';

/** The environment of this process. */
export const environment: Environment = process.env;
