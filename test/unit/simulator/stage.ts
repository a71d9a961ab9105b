import { afterEach } from 'vitest';
import type { SimulatorOptions } from '../../../binder/simulator/settings.ts';
import { type Simulator, startSimulator } from '../../../binder/simulator/simulator.ts';
import type { BindType } from '../../../binder/smpp/pdu.ts';
import { Esme } from '../../esme.ts';

/** The simulator of the current test, set by `start`. */
export let simulator: Simulator;
const esmes: Esme[] = [];

export async function start(options: SimulatorOptions = {}): Promise<void> {
  simulator = await startSimulator(options);
}

export async function connected(): Promise<Esme> {
  const esme = await Esme.connect(simulator.port);
  esmes.push(esme);
  return esme;
}

export async function bound(bindType?: BindType): Promise<Esme> {
  const esme = await Esme.bound(simulator.port, bindType);
  esmes.push(esme);
  return esme;
}

export const NO_RECEIPT = { registeredDelivery: 0 };

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Everything that a test started ends with it. */
export function endWithEachTest(): void {
  afterEach(async () => {
    for (const esme of esmes.splice(0)) esme.close();
    await simulator.close();
  });
}
