/**
 * The four session guarantees, judged by marks: each answer says what was written or returned, and what
 * whoever answered knew then. No log of any replica is needed, so the notes of clients are enough.
 */

export const GUARANTEES = [
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
] as const;
export type Guarantee = (typeof GUARANTEES)[number];

/** Something that a client did, and that took effect. */
export interface MarkedOperation<Mark> {
  readonly session: string;
  readonly key: string;
  readonly do: 'put' | 'get';
  readonly mark: Mark;
  readonly calledAt: number;
  readonly returnedAt: number;
}

export interface BrokenGuarantee<Operation> {
  readonly guarantee: Guarantee;
  /** Answered by somebody who knew not what `earlier` had written or seen. */
  readonly operation: Operation;
  readonly earlier: Operation;
}

/** Of one session and key, so many newest are compared with: what is older is covered by these, or was told. */
export const MAX_EARLIER = 64;

/** What the earlier one did, then the later. */
const GUARANTEE_OF = {
  put: { get: 'read-your-writes', put: 'monotonic-writes' },
  get: { get: 'monotonic-reads', put: 'writes-follow-reads' },
} as const;

/**
 * All that is broken, in the order in which it was told; of one operation each guarantee once. What was
 * under way at the same time has no order, and is not compared.
 *
 * @param covers did whoever answered with the first mark know what the second one stands for?
 */
export function checkMarkedSessions<Mark, Operation extends MarkedOperation<Mark>>(
  operations: readonly Operation[],
  covers: (mark: Mark, earlier: Mark) => boolean,
): BrokenGuarantee<Operation>[] {
  const past = new Map<string, Operation[]>();
  const broken: BrokenGuarantee<Operation>[] = [];
  for (const operation of operations.toSorted((a, b) => a.returnedAt - b.returnedAt)) {
    const line = JSON.stringify([operation.session, operation.key]);
    const before = past.get(line) ?? [];
    past.set(line, before);
    const found = new Map<Guarantee, Operation>();
    for (const earlier of before) {
      if (earlier.returnedAt > operation.calledAt || covers(operation.mark, earlier.mark)) continue;
      found.set(GUARANTEE_OF[earlier.do][operation.do], earlier);
    }
    for (const [guarantee, earlier] of found) broken.push({ guarantee, operation, earlier });
    before.push(operation);
    if (before.length > MAX_EARLIER) before.shift();
  }
  return broken;
}
