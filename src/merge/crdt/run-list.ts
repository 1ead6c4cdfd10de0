import { visibleLength, type Block, type Run, type Sliceable } from './run.ts';

/**
 * Runs in a block before it is cut in two. Looking a position up walks over the blocks and then
 * within one: with 10,000 runs, 64 makes both walks about as long.
 */
const BLOCK_RUNS = 64;

export interface Found<Content extends Sliceable<Content>> {
  readonly run: Run<Content>;
  /** The how manieth of the run. */
  readonly offset: number;
}

/**
 * All runs in the order of the sequence, hidden ones too. It finds what stands at a position without
 * walking over all that stands before it: whole blocks are skipped.
 */
export class RunList<Content extends Sliceable<Content>> {
  readonly head: Run<Content>;
  private readonly firstBlock: Block<Content>;

  /** @param head stands before all others for ever, and is never seen */
  constructor(head: Run<Content>) {
    this.head = head;
    this.firstBlock = { first: head, runs: 1, visible: 0, next: null };
    head.block = this.firstBlock;
  }

  *[Symbol.iterator](): Generator<Run<Content>> {
    for (let run = this.head.next; run !== null; run = run.next) yield run;
  }

  /** How many elements people see. */
  get visible(): number {
    let sum = 0;
    for (let at: Block<Content> | null = this.firstBlock; at !== null; at = at.next) {
      sum += at.visible;
    }
    return sum;
  }

  insertAfter(before: Run<Content>, run: Run<Content>): void {
    run.previous = before;
    run.next = before.next;
    if (before.next !== null) before.next.previous = run;
    before.next = run;
    const block = before.block!;
    run.block = block;
    block.runs += 1;
    block.visible += visibleLength(run);
    if (block.runs > BLOCK_RUNS) cutInTwo(block);
  }

  /**
   * A block whose runs are all gone is passed over from now on, for nothing of it is visible.
   *
   * @param run is not the head
   */
  remove(run: Run<Content>): void {
    const block = run.block!;
    block.runs -= 1;
    block.visible -= visibleLength(run);
    run.previous!.next = run.next;
    if (run.next !== null) run.next.previous = run.previous;
    run.block = null;
    if (block.first === run && block.runs > 0) block.first = run.next!;
  }

  /** The count of its block follows whatever `change` does to the run. */
  recounted(run: Run<Content>, change: () => void): void {
    const before = visibleLength(run);
    change();
    run.block!.visible += visibleLength(run) - before;
  }

  /** What people see at a position; null beyond the end. */
  at(position: number): Found<Content> | null {
    let offset = position;
    let block: Block<Content> | null = this.firstBlock;
    while (block !== null && offset >= block.visible) {
      offset -= block.visible;
      block = block.next;
    }
    if (block === null) return null;
    let run = block.first;
    while (offset >= visibleLength(run)) {
      offset -= visibleLength(run);
      run = run.next!;
    }
    return { run, offset };
  }
}

function cutInTwo<Content extends Sliceable<Content>>(block: Block<Content>): void {
  const stays = block.runs >> 1;
  let first = block.first;
  for (let i = 0; i < stays; i++) first = first.next!;
  const second: Block<Content> = { first, runs: block.runs - stays, visible: 0, next: block.next };
  let run: Run<Content> | null = first;
  for (let i = 0; i < second.runs; i++, run = run!.next) {
    run!.block = second;
    second.visible += visibleLength(run!);
  }
  block.runs = stays;
  block.visible -= second.visible;
  block.next = second;
}
