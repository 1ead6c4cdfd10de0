import type { Working } from '../../../src/membership/detectors/detector.ts';
import { phiOf } from '../../../src/membership/detectors/phi.ts';

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** What four detectors make of a link that was calm, then silent for so long; the chosen one first. */
export function workingsAfter(silentMs: number): readonly Working[] {
  const gaps = Array.from({ length: 64 }, (_, i) => 196 + ((i * 37) % 23) + (i % 17 === 5 ? 190 : 0)); // prettier-ignore
  const expected = { meanMs: 812, deviationMs: 60 };
  const phi = phiOf(silentMs, expected.meanMs, expected.deviationMs);
  const by = (limitMs: number) => ({
    suspects: silentMs >= limitMs,
    level: silentMs,
    threshold: limitMs,
    unit: 'ms' as const,
  });
  return [
    {
      detector: 'swim',
      suspects: silentMs > 900,
      level: silentMs > 900 ? 1 : 0,
      threshold: 1,
      unit: 'probes',
      reason:
        silentMs > 900
          ? `asked ${seconds(silentMs)} ago, and neither this node nor others that it asked had an answer`
          : 'it answered the last question',
      gaps: [],
      expected: null,
    },
    {
      detector: 'phi',
      suspects: phi >= 8,
      level: phi,
      threshold: 8,
      unit: 'phi',
      reason: `silent for ${seconds(silentMs)}; phi is ${phi.toFixed(1)}, the limit is 8`,
      gaps,
      expected,
    },
    {
      detector: 'adaptive',
      ...by(1_000),
      reason: `silent for ${seconds(silentMs)}; by what is usual on its link the limit is 1.0 s`,
      gaps,
      expected: { meanMs: 212, deviationMs: 40 },
    },
    {
      detector: 'fixed',
      ...by(1_000),
      reason: `silent for ${seconds(silentMs)}; the limit is fixed at 1.0 s`,
      gaps: [],
      expected: null,
    },
  ];
}
