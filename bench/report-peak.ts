// Loaded ahead of the real command: writes the largest memory the process ever held into the file its address names.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';

/** Kilobytes. The kernel's own high-water mark of this program; elsewhere what the runtime says. */
function peak(): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line?.[1] !== undefined) return Number(line[1]);
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS;
}

process.on('exit', () => {
  const to = new URL(import.meta.url).searchParams.get('to');
  if (to !== null)
    writeFileSync(to, JSON.stringify({ peakKb: peak(), cpuMs: Math.round(process.cpuUsage().user / 1000) }));
});
