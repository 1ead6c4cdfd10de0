import { SIMULATIONS, WITH_AUTOMERGE, type Simulation } from '../../src/simulator/campaign.ts';

/** All scenarios that there are, by name. */
export const SCENARIO_NAMES = [...SIMULATIONS.map(({ name }) => name), WITH_AUTOMERGE.name].sort();

/** The library is loaded for whoever needs it, and nobody else waits for it. */
export async function simulationNamed(name: string | undefined): Promise<Simulation | undefined> {
  if (name === WITH_AUTOMERGE.name)
    return WITH_AUTOMERGE.from(await import('@automerge/automerge'));
  return SIMULATIONS.find((simulation) => simulation.name === name);
}
