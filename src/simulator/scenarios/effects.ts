import * as v from 'valibot';
import type { Host } from '../../runtime/host.ts';
import type { Protocol, ProtocolDefinition } from '../../runtime/protocol.ts';

/**
 * How often each of the things that were asked of a node has happened there, on its disk. It says
 * nothing to anybody; it is there to be counted.
 */
export class Effects implements Protocol<never> {
  private readonly host: Host<never>;

  constructor(host: Host<never>) {
    this.host = host;
  }

  start(): void {}

  stop(): void {}

  receive(): void {}

  happen(id: string): void {
    this.host.store.put(id, this.times(id) + 1);
  }

  times(id: string): number {
    return v.parse(v.number(), this.host.store.get(id) ?? 0);
  }

  /** All that ever happened. */
  ids(): readonly string[] {
    return this.host.store.keys();
  }

  inspect() {
    return this.ids().length;
  }
}

export const effects: ProtocolDefinition<never, Effects> = {
  name: 'effects',
  version: 1,
  schema: v.never(),
  lane: 'stream',
  create: (host) => new Effects(host),
};
