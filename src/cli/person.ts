// `lockstep person …`: what is held about a person, their erasure on both sides and here, and letting them in again.

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { confirm, isCancel } from '@clack/prompts';
import type { App, Erased, ErasureReceipt, Located } from '../app.ts';
import type { ConnectionConfig } from '../config/config.ts';
import type { CliContext } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { personJson } from './person/person-json.ts';
import { locatedText, receiptJson, receiptText } from './person/receipt-words.ts';
import type { Program } from './program.ts';
import { exitCodeOf, runWith, withApp } from './run-connections.ts';

export function register(program: Program, context: CliContext): void {
  const person = program
    .command('person')
    .description('everything held about a person; erasing a person on both sides and here; letting one in again');
  person
    .command('export')
    .description('everything that is held here about a person, as one JSON document')
    .argument('<email>', 'address of the person')
    .option('--out <file>', 'write it to this file, readable by its owner alone; an existing file is not overwritten')
    .action((email, { out }) => exportPerson(context, named(email), out));
  person
    .command('erase')
    .description('erase a person in Sell, in Dotdigital and here, and keep them from being read in again')
    .argument('<email>', 'address of the person')
    .option('--yes', 'erase without asking')
    .action((email, { yes }) => erasePersons(context, named(email), yes === true));
  person
    .command('readmit')
    .description('let a person in again who was erased and came back by their own will')
    .argument('<email>', 'address of the person')
    .action((email) => readmit(context, named(email)));
}

function named(email: string): string {
  if (email.trim() === '') throw new CliError(EXIT.usage, 'an e-mail address is needed');
  return email.trim();
}

async function exportPerson(context: CliContext, email: string, out: string | undefined): Promise<void> {
  await withApp(context, async (app) => {
    const { hashAddress, isNobody, personData } = await import('../app.ts');
    const found: Awaited<ReturnType<typeof personData>>[] = [];
    for (const { name } of await context.connections(app)) {
      const data = await personData(app.store, name, email, hashAddress, app.secretKey);
      if (!isNobody(data)) found.push(data);
    }
    const document = {
      email,
      exportedAt: new Date().toISOString(),
      found: found.length > 0,
      connections: found.map(personJson),
    };
    if (out !== undefined) writeNew(out, `${JSON.stringify(document, null, 2)}\n`);
    context.output.result({
      json: () => (out === undefined ? document : { email, found: document.found, file: resolve(out) }),
      text: () => {
        if (out === undefined) return JSON.stringify(document, null, 2);
        return found.length === 0
          ? `Nothing is held about ${email}; ${out} says so.`
          : `Everything held about ${email} was written to ${out}.`;
      },
    });
  });
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(resolve(file), text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const why =
      code === 'EEXIST'
        ? 'it exists already, and nothing is overwritten'
        : code === 'ENOENT'
          ? 'its folder does not exist'
          : code;
    throw new CliError(EXIT.usage, `${file} cannot be written: ${why}`, { cause: error });
  }
}

interface One extends Erased {
  readonly connection: string;
  /** Of an erasure before this one: the address is kept out since. */
  readonly earlier: ErasureReceipt | null;
}

async function erasePersons(context: CliContext, email: string, yes: boolean): Promise<void> {
  await withApp(context, async (app) => {
    const connections = await context.connections(app);
    if (!yes && !(await agreed(context, app, connections, email))) {
      context.output.result({ json: () => ({ email, erasures: [] }), text: () => 'Nothing was erased.' });
      return;
    }
    const { erasePerson, hashAddress, personData } = await import('../app.ts');
    const done: One[] = [];
    for (const connection of connections) {
      const { erased: earlier } = await personData(app.store, connection.name, email, hashAddress, app.secretKey);
      const erased = await runWith(context, app, connection, (engine) => erasePerson(engine, email));
      done.push({ connection: connection.name, earlier, ...erased });
    }
    context.progress.stop();
    context.output.result({
      json: () => ({
        email,
        erasures: done.map(({ connection, found, receipt, left, earlier, report }) => ({
          connection,
          found,
          state: report.state,
          run: report.id,
          receipt: receipt === null ? null : receiptJson(receipt),
          left,
          earlier: earlier === null ? null : receiptJson(earlier),
          ...(report.message === null ? {} : { message: report.message }),
        })),
      }),
      text: () => done.map((one) => erasedText(email, one)).join('\n\n'),
    });
    context.exitWith(exitCodeOf(done.map(({ report }) => ({ report, planned: null }))));
  });
}

function erasedText(email: string, { connection, found, receipt, earlier, report }: One): string {
  if (receipt !== null) return receiptText(receipt);
  if (!found && report.message === null) {
    return earlier === null
      ? `${connection}: nothing is held about ${email}, neither here nor in Sell or Dotdigital. Nothing was erased.`
      : `${connection}: ${email} was erased before and did not come back.\n${receiptText(earlier)}`;
  }
  return `${connection}: ${report.message ?? 'not erased'}`;
}

/** Shows whom it is about, and asks. */
async function agreed(
  context: CliContext,
  app: App,
  connections: readonly ConnectionConfig[],
  email: string,
): Promise<boolean> {
  if (context.options.json === true || !process.stdin.isTTY)
    throw new CliError(EXIT.usage, 'there is nobody to ask: give --yes to erase the person', {
      hint: `"lockstep person export ${email}" shows what is held.`,
    });
  const { locateForErasure, RunStopped } = await import('../app.ts');
  const found: { readonly connection: string; readonly located: Located }[] = [];
  for (const connection of connections) {
    try {
      const located = await runWith(context, app, connection, (engine) => locateForErasure(engine, email));
      found.push({ connection: connection.name, located });
    } catch (error) {
      if (error instanceof RunStopped) throw new CliError(EXIT.aborted, error.message, { cause: error });
      throw error;
    }
  }
  context.progress.stop();
  context.output.info(found.map(({ connection, located }) => locatedText(connection, email, located)).join('\n'));
  const answer = await confirm({
    message: 'Erase all of this, on both sides and here? It cannot be undone.',
    initialValue: false,
  });
  return !isCancel(answer) && answer;
}

async function readmit(context: CliContext, email: string): Promise<void> {
  await withApp(context, async (app) => {
    const { readmitPerson, RunStopped } = await import('../app.ts');
    const lifted: { readonly connection: string; readonly erasureId: string; readonly optedOut: boolean }[] = [];
    for (const connection of await context.connections(app)) {
      try {
        const one = await runWith(context, app, connection, (engine) => readmitPerson(engine, email));
        if (one !== null)
          lifted.push({ connection: connection.name, erasureId: one.erasureId, optedOut: one.optedOut });
      } catch (error) {
        if (error instanceof RunStopped) throw new CliError(EXIT.aborted, error.message, { cause: error });
        throw error;
      }
    }
    context.output.result({
      json: () => ({ email, readmitted: lifted }),
      text: () => {
        if (lifted.length === 0) return `${email} is not kept out: there is nothing to lift.`;
        const optedOut = lifted.some((one) => one.optedOut)
          ? ' They had opted out before and stay so until they say yes anew.'
          : '';
        return `${email} may be read in again in ${lifted.map(({ connection }) => connection).join(', ')}.${optedOut}\n"lockstep sync --full" takes up what is there now.`;
      },
    });
  });
}
