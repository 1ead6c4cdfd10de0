import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { choiceSchema } from '../../src/network/election-choice.ts';
import { ANSWER_MS, ASK_AGAIN_MS, MAX_WAITING } from '../../src/network/founding.ts';
import { RETELL_MS, SpreadingChoice } from '../../src/network/spreading-choice.ts';
import { spreadingSchemas, type SpreadingMessage } from '../../src/network/spreading-messages.ts';
import type { Host } from '../../src/runtime/host.ts';
import type { Node } from '../../src/runtime/node.ts';
import type { Protocol } from '../../src/runtime/protocol.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { DELAY_MS, RankedClass } from '../support/ranked-class.ts';

const { turn, by } = choiceSchema.entries;
const colourSchema = v.strictObject({ turn, by, colour: v.string() });
type Colour = v.InferOutput<typeof colourSchema>;

/** A class that chooses a colour. */
class Colours implements Protocol<SpreadingMessage<Colour>> {
  readonly spreading: SpreadingChoice<Colour>;
  readonly adopted: string[] = [];
  private readonly host: Host<SpreadingMessage<Colour>>;

  constructor(host: Host<SpreadingMessage<Colour>>, slowness: number) {
    this.host = host;
    this.spreading = new SpreadingChoice({
      host,
      schema: colourSchema,
      adopted: ({ colour }) => this.adopted.push(colour),
      accepts: ({ colour }) => colour !== 'invisible',
      slowness: () => slowness,
    });
  }

  start(): void {
    const kept = this.spreading.start();
    if (kept !== null) this.adopted.push(`${kept.colour} from the disk`);
  }

  stop(): void {
    this.spreading.stop();
  }

  receive(from: NodeId, message: SpreadingMessage<Colour>): void {
    this.spreading.receive(from, message);
  }

  neighbourUp(id: NodeId): void {
    this.spreading.neighbourUp(id);
  }

  neighbourDown(id: NodeId): void {
    this.spreading.neighbourDown(id);
  }

  /** Whatever there was before. */
  choose(colour: string): void {
    const { self: id, incarnation: life } = this.host;
    const turn = (this.spreading.choice?.turn ?? 0) + 1;
    this.spreading.adopt({ turn, by: { id, life }, colour });
  }

  inspect() {
    return null;
  }
}

interface Sharing {
  colours: Colours | null;
}

class ColourClass extends RankedClass<Sharing> {
  private readonly slowness: number;

  constructor({ nodes = 3, linked = true, slowness = 1, without = [] as readonly number[] } = {}) {
    super({
      ...{ nodes, linked: false },
      protocols: (node) => ({ colours: without.length === 0 ? add(node, slowness) : null }),
    });
    this.slowness = slowness;
    if (without.length > 0)
      for (const rank of this.ranks) if (!without.includes(rank)) this.fetch(rank);
    if (linked) this.cluster.linkAll();
    this.runFor(3 * DELAY_MS);
  }

  /** Its tab has fetched the protocol. */
  fetch(rank: number): void {
    const { node, protocols } = this.machine(rank);
    protocols.colours = add(node, this.slowness);
  }

  colours(rank: number): Colours {
    return this.machine(rank).protocols.colours!;
  }

  choose(colour: string, rank: number): void {
    this.machine(rank).node.step(() => this.colours(rank).choose(colour));
  }

  /** Somebody at that node needs a colour, and makes the first choice if there is none. */
  need(colour: string, rank: number): boolean {
    const colours = this.colours(rank);
    return this.machine(rank).node.step(() =>
      colours.spreading.whenKnown(() => {
        if (colours.spreading.choice === null) colours.choose(colour);
      }),
    );
  }

  chosen(ranks = this.ranks): (string | null)[] {
    return ranks.map((rank) => this.colours(rank).spreading.choice?.colour ?? null);
  }

  /** How many different choices this class has ever had. */
  everAdopted(): number {
    return new Set(this.ranks.flatMap((rank) => this.colours(rank).adopted)).size;
  }

  /** Runs until that node has a choice; how long it took. */
  untilChosen(rank: number): Milliseconds {
    const startedAt = this.cluster.time.now();
    while (this.colours(rank).spreading.choice === null) {
      this.runFor(1);
      expect(this.cluster.time.now() - startedAt).toBeLessThan(10 * ANSWER_MS);
    }
    return this.cluster.time.now() - startedAt;
  }
}

function add(node: Node, slowness: number): Colours {
  return node.add({
    name: 'colours',
    version: 1,
    schema: v.variant('type', [...spreadingSchemas(colourSchema)]),
    lane: 'datagram',
    create: (host) => new Colours(host, slowness),
  });
}

const SOON = 3 * DELAY_MS;

