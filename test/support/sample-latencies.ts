import { drawLatency, type Latency } from '../../src/network/distribution.ts';
import { Random } from '../../src/simulator/random.ts';

/** Draws of every shape, whole: a difference in the last bit between two engines is a difference. */
export function sampleLatencies(count: number): { readonly [shape: string]: readonly number[] } {
  const shapes: Latency['shape'][] = ['constant', 'uniform', 'normal', 'long-tailed'];
  return Object.fromEntries(
    shapes.map((shape) => {
      const random = new Random(shape);
      const spreadMs = shape === 'constant' ? 0 : 30;
      const draw = () => drawLatency({ shape, meanMs: 100, spreadMs }, random.next);
      return [shape, Array.from({ length: count }, draw)];
    }),
  );
}
