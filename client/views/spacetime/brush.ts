import type { Milliseconds } from '../../../src/vocabulary.ts';
import type { CanvasColors } from '../canvas-colors.ts';

/** What a picture is painted with. */
export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly colors: CanvasColors;
  readonly fontText: string;
  readonly lengthWords: (ms: Milliseconds) => string;
}
