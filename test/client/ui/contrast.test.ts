import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The tokens as the pages use them: what is written or drawn, on which grounds, and how clear it must be. */
const GROUNDS = ['surface', 'raised', 'sunk'];
const TEXT = ['ink', 'ink-2', 'accent', 'alarm', 'good'];
const MARKS = ['mark', 'hue-blue', 'hue-green', 'hue-pink', 'hue-amber', 'hue-olive'];
/** WCAG 2.2, 1.4.3 and 1.4.11. */
const TEXT_RATIO = 4.5;
const MARK_RATIO = 3;

const css = readFileSync(join(import.meta.dirname, '../../../client/ui/tokens.css'), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name!, { light: light!, dark: dark! }],
  ),
);

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x! + 0.05) / (y! + 0.05);
}

describe('contrast of the tokens', () => {
  it('the formula gives the two values that the standard names', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  for (const theme of ['light', 'dark'] as const)
    for (const [names, least] of [
      [TEXT, TEXT_RATIO],
      [MARKS, MARK_RATIO],
    ] as const)
      for (const name of names)
        it(`${name} has ${least}:1 on every ground in the ${theme} theme`, () => {
          const ratios = GROUNDS.map((ground) =>
            contrast(tokens.get(name)![theme], tokens.get(ground)![theme]),
          );
          expect(Math.min(...ratios)).toBeGreaterThanOrEqual(least);
        });

  it('text on the ink of a main button is readable, and so is a switch that is on', () => {
    for (const theme of ['light', 'dark'] as const) {
      const surface = tokens.get('surface')![theme];
      expect(contrast(surface, tokens.get('ink')![theme])).toBeGreaterThanOrEqual(TEXT_RATIO);
      expect(contrast(surface, tokens.get('accent')![theme])).toBeGreaterThanOrEqual(MARK_RATIO);
    }
  });

  it('a QR code is dark on light in any theme', () => {
    const value = (name: string): string => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css)![1]!;
    expect(contrast(value('paper'), value('print'))).toBeGreaterThanOrEqual(15);
    expect(luminance(value('paper'))).toBeGreaterThan(luminance(value('print')));
  });
});
