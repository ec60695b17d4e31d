import { add } from '../elementwise.js'
import { expand } from '../arrangement.js'
import { formatShape, sameShape } from '../dimension.js'
import type { GraphNode, Tensor } from '../graph.js'
import { shapeError } from '../shape-error.js'
import { ACTIVATION_RULES } from './activation.js'
import { ARRANGEMENT_RULES, joinSlices, placeSlice } from './arrangement.js'
import { CONVOLUTION_RULES } from './convolution.js'
import { ELEMENTWISE_RULES } from './elementwise.js'
import { LOOKUP_RULES } from './lookup.js'
import { MATMUL_RULES } from './matmul.js'
import { NORMALIZATION_RULES } from './normalization.js'
import { POOLING_RULES } from './pooling.js'
import { REDUCTION_RULES } from './reduction.js'
import type { Rule } from './rule.js'

const RULES: Partial<Record<string, Rule>> = {
  ...ACTIVATION_RULES,
  ...ARRANGEMENT_RULES,
  ...CONVOLUTION_RULES,
  ...ELEMENTWISE_RULES,
  ...LOOKUP_RULES,
  ...MATMUL_RULES,
  ...NORMALIZATION_RULES,
  ...POOLING_RULES,
  ...REDUCTION_RULES,
}

/** Through these nothing flows: steps, conditions, other types, and the stop that a model asks for. */
const STOPS = new Set([
  'And',
  'Cast',
  'Equal',
  'Floor',
  'Greater',
  'GreaterOrEqual',
  'Identity',
  'Less',
  'LessOrEqual',
  'Not',
  'Or',
  'Sign',
])

/**
 * d loss / d x for each x of `wrt`, in the shape of x: reverse mode. Only what these need is added to the graph, so
 * frozen parts cost nothing. An x that the loss doesn't depend on has a gradient of zeros.
 * @throws AntiphonError `shape` when the loss is not one number, depends on x through an operator without a gradient, or x is
 * no float32 tensor of its graph.
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.rank !== 0 || loss.dtype !== 'float32')
    throw shapeError('gradients', `the loss is ${loss.toString()}, expected one float32 number []`)
  const { graph } = loss
  for (const x of wrt) {
    if (x.graph !== graph) throw shapeError('gradients', `${x.toString()} is of another graph than the loss`)
    if (x.dtype !== 'float32')
      throw shapeError('gradients', `${x.toString()} has no gradient, expected float32`)
  }
  const leading = dependents(loss, new Set(wrt))
  const arrived = new Map<Tensor, Arrivals>()
  const arrivals = (x: Tensor): Arrivals => {
    let found = arrived.get(x)
    if (!found) arrived.set(x, (found = new Arrivals(x)))
    return found
  }
  arrivals(loss).add(graph.scalar(1))
  const paths = [...leading.paths].sort((a, b) => b.index - a.index)
  for (const { output, inputs, node, rule } of paths) {
    const gradient = arrived.get(output)?.sum()
    if (!gradient) continue
    if (!rule)
      throw shapeError('gradients', `no gradient is known for ${node.op} of ${inputs.map(String).join(', ')}`)
    const flows = rule(gradient, node)
    for (const [i, x] of inputs.entries()) {
      if (!x || !leading.tensors.has(x)) continue
      if (node.op === 'Slice' && i === 0) arrivals(x).addSlice(gradient, node)
      else {
        const flow = flows[i]?.()
        if (flow) arrivals(x).add(flow)
      }
    }
  }
  return wrt.map((x) => arrived.get(x)?.sum() ?? expand(graph.scalar(0), x.shape))
}

/** One way back from a tensor to what it was computed from. */
interface Path {
  readonly output: Tensor
  readonly inputs: readonly (Tensor | undefined)[]
  readonly node: GraphNode
  readonly rule: Rule | undefined
  readonly index: number
}

/** Tensors between `wrt` and the loss, and the paths that the gradient takes. */
function dependents(loss: Tensor, wrt: ReadonlySet<Tensor>): { tensors: Set<Tensor>; paths: Path[] } {
  const paths = new Map<Tensor, Path>()
  const open = [loss]
  for (let tensor = open.pop(); tensor; tensor = open.pop()) {
    if (paths.has(tensor) || tensor.dtype !== 'float32') continue
    const path = pathFrom(tensor)
    if (!path) continue
    paths.set(tensor, path)
    for (const input of path.inputs) if (input) open.push(input)
  }
  const tensors = new Set<Tensor>(wrt)
  const kept: Path[] = []
  for (const path of [...paths.values()].sort((a, b) => a.index - b.index))
    if (path.inputs.some((input) => input && tensors.has(input))) {
      tensors.add(path.output)
      kept.push(path)
    }
  return { tensors, paths: kept }
}

function pathFrom(output: Tensor): Path | undefined {
  const { source, graph } = output
  if (source.kind !== 'node' || STOPS.has(source.node.op)) return undefined
  const { node } = source
  const shortcut = graph.shortcuts.get(output)
  const rule = shortcut?.rule ?? (source.output === 0 ? RULES[node.op] : undefined)
  return { output, inputs: shortcut?.inputs ?? node.inputs, node, rule, index: node.index }
}

/** The gradients that arrive at one tensor, to be added up. */
class Arrivals {
  private parts: Tensor[] = []
  private slices: { gradient: Tensor; node: GraphNode }[] = []

  constructor(private readonly tensor: Tensor) {}

  add(gradient: Tensor): void {
    if (!sameShape(gradient.shape, this.tensor.shape))
      throw new Error(
        `The gradient of ${this.tensor.toString()} came as ${formatShape(gradient.shape)}: a rule is wrong`,
      )
    this.parts.push(gradient)
  }

  /** A slice's gradient waits: those that make up the whole are joined instead of added up among zeros. */
  addSlice(gradient: Tensor, node: GraphNode): void {
    this.slices.push({ gradient, node })
  }

  sum(): Tensor | undefined {
    if (this.slices.length > 0) {
      const joined = joinSlices(this.slices)
      if (joined) this.parts.push(joined)
      else for (const { gradient, node } of this.slices) this.parts.push(placeSlice(gradient, node))
      this.slices = []
    }
    if (this.parts.length > 1) this.parts = [this.parts.reduce((a, b) => add(a, b))]
    return this.parts[0]
  }
}
