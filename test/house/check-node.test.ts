// The first line of every npm script: a Node that is too old is told so in words, whatever its syntax.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './temporary-folder.ts';

function checkAs(version: string) {
  const script = join(ROOT, 'scripts', 'check-node.cjs');
  const code = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require(${JSON.stringify(script)});`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=commonjs', '-e', code], { encoding: 'utf8' });
  return { status, stderr };
}

describe('check-node', () => {
  it.each(['16.20.2', '20.20.2', '22.18.0'])('refuses Node %s and says what to do', (version) => {
    const { status, stderr } = checkAs(version);
    expect(status).toBe(1);
    expect(stderr).toContain(`needs Node 22.19 or newer; this is Node ${version}`);
  });

  it.each(['22.19.0', '23.0.0', '24.21.0'])('says nothing to Node %s', (version) => {
    expect(checkAs(version)).toEqual({ status: 0, stderr: '' });
  });
});
