import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderUnicodeCompact } from 'uqr';
import { parseCommand, USAGE } from './command-line.ts';
import { parseIceServers } from './ice.ts';
import { ListenError } from './listen.ts';
import { startServer, type SignalingServer } from './server.ts';
import { StoreError } from './store.ts';
import { DEFAULT_STUN_PORT } from './stun-server.ts';

/** The composition root: reads the command line, starts the server, prints where it is, ends it. */

const root = new URL('../', import.meta.url);

function fail(sentence: string, exitCode: 1 | 2): never {
  console.error(sentence);
  process.exit(exitCode);
}

async function start(): Promise<SignalingServer> {
  const command = parseCommand(process.argv.slice(2), process.env);
  if (command === 'help') {
    console.log(USAGE);
    process.exit(0);
  }
  if ('wrong' in command) return fail(command.wrong, 2);
  const iceServers = parseIceServers(process.env.ICE_SERVERS);
  if (typeof iceServers === 'string') return fail(iceServers, 2);
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  try {
    return await startServer({
      ...command,
      iceServers,
      version,
      dist: fileURLToPath(new URL('client/dist/', root)),
      report: (problem) => console.error(problem),
    });
  } catch (error) {
    if (error instanceof StoreError || error instanceof ListenError) return fail(error.message, 1);
    throw error;
  }
}

const server = await start();

if (server.stunPort === null)
  console.error('No UDP port could be opened, so tabs may not find each other on some networks.');
else if (server.stunPort !== DEFAULT_STUN_PORT)
  console.error(`UDP port ${DEFAULT_STUN_PORT} is taken; tabs are told to use ${server.stunPort}.`);

const { joinUrl, teachUrl } = await server.house();
console.log(`Join   ${joinUrl}`);
console.log(`Teach  ${teachUrl}`);
console.log(renderUnicodeCompact(joinUrl, { border: 2 }));

let isStopping = false;
async function stop(): Promise<void> {
  // Whoever asks twice does not want to wait.
  if (isStopping) process.exit(1);
  isStopping = true;
  await server.close();
  process.exit(0);
}
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
