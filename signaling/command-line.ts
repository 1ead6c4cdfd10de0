import { parseArgs } from 'node:util';

export const DEFAULT_PORT = 4000;

/** Enough for a second and a third server on one machine. */
const NEXT_PORTS = 10;

export interface Command {
  /** Tried in order; more than one only if no port was asked for. */
  readonly ports: readonly number[];
  readonly host: string;
  readonly data: string;
}

export const USAGE = `npm start -- [--port N] [--host H] [--data DIR]

  --port N    where to listen (PORT); ${DEFAULT_PORT}, or one of the next if that is taken
  --host H    the address to listen at (HOST); all of them unless given
  --data DIR  where rooms are kept (NETSPLIT_DATA); ./data unless given
  --help      this text

ICE_SERVERS: a site's own STUN and TURN servers, as a JSON array.`;

/** @returns what to do, or what is wrong as a sentence; options win over the environment */
export function parseCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Command | 'help' | { readonly wrong: string } {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean' },
      },
      strict: true,
    }));
  } catch (error) {
    const [what] = (error as Error).message.split('. ', 1);
    return { wrong: `${what}. The options are --port N, --host H and --data DIR.` };
  }
  if (values.help) return 'help';
  const port = values.port ?? environment.PORT;
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535))
    return { wrong: `The port must be a number from 0 to 65535, not "${port}".` };
  const host = values.host ?? environment.HOST ?? '::';
  const data = values.data ?? environment.NETSPLIT_DATA ?? './data';
  if (host === '' || data === '') return { wrong: 'An option was given without a value.' };
  const ports =
    port === undefined
      ? Array.from({ length: NEXT_PORTS }, (_, i) => DEFAULT_PORT + i)
      : [Number(port)];
  return { ports, host, data };
}
