// The configuration as text: YAML or JSON parsed, and the line and column of every path in it. Never validates.
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { complaints, findOddities } from './plain-yaml.ts';
import { type ConfigPath, formatPath, type Problem } from './problem.ts';

/** None of them can be seen, and none has a meaning in YAML. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
/** Of a text that is no YAML at all, nobody needs every complaint. */
const MOST = 20;

export interface SourceDocument {
  readonly file: string;
  /** Plain values; undefined when the text could not be parsed. */
  readonly value: unknown;
  /** Problems of the text itself. */
  readonly problems: readonly Problem[];
  /** A problem placed where `path` stands, or as near to it as the file goes. */
  problemAt(path: ConfigPath, message: string): Problem;
}

/** The key of the last step if it exists, else the value, else the nearest thing around it. */
function nodeAt(document: Document, path: ConfigPath): Node | null {
  let node: unknown = document.contents;
  let best: Node | null = isNode(node) ? node : null;
  for (const step of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return best;
      if (isNode(pair.key)) best = pair.key;
      next = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      next = node.items[step];
      if (isNode(next)) best = next;
    }
    if (!isNode(next)) return best;
    node = next;
  }
  return best;
}

export function parseSource(file: string, text: string): SourceDocument {
  const lines = new LineCounter();
  // Keys that stand twice are looked for below: the parser compares each with each.
  const options = { lineCounter: lines, prettyErrors: false, version: '1.2', uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  const at = (path: ConfigPath, offset: number | undefined, message: string): Problem => {
    const place = offset === undefined ? null : lines.linePos(offset);
    return { file, line: place?.line ?? null, column: place?.col ?? null, path: formatPath(path), message };
  };
  const problemAt = (path: ConfigPath, message: string): Problem =>
    at(path, nodeAt(document, path)?.range?.[0] ?? undefined, message);
  const control = CONTROL.exec(text);
  const problems =
    control === null
      ? complaints(document).map(({ offset, message }) => at([], offset, message))
      : [at([], control.index, 'a control character stands here; save the file as plain text')];
  if (problems.length === 0)
    problems.push(...findOddities(document).map(({ path, offset, message }) => at(path, offset, message)));
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch {
      problems.push(at([], 0, 'aliases that multiply each other; write out what they stand for'));
    }
  }
  return { file, value, problems: problems.slice(0, MOST), problemAt };
}
