import * as v from 'valibot';
import { CausalOrder } from '../causal-order.ts';
import { contentBytes } from '../content-bytes.ts';
import { intentIdSchema } from '../dot.ts';
import type { BoardValue, Conflict, Digest, EngineSize, MergeEngine, Operation, Provenance } from '../engine.ts'; // prettier-ignore
import { deedSchema, idOf, kindOf, type Deed, type Intent, type IntentId } from '../intent.ts';
import { MAX_REPLICAS, OpLog, type Entry } from '../op-log.ts';
import { boardOf, compareFields, provenanceOf, type ShownField } from '../whole/board.ts';
import { carryOut } from '../whole/pieces.ts';
import { Versions } from '../whole/versions.ts';
import { pastOf, withSibling, type Sibling } from './sibling.ts';
import { unite } from './unite.ts';

/**
 * Siblings, as in Dynamo and Riak: concurrent values stay beside each other until somebody who has
 * read them all writes one in their place. Nothing is ever lost; to make sense of it is left to
 * whoever reads. The rules SIBLING-1 to SIBLING-6 stand in README.md.
 */
export class Siblings implements MergeEngine {
  readonly name = 'siblings';
  private readonly log = new OpLog(contentSchema);
  private readonly order = new CausalOrder<Write>(readBy, (write) => this.perform(write));
  private readonly versions = new Versions<Write, Version>({
    write: (id) => this.log.read(id)!,
    reads: readBy,
    make: versionOf,
  });
  private readonly fields = new Map<string, readonly Version[]>();

  apply(intent: Intent): Operation | null {
    const { deed } = intent;
    const siblings = this.fields.get(fieldOf(deed)) ?? [];
    const before = unite(kindOf(deed), piecesOf(siblings));
    if (carryOut(deed, idOf(intent), before) === before) return null;
    const written = this.log.write(intent, { over: siblings.map(idOf), deed });
    if (written === null) return null;
    this.order.take(written.entry);
    return written.operation;
  }

  receive(operation: Operation): boolean {
    const entry = this.log.take(operation);
    if (typeof entry === 'string') return entry === 'known';
    this.order.take(entry);
    return true;
  }

  digest(): Digest {
    return this.log.digest();
  }

  missing(digest: Digest): readonly Operation[] | null {
    return this.log.missing(digest);
  }

  value(): BoardValue {
    return boardOf(this.shown());
  }

  conflicts(): readonly Conflict[] {
    return [...this.fields.values()]
      .filter(({ length }) => length > 1)
      .map((siblings) => ({ ...nameOf(siblings), between: siblings.map(idOf) }))
      .sort(compareFields);
  }

  provenance(): readonly Provenance[] {
    return provenanceOf(this.shown());
  }

  size(): EngineSize {
    return {
      stateBytes: this.log.bytes,
      contentBytes: contentBytes(this.value()),
      pending: this.order.pending,
    };
  }

  private perform({ id, content: { deed } }: Write): void {
    const field = fieldOf(deed);
    this.fields.set(field, withSibling(this.fields.get(field) ?? [], this.versions.of(id)));
  }

  private shown(): readonly ShownField[] {
    return [...this.fields.values()]
      .map((siblings) => {
        const { kind, key } = nameOf(siblings);
        return { kind, key, pieces: unite(kind, piecesOf(siblings)) };
      })
      .sort(compareFields);
  }
}

const contentSchema = v.object({
  /** The siblings that it read, and takes the place of. */
  over: v.pipe(v.array(intentIdSchema), v.maxLength(MAX_REPLICAS)),
  deed: deedSchema,
});
type Write = Entry<v.InferOutput<typeof contentSchema>>;

interface Version extends Sibling {
  readonly deed: Deed;
}

function versionOf(
  { id, author, number, content: { deed } }: Write,
  read: readonly Version[],
): Version {
  // prettier-ignore
  // What is not of this field was named by mistake or in malice.
  const siblings = read.filter((sibling) => fieldOf(sibling.deed) === fieldOf(deed));
  const before = unite(kindOf(deed), piecesOf(siblings));
  return { author, number, deed, past: pastOf(siblings), pieces: carryOut(deed, id, before) };
}

function readBy({ content: { over } }: Write): readonly IntentId[] {
  return over;
}

function piecesOf(siblings: readonly Sibling[]) {
  return siblings.map(({ pieces }) => pieces);
}

/** All siblings are of one field. */
function nameOf([sibling]: readonly Version[]) {
  const { deed } = sibling!;
  return { kind: kindOf(deed), key: deed.key };
}

function fieldOf(deed: Deed): string {
  return `${kindOf(deed)} ${deed.key}`;
}
