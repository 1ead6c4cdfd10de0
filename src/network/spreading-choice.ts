import * as v from 'valibot';
import type { Host } from '../runtime/host.ts';
import type { Json, Milliseconds, NodeId } from '../vocabulary.ts';
import { Founding } from './founding.ts';
import { isNewer, type Turned } from './runs.ts';
import type { SpreadingMessage } from './spreading-messages.ts';

/** Words may be lost: one neighbour, drawn anew each time, is told again. */
export const RETELL_MS: Milliseconds = 2_000;

const CHOICE_KEY = 'choice';

export interface SpreadingOptions<Choice extends Turned> {
  /** The protocol's own: the choice is kept on its part of the disk, under `choice`. */
  readonly host: Pick<
    Host<SpreadingMessage<Choice>>,
    'self' | 'neighbours' | 'random' | 'send' | 'after' | 'store'
  >;
  readonly schema: v.GenericSchema<unknown, Choice>;
  /** This node works by it from now on. */
  readonly adopted: (choice: Choice) => void;
  /** What this program can work by; unless it is said, whatever has passed the schema. */
  readonly accepts?: (choice: Choice) => boolean;
  /** Whoever founds waits so many times as long for answers. */
  readonly slowness?: () => number;
}

/**
 * A choice that all nodes of a mesh come to share, without a server: the newest wins, and whoever has
 * none asks for it. The rules SPREAD-1 to SPREAD-8 stand in README.md.
 */
export class SpreadingChoice<Choice extends Turned> {
  private readonly options: SpreadingOptions<Choice>;
  private readonly founding: Founding;
  private current: Choice | null = null;

  constructor(options: SpreadingOptions<Choice>) {
    const { host, slowness = () => 1 } = options;
    this.options = options;
    this.founding = new Founding({
      self: host.self,
      neighbours: () => host.neighbours(),
      send: (to, message) => host.send(to, message),
      after: (delayMs, callback) => host.after(delayMs * slowness(), callback),
    });
  }

  get choice(): Choice | null {
    return this.current;
  }

  /** @returns what an earlier life has kept: this node goes on with it */
  start(): Choice | null {
    const { host, schema } = this.options;
    const stored = v.safeParse(schema, host.store.get(CHOICE_KEY));
    if (stored.success && this.isAccepted(stored.output)) this.current = stored.output;
    this.retellSoon();
    return this.current;
  }

  stop(): void {
    this.founding.stop();
  }

  /** If it is newer than the present one, this node works by it and tells it. */
  adopt(choice: Choice): void {
    const { host, adopted } = this.options;
    if (!isNewer(choice, this.current) || !this.isAccepted(choice)) return;
    this.current = choice;
    host.store.put(CHOICE_KEY, choice as unknown as Json);
    adopted(choice);
    for (const id of host.neighbours()) this.tell(id);
    this.founding.end();
  }

  /**
   * `goOn` is called once: within this call if there is a choice; otherwise when one has come, or when
   * no neighbour is known to have any, so that this node may make the first.
   * @returns false if too many wait already: it will not be called
   */
  whenKnown(goOn: () => void): boolean {
    if (this.current === null) return this.founding.begin(goOn);
    goOn();
    return true;
  }

  receive(from: NodeId, message: SpreadingMessage<Choice>): void {
    if (message.type === 'choice') this.hear(from, message.choice);
    else if (this.current !== null) this.tell(from);
    else if (message.type === 'which') this.founding.asked(from, message);
    else this.founding.answered(from, message);
  }

  /** Somebody works by this. */
  hear(from: NodeId, choice: Choice): void {
    if (this.current !== null && isNewer(this.current, choice)) this.tell(from);
    else this.adopt(choice);
  }

  neighbourUp(id: NodeId): void {
    if (this.current === null) this.founding.up(id);
    else this.tell(id);
  }

  neighbourDown(id: NodeId): void {
    this.founding.down(id);
  }

  private isAccepted(choice: Choice): boolean {
    return this.options.accepts?.(choice) ?? true;
  }

  private tell(id: NodeId): void {
    const { current: choice } = this;
    if (choice !== null) this.options.host.send(id, { type: 'choice', choice });
  }

  private retellSoon(): void {
    const { host } = this.options;
    host.after(RETELL_MS, () => {
      const neighbours = host.neighbours();
      const id = neighbours[Math.floor(host.random() * neighbours.length)];
      if (id !== undefined) this.tell(id);
      this.retellSoon();
    });
  }
}
