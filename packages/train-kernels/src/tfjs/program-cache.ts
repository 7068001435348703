/** Programs kept for one memory; beyond that the oldest is dropped. A training run has some dozens. */
const capacity = 1024

const cache = new WeakMap<WebAssembly.Memory, Map<string, object>>()

/**
 * What was made for a key and a memory, made when first asked for: compiled kernels and what their caller has to know.
 * The key says which `make` and everything that its result depends on: two programs under one key would be taken for each other.
 */
export function cachedProgram<T extends object>(memory: WebAssembly.Memory, key: string, make: () => T): T {
  let programs = cache.get(memory)
  if (!programs) {
    programs = new Map()
    cache.set(memory, programs)
  }
  const known = programs.get(key)
  if (known) return known as T
  const made = make()
  programs.set(key, made)
  for (const oldest of programs.keys()) {
    if (programs.size <= capacity) break
    programs.delete(oldest)
  }
  return made
}
