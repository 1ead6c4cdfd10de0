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

/** @returns what to do, or a sentence that says what is wrong; options win over the environment */
export function parseCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Command | string {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: { port: { type: 'string' }, host: { type: 'string' }, data: { type: 'string' } },
      strict: true,
    }));
  } catch (error) {
    const [what] = (error as Error).message.split('. ', 1);
    return `${what}. The options are --port N, --host H and --data DIR.`;
  }
  const port = values.port ?? environment.PORT;
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535))
    return `The port must be a number from 0 to 65535, not "${port}".`;
  const host = values.host ?? environment.HOST ?? '::';
  const data = values.data ?? environment.NETSPLIT_DATA ?? './data';
  if (host === '' || data === '') return 'An option was given without a value.';
  const ports =
    port === undefined
      ? Array.from({ length: NEXT_PORTS }, (_, i) => DEFAULT_PORT + i)
      : [Number(port)];
  return { ports, host, data };
}
