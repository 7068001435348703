import { baselineOf, methodOf, type RunSpecification } from './run-specification.js'

/**
 * The top-1 accuracy on CIFAR-10, in percent, that Sher, Trusov, Limonova, Nikolaev and Arlazarov published for such a run in
 * "Neuron-by-Neuron Quantization for Efficient Low-Bit QNN Training", Mathematics 2023, 11(9), 2112; undefined where they have
 * none. Which network theirs are of is not known.
 */
export function publishedAccuracy(run: RunSpecification): number | undefined {
  const isTheirs = run.kind === 'quantized' && run.training.activationBits === undefined
  return isTheirs && run.bits === 3 && baselineOf(run).data.name === 'cifar-10' ? THREE_BITS[methodOf(run)] : undefined
}

const THREE_BITS: Partial<Record<string, number>> = { direct: 71.4, layer: 67.2, neuron: 73.2 }

/** The methods that the paper describes; all others came after it, or are of other papers. */
export const PAPER_METHODS: ReadonlySet<string> = new Set(['direct', 'layer', 'filter', 'neuron'])
