import * as automerge from '@automerge/automerge/slim';
import wasm from '@automerge/automerge/automerge.wasm?url';
import { campaign, SIMULATIONS, WITH_AUTOMERGE } from '../../../src/simulator/campaign.ts';
import { sampleLatencies } from '../../support/sample-latencies.ts';

/** The simulator in a tab, to be compared with the one in Node. */

declare global {
  interface Window {
    runSeeds?: (name: string, nodes: number, seeds: number) => { failed: number; hash: string };
    drawLatencies?: typeof sampleLatencies;
  }
}

await automerge.initializeWasm(wasm);
const simulations = [...SIMULATIONS, WITH_AUTOMERGE.from(automerge)];

window.runSeeds = (name, nodes, seeds) => {
  const simulation = simulations.find((each) => each.name === name);
  if (!simulation) throw new Error(`no simulation ${name}`);
  return campaign({ simulation, nodes, firstSeed: 1, seeds, onFailure: () => {} });
};
window.drawLatencies = sampleLatencies;
