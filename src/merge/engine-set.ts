import { crc32 } from '../wire/crc32.ts';
import { contentBytes } from './content-bytes.ts';
import type {
  Digest,
  EngineName,
  EngineWorld,
  MergeEngine,
  Operation,
  Provenance,
} from './engine.ts';
import type { Intent } from './intent.ts';
import { effectOf, type Effect } from './ledger/record.ts';
import { MAX_DIGEST_BYTES, type ToldDigest, type ToldOperation } from './messages.ts';

/** No operation has more bytes than these bits can say. */
const LENGTH_BITS = 20;

export type EngineFactory = (world: EngineWorld) => MergeEngine;

/** What an engine has cost so far at this node. */
export interface EngineCosts {
  /** Edits of its own, and the bytes of what has to be told of them. */
  readonly edits: number;
  readonly editBytes: number;
  /** Of others, those that were new. */
  readonly receivedBytes: number;
  readonly digestBytes: number;
  readonly repairBytes: number;
}

/** `absent`: no such engine here. `known`: it changed nothing. */
export type Receipt = 'new' | 'known' | 'refused' | 'absent';

/** All engines of one board, each with the same edits. */
export class EngineSet {
  private readonly engines: ReadonlyMap<EngineName, MeteredEngine>;

  constructor(factories: readonly EngineFactory[], world: EngineWorld) {
    this.engines = new Map(
      factories.map((make) => {
        const engine = new MeteredEngine(make(world));
        return [engine.name, engine];
      }),
    );
  }

  get names(): readonly EngineName[] {
    return [...this.engines.keys()];
  }

  get all(): readonly MeteredEngine[] {
    return [...this.engines.values()];
  }

  get(name: EngineName): MeteredEngine | undefined {
    return this.engines.get(name);
  }

  apply(intent: Intent): {
    effects: ReadonlyMap<EngineName, Effect>;
    operations: ToldOperation[];
  } {
    const effects = new Map<EngineName, Effect>();
    const operations: ToldOperation[] = [];
    for (const metered of this.all) {
      const { effect, operation } = metered.apply(intent);
      effects.set(metered.name, effect);
      if (operation !== null) operations.push({ engine: metered.name, operation });
    }
    return { effects, operations };
  }

  receive({ engine, operation }: ToldOperation): Receipt {
    return this.engines.get(engine)?.receive(operation) ?? 'absent';
  }

  /** Those that fit into a message. */
  digests(): ToldDigest[] {
    return this.all
      .map((metered) => ({ engine: metered.name, digest: metered.digest() }))
      .filter(({ digest }) => digest.length <= MAX_DIGEST_BYTES);
  }

  /** What whoever sent these lacks, engine by engine; null for bytes that are no digest of the engine. */
  missing(digests: readonly ToldDigest[]): { of: ToldDigest; lacks: ToldOperation[] | null }[] {
    return digests.flatMap((of) => {
      const metered = this.engines.get(of.engine);
      if (metered === undefined) return [];
      const missing = metered.engine.missing(of.digest);
      const lacks = missing?.map((operation) => ({ engine: of.engine, operation })) ?? null;
      return [{ of, lacks }];
    });
  }

  /** Do these say the same as this board's own, as far as both have the engine? */
  equal(digests: readonly ToldDigest[]): boolean {
    return digests.every(({ engine, digest }) => {
      const metered = this.engines.get(engine);
      return metered === undefined || sameBytes(metered.digest(), digest);
    });
  }
}

/** An engine, what it costs, and what its board is made of, which is asked for twice with each edit. */
export class MeteredEngine {
  readonly engine: MergeEngine;
  /** A mark of each operation that was here. */
  private readonly noted = new Set<number>();
  private edits = 0;
  private editBytes = 0;
  private receivedBytes = 0;
  private digestBytes = 0;
  private repairBytes = 0;
  private made: readonly Provenance[] | null = null;
  private said: Digest | null = null;

  constructor(engine: MergeEngine) {
    this.engine = engine;
  }

  get name(): EngineName {
    return this.engine.name;
  }

  get costs(): EngineCosts {
    const { edits, editBytes, receivedBytes, digestBytes, repairBytes } = this;
    return { edits, editBytes, receivedBytes, digestBytes, repairBytes };
  }

  apply(intent: Intent): { effect: Effect; operation: Operation | null } {
    const before = this.provenance();
    const operation = this.engine.apply(intent);
    this.changed();
    if (operation !== null) {
      this.edits += 1;
      this.editBytes += operation.length;
      this.isNoted(operation);
    }
    return { effect: effectOf(intent, operation, before, this.provenance()), operation };
  }

  receive(operation: Operation): Receipt {
    const before = this.digest();
    if (!this.engine.receive(operation)) return 'refused';
    this.changed();
    // What waits for its past is in no digest yet.
    const isKnown = this.isNoted(operation) && sameBytes(before, this.digest());
    if (isKnown) return 'known';
    this.receivedBytes += operation.length;
    return 'new';
  }

  sentDigest(bytes: number): void {
    this.digestBytes += bytes;
  }

  sentRepair(bytes: number): void {
    this.repairBytes += bytes;
  }

  provenance(): readonly Provenance[] {
    return (this.made ??= this.engine.provenance());
  }

  digest(): Digest {
    return (this.said ??= this.engine.digest());
  }

  /** Of what people see in it. */
  contentBytes(): number {
    return contentBytes(this.engine.value());
  }

  /** Was it noted before? From now on it is. */
  private isNoted(operation: Operation): boolean {
    const mark = crc32(operation, 0, operation.length) * 2 ** LENGTH_BITS + operation.length;
    const isNoted = this.noted.has(mark);
    this.noted.add(mark);
    return isNoted;
  }

  private changed(): void {
    this.made = null;
    this.said = null;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
