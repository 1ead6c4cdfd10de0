import type { History } from '../checkers/history.ts';
import { Cluster } from './cluster.ts';
import { drawFaults, type Fault } from './fault.ts';
import { Nemesis } from './nemesis.ts';
import { Random } from './random.ts';
import type { Run, Scenario, Violation } from './scenario.ts';
import { TraceHash } from './trace-hash.ts';

/** How often the scenario is asked whether all is well: a few times within the shortest fault that tells. */
const CHECK_EVERY_MS = 250;

/** An operation a second a node is far more than a class asks for. */
const MAX_OPERATIONS = 40;

/** A good disk, and one of a busy phone: the longer a write takes, the more crashes hit it. */
const FAST_WRITE_MS = 20;
const SLOW_WRITE_MS = 2_000;

/** A fault of a seed, with its number in the seed's full list: the number a replay asks for. */
export interface NumberedFault {
  readonly number: number;
  readonly fault: Fault;
}

export interface Verdict<Action = unknown> {
  /** What was wrong when something first was; empty if all is well. */
  readonly violations: readonly Violation[];
  readonly hash: string;
  readonly faults: readonly NumberedFault[];
  /** What clients asked for, and what they were told, until something was wrong. */
  readonly history: History<Action>;
}

/** What a seed draws of its own: this is what makes each seed another world. */
interface Swarm {
  readonly links: readonly (readonly [number, number])[];
  readonly maxDelayMs: number;
  readonly datagramLoss: number;
  readonly maxWriteMs: number;
  readonly operations: readonly { readonly at: number; readonly node: number }[];
}

/**
 * One run of a scenario: faults and operations (safety), then all is healed and progress must come
 * (liveness). Scenario, nodes, seed and the choice of faults decide everything that happens.
 *
 * @param only the numbers of the faults that take part; left out, all that the seed draws
 */
export function simulate<Protocols, Action>(
  scenario: Scenario<Protocols, Action>,
  nodes: number,
  seed: number,
  only?: readonly number[],
): Verdict<Action> {
  const root = new Random(`${scenario.name} ${nodes} ${seed}`);
  const swarm = drawSwarm(root.fork('swarm'), nodes, scenario);
  const faults = drawFaults(root.fork('faults'), scenario.faults, nodes, scenario.safetyMs)
    .map((fault, number) => ({ number, fault }))
    .filter(({ number }) => only?.includes(number) ?? true);

  const hash = new TraceHash();
  const watcher = scenario.watch?.();
  const seen: Violation[] = [];
  const network = root.fork('delays');
  const cluster = new Cluster<Protocols>({
    nodes,
    seed: `${scenario.name} ${nodes} ${seed} cluster`,
    protocols: (node, life, index, links) =>
      scenario.protocols(node, life, index, root.fork('setting'), links),
    delay: (_from, _to, lane) => {
      const [lost, delay] = [network.next() < swarm.datagramLoss, network.next()];
      return lost && lane === 'datagram' ? Infinity : delay * swarm.maxDelayMs;
    },
    maxWriteMs: Math.min(swarm.maxWriteMs, scenario.slowestWriteMs ?? Infinity),
    trace: (event) => {
      hash.event(event);
      if (watcher !== undefined) seen.push(...watcher.add(event));
    },
  });
  if (!scenario.ownLinks) for (const [a, b] of swarm.links) cluster.link(a, b);
  const nemesis = new Nemesis(
    cluster,
    faults.map(({ fault }) => fault),
  );
  const run: Run<Protocols, Action> = {
    cluster,
    history: [],
    dead: nemesis.dead,
    random: root.fork('workload'),
  };

  const violations = play(scenario, run, swarm, seen, () => nemesis.heal());
  for (const { rule, text } of violations) hash.text(`${rule}: ${text}\n`);
  return { violations, hash: hash.hex, faults, history: run.history };
}

function play<Protocols, Action>(
  scenario: Scenario<Protocols, Action>,
  run: Run<Protocols, Action>,
  { operations }: Swarm,
  seen: readonly Violation[],
  heal: () => void,
): readonly Violation[] {
  const { time, members } = run.cluster;
  operations.forEach(({ at, node }, value) => {
    time.at(at, () => {
      if (members[node]!.responsive) scenario.operate(run, node, value);
    });
  });
  const passes = (end: number): readonly Violation[] => {
    while (time.now() < end) {
      time.runUntil(Math.min(end, time.now() + CHECK_EVERY_MS));
      const wrong = [...seen, ...scenario.safety(run)];
      if (wrong.length > 0) return wrong;
    }
    return [];
  };

  const underFaults = passes(scenario.safetyMs);
  if (underFaults.length > 0) return underFaults;
  heal();
  scenario.healed(run);
  const afterwards = passes(scenario.safetyMs + scenario.livenessMs);
  return afterwards.length > 0 ? afterwards : scenario.liveness(run);
}

function drawSwarm(
  random: Random,
  nodes: number,
  { safetyMs: untilMs, fullMesh }: Pick<Scenario<unknown>, 'safetyMs' | 'fullMesh'>,
): Swarm {
  const full = fullMesh === true || random.fork('mesh').next() < 0.5;
  const topology = random.fork('links');
  const links: (readonly [number, number])[] = [];
  for (let b = 1; b < nodes; b++) {
    // A tree keeps the graph connected; further links come by chance.
    const parent = topology.below(b);
    for (let a = 0; a < b; a++) {
      const drawn = topology.next() < 0.3;
      if (full || a === parent || drawn) links.push([a, b]);
    }
  }
  const work = random.fork('operations');
  const operations = Array.from({ length: 1 + work.below(MAX_OPERATIONS) }, () => ({
    at: work.below(untilMs),
    node: work.below(nodes),
  }));
  const weather = random.fork('weather');
  return {
    links,
    maxDelayMs: 1 + weather.below(200),
    datagramLoss: weather.next() < 0.5 ? 0 : weather.next() * 0.1,
    maxWriteMs: weather.next() < 0.5 ? FAST_WRITE_MS : SLOW_WRITE_MS,
    operations: operations.sort((a, b) => a.at - b.at),
  };
}
