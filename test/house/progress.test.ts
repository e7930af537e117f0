// Progress: bars on a terminal, lines elsewhere, nothing with --quiet; and the arithmetic of rate and time left.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output } from '../../src/cli/output.ts';
import { createProgress, formatRate, formatTimeLeft } from '../../src/cli/progress.ts';

function setUp(options: { readonly quiet?: boolean; readonly terminal?: boolean }) {
  const stderr = Object.assign(new PassThrough(), { isTTY: options.terminal === true, columns: 120, rows: 40 });
  const stdout = Object.assign(new PassThrough(), { isTTY: false });
  const output = new Output(stdout, stderr, { json: true, quiet: options.quiet === true, color: false });
  let time = 0;
  const progress = createProgress(output, stderr, () => time);
  const text = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? '';
  return { progress, advance: (ms: number) => (time += ms), stderr: () => text(stderr), stdout: () => text(stdout) };
}

describe('progress', () => {
  it('without a terminal is a line every ten seconds and one at the end', () => {
    const { progress, advance, stderr, stdout } = setUp({});
    const task = progress.task('Contacts from Sell', 'records', 4000);
    advance(2_000);
    task.update(200);
    expect(stderr()).toBe('');
    advance(8_000);
    task.update(1000);
    expect(stderr()).toBe('Contacts from Sell: 1000 of 4000 records, 100/s, 0:30 left\n');
    advance(30_000);
    task.update(4000);
    task.end();
    expect(stderr()).toContain('Contacts from Sell: 4000 of 4000 records, 100/s\n');
    expect(stdout()).toBe('');
  });

  it('tells no total that is not known, and takes one that becomes known', () => {
    const { progress, advance, stderr } = setUp({});
    const task = progress.task('Pages', 'pages');
    advance(10_000);
    task.update(5);
    expect(stderr()).toBe('Pages: 5 pages, 0.5/s\n');
    advance(10_000);
    task.update(10, 20);
    expect(stderr()).toBe('Pages: 10 of 20 pages, 0.5/s, 0:20 left\n');
  });

  it('on a terminal is a bar that ends with the cursor shown', () => {
    const { progress, advance, stderr } = setUp({ terminal: true });
    const task = progress.task('Contacts', 'records', 10);
    advance(1_000);
    task.update(10);
    task.end();
    progress.stop();
    const screen = stderr();
    expect(screen).toContain('█');
    expect(screen).toContain('10/10 records');
    expect(screen.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.lastIndexOf('\u001b[?25l'));
  });

  it('with --quiet is nothing', () => {
    const { progress, advance, stderr } = setUp({ quiet: true, terminal: true });
    const task = progress.task('Contacts', 'records', 10);
    advance(60_000);
    task.update(10);
    task.end();
    progress.stop();
    expect(stderr()).toBe('');
  });

  it('counts rate and time left', () => {
    expect(formatRate(0, 10_000)).toBe('–/s');
    expect(formatRate(45, 10_000)).toBe('4.5/s');
    expect(formatRate(50_000, 10_000)).toBe('5,000/s');
    expect(formatTimeLeft(100, 1000, 10_000)).toBe('1:30');
    expect(formatTimeLeft(1, 1000, 10_000)).toBe('2:46:30');
    expect(formatTimeLeft(10, undefined, 10_000)).toBe('–');
    expect(formatTimeLeft(10, 10, 10_000)).toBe('0:00');
  });
});
