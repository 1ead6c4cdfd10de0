const POINTS = 72;

/** Suspicion wavers: a closed wave around the origin, as path data. */
export function wave(radius: number, crests: number): string {
  const depth = Math.max(1.2, radius * 0.09);
  const points = Array.from({ length: POINTS }, (_, i) => {
    const turn = (i / POINTS) * 2 * Math.PI;
    const at = radius + depth * Math.sin(turn * crests);
    return `${(at * Math.cos(turn)).toFixed(2)} ${(at * Math.sin(turn)).toFixed(2)}`;
  });
  return `M${points.join('L')}Z`;
}
