/**
 * A dimension is a number, or a name such as 'batch' for an axis whose length is known only when the program runs.
 * What is computed from a name is again a name, in one canonical spelling: '7*batch', '(frames+2)', 'floor(frames/2)'.
 */
export type Dimension = number | string
export type Shape = readonly Dimension[]

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis])
}

/** Product in canonical spelling: the number first, then the names in order. */
export function product(dimensions: Shape): Dimension {
  let coefficient = 1
  const names: string[] = []
  for (const dimension of dimensions) {
    const parts = factors(dimension)
    coefficient *= parts.coefficient
    names.push(...parts.names)
  }
  if (names.length === 0 || coefficient === 0) return coefficient
  names.sort()
  return (coefficient === 1 ? names : [String(coefficient), ...names]).join('*')
}

/** The number and the names that a dimension multiplies. */
export function factors(dimension: Dimension): { coefficient: number; names: string[] } {
  if (typeof dimension === 'number') return { coefficient: dimension, names: [] }
  const parts = splitFactors(dimension)
  const coefficient = Number(parts[0])
  return Number.isInteger(coefficient)
    ? { coefficient, names: parts.slice(1) }
    : { coefficient: 1, names: parts }
}

/** dividend / divisor where it comes out even, or undefined. */
export function exactQuotient(dividend: Dimension, divisor: Dimension): Dimension | undefined {
  const above = factors(dividend)
  const below = factors(divisor)
  const names = [...above.names]
  for (const name of below.names) {
    const at = names.indexOf(name)
    if (at < 0) return undefined
    names.splice(at, 1)
  }
  const coefficient = above.coefficient / below.coefficient
  return Number.isInteger(coefficient) ? product([coefficient, ...names]) : undefined
}

export function sum(a: Dimension, b: Dimension): Dimension {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (typeof a === 'number') return sum(b, a)
  if (typeof b === 'string') return a === b ? product([2, a]) : `(${[a, b].sort().join('+')})`
  const known = /^\((.+)([+-]\d+)\)$/.exec(a)
  const base = known ? known[1] : a
  const offset = (known ? Number(known[2]) : 0) + b
  return offset === 0 ? base : `(${base}${offset > 0 ? '+' : ''}${offset})`
}

export function floorQuotient(dimension: Dimension, divisor: number): Dimension {
  if (typeof dimension === 'number') return Math.floor(dimension / divisor)
  return exactQuotient(dimension, divisor) ?? `floor(${dimension}/${divisor})`
}

/** Shape of an element-wise result under numpy's broadcasting rule, or undefined where the shapes don't fit. */
export function broadcast(a: Shape, b: Shape): Dimension[] | undefined {
  const rank = Math.max(a.length, b.length)
  const result: Dimension[] = []
  for (let axis = 0; axis < rank; axis++) {
    const x = a[a.length - rank + axis] ?? 1
    const y = b[b.length - rank + axis] ?? 1
    if (x !== y && x !== 1 && y !== 1) return undefined
    result.push(x === 1 ? y : x)
  }
  return result
}

function splitFactors(name: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < name.length; i++) {
    if (name[i] === '(') depth++
    else if (name[i] === ')') depth--
    else if (name[i] === '*' && depth === 0) {
      parts.push(name.slice(start, i))
      start = i + 1
    }
  }
  return [...parts, name.slice(start)]
}
