import { readFileSync, statSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin, type Rolldown } from 'vite';

/** Browsers with `light-dark()`; for older ones it would be rewritten into something that ignores the chosen theme. */
export const BROWSERS = ['chrome123', 'edge123', 'firefox121', 'safari17.5'];

/** Where the two parts of a student's page begin: the node, and what is drawn when its links stand. */
const NODE = 'client/student/main.ts';
const PAGE = 'client/student/page.ts';
/** What a student may open on it, and never needs to be drawn. */
const DETECTORS = 'client/views/detectors/Thinking.svelte';
/** What the software of others needs of the mesh; some of it the merge lab needs too. */
const APPS = 'client/apps/apps.ts';
/** Small, and asked for when something is wrong. */
const HELP = 'client/views/Help.svelte';
/** The board of the merge lab, which a tab may have without its page, and that page. */
const BOARD = 'client/session/board-engines.ts';
const LAB = 'client/student/labs/MergeLab.svelte';
/** How the tab tells those who watch it from above. */
const TELEMETRY = 'client/session/telemetry.ts';
/** What the page says once the teacher has done something to its node. */
const TOLD = 'client/student/Told.svelte';
/** What a node runs once its class elects, and what its page then shows. */
const ELECTIONS = 'src/program/voting.ts';
const ELECTED = 'client/student/elected.ts';
/** What a node runs once the room calls somebody. */
const REQUESTS = 'src/requests/requests.ts';

const HASHED_SCRIPT = 'assets/[name]-[hash:6].js';

/** The pages tell how far it is, and no answer of the server's says how long it is when it is unpacked. */
const AUTOMERGE = createRequire(import.meta.url).resolve('@automerge/automerge/automerge.wasm');

/** A document for each page. */
const PAGES = ['index.html', 'student.html', 'teacher.html', 'replay.html'];

export default defineConfig({
  root: import.meta.dirname,
  define: { AUTOMERGE_WASM_BYTES: statSync(AUTOMERGE).size },
  plugins: [
    svelte({ configFile: false, compilerOptions: { runes: true } }),
    websocketOnly(),
    sharedHead(),
    fetchAhead(),
    precompress(),
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    target: BROWSERS,
    cssTarget: BROWSERS,
    // The pages' Content-Security-Policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Each fetched only where it is opened: a student's tab never loads the teacher's.
      input: PAGES.map((page) => join(import.meta.dirname, page)),
      // What pages share comes in a few files, not a dozen: each request costs a tab that starts.
      output: {
        // Of a hash no byte is saved by compression, and a tab's files name each other dozens of times.
        ...{ entryFileNames: HASHED_SCRIPT, chunkFileNames: HASHED_SCRIPT },
        assetFileNames: 'assets/[name]-[hash:6][extname]',
        codeSplitting: {
          groups: [{ name: shareOf, test: isScript, minShareCount: 2 }],
          // A module's dependencies are in the file that is theirs, not in its own.
          includeDependenciesRecursively: false,
        },
      },
    },
    // The plugin below reports what really travels.
    reportCompressedSize: false,
  },
});

/** Styles follow the pages that import them. */
function isScript(id: string): boolean {
  return !/\.css($|\?)/.test(id);
}

/**
 * Which of the files that pages share a module is in: what a student's tab loads at once, what it loads
 * to be drawn, what it loads for the board of the merge lab, when documents are shared or a peer is looked
 * into, and what only those need who look at a whole class. What the lab's page and the help have in common
 * with those is in files by itself.
 */
function shareOf(
  id: string,
  modules: Pick<Rolldown.PluginContext, 'getModuleInfo'>,
): string | null {
  if (isNeededBy(NODE, id, modules)) return 'node';
  if (isNeededBy(PAGE, id, modules)) return 'views';
  // Before the board: what both need of Yjs.
  if (isNeededBy(APPS, id, modules)) return 'documents';
  if (isNeededBy(BOARD, id, modules)) return 'board';
  if (isNeededBy(DETECTORS, id, modules)) return 'detectors';
  return [LAB, HELP].some((root) => isNeededBy(root, id, modules)) ? null : 'sight';
}

