/**
 * Top-1 accuracies on CIFAR-10, in percent, that Sher, Trusov, Limonova, Nikolaev and Arlazarov published in
 * "Neuron-by-Neuron Quantization for Efficient Low-Bit QNN Training", Mathematics 2023, 11(9), 2112. Which network they
 * are of is not known.
 */
export function publishedAccuracy(bits: number, method: string): number | undefined {
  return bits === 3 ? THREE_BITS[method] : undefined
}

const THREE_BITS: Partial<Record<string, number>> = { direct: 71.4, layer: 67.2, neuron: 73.2 }

/** The methods that the paper describes; all others came after it, or are of other papers. */
export const PAPER_METHODS: ReadonlySet<string> = new Set(['direct', 'layer', 'filter', 'neuron'])
