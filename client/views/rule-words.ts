import type { Rule } from '../../src/network/composed-rule.ts';

/** What rules and conditions say, as people read it: short pieces with their units. */

const SHAPES = { uniform: '', normal: ' (bell)', 'long-tailed': ' (long tail)' } as const;

export function ruleWords(rule: Rule): string {
  if (rule.cut === true) return 'cut';
  const words = [
    rule.blackhole === true ? 'black hole' : '',
    latencyWords(rule),
    chance(rule.loss, rule.lossBurst ? `lost in bursts of ${plain(rule.lossBurst)}` : 'lost'),
    chance(rule.duplicate, 'doubled'),
    chance(rule.reorder, 'held back'),
    chance(rule.corrupt, 'damaged'),
    rule.bytesPerSecond === undefined ? '' : `${bytes(rule.bytesPerSecond)}/s`,
    rule.queueBytes === undefined ? '' : `queue ${bytes(rule.queueBytes)}`,
  ].filter((word) => word !== '');
  return words.length === 0 ? 'nothing' : words.join(', ');
}

function latencyWords({ latencyMs = 0, jitterMs = 0, latencyShape = 'uniform' }: Rule): string {
  if (latencyMs === 0) return '';
  const spread = jitterMs === 0 ? '' : ` ± ${span(jitterMs)}${SHAPES[latencyShape]}`;
  return `${span(latencyMs)}${spread}`;
}

function chance(share: number | undefined, what: string): string {
  return share === undefined || share === 0 ? '' : `${percent(share)} ${what}`;
}

/** '200 ms', '1.5 s', '−5 s', '2 min'. */
export function span(ms: number): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '−' : '';
  if (size < 1000) return `${sign}${plain(size)} ms`;
  return size < 60_000 ? `${sign}${plain(size / 1000)} s` : `${sign}${plain(size / 60_000)} min`;
}

export function percent(share: number): string {
  return `${plain(share * 100)} %`;
}

/** '50 kB', '1.5 MB': thousands, as rates are counted. */
export function bytes(count: number): string {
  if (count < 1000) return `${plain(count)} B`;
  return count < 1_000_000 ? `${plain(count / 1000)} kB` : `${plain(count / 1_000_000)} MB`;
}

/** At most two digits after the point, and none that say nothing. */
function plain(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export interface Condition {
  readonly unplugged?: boolean;
  readonly wallOffsetMs?: number;
  readonly driftPpm?: number;
  readonly sendOmission?: number;
  readonly receiveOmission?: number;
  readonly slowMs?: number;
}

export function conditionWords(condition: Condition): string {
  const { wallOffsetMs = 0, driftPpm = 0, sendOmission = 0, receiveOmission = 0 } = condition;
  const { slowMs = 0 } = condition;
  return [
    wallOffsetMs === 0 ? '' : `clock ${wallOffsetMs > 0 ? '+' : ''}${span(wallOffsetMs)}`,
    driftPpm === 0 ? '' : `drift ${driftPpm > 0 ? '+' : '−'}${plain(Math.abs(driftPpm))} ppm`,
    sendOmission === 0 ? '' : `sends lose ${percent(sendOmission)}`,
    receiveOmission === 0 ? '' : `hears ${percent(1 - receiveOmission)}`,
    slowMs === 0 ? '' : `slow by ${span(slowMs)}`,
  ]
    .filter((word) => word !== '')
    .join(', ');
}
