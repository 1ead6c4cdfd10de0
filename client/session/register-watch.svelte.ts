import type { RegisterReport } from '../../src/checkers/register-report.ts';
import type { Chronicle } from '../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';

/** Events go to the worker together: each message has its price. */
const TELL_EVERY_MS: Milliseconds = 250;

/** What registers say of themselves, and what they cost on the wire. */
const PROTOCOLS: ReadonlySet<string> = new Set(['registers', 'ap', 'quorum', 'kv', 'election']);

/** What is to be said of the registers of a class, once somebody looks. */
export class RegisterWatch {
  report = $state.raw<RegisterReport | null>(null);
  /** In a sentence, why there is none. */
  problem = $state<string | null>(null);
  readonly #chronicle: () => Chronicle;
  #worker: Worker | null = null;
  #waiting: TraceEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unfollow = (): void => {};

  constructor(chronicle: () => Chronicle) {
    this.#chronicle = chronicle;
  }

  /** From the first look on it goes on, so that whoever looks again sees it at once. */
  start(): void {
    if (this.#worker) return;
    const chronicle = this.#chronicle();
    this.#worker = new Worker(new URL('./register-worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<RegisterReport>) => (this.report = data);
    this.#worker.onerror = () => {
      this.problem = 'The judge could not be fetched. Load the page again when the server answers.';
    };
    // An empty message, too: nobody has asked anything, and that is a report.
    this.#worker.postMessage([]);
    for (const event of chronicle.between(-Infinity, Infinity)) this.#take(event);
    this.#unfollow = chronicle.follow((event) => this.#take(event));
  }

  stop(): void {
    this.#unfollow();
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
  }

  #take(event: TraceEvent): void {
    if (!isOfInterest(event)) return;
    this.#waiting.push(event);
    this.#timer ??= setTimeout(() => this.#tell(), TELL_EVERY_MS);
  }

  #tell(): void {
    this.#timer = undefined;
    this.#worker?.postMessage(this.#waiting);
    this.#waiting = [];
  }
}

function isOfInterest(event: TraceEvent): boolean {
  if (event.type === 'order') return true;
  return (event.type === 'note' || event.type === 'send') && PROTOCOLS.has(event.protocol);
}
