import type { Graph, Tensor } from '../../graph/index.js'

/** Declares a tower's weight by its name in the tower's safetensors file. */
export type Parameters = (name: string, shape: readonly number[]) => Tensor

/** Parameters of one tower; the prefix keeps two towers of one model apart. */
export function parameters(graph: Graph, prefix = ''): Parameters {
  const known = new Map<string, Tensor>()
  return (name, shape) => {
    let tensor = known.get(name)
    if (!tensor) known.set(name, (tensor = graph.parameter(prefix + name, shape)))
    return tensor
  }
}