describe('a choice spreads', () => {
  test('SPREAD-1 of two made at once the one of the higher stands, and a later turn against all', () => {
    const mesh = new ColourClass();
    mesh.choose('red', 2);
    mesh.choose('blue', 0);
    mesh.runFor(SOON);
    expect(mesh.chosen()).toEqual(['red', 'red', 'red']);
    mesh.choose('green', 0);
    mesh.runFor(SOON);
    expect(mesh.chosen()).toEqual(['green', 'green', 'green']);
  });

  test('SPREAD-1 what a program cannot work by is not adopted', () => {
    const mesh = new ColourClass();
    mesh.choose('invisible', 2);
    expect(mesh.chosen()).toEqual([null, null, null]);
  });

  test('SPREAD-2 a word that was lost is told again', () => {
    const mesh = new ColourClass({ nodes: 2 });
    mesh.split([0]);
    mesh.choose('red', 1);
    mesh.runFor(SOON);
    mesh.heal();
    expect(mesh.chosen()).toEqual([null, 'red']);
    mesh.runFor(RETELL_MS);
    expect(mesh.chosen()).toEqual(['red', 'red']);
  });

  test('SPREAD-3 a crash keeps it; whoever lost its disk asks for it', () => {
    const mesh = new ColourClass();
    mesh.choose('red', 1);
    mesh.runFor(SOON);
    mesh.crash(0);
    mesh.restart(0);
    expect(mesh.colours(0).adopted).toEqual(['red from the disk']);
    mesh.crash(0);
    mesh.restart(0, false);
    expect(mesh.chosen([0])).toEqual([null]);
    mesh.runFor(SOON);
    expect(mesh.colours(0).adopted).toEqual(['red']);
  });

  test('SPREAD-4 a tab that fetches late is answered by those that were told long ago', () => {
    const mesh = new ColourClass({ without: [1] });
    mesh.choose('red', 0);
    mesh.runFor(SOON);
    mesh.fetch(1);
    mesh.runFor(2 * DELAY_MS + 2);
    expect(mesh.chosen()).toEqual(['red', 'red', 'red']);
  });
});

