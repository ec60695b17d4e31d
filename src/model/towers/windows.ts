import { reshape, roll, transpose, type Tensor } from '../../graph/index.js'

/** How an image of rows x columns places is cut into square windows, shifted by `shift` places both ways. */
export interface Windows {
  readonly rows: number
  readonly columns: number
  readonly size: number
  readonly shift: number
}

const OTHER_REGION = -100 // Swin's mask: e^-100 beside any real score is nothing

export function windowCount({ rows, columns, size }: Windows): number {
  return (rows / size) * (columns / size)
}

/** Places of an image [batch, rows · columns, width] by windows, [batch · windows, size², width]. */
export function toWindows(x: Tensor, { rows, columns, size, shift }: Windows): Tensor {
  const [batch, , width] = x.shape
  const image = reshape(x, [batch, rows, columns, width])
  const [down, across] = [rows / size, columns / size]
  const cut = reshape(shifted(image, -shift), [batch, down, size, across, size, width])
  return reshape(transpose(cut, [0, 1, 3, 2, 4, 5]), [-1, size * size, width])
}

/** Back from windows to the image. */
export function fromWindows(x: Tensor, { rows, columns, size, shift }: Windows): Tensor {
  const width = x.shape[2]
  const [down, across] = [rows / size, columns / size]
  const cut = transpose(reshape(x, [-1, down, across, size, size, width]), [0, 1, 3, 2, 4, 5])
  const image = shifted(reshape(cut, [-1, rows, columns, width]), shift)
  return reshape(image, [-1, rows * columns, width])
}

/**
 * What is added to the scores of shifted windows, [windows, size², size²]: a shift brings places together that are not
 * neighbours, and these don't see each other.
 */
export function regionBias({ rows, columns, size, shift }: Windows): Float32Array {
  const region = (at: number, length: number): number =>
    at < length - size ? 0 : at < length - shift ? 1 : 2
  const places = size * size
  const across = columns / size
  const bias = new Float32Array(windowCount({ rows, columns, size, shift }) * places * places)
  for (let window = 0; window < bias.length / places / places; window++) {
    const regions = Array.from({ length: places }, (_, place) => {
      const row = Math.floor(window / across) * size + Math.floor(place / size)
      const column = (window % across) * size + (place % size)
      return 3 * region(row, rows) + region(column, columns)
    })
    for (let i = 0; i < places; i++)
      for (let j = 0; j < places; j++)
        if (regions[i] !== regions[j]) bias[(window * places + i) * places + j] = OTHER_REGION
  }
  return bias
}

/** Row of the table of (2 size - 1)² relative positions for each pair of places in a window, [size² · size²]. */
export function relativePositions(size: number): Int32Array {
  const places = size * size
  return Int32Array.from({ length: places * places }, (_, pair) => {
    const [from, to] = [Math.floor(pair / places), pair % places]
    const rows = Math.floor(from / size) - Math.floor(to / size) + size - 1
    const columns = (from % size) - (to % size) + size - 1
    return rows * (2 * size - 1) + columns
  })
}

function shifted(image: Tensor, by: number): Tensor {
  if (by === 0) return image
  return roll(image, [
    { axis: 1, by },
    { axis: 2, by },
  ])
}
