// What YAML allows and a configuration does not: keys that are no texts or stand twice, tags, things that hold themselves, endless depth.
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type YAMLError } from 'yaml';
import { type ConfigPath, shownStep } from './problem.ts';

export interface Oddity {
  readonly path: ConfigPath;
  readonly offset: number | undefined;
  readonly message: string;
}

/** Deeper than any setting. */
const DEEPEST = 40;
/** Where the parser gives up depends on the machine, so no place is named. */
const TOO_DEEP: Oddity = {
  path: [],
  offset: undefined,
  message: 'the file nests something deeper than any setting is',
};

/** What keeps the text from being YAML. */
export function complaints({ errors, warnings }: Document): readonly Omit<Oddity, 'path'>[] {
  if (errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return [TOO_DEEP];
  return [...errors, ...warnings].map((error) => ({
    offset: error.pos[0],
    message: `not valid YAML: ${wordsOf(error)}`,
  }));
}

const NO_ANCHOR = 'an alias (*name) of something that does not stand before it; a text that begins with * needs quotes';

/** In the order of the text. */
export function findOddities(document: Document): readonly Oddity[] {
  const found: Oddity[] = [];
  const anchors = new Set<string>();
  let tooDeep = false;
  const tell = (node: unknown, path: ConfigPath, message: string): void => {
    found.push({ path, offset: (node as Node | null)?.range?.[0], message });
  };
  const walk = (node: unknown, path: ConfigPath, within: readonly string[]): void => {
    if (isAlias(node)) {
      if (!anchors.has(node.source)) tell(node, path, NO_ANCHOR);
      else if (within.includes(node.source)) tell(node, path, 'an alias within what it stands for; write that out');
      return;
    }
    if (path.length > DEEPEST) {
      tooDeep = true;
      return;
    }
    const anchor = isNode(node) ? (node as { readonly anchor?: string }).anchor : undefined;
    if (anchor !== undefined) anchors.add(anchor);
    const holders = anchor === undefined ? within : [...within, anchor];
    if (isSeq(node)) for (const [i, item] of node.items.entries()) walk(item, [...path, i], holders);
    if (!isMap(node)) return;
    const keys = new Set<string>();
    for (const { key, value } of node.items) {
      const name = keyOf(key);
      if (name === null) {
        tell(key ?? node, path, 'a key has to be a plain text; put it in quotes');
        continue;
      }
      if (keys.has(name))
        tell(key, [...path, name], `the key "${shownStep(name)}" stands twice in one group; keep one of them`);
      keys.add(name);
      walk(value, [...path, name], holders);
    }
  };
  walk(document.contents, [], []);
  return tooDeep ? [TOO_DEEP] : found;
}

/** The key as a text; null where it would become another one than is written. */
function keyOf(key: unknown): string | null {
  if (!isScalar(key) || key.value === null) return null;
  const name = String(key.value);
  return typeof key.value === 'string' || key.source === name ? name : null;
}

const IN_WORDS: { readonly [code: string]: string } = {
  TAG_RESOLVE_FAILED: 'a tag (!name) that means nothing here; a text that begins with ! needs quotes',
  BAD_DIRECTIVE: 'a directive (%NAME) that means nothing here; a text that begins with % needs quotes',
  BAD_DQ_ESCAPE: 'a \\ in double quotes that begins no known escape; write \\\\, or use single quotes',
};

/** The parser's complaint without what it quotes of the file, which may be a password. */
function wordsOf({ code, message }: YAMLError): string {
  return IN_WORDS[code] ?? message.replace(/(?<=\w): .*$/s, '');
}
