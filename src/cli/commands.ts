// Every command there is, in the order the help lists them. One line each; nothing is run here.
import * as align from './align.ts';
import * as approve from './approve.ts';
import * as check from './check.ts';
import * as config from './config.ts';
import * as db from './db.ts';
import * as demo from './demo.ts';
import * as explain from './explain.ts';
import * as holds from './holds.ts';
import * as init from './init.ts';
import * as ledger from './ledger.ts';
import * as person from './person.ts';
import * as plan from './plan.ts';
import type { Register } from './program.ts';
import * as reject from './reject.ts';
import * as runs from './runs.ts';
import * as sandbox from './sandbox.ts';
import * as serve from './serve.ts';
import * as status from './status.ts';
import * as sync from './sync.ts';
import * as undo from './undo.ts';
import * as verify from './verify.ts';

export const COMMANDS: readonly Register[] = [
  demo.register,
  sandbox.register,
  init.register,
  check.register,
  align.register,
  plan.register,
  sync.register,
  serve.register,
  status.register,
  runs.register,
  approve.register,
  reject.register,
  undo.register,
  verify.register,
  holds.register,
  explain.register,
  ledger.register,
  person.register,
  db.register,
  config.register,
];
