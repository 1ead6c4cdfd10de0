import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { Child } from './child.ts';

export interface BuiltPage {
  readonly origin: string;
  readonly stunPort: number;
  stop(): Promise<void>;
}

/** A page of a baseline, built and served, with a relay and STUN, by a process of its own. */
export async function serveBaseline(page: string): Promise<BuiltPage> {
  const outDir = await mkdtemp(join(tmpdir(), `netsplit-${page}-`));
  const configFile = join(import.meta.dirname, 'baselines', page, 'vite.config.ts');
  await build({ configFile, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  const child = await Child.start('./baselines/page-process.ts', outDir);
  return {
    origin: `http://127.0.0.1:${await child.ask<number>('port')}`,
    stunPort: await child.ask<number>('stunPort'),
    async stop() {
      await child.stop();
      await rm(outDir, { recursive: true });
    },
  };
}
