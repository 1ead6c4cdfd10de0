/**
 * The part of EDN, Clojure's notation for data, that histories are written in: nil, numbers, texts,
 * keywords, vectors, maps. A number stays the text it is written as: nobody counts with it.
 */
export type Edn = null | string | EdnKeyword | readonly Edn[] | EdnMap;

export interface EdnKeyword {
  readonly keyword: string;
}

/** By keyword, without its colon. */
export type EdnMap = ReadonlyMap<string, Edn>;

/** A text is not what its reader can read. The message says what is wrong, as a sentence. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Far deeper than an operation ever is, and far from the end of the call stack. */
const MAX_DEPTH = 16;

/** Spaces and commas part values. What is left over is a quote that nothing closes. */
const TOKENS = /([[\]{}])|("(?:[^"\\]|\\.)*")|([^\s,[\]{}"]+)|(")/gsu;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const KEYWORD = /^:[^:]+$/;

const ESCAPES = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);

/** All the values in a text, one after the other. Throws `Malformed`. */
export function readEdn(text: string): Edn[] {
  const tokens = tokenize(text);
  const values: Edn[] = [];
  while (tokens.length > 0) values.push(readValue(tokens, 0));
  return values;
}

export function isKeyword(value: Edn): value is EdnKeyword {
  return value !== null && typeof value === 'object' && 'keyword' in value;
}

export function isMap(value: Edn): value is EdnMap {
  return value instanceof Map;
}

/** The first one last, so that taking it costs nothing. */
function tokenize(text: string): string[] {
  const tokens: string[] = [];
  for (const [token, , , , openQuote] of text.matchAll(TOKENS)) {
    if (openQuote !== undefined) throw new Malformed('A quote is opened and never closed.');
    tokens.push(token);
  }
  return tokens.reverse();
}

function readValue(tokens: string[], depth: number): Edn {
  if (depth > MAX_DEPTH) throw new Malformed(`Values lie more than ${MAX_DEPTH} deep.`);
  const token = tokens.pop();
  if (token === undefined) throw new Malformed('The line ends within a value.');
  if (token === '[') return readUntil(']', tokens, depth);
  if (token === '{') return toMap(readUntil('}', tokens, depth));
  if (token.startsWith('"')) return unescape(token.slice(1, -1));
  if (token === 'nil') return null;
  if (KEYWORD.test(token)) return { keyword: token.slice(1) };
  if (NUMBER.test(token)) return token;
  throw new Malformed(
    `${token} is no value: nil, a number, a "text", a :keyword, [a b] or {:a b}.`,
  );
}

function readUntil(end: ']' | '}', tokens: string[], depth: number): Edn[] {
  const values: Edn[] = [];
  while (tokens.at(-1) !== end) values.push(readValue(tokens, depth + 1));
  tokens.pop();
  return values;
}

function toMap(values: readonly Edn[]): EdnMap {
  const map = new Map<string, Edn>();
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i]!;
    const value = values[i + 1];
    if (!isKeyword(key)) throw new Malformed('A map needs a :keyword before each value.');
    if (value === undefined) throw new Malformed(`:${key.keyword} has no value.`);
    if (map.has(key.keyword)) throw new Malformed(`:${key.keyword} is there twice.`);
    map.set(key.keyword, value);
  }
  return map;
}

/** Whole numbers as other readers of EDN count them too. All other texts stand in quotes. */
const PLAIN_NUMBER = /^(?:0|-?[1-9]\d*)$/;

/** A text as `readEdn` reads it back, on one line. */
export function writeEdnText(text: string): string {
  if (PLAIN_NUMBER.test(text)) return text;
  const escaped = text.replace(/["\\]|\p{Cc}|\p{Cs}/gu, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${escaped}"`;
}

function unescape(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/gsu, (_all, escape: string) =>
    escape.length > 1
      ? String.fromCharCode(Number.parseInt(escape.slice(1), 16))
      : (ESCAPES.get(escape) ?? escape),
  );
}
