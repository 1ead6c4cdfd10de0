import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/** Browsers with `light-dark()`; for older ones it would be rewritten into something that ignores the chosen theme. */
export const BROWSERS = ['chrome123', 'edge123', 'firefox121', 'safari17.5'];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    svelte({ configFile: false, compilerOptions: { runes: true } }),
    onePagePerHtml(),
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
    // The plugin below reports what really travels.
    reportCompressedSize: false,
  },
});

/** Whose component is behind which document; `index.html` itself is the lobby's. */
const PAGES = {
  'student.html': 'student/Student.svelte',
  'teacher.html': 'teacher/Teacher.svelte',
};

/**
 * Writes a document for each page beside index.html. They differ only in what they fetch ahead: the
 * page's own scripts and styles come with the first ones, not a round trip after them.
 */
function onePagePerHtml(): Plugin {
  return {
    name: 'one-page-per-html',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const index = bundle['index.html'];
      if (index?.type !== 'asset') throw new Error('the build made no index.html');
      const chunks = Object.values(bundle).filter((each) => each.type === 'chunk');
      for (const [fileName, component] of Object.entries(PAGES)) {
        const page = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(component));
        if (!page) throw new Error(`the build made no chunk of ${component}`);
        const parts = [
          page,
          ...page.imports.flatMap((file) => chunks.find((c) => c.fileName === file) ?? []),
        ];
        const html = String(index.source);
        const tags = parts.flatMap((chunk) => [
          { file: chunk.fileName, tag: 'modulepreload' },
          ...[...(chunk.viteMetadata?.importedCss ?? [])].map((file) => ({
            file,
            tag: 'stylesheet',
          })),
        ]);
        const fresh = tags
          .filter(({ file }) => !html.includes(file))
          .map(({ file, tag }) => `  <link rel="${tag}" crossorigin href="/${file}">\n  `);
        const source = html.replace('</head>', `${fresh.join('')}</head>`);
        this.emitFile({ type: 'asset', fileName, source });
      }
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

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, quality));
  await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}
