import type { Algorithm, AnyAlgorithm } from '../../src/election/algorithm.ts';
import type { ElectionWorld } from '../../src/election/election.ts';
import { naive } from '../../src/election/naive.ts';
import type { AlgorithmName } from '../../src/network/election-choice.ts';

/** It elects nobody and says nothing. */
export function mute(name: AlgorithmName): Algorithm<never> {
  return {
    name,
    schema: naive.schema as Algorithm<never>['schema'],
    create: () => ({
      start() {},
      stop() {},
      receive() {},
      standing: () => ({ role: 'follower', leader: null, term: 0 }),
      timer: () => null,
      inspect: () => null,
    }),
  };
}

/** It counts on its disk, ten times a second, and never cancels its timer. */
export function counting(name: AlgorithmName, log: string[]): Algorithm<never> {
  const create = (world: ElectionWorld<never>) => {
    const say = (what: string) => log.push(`${name} ${world.choice.turn} ${what}`);
    const ticks = () => Number(world.store.get('ticks') ?? 0);
    const tickSoon = () =>
      world.after(100, () => {
        say('ticks');
        world.store.put('ticks', ticks() + 1);
        tickSoon();
      });
    return {
      ...mute(name).create(world),
      start() {
        say('starts');
        tickSoon();
      },
      stop: () => void say('stops'),
      votersChanged: () => void log.push(`votes: ${world.voters()?.join()}`),
      standing: () => ({ role: 'follower' as const, leader: null, term: ticks() }),
    };
  };
  return { ...mute(name), create };
}

/**
 * The same algorithm, and what all that run or ran have left behind: timers that neither
 * fired nor were cancelled, and what was said by any that had been stopped.
 */
export function watched(algorithm: AnyAlgorithm) {
  const waits = new Set<object>();
  let saidAfterwards = 0;
  const create: AnyAlgorithm['create'] = (world) => {
    let isStopped = false;
    const election = algorithm.create({
      ...world,
      send(to, message) {
        if (isStopped) saidAfterwards += 1;
        world.send(to, message);
      },
      after(delayMs, callback) {
        const wait = {};
        waits.add(wait);
        const cancel = world.after(delayMs, () => {
          waits.delete(wait);
          callback();
        });
        return () => {
          waits.delete(wait);
          cancel();
        };
      },
    });
    const stop = election.stop.bind(election);
    election.stop = () => {
      stop();
      isStopped = true;
    };
    return election;
  };
  return {
    algorithm: { ...algorithm, create },
    left: () => ({ waits: waits.size, saidAfterwards }),
  };
}
