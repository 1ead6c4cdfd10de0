import type { Board } from '../../../src/merge/board.ts';
import { EditRefused } from '../../../src/merge/edit-check.ts';
import type { EngineName } from '../../../src/merge/engine.ts';
import type { Deed, IntentId } from '../../../src/merge/intent.ts';
import type { Replay } from '../../../src/merge/replay.ts';
import type { Cancel } from '../../../src/runtime/host.ts';
import type { Milliseconds, NodeId, RoomCode } from '../../../src/vocabulary.ts';
import { csvFile } from '../../platform/csv.ts';
import { saveFile, sheetFileName } from '../../platform/save-file.ts';
import type { Participant } from '../participant.ts';
import { NODE_SHARE, Publisher } from '../publisher.ts';
import { ClockNotes } from './clock-notes.ts';
import type { BoardPicture, LedgerFocus } from './board-picture.ts';
import type { LabActions, LabView, TextEdited } from './lab-view.ts';
import { Elsewhere, type ElsewherePicture } from './elsewhere.ts';
import { PastPlayer } from './past-player.ts';
import { pictureOf, type PictureContext } from './picture-of.ts';
import { sheetRows } from './sheet.ts';
import { applyChange, changeBetween, deedsOf, rebased } from './text-change.ts';
import { microsPerOperation } from './timed-engine.ts';
import { writesInTime, type WritesInTime } from './writes-in-time.ts';

const NO_NODE =
  'My node has crashed, and its board with it. Restart it, and what was stored is back.';
const PAUSED = 'My node is paused. It takes edits when it goes on.';

/** The merge lab of a tab: its board as pictures, a few a second while it changes and is looked at. */
export class LabSession implements LabActions {
  view: LabView = $state.raw({ at: 'fetching', share: null });

  #participant: Participant;
  #publisher = new Publisher(() => this.#drawNext(), NODE_SHARE);
  #unsubscribe: Cancel[] = [];
  /** Whose changes are heard of. */
  #board: Board | null = null;
  #offChange: Cancel = () => {};
  /** A picture in the making: it takes as many frames as there are engines. */
  #work: ReturnType<typeof pictureOf> | null = null;
  #isStale = true;
  #past: PastPlayer | null = null;
  #notes = new ClockNotes();
  #elsewhere = new Elsewhere();
  #focus: LedgerFocus = { engine: 'lww', fate: 'lost' };
  #problem: string | null = null;

  constructor(participant: Participant) {
    this.#participant = participant;
  }

  start(): void {
    this.#unsubscribe.push(this.#participant.subscribe(() => this.#publisher.soon()));
    this.#publisher.start();
    this.retry();
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#publisher.stop();
    this.#follow(null);
  }

  retry(): void {
    this.#problem = null;
    if (!this.#participant.board) void this.#open();
    this.#publisher.atOnce();
  }

  edit(deeds: readonly Deed[]): string | null {
    const { lives, node, board } = this.#participant;
    if (!node || !board) return NO_NODE;
    if (lives?.state === 'paused') return PAUSED;
    try {
      for (const deed of deeds) node.step(() => board.edit(deed));
      return null;
    } catch (error) {
      if (error instanceof EditRefused) return error.message;
      throw error;
    } finally {
      this.#publisher.atOnce();
    }
  }

  editText(engine: EngineName, key: string, before: string, after: string): TextEdited {
    const now = this.textNow(engine, key);
    const change = changeBetween(before, after);
    if (change === null) return { text: now, wanted: now, refused: null };
    const here = rebased(change, changeBetween(before, now));
    const refused = this.edit(deedsOf(key, here));
    return { text: this.textNow(engine, key), wanted: applyChange(now, here), refused };
  }

  textNow(engine: EngineName, key: string): string {
    return this.#participant.board?.engine(engine)?.engine.value().text.get(key) ?? '';
  }

  focusOn(focus: LedgerFocus): void {
    this.#focus = focus;
    this.#past?.drawAnew();
    this.#refresh();
  }

  inTime(one: IntentId, other: IntentId): WritesInTime | null {
    const { board, nameOf } = this.#participant;
    const context = { nameOf, clockOff: this.#notes.off };
    return board && writesInTime(board.records, [one, other], context);
  }

  showPast(step: number | null): void {
    const { board } = this.#participant;
    if (step === null) this.#past = null;
    else if (board && this.view.at === 'open') {
      this.#past ??= this.#player(board.replay(), this.view.picture);
      this.#past.seek(step);
    }
    this.#refresh();
  }

  #player(replay: Replay, last: BoardPicture): PastPlayer {
    const draw = () => pictureOf(replay.engines, this.#context(replay.records));
    return new PastPlayer(replay, last, draw);
  }

  exportSheet(): void {
    const { board } = this.#participant;
    const { room, node } = this.#me();
    if (!board) return;
    const file = csvFile(sheetRows({ room, node, ledgers: board.ledger() }));
    saveFile(file, sheetFileName(room, node));
  }

  async #open(): Promise<void> {
    try {
      await this.#participant.openBoard();
    } catch {
      this.#problem =
        'I could not fetch the merge lab. Try again when the server is there and my node runs.';
    }
    this.#publisher.atOnce();
  }

  #refresh(): void {
    this.#isStale = true;
    this.#work = null;
    this.#publisher.atOnce();
  }

