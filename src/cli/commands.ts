// Every command there is, in the order the help lists them. One line each; nothing is run here.
import * as config from './config.ts';
import type { Register } from './program.ts';

export const COMMANDS: readonly Register[] = [config.register];
