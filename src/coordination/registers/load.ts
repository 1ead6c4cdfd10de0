import type { RegisterLoad } from '../../network/register-load.ts';
import { REGISTER_KINDS } from '../../network/register-kinds.ts';
import type { Cancel, Host } from '../../runtime/host.ts';
import type { RegisterClient } from './client.ts';
import type { Session } from './session.ts';

/** What every node asks by itself, so that a class sees figures without typing: all three kinds the same. */
export class LoadGenerator {
  private readonly host: Pick<Host<never>, 'self' | 'incarnation' | 'random' | 'after'>;
  private readonly client: RegisterClient;
  private readonly session: Session;
  private load: RegisterLoad | null = null;
  private cancel: Cancel = () => {};
  private count = 0;

  constructor(
    host: Pick<Host<never>, 'self' | 'incarnation' | 'random' | 'after'>,
    client: RegisterClient,
  ) {
    this.host = host;
    this.client = client;
    this.session = client.newSession();
  }

  /** Null asks for nothing. */
  use(load: RegisterLoad | null): void {
    if (JSON.stringify(load) === JSON.stringify(this.load)) return;
    this.cancel();
    this.load = load;
    this.askSoon();
  }

  get asked(): number {
    return this.count;
  }

  /** At no fixed beat, so that nodes which began together do not go on so. */
  private askSoon(): void {
    const { load, host } = this;
    if (load === null || load.perSecond === 0) return;
    const gapMs = (1_000 / load.perSecond) * (0.5 + host.random());
    this.cancel = host.after(gapMs, () => {
      this.ask(load);
      this.askSoon();
    });
  }

  private ask({ keys, reads, hop, fix }: RegisterLoad): void {
    const { host, session, client } = this;
    this.count += 1;
    const key = `r${1 + Math.floor(host.random() * keys)}`;
    // Every value is put once, so a read says which put it saw.
    const value = `${host.self}.${host.incarnation}.${this.count}`;
    const isRead = host.random() < reads;
    const options = { at: hop ? 'any' : 'own', fix, session } as const;
    for (const kind of REGISTER_KINDS) {
      const wanted = isRead
        ? ({ do: 'get', kind, key } as const)
        : ({ do: 'put', kind, key, value } as const);
      client.ask(wanted, options, () => {});
    }
  }
}