  /** One frame's share of a picture; published when the last engine is drawn. */
  #drawNext(): void {
    const { board } = this.#participant;
    if (board !== this.#board) this.#follow(board);
    if (!board) {
      this.view = this.#without();
      return;
    }
    if (this.#past) return this.#drawPast(this.#past);
    if (this.#work === null) {
      if (!this.#isStale) return this.#lookElsewhere(board);
      this.#isStale = false;
      this.#work = this.#picture(board);
    }
    const { done, value } = this.#work.next();
    if (done !== true) return this.#publisher.atOnce();
    this.#work = null;
    const lacks = this.#participant.boardLacks;
    const elsewhere = this.#look(board);
    this.view = { at: 'open', picture: value, elsewhere, lacks, past: null };
  }

  /** Others may have told of themselves, or be out of reach, and nothing changed here. */
  #lookElsewhere(board: Board): void {
    if (this.view.at !== 'open') return;
    const elsewhere = this.#look(board);
    if (elsewhere !== this.view.elsewhere) this.view = { ...this.view, elsewhere };
  }

  #look({ records, others }: Board): ElsewherePicture {
    return this.#elsewhere.look(records, others, this.#participant.peers());
  }

  /** The board goes on; its own picture waits. */
  #drawPast(player: PastPlayer): void {
    if (this.view.at !== 'open') return;
    if (player.work()) this.#publisher.atOnce();
    this.view = { ...this.view, past: player.view };
  }

  #without(): LabView {
    const { lives, boardFetch } = this.#participant;
    if (lives?.state === 'crashed') return { at: 'away', sentence: NO_NODE };
    if (this.#problem !== null) return { at: 'failed', sentence: this.#problem };
    return { at: 'fetching', share: boardFetch && boardFetch.received / boardFetch.total };
  }

  /** The board of each life is another. */
  #follow(board: Board | null): void {
    this.#offChange();
    this.#board = board;
    this.#work = null;
    this.#past = null;
    this.#isStale = true;
    this.#notes = new ClockNotes();
    this.#offChange = board?.onChange(() => this.#changed()) ?? (() => {});
  }

  #changed(): void {
    this.#isStale = true;
    this.#publisher.soon();
  }

  #picture(board: Board): ReturnType<typeof pictureOf> {
    const { records } = board;
    this.#notes.look(records, this.#offsets());
    const sources = board.engineNames.map((name) => board.engine(name)!);
    return pictureOf(sources, this.#context(records));
  }

  #me(): { readonly room: RoomCode; readonly node: string } {
    const { roomInfo, self } = this.#participant.attendance;
    return { room: roomInfo!.code, node: self!.name };
  }

  #context(records: PictureContext['records']): PictureContext {
    const { nameOf, attendance } = this.#participant;
    return {
      ...{ records, nameOf, self: attendance.self!.id, timeOf, microsPerOperation },
      ...{ clockOff: this.#notes.off, clocks: this.#notes.wrong(nameOf), focus: this.#focus },
    };
  }

  /** Against this node's own clock. */
  #offsets(): ReadonlyMap<NodeId, Milliseconds> {
    const { lives, attendance } = this.#participant;
    const views = lives?.protocols?.timeSync.views() ?? [];
    return new Map([
      [attendance.self!.id, 0],
      ...views.map(({ id, wall }) => [id, wall.offsetMs] as const),
    ]);
  }
}

/** '10:42:07' in this place's time. */
function timeOf(wall: Milliseconds): string {
  return new Date(wall).toTimeString().slice(0, 8);
}
