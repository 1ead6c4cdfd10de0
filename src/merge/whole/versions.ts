import type { IntentId } from '../intent.ts';

/**
 * Whole versions kept ready. Most writes read the newest of one replica or another: a class of thirty
 * has one or two for each.
 */
const MAX_KEPT = 64;

/** How writes make versions of a field of those that they read. */
export interface VersionRules<Write, Version> {
  /** The write of that id: any that was done, as was all that it read. */
  write(id: IntentId): Write;
  reads(write: Write): readonly IntentId[];
  /** What it made of the versions that it read, in that order. Must not change them. */
  make(write: Write, read: readonly Version[]): Version;
}

/**
 * A write that says which version it read, and what it did to it, says the whole value that it wrote:
 * whoever has read the same makes the same of it. So a letter typed into a long text is told in a few
 * bytes. This makes versions, and makes them again when they were not kept.
 */
export class Versions<Write, Version> {
  private readonly rules: VersionRules<Write, Version>;
  /** The one that was wanted longest ago comes first. */
  private readonly kept = new Map<IntentId, Version>();

  constructor(rules: VersionRules<Write, Version>) {
    this.rules = rules;
  }

  of(id: IntentId): Version {
    const version = this.kept.get(id) ?? this.replayed(id);
    this.kept.delete(id);
    this.kept.set(id, version);
    if (this.kept.size > MAX_KEPT) this.kept.delete(this.kept.keys().next().value!);
    return version;
  }

  private replayed(id: IntentId): Version {
    const steps = this.unmade(id);
    /** How many steps still read each: a long past is not held in memory all at once. */
    const readers = new Map<IntentId, number>();
    for (const read of steps.flatMap(({ reads }) => reads)) {
      readers.set(read, (readers.get(read) ?? 0) + 1);
    }
    const made = new Map<IntentId, Version>();
    for (const { id, write, reads } of steps) {
      const versions = reads.map((read) => (this.kept.get(read) ?? made.get(read))!);
      made.set(id, this.rules.make(write, versions));
      for (const read of reads) {
        const left = readers.get(read)! - 1;
        readers.set(read, left);
        if (left === 0) made.delete(read);
      }
    }
    return made.get(id)!;
  }

  /** All that has to be made for this one, each after what it reads. The past is long: no recursion. */
  private unmade(id: IntentId): readonly Step<Write>[] {
    const steps: Step<Write>[] = [];
    const found = new Set<IntentId>();
    const open: { readonly step: Step<Write>; next: number }[] = [];
    const enter = (id: IntentId) => {
      if (found.has(id) || this.kept.has(id)) return;
      found.add(id);
      const write = this.rules.write(id);
      open.push({ step: { id, write, reads: this.rules.reads(write) }, next: 0 });
    };
    enter(id);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const read = top.step.reads[top.next++];
      if (read !== undefined) enter(read);
      else steps.push(open.pop()!.step);
    }
    return steps;
  }
}

interface Step<Write> {
  readonly id: IntentId;
  readonly write: Write;
  readonly reads: readonly IntentId[];
}
