import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { launchBrowser } from '../../support/browser.ts';
import { findFaults, listenForErrors } from './faults.ts';
import { listScenes, openScene, SIZES, THEMES } from './scenes.ts';
import { serveGallery } from './serve.ts';

/**
 * Takes a picture of every state, at every size and in both themes, for eyes to look at:
 * `npx tsx test/browser/gallery/shoot.ts DIRECTORY [PART-OF-NAME] [WIDTH] [THEME]`
 */
const [directory, only = '', width = '', onlyTheme = ''] = process.argv.slice(2);
if (directory === undefined) {
  console.error('Say where the pictures go: npx tsx test/browser/gallery/shoot.ts DIRECTORY');
  process.exit(2);
}
const folder = resolve(directory);
await mkdir(folder, { recursive: true });

const gallery = await serveGallery();
const browser = await launchBrowser();
let faulty = 0;
try {
  for (const size of SIZES.filter((each) => String(each.width).includes(width))) {
    for (const theme of THEMES.filter((each) => each.includes(onlyTheme))) {
      const context = await browser.newContext({ viewport: size, colorScheme: theme });
      const page = await context.newPage();
      const errors = listenForErrors(page);
      for (const scene of await listScenes(page, gallery.url)) {
        if (!scene.name.includes(only)) continue;
        await openScene(page, scene);
        const name = `${scene.name.replace('/', '-')}-${size.width}-${theme}`;
        await page.screenshot({ path: join(folder, `${name}.png`) });
        for (const fault of [...(await findFaults(page)), ...errors.take()]) {
          faulty++;
          console.log(`${name}: ${fault}`);
        }
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await gallery.close();
}
console.log(faulty === 0 ? 'No faults found.' : `${faulty} faults found.`);
process.exitCode = faulty === 0 ? 0 : 1;
