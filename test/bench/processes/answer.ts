/** The side of `Child` that is the process: answers each question by its name. */

export type Answers = Readonly<Record<string, (argument: never) => unknown>>;

/** What the process was started with. */
export function startArgument<Argument>(): Argument {
  return JSON.parse(process.argv[2] ?? 'null') as Argument;
}

/** Says that it is ready, and answers from then on. */
export function answer(answers: Answers): void {
  process.on('message', ({ question, argument }: { question: string; argument: never }) => {
    const reply = answers[question];
    if (reply === undefined) throw new Error(`nobody here answers ${question}`);
    void Promise.resolve(reply(argument)).then((value) => process.send!(value ?? null));
  });
  process.send!('ready');
}

export interface Memory {
  readonly rssBytes: number;
  readonly heapBytes: number;
}

/** What this process holds after a full collection. */
export function memory(): Memory {
  global.gc!();
  global.gc!();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed };
}

/** What this process has computed so far, in milliseconds of one core. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
