import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../../signaling/server.ts';
import { answer, cpuMs, memory } from './answer.ts';

/** Our server with everything that it does, its limits on rates alone out of the way. */

/** More than a bench can send. */
const UNLIMITED = { burst: 1e9, perSecond: 1e9 };

const data = mkdtempSync(join(tmpdir(), 'netsplit-bench-'));
process.on('exit', () => rmSync(data, { recursive: true, force: true }));

const server = await startServer({
  ports: [0],
  host: '127.0.0.1',
  stunPort: 0,
  data,
  dist: 'no-such-folder',
  limits: { socketRate: UNLIMITED, enterRate: UNLIMITED, roomsPerAddress: UNLIMITED },
});

answer({ port: () => server.port, cpuMs, memory });
