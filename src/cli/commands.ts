// Every command there is, in the order the help lists them. One line each; nothing is run here.
import * as align from './align.ts';
import * as config from './config.ts';
import * as plan from './plan.ts';
import type { Register } from './program.ts';
import * as sync from './sync.ts';

export const COMMANDS: readonly Register[] = [align.register, plan.register, sync.register, config.register];
