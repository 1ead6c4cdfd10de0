import type { Guarantee } from '../../../src/checkers/marked-sessions.ts';
import type { RegisterKind } from '../../../src/network/register-kinds.ts';
import type { RegisterSetting } from '../../../src/network/register-setting.ts';
import { parseNodeId, type NodeId } from '../../../src/vocabulary.ts';
import type { Tally } from '../../../src/trace/register-figures.ts';
import type { Judgement } from '../../../src/checkers/register-report.ts';

/** What pages say of registers. */

export const KIND_WORDS: Readonly<Record<RegisterKind, { name: string; about: string }>> = {
  cp: { name: 'Consistent', about: 'on Raft’s log: whoever is in the majority answers' },
  ap: { name: 'Available', about: 'on gossip: every node answers from its own copy' },
  quorum: { name: 'Quorum', about: 'on copies: enough of them have to answer' },
};

export const RULE_WORDS: Readonly<Record<RegisterSetting['rule'], string>> = {
  lww: 'the last write by the clock wins',
  'lww-hybrid': 'the last write by the hybrid clock wins',
  siblings: 'both values stay',
};

export const JUDGED: Readonly<Record<Judgement['verdict'], string>> = {
  none: 'nothing to judge yet',
  linearizable: 'linearizable',
  'not linearizable': 'not linearizable',
  undecided: 'too much to judge',
};

export const GUARANTEE_WORDS: Readonly<Record<Guarantee, string>> = {
  'read-your-writes': 'reads its own writes',
  'monotonic-reads': 'reads never go back',
  'monotonic-writes': 'writes in order',
  'writes-follow-reads': 'writes after reads',
};

/** '97 %'; null where nothing ended. What is not all of them is not rounded to it. */
export function shareOf({ availability }: Tally): string | null {
  if (availability === null) return null;
  const percent = 100 * availability;
  if (percent > 99 && percent < 100) return '99 %';
  if (percent > 0 && percent < 1) return '1 %';
  return `${Math.round(percent)} %`;
}

/** '3 ms', '1.2 s' */
export function milliseconds(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}

/** '131 answered, 2 refused, 1 unknown' */
export function endsOf({ answered, refused, unknown }: Tally): string {
  const parts = [
    [answered, 'answered'],
    [refused, 'refused'],
    [unknown, 'unknown'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return said.length === 0 ? 'nobody asked' : said.join(', ');
}

/** Of a value that a node made up by itself: who, in which life, and the how many-th. */
const MADE_UP = /^"([0-9a-z]{10})\.(\d+)\.(\d+)"$/;

/** A value as people write it: text without the marks around it, ids by name. */
export function valueWords(json: string, nameOf: (id: NodeId) => string): string {
  if (json === 'null') return 'nothing';
  const [, id, life, number] = MADE_UP.exec(json) ?? [];
  const node = id === undefined ? undefined : parseNodeId(id);
  if (node !== undefined) return `${nameOf(node)} ${life === '1' ? '' : `${life}.`}${number}`;
  return /^"[^"\\]*"$/.test(json) ? json.slice(1, -1) : json;
}
