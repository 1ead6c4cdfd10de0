/**
 * What a session (one client, talking to whichever replica it reaches) may rely on: the four
 * guarantees of Terry et al., 'Session guarantees for weakly consistent replicated data', 1994.
 * Each speaks of one session. None says anything of what different sessions may expect.
 */

/** Names one write: the version of the data that it made. */
export type WriteId = string;

/** A session wrote. */
export interface SessionWrite {
  readonly kind: 'write';
  readonly session: string;
  readonly write: WriteId;
}

/** A replica answered a session. */
export interface SessionRead {
  readonly kind: 'read';
  readonly session: string;
  readonly replica: string;
  /** How many writes of its log the replica had applied when it answered. */
  readonly applied: number;
  /** The writes whose values it returned: none of what nobody has written, many for siblings. */
  readonly returned: readonly WriteId[];
}

export type SessionOperation = SessionWrite | SessionRead;

export interface SessionHistory {
  /** Every replica's log: all writes that it applied, in the order in which it did. */
  readonly logs: ReadonlyMap<string, readonly WriteId[]>;
  /** Each session's operations in its own order. How sessions interleave does not matter. */
  readonly operations: readonly SessionOperation[];
}

export type SessionViolation =
  | {
      readonly violation: 'read-your-writes' | 'monotonic-reads';
      readonly session: string;
      /** The read by a replica that had not applied `missing`, which the session wrote or had read. */
      readonly read: SessionRead;
      readonly missing: WriteId;
    }
  | {
      readonly violation: 'monotonic-writes' | 'writes-follow-reads';
      readonly session: string;
      /** Where `write` was applied without `missing`, or before it. */
      readonly replica: string;
      readonly write: WriteId;
      /** What the session had written, or read, before it wrote `write`. */
      readonly missing: WriteId;
    };

/** All violations, in the order of the operations that show them. */
export function checkSessions({ logs, operations }: SessionHistory): SessionViolation[] {
  const positions = new Map(
    [...logs].map(([replica, log]) => [replica, new Map(log.map((write, i) => [write, i]))]),
  );
  const sessions = new Map<string, Session>();
  const violations: SessionViolation[] = [];
  for (const operation of operations) {
    let session = sessions.get(operation.session);
    if (session === undefined) {
      session = new Session(operation.session, positions);
      sessions.set(operation.session, session);
    }
    violations.push(
      ...(operation.kind === 'read' ? session.read(operation) : session.write(operation)),
    );
  }
  return violations;
}

/** By replica: where in its log each write stands. */
type Positions = ReadonlyMap<string, ReadonlyMap<WriteId, number>>;

/** One session's past. */
class Session {
  private readonly name: string;
  private readonly positions: Positions;
  private readonly written = new Set<WriteId>();
  private readonly seen = new Set<WriteId>();

  constructor(name: string, positions: Positions) {
    this.name = name;
    this.positions = positions;
  }

  *read(read: SessionRead): Generator<SessionViolation> {
    const log = this.positions.get(read.replica);
    const isMissing = (write: WriteId) => (log?.get(write) ?? Infinity) >= read.applied;
    const session = this.name;
    for (const missing of this.written) {
      if (isMissing(missing)) yield { violation: 'read-your-writes', session, read, missing };
    }
    for (const missing of this.seen) {
      if (isMissing(missing)) yield { violation: 'monotonic-reads', session, read, missing };
    }
    for (const write of read.returned) this.seen.add(write);
  }

  *write({ write }: SessionWrite): Generator<SessionViolation> {
    const session = this.name;
    for (const [replica, log] of this.positions) {
      const position = log.get(write);
      if (position === undefined) continue;
      const isMissing = (earlier: WriteId) => (log.get(earlier) ?? Infinity) > position;
      for (const missing of this.written) {
        if (isMissing(missing))
          yield { violation: 'monotonic-writes', session, replica, write, missing };
      }
      for (const missing of this.seen) {
        if (isMissing(missing))
          yield { violation: 'writes-follow-reads', session, replica, write, missing };
      }
    }
    this.written.add(write);
  }
}
