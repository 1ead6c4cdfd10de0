import type { History, Operation } from './history.ts';
import type { CellAction } from './models.ts';

/**
 * What versioned registers promise that is less than linearizability: nobody is told anything older
 * than what was known to be written. The rules FRESH-1 to FRESH-4 stand in README.md.
 */

/** An action, and the version that its client was told: of what it wrote, or of what it read. */
export type VersionedAction<Version> = CellAction & { readonly version?: Version | null };

export interface Staleness<Version> {
  readonly rule: FreshnessRule;
  readonly operation: Operation<VersionedAction<Version>>;
  /** The write that it should have known, or contradicts; null where there is none. */
  readonly write: Operation<VersionedAction<Version>> | null;
}

export type FreshnessRule =
  | 'a read returns nothing older than a write that had ended'
  | 'a write is newer than one that had ended'
  | 'a version has one value'
  | 'what is read was asked for and not refused';

type Compare<Version> = (a: Version | null, b: Version | null) => number;

/** FRESH-1 and FRESH-2: what had ended when something began, counts for it. */
export function checkFreshness<Version>(
  history: History<VersionedAction<Version>>,
  compare: Compare<Version>,
): readonly Staleness<Version>[] {
  const writes = history.filter(({ action, outcome }) => outcome === 'ok' && action.kind === 'write'); // prettier-ignore
  return history
    .filter(({ outcome }) => outcome === 'ok')
    .flatMap((operation): Staleness<Version>[] => {
      const known = writes.filter(
        ({ action, returnedAt }) =>
          action.key === operation.action.key && returnedAt < operation.calledAt,
      );
      const isRead = operation.action.kind === 'read';
      const write = known.find((earlier) => {
        const order = compare(versionOf(operation), versionOf(earlier));
        return isRead ? order < 0 : order <= 0;
      });
      if (write === undefined) return [];
      const rule = isRead
        ? 'a read returns nothing older than a write that had ended'
        : 'a write is newer than one that had ended';
      return [{ rule, operation, write }];
    });
}

/** FRESH-3 and FRESH-4: hold of any register that makes nothing up, however stale it is. */
export function checkIntegrity<Version>(
  history: History<VersionedAction<Version>>,
  compare: Compare<Version>,
): readonly Staleness<Version>[] {
  return history.flatMap((read): Staleness<Version>[] => {
    const { action, outcome } = read;
    if (outcome !== 'ok' || action.kind !== 'read' || versionOf(read) === null) return [];
    const writes = history.filter(
      (other) => other.action.kind === 'write' && other.action.key === action.key,
    );
    const source = writes.find((write) => valueOf(write) === action.value);
    if (source === undefined || source.outcome === 'fail' || source.calledAt > read.returnedAt)
      return [
        {
          ...{ rule: 'what is read was asked for and not refused', operation: read },
          write: source ?? null,
        },
      ];
    const twin = writes.find(
      (write) =>
        write.outcome === 'ok' &&
        compare(versionOf(write), versionOf(read)) === 0 &&
        valueOf(write) !== action.value,
    );
    return twin === undefined
      ? []
      : [{ rule: 'a version has one value', operation: read, write: twin }];
  });
}

function versionOf<Version>({ action }: Operation<VersionedAction<Version>>): Version | null {
  return action.version ?? null;
}

function valueOf<Version>({ action }: Operation<VersionedAction<Version>>) {
  return action.kind === 'write' ? action.value : undefined;
}
