import type { ElectionState } from '../../src/election/elections.ts';
import type { AlgorithmName } from '../../src/network/election-choice.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { Student } from './classroom.ts';

/** An election of a busy class, and every message of it slow. */
const STEP_MS = 60_000;

/** Tabs that elect, reached through their consoles. */
export class ElectingTabs {
  readonly students: readonly Student[];

  constructor(students: readonly Student[]) {
    this.students = students;
  }

  async idsOf(students = this.students): Promise<NodeId[]> {
    return Promise.all(students.map(async (student) => (await student.call('self')).id!));
  }

  use({ page }: Student, algorithm: AlgorithmName): Promise<ElectionState> {
    return page.evaluate((name) => window.netsplit!.election.use(name), algorithm);
  }

  state({ page }: Student): Promise<ElectionState> {
    return page.evaluate(() => window.netsplit!.election.state());
  }

  /** Waits until all of these hold that node for leader, by that algorithm. */
  async follow(leader: NodeId, algorithm: AlgorithmName, students = this.students): Promise<void> {
    await Promise.all(
      students.map(({ page }) =>
        page.waitForFunction(
          ([id, name]) => {
            const { leader, algorithm } = window.netsplit!.election.state();
            return leader === id && algorithm === name;
          },
          [leader, algorithm] as const,
          { timeout: STEP_MS, polling: 100 },
        ),
      ),
    );
  }

  /** Waits until these agree on one of them, by that algorithm; says on whom. */
  async agree(algorithm: AlgorithmName, students = this.students): Promise<NodeId> {
    const ids = await this.idsOf(students);
    const end = Date.now() + STEP_MS;
    for (;;) {
      const states = await Promise.all(students.map((student) => this.state(student)));
      const [leader, ...others] = new Set(states.map((state) => state.leader));
      const agree =
        leader !== undefined && leader !== null && others.length === 0 && ids.includes(leader);
      if (agree && states.every((state) => state.algorithm === algorithm)) return leader;
      if (Date.now() > end) throw new Error(`no agreement: ${JSON.stringify(states)}`);
    }
  }

  /** Who of these holds itself for leader at this moment. */
  async leaders(students = this.students): Promise<NodeId[]> {
    const states = await Promise.all(students.map((student) => this.state(student)));
    const ids = await this.idsOf(students);
    return ids.filter((_, i) => states[i]!.role === 'leader');
  }
}
