import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv, { type RequestHandler } from 'sirv';

/** Names of files under here contain a hash of their contents. */
const HASHED = '/assets/';
const FOR_GOOD = 'public, max-age=31536000, immutable';

/** Each page is a document of its own, with its own scripts. */
const DOCUMENTS: readonly (readonly [RegExp, string])[] = [
  [/^\/$/, '/index.html'],
  [/^\/replay\/?$/, '/replay.html'],
  [/^\/r\/[\w-]{1,32}\/?$/, '/student.html'],
  [/^\/r\/[\w-]{1,32}\/teach\/?$/, '/teacher.html'],
];

function documentOf(path: string): string | undefined {
  return DOCUMENTS.find(([pattern]) => pattern.test(path))?.[1];
}

export function isPage(path: string): boolean {
  return documentOf(path) !== undefined;
}

export type Served = 'served' | 'nowhere' | 'not-built';

/** The built client. Which files there are is read once, at the first request that finds a build. */
export class Pages {
  #directory: string;
  #files: RequestHandler | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  serve(request: IncomingMessage, response: ServerResponse, path: string): Served {
    if (!this.#files && !existsSync(join(this.#directory, 'index.html'))) return 'not-built';
    this.#files ??= sirv(this.#directory, { etag: true, brotli: true, gzip: true });
    // Nothing here is worth resuming, and a range that ends before it begins makes sirv throw.
    delete request.headers.range;
    // A file that a new build has taken away since: this response ends, and nothing else does.
    response.once('pipe', (file) => file.once('error', () => response.destroy()));
    request.url = documentOf(path) ?? request.url ?? '/';
    response.setHeader('Cache-Control', path.startsWith(HASHED) ? FOR_GOOD : 'no-cache');
    let served: Served = 'served';
    this.#files(request, response, () => {
      served = 'nowhere';
    });
    return served;
  }
}
