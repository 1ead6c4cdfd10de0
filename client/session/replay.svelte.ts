import type { TraceFileHead } from '../../src/trace/trace-file.ts';
import type { Chronicle } from '../../src/trace/chronicle.ts';
import type { Flight } from '../../src/trace/flights.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import { importTrace } from './import-trace.ts';
import { Playback, type Speed } from './playback.ts';
import { Publisher } from './publisher.ts';
import { replayScene, type Scene } from './scene.ts';

/** What a replay shows of one moment. */
export interface Moment {
  readonly at: Milliseconds;
  readonly playing: boolean;
  readonly speed: Speed;
  readonly scene: Scene;
}

/** A file that is open. */
export class Opened {
  readonly file: string;
  readonly head: TraceFileHead;
  readonly chronicle: Chronicle;
  readonly playback: Playback;
  #names: ReadonlyMap<NodeId, string>;

  constructor(
    file: string,
    head: TraceFileHead,
    chronicle: Chronicle,
    names: ReadonlyMap<NodeId, string>,
  ) {
    this.file = file;
    this.head = head;
    this.chronicle = chronicle;
    this.#names = names;
    this.playback = new Playback(chronicle, () => performance.now());
  }

  moment(): Moment {
    const { position, playing, speed } = this.playback;
    return {
      at: position,
      playing,
      speed,
      scene: replayScene(this.chronicle, this.#names, position),
    };
  }

  readonly now = (): Milliseconds => this.playback.position;

  readonly flightsBetween = (from: Milliseconds, to: Milliseconds): readonly Flight[] =>
    this.chronicle.flightsDuring(from, to);
}

export type ReplayState =
  | { readonly at: 'empty' }
  | { readonly at: 'reading'; readonly file: string; readonly share: number }
  | { readonly at: 'open'; readonly opened: Opened; readonly moment: Moment };

/** A recording that is looked at again, without any network. */
export class Replay {
  state = $state.raw<ReplayState>({ at: 'empty' });
  /** Why the last file was refused. */
  problem = $state<string | null>(null);

  #publisher = new Publisher(() => this.#draw());

  start(): void {
    this.#publisher.start();
  }

  stop(): void {
    this.#publisher.stop();
  }

  /** What is open stays open until the new file has been read whole, and if it is refused. */
  async open(file: File): Promise<void> {
    const before = this.state;
    this.problem = null;
    this.state = { at: 'reading', file: file.name, share: 0 };
    const imported = await importTrace(file, (share) => {
      this.state = { at: 'reading', file: file.name, share };
    });
    if (imported.ok && imported.chronicle.span !== null) {
      const opened = new Opened(file.name, imported.head, imported.chronicle, imported.names);
      this.state = { at: 'open', opened, moment: opened.moment() };
    } else {
      const why = imported.ok ? 'There are no events in this recording.' : imported.problem;
      this.problem = `${file.name} could not be opened. ${why}`;
      this.state = before.at === 'open' ? before : { at: 'empty' };
    }
  }

  /** Does something with the playback, and shows it at once. */
  turn(act: (playback: Playback) => void): void {
    if (this.state.at !== 'open') return;
    act(this.state.opened.playback);
    this.#publisher.atOnce();
  }

  #draw(): void {
    const { state } = this;
    if (state.at !== 'open') return;
    const { position, playing, speed } = state.opened.playback;
    const { moment } = state;
    if (moment.at === position && moment.playing === playing && moment.speed === speed) return;
    this.state = { ...state, moment: state.opened.moment() };
    if (playing) this.#publisher.soon();
  }
}
