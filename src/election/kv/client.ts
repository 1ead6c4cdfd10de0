import type { Json, Milliseconds } from '../../vocabulary.ts';
import { copyJson } from '../../wire/json.ts';
import { Asker, type AskerOptions } from './asker.ts';
import { isKey, isValue, type Deed } from './commands.ts';
import { refusal, UNKNOWN, type KvOutcome, type RefusalReason } from './outcome.ts';
import { Writer } from './writer.ts';

/** Two elections in a row, and room for what they kept waiting. */
export const TIMEOUT_MS: Milliseconds = 5_000;

/** Asked by one node and not answered yet; a loop that somebody typed ends here. */
export const MAX_OPEN = 256;

export type OnEnd = (outcome: KvOutcome) => void;

/** The side that asks. How an operation ends, and when a client may say so, stands in README.md. */
export class KvClient {
  readonly asker: Asker;
  private readonly options: AskerOptions;
  private readonly writer: Writer;
  private open = 0;

  constructor(options: AskerOptions) {
    this.options = options;
    this.asker = new Asker(options);
    this.writer = new Writer(this.asker, clientText(options.random));
  }

  get size(): number {
    return this.open;
  }

  /** @param through whether the read takes its place in the log, or is answered beside it */
  get(key: string, through: 'log' | 'index', onEnd: OnEnd): void {
    this.begin(isKey(key) ? null : 'bad-key', onEnd, (end) => {
      const type = through === 'log' ? 'get' : 'read';
      const errand = this.asker.ask({ type, key }, (reply) => end(reply.ok ? reply : UNKNOWN));
      return () => {
        const outcome = errand.mayHaveActed ? UNKNOWN : refusal(errand.obstacle);
        this.asker.giveUp(errand);
        return outcome;
      };
    });
  }

  do(deed: Deed, onEnd: OnEnd): void {
    this.begin(faultOf(deed), onEnd, (end) => this.writer.do(copyJson(deed as Json) as Deed, end));
  }

  /** @param start begins it; what it returns gives it up, and says how it ends then */
  private begin(
    fault: RefusalReason | null,
    onEnd: OnEnd,
    start: (end: OnEnd) => () => KvOutcome,
  ): void {
    const { after } = this.options;
    const reason = fault ?? (this.open === MAX_OPEN ? 'busy' : null);
    // Whoever asks hears of it after the call, however it ends.
    if (reason !== null) return void after(0, () => onEnd(refusal(reason)));
    this.open += 1;
    const end = (outcome: KvOutcome) => {
      cancelTimeout();
      this.open -= 1;
      onEnd(outcome);
    };
    const giveUp = start(end);
    const cancelTimeout = after(TIMEOUT_MS, () => end(giveUp()));
  }
}

function faultOf(deed: Deed): RefusalReason | null {
  if (!isKey(deed.key)) return 'bad-key';
  const values =
    deed.kind === 'put' ? [deed.value] : deed.kind === 'cas' ? [deed.from, deed.to] : [];
  return values.every(isValue) ? null : 'bad-value';
}

const LETTERS = '0123456789abcdefghijklmnopqrstuv';

/** See `CLIENT_PATTERN`. */
function clientText(random: () => number): string {
  return Array.from({ length: 10 }, () => LETTERS[Math.floor(random() * 32)]).join('');
}
