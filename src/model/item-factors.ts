import {
  concat,
  expand,
  float32,
  linear,
  mul,
  parseSafetensors,
  relu,
  tensorBytes,
  unsqueeze,
  writeSafetensors,
  type Tensor,
} from '../graph/index.js'
import { AntiphonError } from '../errors/index.js'
import type { Scope } from './scope.js'

/** What is known of items beside their sound: who listens to them, as factors of a listening matrix. */
export interface ItemFactors {
  readonly dim: number
  readonly names: readonly string[]
  /** [names, dim], row by row. */
  readonly factors: Float32Array
}

export interface FactorInputs {
  /** [batch, dim]; of items that have none anything. */
  readonly factors: Tensor
  /** [batch, 1]: 1 where the item has factors, else 0. */
  readonly present: Tensor
}

/**
 * Outputs of an audio encoder [batch, width] beside what a layer makes of an item's factors, [batch, width + hidden], to be
 * projected together (the hybrid model of Won et al. 2021, "Multimodal metric learning for tag-based music retrieval"). An item
 * without factors (cold start) has zeros in their place, and the layer knows it.
 * @param inputs absent for a program that serves by audio alone
 */
export function joinFactors(
  audio: Tensor,
  inputs: FactorInputs | undefined,
  { dim, hidden }: { readonly dim: number; readonly hidden: number },
  scope: Scope,
): Tensor {
  const layer = scope.within('factors.')
  const weight = layer.parameter('weight', [hidden, dim + 1])
  const bias = layer.parameter('bias', [hidden])
  const known = inputs
    ? relu(linear(concat([mul(inputs.factors, inputs.present), inputs.present], { axis: 1 }), weight, bias))
    : expand(unsqueeze(relu(bias), 0), [audio.shape[0], hidden])
  return concat([audio, known], { axis: 1 })
}

/** factors.safetensors: a matrix `factors`, and `names` as a JSON list in bytes. */
export function writeItemFactors({ dim, names, factors }: ItemFactors): Uint8Array {
  const list = new TextEncoder().encode(JSON.stringify(names))
  return writeSafetensors(
    new Map([
      [
        'factors',
        {
          dtype: 'F32' as const,
          shape: [names.length, dim],
          bytes: new Uint8Array(factors.buffer, factors.byteOffset, factors.byteLength),
        },
      ],
      ['names', { dtype: 'U8' as const, shape: [list.length], bytes: list }],
    ]),
  )
}

/**
 * @param expected length of the factors, of which a model's configuration tells. @default any
 * @throws AntiphonError `model` where it is no such file
 */
export function readItemFactors(
  bytes: Uint8Array,
  file = 'factors.safetensors',
  expected?: number,
): ItemFactors {
  const parsed = parseSafetensors(bytes, file)
  const entry = parsed.entries.get('factors')
  if (!entry || !parsed.entries.has('names') || entry.dtype !== 'F32' || entry.shape.length !== 2)
    throw new AntiphonError('model', `${file} holds no factors with names`)
  const names = namesIn(tensorBytes(parsed, 'names'))
  if (!names) throw new AntiphonError('model', `${file} is damaged: its names are no list of names`)
  const [rows, dim] = entry.shape
  if (names.length !== rows)
    throw new AntiphonError('model', `${file} is damaged: ${names.length} names of ${rows} rows`)
  if (expected !== undefined && dim !== expected)
    throw new AntiphonError('model', `${file} has factors of length ${dim}, the model takes ${expected}`)
  const factors = float32(parsed, 'factors')
  if (!factors.every(Number.isFinite))
    throw new AntiphonError('model', `${file} is damaged: it holds what is no number`)
  return { dim, names, factors }
}

function namesIn(json: Uint8Array): string[] | undefined {
  try {
    const names: unknown = JSON.parse(new TextDecoder().decode(json))
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined
  } catch {
    return undefined
  }
}

/** Finds items by name. */
export class ItemTable {
  private readonly rows: ReadonlyMap<string, number>

  constructor(private readonly items: ItemFactors) {
    this.rows = new Map(items.names.map((name, row) => [name, row]))
  }

  get dim(): number {
    return this.items.dim
  }

  /** The first of these names that there is. */
  find(names: readonly string[]): string | undefined {
    return names.find((name) => this.rows.has(name))
  }

  /** [dim]; undefined for an unknown name. */
  factorsOf(name: string): Float32Array | undefined {
    const row = this.rows.get(name)
    return row === undefined ? undefined : this.items.factors.subarray(row * this.dim, (row + 1) * this.dim)
  }
}
