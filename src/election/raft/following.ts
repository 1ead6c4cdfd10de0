import type { Decided } from './decided.ts';
import type { Entry } from './entry.ts';
import type { Append, Install, Said } from './messages.ts';
import type { Peer } from './peer.ts';

interface FollowingOptions {
  readonly peer: Peer;
  readonly decided: Decided;
  /** Entries from `first` on are new. */
  readonly taken: (first: number) => void;
  readonly installed: () => void;
  readonly committed: (index: number) => void;
}

/** What a member does with what its leader sends: it makes its log the same, and answers how far it is. */
export class Following {
  private readonly options: FollowingOptions;
  private readonly peer: Peer;

  constructor(options: FollowingOptions) {
    this.options = options;
    this.peer = options.peer;
  }

  append({ prevIndex, prevTerm, entries, commit, round }: Append): Said {
    const { log } = this.peer;
    // What was taken away was committed, so it is what the leader has.
    const gone = Math.max(0, Math.min(log.baseIndex - prevIndex, entries.length));
    if (prevIndex >= log.baseIndex && log.termAt(prevIndex) !== prevTerm)
      return this.mismatch(prevIndex, prevTerm, round);
    const match = Math.max(log.baseIndex, prevIndex + entries.length);
    this.take(entries.slice(gone), prevIndex + gone + 1);
    this.options.committed(Math.min(commit, match));
    return { type: 'appended', term: this.peer.ballot.term, match, round };
  }

  install({ snapshot, round }: Install): Said {
    const { peer, options } = this;
    if (snapshot.index > options.decided.commit) {
      peer.log.install(snapshot);
      options.decided.restore(snapshot.index, snapshot.state);
      options.installed();
    }
    const match = Math.max(snapshot.index, options.decided.commit);
    return { type: 'appended', term: peer.ballot.term, match, round };
  }

  /** Only an entry that differs takes away what follows it: an old message takes away nothing (RAFT-9). */
  private take(entries: readonly Entry[], first: number): void {
    const { log } = this.peer;
    const differs = entries.findIndex(({ term }, offset) => log.termAt(first + offset) !== term);
    if (differs === -1) return;
    if (first + differs <= log.lastIndex) log.truncate(first + differs);
    for (const entry of entries.slice(differs)) log.append(entry);
    this.options.taken(first + differs);
  }

  /** Says where the two logs may agree, by whole terms and not by single entries (RAFT-8). */
  private mismatch(prevIndex: number, prevTerm: number, round: number): Said {
    const { log, ballot } = this.peer;
    let hintIndex = Math.min(prevIndex - 1, log.lastIndex);
    while (hintIndex > log.baseIndex && log.termAt(hintIndex)! > prevTerm) hintIndex -= 1;
    hintIndex = Math.max(hintIndex, log.baseIndex);
    const hintTerm = log.termAt(hintIndex)!;
    return { type: 'mismatch', term: ballot.term, prevIndex, hintIndex, hintTerm, round };
  }
}
