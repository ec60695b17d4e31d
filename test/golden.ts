import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { float32, parseSafetensors, tensorBytes, type SafetensorsFile } from '../src/graph/index.js'

/** Repository root: tests run compiled, from dist/test. */
export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

export interface Golden {
  /** What the arrays are, with every parameter and the versions of the libraries that made them. */
  readonly json: Record<string, any>
  readonly file: SafetensorsFile
  tensor(name: string): { data: Float32Array; shape: readonly number[] }
  /** A tensor stored in double precision. */
  doubles(name: string): Float64Array
  has(name: string): boolean
}

/** Reads test/golden/NAME.safetensors and, where there is one, NAME.json; scripts in tools/reference/golden. */
export function golden(name: string): Golden {
  const path = join(repositoryRoot, 'test', 'golden', name)
  const file = parseSafetensors(readFileSync(`${path}.safetensors`), `${name}.safetensors`)
  let json: Record<string, any> = {}
  try {
    json = goldenJson(name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return {
    json,
    file,
    tensor: (key) => ({ data: float32(file, key), shape: file.entries.get(key)!.shape }),
    doubles: (key) => new Float64Array(tensorBytes(file, key).slice().buffer),
    has: (key) => file.entries.has(key),
  }
}

/** Reads test/golden/NAME.json. */
export function goldenJson(name: string): Record<string, any> {
  return JSON.parse(readFileSync(join(repositoryRoot, 'test', 'golden', `${name}.json`), 'utf8')) as Record<
    string,
    any
  >
}

/** Largest |a - b|; NaN anywhere counts as infinite. */
export function maxAbsDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity
  let worst = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i])
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference
  }
  return worst
}

/** |a - b| relative to max(1, largest |b|): the measure of the goldens' README. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 1
  for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs(b[i]))
  return maxAbsDifference(a, b) / largest
}
