import type { Working } from '../../../src/membership/detectors/detector.ts';
import { listOf } from '../../ui/list.ts';
import { DETECTOR_WORDS } from '../detector-words.ts';
import { asSentence, duration } from '../words.ts';

/** What the four detectors think of one peer, as bars, words and a table. The one that counts comes first. */

/** The limit stands here on every bar, so that four units can be compared at a glance. */
export const LIMIT_AT = 0.7;

export interface DetectorBar {
  readonly detector: Working['detector'];
  readonly name: string;
  /** Its suspicion is the one that counts in this room. */
  readonly counts: boolean;
  readonly suspects: boolean;
  /** How much of the bar is filled, from 0 to 1; `LIMIT_AT` is the limit. */
  readonly filled: number;
  /** '400 ms of 1.0 s' */
  readonly figure: string;
  readonly reason: string;
}

export function barsOf(workings: readonly Working[]): readonly DetectorBar[] {
  return workings.map((working, i) => {
    const { detector, suspects, level, threshold, reason } = working;
    return {
      detector,
      name: DETECTOR_WORDS[detector].name,
      counts: i === 0,
      suspects,
      filled: threshold > 0 ? Math.max(0, Math.min(1, (LIMIT_AT * level) / threshold)) : 0,
      figure: figureOf(working),
      reason: asSentence(reason),
    };
  });
}

/** 'SWIM counts in this room, and is calm. Phi accrual suspects Otter.' */
export function thinkingSentence(name: string, workings: readonly Working[]): string {
  const [first, ...others] = workings;
  if (first === undefined) return '';
  const suspicious = others.filter(({ suspects }) => suspects);
  const counts = `${nameOf(first)} counts in this room, and ${first.suspects ? `suspects ${name}` : 'is calm'}.`;
  if (suspicious.length === 0)
    return first.suspects ? `${counts} It is alone with that.` : `${counts} So are the others.`;
  const also = first.suspects ? 'So' : 'But';
  const who = listOf(suspicious.map(nameOf));
  if (!first.suspects)
    return `${counts} ${also} ${who} ${suspicious.length === 1 ? 'suspects' : 'suspect'} it.`;
  return `${counts} ${also} ${suspicious.length === 1 ? 'does' : 'do'} ${who}.`;
}

export const THINKING_HEAD = ['Detector', 'Thinks', 'Now', 'Limit', 'Usual gap', 'Why'] as const;

export function thinkingRows(workings: readonly Working[]): readonly (readonly string[])[] {
  return workings.map((working, i) => [
    i === 0 ? `${nameOf(working)}, which counts` : nameOf(working),
    working.suspects ? 'suspects it' : 'calm',
    levelWords(working),
    limitWords(working),
    usualWords(working),
    asSentence(working.reason),
  ]);
}

function usualWords({ expected }: Working): string {
  if (expected === null) return '–';
  return `${duration(expected.meanMs)} ± ${duration(expected.deviationMs)}`;
}

function nameOf({ detector }: Working): string {
  return DETECTOR_WORDS[detector].name;
}

function figureOf(working: Working): string {
  if (working.unit === 'probes' && working.level === 0) return 'no question is open';
  return `${levelWords(working)} of ${limitWords(working)}`;
}

function levelWords({ unit, level, threshold }: Working): string {
  switch (unit) {
    case 'ms':
      return duration(level);
    case 'phi':
      return `φ ${level > 99 ? 'over 99' : level.toFixed(1)}`;
    case 'probes':
      return `${Math.round((100 * level) / threshold)} %`;
  }
}

function limitWords({ unit, threshold }: Working): string {
  switch (unit) {
    case 'ms':
      return duration(threshold);
    case 'phi':
      return String(threshold);
    case 'probes':
      return 'its time to answer';
  }
}
