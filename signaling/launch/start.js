import { fileURLToPath } from 'node:url';
import { buildIfStale } from './build.js';
import { installMissing, LaunchError } from './install.js';

/**
 * `npm start`: installs what is missing, builds what is stale, serves. The server runs in this very
 * process, so its signals, its options and its exit code are this command's own.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));

try {
  installMissing(root, { tools: false });
  if (!process.argv.includes('--help')) buildIfStale(root);
  const { register } = await import('tsx/esm/api');
  register();
  await import('../main.ts');
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
