import type { DType, SafetensorsFile, TensorEntry } from './safetensors.js'

/** The numbers of one parameter: in memory, or at a place in a file beside the program. */
export type Weight =
  | { readonly dtype: DType; readonly shape: readonly number[]; readonly bytes: Uint8Array }
  | {
      readonly dtype: DType
      readonly shape: readonly number[]
      /** File name, relative to the program. */
      readonly location: string
      readonly offset: number
      readonly length: number
    }

/** Parameters embedded in the program. */
export function embeddedWeights(file: SafetensorsFile): Map<string, Weight> {
  return weightsOf(file, ({ dtype, shape, begin, end }) => ({
    dtype,
    shape,
    bytes: file.bytes.subarray(begin, end),
  }))
}

/** Parameters left in a safetensors file that lies beside the program under the name `location`. */
export function externalWeights(file: SafetensorsFile, location = 'model.safetensors'): Map<string, Weight> {
  return weightsOf(file, ({ dtype, shape, begin, end }) => ({
    dtype,
    shape,
    location,
    offset: begin,
    length: end - begin,
  }))
}

function weightsOf(file: SafetensorsFile, weight: (entry: TensorEntry) => Weight): Map<string, Weight> {
  return new Map([...file.entries].map(([name, entry]) => [name, weight(entry)]))
}
