// Writes the pages of docs/ that are made from code; with --check it only says which are out of step. Never invents text.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedPages } from './generated-pages.ts';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');

for (const { file, content } of await generatedPages()) {
  const path = join(root, file);
  let present = '';
  try {
    present = readFileSync(path, 'utf8');
  } catch {
    // A page that is missing is out of step like any other.
  }
  if (present === content) continue;
  if (check) {
    console.error(`${file} is out of step with the code; run: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, content);
    console.log(`wrote ${file}`);
  }
}
