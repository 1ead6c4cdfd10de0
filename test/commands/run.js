import { fileURLToPath } from 'node:url';
import { installMissing, LaunchError } from '../../signaling/launch/install.js';

/** `npm run check` and `npm run sim`: installs what is missing; the command does the rest, in this very process. */

const COMMANDS = {
  check: () => import('./check.ts'),
  sim: () => import('./sim.ts'),
};

// What is left are the command's own arguments.
const [name] = process.argv.splice(2, 1);
try {
  installMissing(fileURLToPath(new URL('../..', import.meta.url)), { tools: false });
  const { register } = await import('tsx/esm/api');
  register();
  await COMMANDS[/** @type {keyof typeof COMMANDS} */ (name)]();
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
