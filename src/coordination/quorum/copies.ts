import * as v from 'valibot';
import type { Store } from '../../runtime/host.ts';
import { NODE_ID_LENGTH, type NodeId } from '../../vocabulary.ts';
import { valueSchema } from './cell.ts';
import { compareVersions, NOTHING, versionSchema, type Held } from './version.ts';

/** Each is a value of a register. With their hints they stay far below what a node can store. */
export const MAX_KEYS = 200;
export const MAX_HINTS = 200;

const heldSchema = v.strictObject({ version: versionSchema, value: valueSchema });

const PREFIX = 'copy/';

/** What is kept for a node: where that is another one, it is a hint. */
export interface Hint {
  readonly home: NodeId;
  readonly key: string;
  readonly held: Held;
}

/**
 * What this node keeps, on its disk: copies of its own, and apart from them hints, which are copies
 * of others that it stands in for.
 */
export class Copies {
  private readonly self: NodeId;
  private readonly store: Store;
  /** By home, and by key. */
  private readonly kept = new Map<NodeId, Map<string, Held>>();

  constructor(self: NodeId, store: Store) {
    this.self = self;
    this.store = store;
    for (const path of store.keys()) {
      const held = v.safeParse(heldSchema, store.get(path));
      if (!path.startsWith(PREFIX) || !held.success) continue;
      const home = path.slice(PREFIX.length, PREFIX.length + NODE_ID_LENGTH) as NodeId;
      this.keep(home, path.slice(PREFIX.length + NODE_ID_LENGTH + 1), held.output);
    }
  }

  of(home: NodeId, key: string): Held {
    return this.kept.get(home)?.get(key) ?? NOTHING;
  }

  /** Takes what is newer than what is there; the very same is taken already. */
  take(home: NodeId, key: string, held: Held): 'taken' | 'newer' | 'full' {
    const order = compareVersions(held.version, this.of(home, key).version);
    if (order < 0) return 'newer';
    if (order === 0) return 'taken';
    if (this.of(home, key) === NOTHING && this.isFull(home)) return 'full';
    this.keep(home, key, held);
    this.store.put(pathOf(home, key), { version: { ...held.version! }, value: held.value });
    return 'taken';
  }

  /** A hint is dropped when its home has it, unless a newer one has come meanwhile. */
  drop({ home, key, held }: Hint): void {
    if (compareVersions(this.of(home, key).version, held.version) !== 0) return;
    this.kept.get(home)!.delete(key);
    this.store.delete(pathOf(home, key));
  }

  all(): readonly Hint[] {
    return [...this.kept].flatMap(([home, copies]) =>
      [...copies].map(([key, held]) => ({ home, key, held })),
    );
  }

  hints(): readonly Hint[] {
    return this.all().filter(({ home }) => home !== this.self);
  }

  /** Forgets all of it. */
  clear(): void {
    for (const { home, key } of this.all()) this.store.delete(pathOf(home, key));
    this.kept.clear();
  }

  private isFull(home: NodeId): boolean {
    const own = this.kept.get(this.self)?.size ?? 0;
    return home === this.self ? own >= MAX_KEYS : this.hints().length >= MAX_HINTS;
  }

  private keep(home: NodeId, key: string, held: Held): void {
    let copies = this.kept.get(home);
    if (copies === undefined) this.kept.set(home, (copies = new Map()));
    copies.set(key, held);
  }
}

function pathOf(home: NodeId, key: string): string {
  return `${PREFIX}${home}/${key}`;
}
