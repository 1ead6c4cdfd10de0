import { fileURLToPath } from 'node:url';
import { buildIfStale } from '../../signaling/launch/build.js';

/** Before the first browser test: the pages that the server serves are those of this source. */
export function setup(): void {
  buildIfStale(fileURLToPath(new URL('../..', import.meta.url)));
}
