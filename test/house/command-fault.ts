// Holds a command line against the commands there are. Runs nothing.
import type { Command } from '@commander-js/extra-typings';

/** What is wrong with a command line, or null. Values and arguments are not looked at. */
export function faultOf(program: Command, line: string): string | null {
  const words = line.trim().split(/\s+/);
  let at: Command = program;
  const known: Command[] = [program];
  for (const word of words) {
    const next = at.commands.find((command) => command.name() === word);
    if (next === undefined) break;
    at = next as Command;
    known.push(at);
  }
  if (at === program) return `there is no command ${words[0]}`;
  const options = words.filter((word) => /^--[a-z-]+$/.test(word));
  const unknown = options.filter((name) => !known.some(({ options }) => options.some(({ long }) => long === name)));
  return unknown.length === 0 ? null : `${at.name()} knows no ${unknown.join(', ')}`;
}