/** Whether `root` cannot run without it. */
function isNeededBy(
  root: string,
  id: string,
  modules: Pick<Rolldown.PluginContext, 'getModuleInfo'>,
): boolean {
  const found = new Set([id]);
  for (const each of found) {
    if (each.replaceAll('\\', '/').endsWith(root)) return true;
    for (const importer of modules.getModuleInfo(each)?.importers ?? []) found.add(importer);
  }
  return false;
}

/**
 * The server speaks to tabs over WebSocket alone, so what engine.io has beside it need not travel. Its
 * polling is used by nobody then, and would be kept for the listener that it adds to the page.
 */
function websocketOnly(): Plugin {
  return {
    name: 'websocket-only',
    transform: {
      filter: {
        id: /engine\.io-client[\\/]build[\\/]esm[\\/]transports[\\/](index|polling-xhr)\.js$/,
      },
      handler: (code, id) =>
        id.endsWith('index.js')
          ? {
              code: "import { WS } from './websocket.js'; export const transports = { websocket: WS };",
              map: null,
            }
          : { code, map: null, moduleSideEffects: false },
    },
  };
}

/** What every document begins with. */
function sharedHead(): Plugin {
  const head = readFileSync(join(import.meta.dirname, 'head.html'), 'utf8');
  return {
    name: 'shared-head',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) => html.replace('<head>', `<head>${head}`),
    },
  };
}

/** The parts of a student's page that follow when its node is in the mesh: to be drawn, watched, opened and called. */
const FOLLOWS = {
  document: 'student.html',
  modules: [PAGE, TELEMETRY, DETECTORS, HELP, REQUESTS, TOLD, ELECTIONS, ELECTED],
};

/**
 * Lets the student's document fetch what follows while nothing else is to be done, so that the page is
 * there even if the server dies a moment after the node has joined. Then one looks at the detectors.
 */
function fetchAhead(): Plugin {
  return {
    name: 'fetch-ahead',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const html = bundle[FOLLOWS.document];
      const chunks = Object.values(bundle).filter((each) => each.type === 'chunk');
      const followers = FOLLOWS.modules.map((module) =>
        chunks.find(({ facadeModuleId }) => facadeModuleId?.replaceAll('\\', '/').endsWith(module)),
      );
      if (html?.type !== 'asset') throw new Error('the build made no student’s document');
      const parts = followers.flatMap((part) => {
        if (!part) throw new Error(`the build lacks one of ${FOLLOWS.modules.join(', ')}`);
        return [part, ...chunks.filter((chunk) => part.imports.includes(chunk.fileName))];
      });
      const files = new Set(
        parts.flatMap((chunk) => [chunk.fileName, ...(chunk.viteMetadata?.importedCss ?? [])]),
      );
      const source = String(html.source);
      const links = [...files]
        .filter((file) => !source.includes(file))
        .map((file) => `  <link rel="prefetch" href="/${file}">\n  `);
      html.source = source.replace('</head>', `${links.join('')}</head>`);
    },
  };
}

const COMPRESSIBLE = /\.(js|css|html|svg|json|wasm)$/;

/** Writes .br and .gz beside each file, as the server sends them, so that it never compresses. */
function precompress(): Plugin {
  let outDir = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = await readdir(outDir, { recursive: true });
      await Promise.all(
        files.filter((file) => COMPRESSIBLE.test(file)).map((file) => compress(join(outDir, file))),
      );
    },
  };
}

/** Beyond it the best quality takes a dozen seconds, for a sixth less. */
const LARGE_BYTES = 1024 * 1024;
const QUALITY_OF_LARGE = 5;

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path);
  const best = bytes.length > LARGE_BYTES ? QUALITY_OF_LARGE : constants.BROTLI_MAX_QUALITY;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: best } };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, quality));
  await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}
