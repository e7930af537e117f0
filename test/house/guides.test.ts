// What the pages for users tell people to type is understood: commands with their options, and pieces of configuration.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { createProgram } from '../../src/cli/program.ts';
import { connectionYaml, loadOk } from '../config/write-config.ts';
import { faultOf } from './command-fault.ts';
import { ROOT } from './temporary-folder.ts';

const FILES = ['README.md', 'SECURITY.md'].concat(globSync('docs/**/*.md', { cwd: ROOT }).toSorted());

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Command lines in code: spans such as `lockstep undo RUN`, and lines of shell blocks. */
function commandLines(text: string): readonly string[] {
  const spans = [...text.matchAll(/`(?:bin\/)?lockstep ([a-z][^`\n]*)`/g)].map(([, line = '']) => line);
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
  const typed = blocks.flatMap((line) => /^(?:bin\/)?lockstep ([a-z][^#>]*)/.exec(line)?.[1] ?? []);
  return [...spans, ...typed];
}

describe('commands in the pages', () => {
  const program = createProgram();
  for (const register of COMMANDS) register(program, {} as CliContext);

  it('are found', () => {
    expect(commandLines('Run `lockstep undo RUN` or\n```sh\nbin/lockstep sync --full   # all\n```')).toEqual([
      'undo RUN',
      'sync --full   ',
    ]);
    expect(faultOf(program as Command, 'undo RUN --never')).toBe('undo knows no --never');
    expect(faultOf(program as Command, 'undone RUN')).toBe('there is no command undone');
  });

  it.each(FILES)('%s names commands and options that are there', (file) => {
    expect(commandLines(read(file)).filter((line) => faultOf(program as Command, line) !== null)).toEqual([]);
  });
});

describe('pieces of configuration in the guides', () => {
  const guides = FILES.filter((file) => file.startsWith('docs/guides/'));

  it.each(guides)('%s shows what is accepted as it stands', (file) => {
    const pieces = [...read(file).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, piece = '']) => piece);
    for (const piece of pieces) {
      const lines = `profile: recommended\n${piece.includes('consent:') ? '' : 'consent: { unknownConsentAs: unsubscribed }\n'}${piece}`;
      expect(loadOk(connectionYaml(lines.replaceAll(/^(?=.)/gm, '    '))).connections).toHaveLength(1);
    }
  });
});
