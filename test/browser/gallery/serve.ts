import { join } from 'node:path';
import { servePage, type ServedPage } from '../../support/served-page.ts';

/** The gallery, built and served. */
export function serveGallery(): Promise<ServedPage> {
  return servePage(join(import.meta.dirname, 'vite.config.ts'));
}