describe('the first choice', () => {
  test('SPREAD-5 is made once all neighbours have said that they have none', () => {
    const mesh = new ColourClass();
    mesh.need('red', 1);
    expect(mesh.chosen([1])).toEqual([null]);
    expect(mesh.untilChosen(1)).toBeLessThanOrEqual(2 * DELAY_MS + 2);
    mesh.runFor(SOON);
    expect(mesh.chosen()).toEqual(['red', 'red', 'red']);
  });

  test('SPREAD-5 is not made where a neighbour answers with one', () => {
    const mesh = new ColourClass({ linked: false });
    mesh.link(0, 1);
    mesh.choose('red', 0);
    mesh.split([2]);
    mesh.link(1, 2);
    mesh.runFor(SOON);
    mesh.heal();
    mesh.need('blue', 2);
    mesh.runFor(SOON);
    expect(mesh.chosen()).toEqual(['red', 'red', 'red']);
    expect(mesh.colours(2).adopted).toEqual(['red']);
  });

  test('SPREAD-5 whoever says nothing is asked again', () => {
    const mesh = new ColourClass();
    mesh.deafen(2, 1);
    mesh.need('red', 1);
    mesh.runFor(ASK_AGAIN_MS - 1);
    mesh.heal();
    expect(mesh.chosen([1])).toEqual([null]);
    expect(mesh.untilChosen(1)).toBeLessThanOrEqual(2 * DELAY_MS + 3);
  });

  test('SPREAD-5 whoever never answers is passed over, times the slowness', () => {
    for (const slowness of [1, 4]) {
      const mesh = new ColourClass({ slowness });
      mesh.deafen(2, 1);
      mesh.need('red', 1);
      expect(mesh.untilChosen(1)).toBe(slowness * ANSWER_MS);
    }
  });

  test('SPREAD-5 whoever goes is waited for no longer', () => {
    const mesh = new ColourClass();
    mesh.deafen(2, 1);
    mesh.need('red', 1);
    mesh.runFor(SOON);
    expect(mesh.chosen([1])).toEqual([null]);
    mesh.unlink(1, 2);
    expect(mesh.chosen([1])).toEqual(['red']);
  });

  test('SPREAD-5 whoever has lost its last neighbour waits for another one', () => {
    const mesh = new ColourClass({ nodes: 2 });
    mesh.deafen(0, 1);
    mesh.need('red', 1);
    mesh.runFor(SOON);
    mesh.unlink(0, 1);
    expect(mesh.chosen([1])).toEqual([null]);
    expect(mesh.untilChosen(1)).toBe(ANSWER_MS - SOON);
  });

  test('SPREAD-5 a tab that has to fetch the protocol first is asked once it asks', () => {
    const mesh = new ColourClass({ without: [0, 2] });
    mesh.need('red', 1);
    mesh.runFor(100);
    mesh.fetch(0);
    mesh.runFor(50);
    expect(mesh.chosen([1])).toEqual([null]);
    mesh.fetch(2);
    expect(mesh.untilChosen(1)).toBeLessThanOrEqual(3 * DELAY_MS + 3);
    mesh.runFor(SOON);
    expect(mesh.chosen()).toEqual(['red', 'red', 'red']);
  });

  test('SPREAD-5 whoever has no neighbour yet waits for one, and asks it', () => {
    const mesh = new ColourClass({ nodes: 2, linked: false });
    mesh.choose('red', 0);
    mesh.need('blue', 1);
    mesh.runFor(ANSWER_MS - 100);
    mesh.link(0, 1);
    mesh.runFor(SOON);
    expect(mesh.chosen()).toEqual(['red', 'red']);
    expect(mesh.everAdopted()).toBe(1);
  });

  test('SPREAD-5 whoever stays alone makes it', () => {
    const mesh = new ColourClass({ nodes: 2, linked: false });
    mesh.need('blue', 1);
    expect(mesh.untilChosen(1)).toBe(ANSWER_MS);
  });

  test.each([0, 5, 9, 10, 11, 15, 19, 20, 21, 25, 31])(
    'SPREAD-6 of two that need it %i ms apart one makes it, whoever is first',
    (apartMs) => {
      for (const [first, second] of [
        [0, 2],
        [2, 0],
        [1, 2],
        [1, 0],
      ] as const) {
        // prettier-ignore
        const mesh = new ColourClass();
        mesh.need(`by ${first}`, first);
        mesh.runFor(apartMs);
        mesh.need(`by ${second}`, second);
        mesh.runFor(2 * ANSWER_MS);
        expect(mesh.everAdopted()).toBe(1);
        expect(mesh.chosen()).toEqual(Array(3).fill(mesh.chosen()[0]));
        expect(mesh.chosen()[0]).not.toBeNull();
      }
    },
  );

  test('SPREAD-6 of all that need it at once the highest makes it', () => {
    const mesh = new ColourClass({ nodes: 5 });
    for (const rank of mesh.ranks) mesh.need(`by ${rank}`, rank);
    mesh.runFor(2 * ANSWER_MS);
    expect(mesh.chosen()).toEqual(Array(5).fill('by 4'));
    expect(mesh.everAdopted()).toBe(1);
  });

  /** The highest needs one and hears no answer of the middle one's: so does the lowest, which yields. */
  function heldUp(): ColourClass {
    const mesh = new ColourClass();
    mesh.deafen(1, 2);
    mesh.need('by 2', 2);
    mesh.need('by 0', 0);
    mesh.runFor(ASK_AGAIN_MS);
    expect(mesh.chosen()).toEqual([null, null, null]);
    return mesh;
  }

  test('SPREAD-6 the lower one makes it after the same time again, if nothing comes of the higher', () => {
    const mesh = heldUp();
    mesh.split([2]);
    const waited = mesh.untilChosen(0);
    expect(waited).toBeGreaterThan(ANSWER_MS - ASK_AGAIN_MS);
    expect(waited).toBeLessThan(ANSWER_MS);
    expect(mesh.chosen([0])).toEqual(['by 0']);
  });

  test('SPREAD-6 and at once if the higher one goes', () => {
    const mesh = heldUp();
    mesh.unlink(0, 2);
    expect(mesh.chosen([0])).toEqual(['by 0']);
  });

  test('SPREAD-7 all who wait go on, in their order; what is beyond the limit is refused', () => {
    const mesh = new ColourClass({ nodes: 2 });
    const went: number[] = [];
    const wait = (i: number) =>
      mesh.machine(0).node.step(() => mesh.colours(0).spreading.whenKnown(() => went.push(i)));
    for (let i = 0; i < MAX_WAITING; i++) expect(wait(i)).toBe(true);
    expect(wait(MAX_WAITING)).toBe(false);
    mesh.choose('red', 1);
    mesh.runFor(SOON);
    expect(went).toEqual([...Array(MAX_WAITING).keys()]);
    expect(wait(1_000)).toBe(true);
    expect(went.at(-1)).toBe(1_000);
  });

  test('SPREAD-8 an answer to an earlier question says nothing of now', () => {
    const mesh = new ColourClass({ nodes: 2 });
    mesh.split([0]);
    mesh.need('red', 0);
    mesh.runFor(SOON);
    mesh
      .machine(0)
      .node.told(() =>
        mesh.colours(0).receive(mesh.machine(1).id, { type: 'none', question: 0, founds: false }),
      );
    mesh.runFor(SOON);
    expect(mesh.chosen([0])).toEqual([null]);
  });
});
