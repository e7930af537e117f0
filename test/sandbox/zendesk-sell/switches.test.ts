// The switches: their table is complete, typed, and written down.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSwitches, SWITCH_TABLE, turnSwitches } from '../../../sandbox/zendesk-sell/switches.ts';

const readme = readFileSync(new URL('../../../sandbox/zendesk-sell/README.md', import.meta.url), 'utf8');

describe('switches', () => {
  it.each(Object.entries(SWITCH_TABLE))('%s is described with its values and default', (name, entry) => {
    const row = `| \`${name}\` | ${entry.values} | ${entry.initial} | ${entry.meaning} |`;
    expect(readme).toContain(row);
  });

  it('accept their own defaults and refuse anything else', () => {
    const switches = createSwitches();
    turnSwitches(switches, { ...switches });
    expect(() => turnSwitches(switches, { addressPut: 'explode' })).toThrow();
    expect(() => turnSwitches(switches, { rateBurst: -1 })).toThrow();
    expect(() => turnSwitches(switches, { unheardOf: true })).toThrow();
    expect(switches).toEqual(createSwitches());
  });
});
