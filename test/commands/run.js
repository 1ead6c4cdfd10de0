import { fileURLToPath } from 'node:url';
import { installMissing, LaunchError } from '../../signaling/launch/install.js';

/** `npm run check`, `sim` and `soak`: installs what is missing; the command does the rest, in this very process. */

const COMMANDS = {
  check: () => import('./check.ts'),
  sim: () => import('./sim.ts'),
  soak: () => import('./soak.ts'),
};

/** What drives a browser is among the tools. */
const NEEDS_TOOLS = ['soak'];

// What is left are the command's own arguments.
const [name] = process.argv.splice(2, 1);
try {
  installMissing(fileURLToPath(new URL('../..', import.meta.url)), {
    tools: NEEDS_TOOLS.includes(name ?? ''),
  });
  const { register } = await import('tsx/esm/api');
  register();
  await COMMANDS[/** @type {keyof typeof COMMANDS} */ (name)]();
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
