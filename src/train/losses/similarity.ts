import { AntiphonError } from '../../errors/index.js'
import {
  equal,
  matmul,
  mul,
  sum,
  transpose,
  unsqueeze,
  where,
  type Graph,
  type Tensor,
} from '../../graph/index.js'

/** Lower than any logit; finite, so that it leaves no NaN behind. */
export const LOWEST = -1e30

/** A loss was given matrices that don't fit. */
export function lossError(loss: string, why: string): AntiphonError {
  return new AntiphonError('shape', `${loss}: ${why}`)
}

/** Which of the two searches a loss asks to succeed. */
export type Direction = 'audio-to-text' | 'text-to-audio' | 'symmetric'

/** The number of pairs. @throws AntiphonError `shape` unless both are [pairs, width] of the same fixed shape, two pairs or more. */
export function pairCount(loss: string, audio: Tensor, text: Tensor): number {
  const [pairs, width] = audio.shape
  if (
    audio.rank !== 2 ||
    text.rank !== 2 ||
    typeof pairs !== 'number' ||
    text.shape[0] !== pairs ||
    text.shape[1] !== width
  )
    throw lossError(
      loss,
      `${audio.toString()} and ${text.toString()} are not pairs of vectors, [pairs, width] both`,
    )
  if (pairs < 2)
    throw lossError(loss, `${audio.toString()} has ${pairs} pair, to tell it from others needs 2`)
  return pairs
}

/** scale a tᵀ: logits (or, without scale, cosines) of every row of a [n, width] with every row of t [m, width]: [n, m]. */
export function similarities(a: Tensor, t: Tensor, scale?: Tensor): Tensor {
  return matmul(scale ? mul(a, scale) : a, transpose(t)) // scaling the vectors costs less than scaling their products
}

/** Similarity of each row of a with the same row of t: [n]. */
export function pairSimilarities(a: Tensor, t: Tensor): Tensor {
  return sum(mul(a, t), { axis: 1 })
}

/** 0, 1, … count - 1. */
export function places(graph: Graph, count: number): Tensor {
  return graph.constant(
    Int32Array.from({ length: count }, (_, i) => i),
    [count],
  )
}

/** True where a row meets its own column: [rows, columns]. Made as the program runs, which has no such matrix to carry. */
export function onDiagonal(graph: Graph, rows: number, columns = rows): Tensor {
  return equal(unsqueeze(places(graph, rows), 1), unsqueeze(places(graph, columns), 0))
}

/** x [rows, columns] at each row's own column: [rows]. */
export function diagonal(x: Tensor): Tensor {
  const [rows, columns] = x.shape as [number, number]
  return sum(where(onDiagonal(x.graph, rows, columns), x, 0), { axis: 1 })
}

/** x [n, n] with another number on its diagonal. */
export function withDiagonal(x: Tensor, value: number): Tensor {
  return where(onDiagonal(x.graph, x.shape[0] as number), value, x)
}
