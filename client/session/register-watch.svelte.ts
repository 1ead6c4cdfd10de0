import type { RegisterReport } from '../../src/checkers/register-report.ts';
import type { Chronicle } from '../../src/trace/chronicle.ts';
import type { TraceEvent } from '../../src/trace/event.ts';
import type { Milliseconds } from '../../src/vocabulary.ts';

/** Events go to the worker together: each message has its price. */
const TELL_EVERY_MS: Milliseconds = 250;

/** More at once, and the page would stand still while they are copied. */
const MAX_TOLD_AT_ONCE = 2_000;

/** What registers say of themselves, and what they cost on the wire. */
const PROTOCOLS: ReadonlySet<string> = new Set(['registers', 'ap', 'quorum', 'kv', 'election']);

/** What is to be said of the registers of a class, once somebody looks. */
export class RegisterWatch {
  report = $state.raw<RegisterReport | null>(null);
  /** In a sentence, why there is none. */
  problem = $state<string | null>(null);
  readonly #chronicle: () => Chronicle;
  #worker: Worker | null = null;
  readonly #waiting: TraceEvent[] = [];
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
    // What else it knew is of no interest, and much to copy.
    this.#waiting.push({ ...event, vector: {} });
    this.#timer ??= setTimeout(() => this.#tell(), TELL_EVERY_MS);
  }

  #tell(): void {
    this.#worker?.postMessage(this.#waiting.splice(0, MAX_TOLD_AT_ONCE));
    this.#timer = this.#waiting.length > 0 ? setTimeout(() => this.#tell()) : undefined;
  }
}

function isOfInterest(event: TraceEvent): boolean {
  if (event.type === 'order') return true;
  return (event.type === 'note' || event.type === 'send') && PROTOCOLS.has(event.protocol);
}
