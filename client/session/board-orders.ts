import type { Board } from '../../src/merge/board.ts';
import { EditRefused } from '../../src/merge/edit-check.ts';
import type { Node } from '../../src/runtime/node.ts';

/**
 * Does one deed after the other, as the teacher has told. Answers when all are acknowledged: null, or
 * why one was refused, and then those after it were not done.
 */
export async function editAll(
  node: Pick<Node, 'step'>,
  board: Pick<Board, 'edit'>,
  deeds: readonly unknown[],
): Promise<string | null> {
  const acknowledged: Promise<void>[] = [];
  let refusal: string | null = null;
  node.step(() => {
    for (const deed of deeds) {
      const { promise, resolve } = promised();
      try {
        board.edit(deed, resolve);
      } catch (error) {
        if (!(error instanceof EditRefused)) throw error;
        refusal = error.message;
        return;
      }
      acknowledged.push(promise);
    }
  });
  await Promise.all(acknowledged);
  return refusal;
}

function promised(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
