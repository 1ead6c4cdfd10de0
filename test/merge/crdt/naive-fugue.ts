import type { Dot } from '../../../src/merge/dot.ts';
import { compareIds, type ElementId, type ElementRange } from '../../../src/merge/crdt/run.ts';
import type { Place } from '../../../src/merge/crdt/sequence.ts';

interface Node {
  readonly id: ElementId | null;
  readonly letter: string;
  isVisible: boolean;
  readonly left: Node[];
  readonly right: Node[];
}

/** Fugue as its authors define it: a tree with one letter a node, read anew for every question. */
export class NaiveFugue {
  private readonly root: Node = leaf(null, '', false);

  get text(): string {
    return this.shown.map(({ letter }) => letter).join('');
  }

  placeAt(position: number): Place {
    const before = this.shown.slice(0, position).at(-1);
    const start = before ?? this.root;
    if (start.right.length === 0) return { parent: start.id, side: 'right' };
    const all = read(this.root);
    return { parent: all[all.indexOf(start) + 1]!.id, side: 'left' };
  }

  insert({ author }: Dot, place: Place, text: string): void {
    let { parent, side } = place;
    for (const letter of text) {
      const clock = read(this.root).filter(({ id }) => id?.author.node === author.node).length;
      const node = leaf({ author, clock }, letter, true);
      const children = this.find(parent)[side];
      children.push(node);
      children.sort((a, b) => compareIds(a.id!, b.id!));
      [parent, side] = [node.id, 'right'];
    }
  }

  erase({ author, clock, length }: ElementRange): void {
    for (let at = clock; at < clock + length; at++) {
      this.find({ author, clock: at }).isVisible = false;
    }
  }

  private get shown(): Node[] {
    return read(this.root).filter(({ isVisible }) => isVisible);
  }

  private find(id: ElementId | null): Node {
    if (id === null) return this.root;
    return read(this.root).find((node) => node.id !== null && compareIds(node.id, id) === 0)!;
  }
}

function leaf(id: ElementId | null, letter: string, isVisible: boolean): Node {
  return { id, letter, isVisible, left: [], right: [] };
}

function read(node: Node): Node[] {
  return [...node.left.flatMap(read), node, ...node.right.flatMap(read)];
}
