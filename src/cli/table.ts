import stringWidth from 'string-width'
import { printable } from './printable.js'

export interface Column {
  readonly header: string
  /** @default 'left' */
  readonly align?: 'left' | 'right'
  /** Cells may be cut with an ellipsis down to this many columns; without it they are never cut. */
  readonly min?: number
  /** Which side is cut; of a path the end says more. @default 'end' */
  readonly cut?: 'start' | 'end'
  /** A column that may go where even the smallest cells don't fit; the highest number goes first. */
  readonly dispensable?: number
  /** Applied after fitting, as colours take no columns. */
  readonly style?: (cell: string) => string
}

export interface TableOptions {
  /** Columns of the terminal; without it nothing is cut. */
  readonly width?: number
  readonly headerStyle?: (cell: string) => string
}

const GAP = '  '
const ELLIPSIS = '…'
const segmenter = new Intl.Segmenter()

/** Lines of a table, header first. Cells are made printable; no line is wider than `width`, nor ends in spaces. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, headerStyle = (cell) => cell }: TableOptions = {},
): string[] {
  const cells = rows.map((row) => row.map(printable))
  const natural = columns.map(({ header }, c) =>
    Math.max(stringWidth(header), ...cells.map((row) => stringWidth(row[c] ?? ''))),
  )
  const widths = width === undefined ? natural : fit(columns, natural, width)
  const shown = columns.map((_, c) => c).filter((c) => widths[c] > 0)
  const line = (row: readonly string[], styles: (c: number) => (cell: string) => string) =>
    shown
      .map((c, place) => {
        const { align, cut } = columns[c]
        const text = truncate(row[c] ?? '', widths[c], cut)
        const padding = ' '.repeat(widths[c] - stringWidth(text))
        if (text === '') return place === shown.length - 1 ? '' : padding
        const styled = styles(c)(text)
        if (align === 'right') return padding + styled
        return place === shown.length - 1 ? styled : styled + padding
      })
      .join(GAP)
      .trimEnd()
  return [
    line(
      columns.map(({ header }) => header),
      () => headerStyle,
    ),
    ...cells.map((row) => line(row, (c) => columns[c].style ?? ((cell) => cell))),
  ]
}

/** Widths that fit: the widest cuttable column gives way first, then dispensable columns go. 0 is a column left out. */
function fit(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  let present = columns.map((_, c) => c)
  for (;;) {
    const widths = natural.map((w, c) => (present.includes(c) ? w : 0))
    const total = () => present.reduce((sum, c) => sum + widths[c], 0) + GAP.length * (present.length - 1)
    while (total() > width) {
      const cuttable = present.filter((c) => widths[c] > (columns[c].min ?? Infinity))
      if (cuttable.length === 0) break
      widths[cuttable.reduce((a, b) => (widths[b] >= widths[a] ? b : a))]--
    }
    if (total() <= width) return widths
    const dispensable = present.filter((c) => columns[c].dispensable !== undefined)
    if (dispensable.length === 0) return squeezed(widths, present, width)
    const first = dispensable.reduce((a, b) => (columns[b].dispensable! > columns[a].dispensable! ? b : a))
    present = present.filter((c) => c !== first)
  }
}

/** For a terminal of a few columns: what is left is cut wherever the line ends. */
function squeezed(widths: number[], present: readonly number[], width: number): number[] {
  let left = width
  for (const c of present) {
    widths[c] = Math.max(0, Math.min(widths[c], left))
    left -= widths[c] + GAP.length
  }
  return widths
}

/** Text of at most `width` columns, never cut within a character that people see as one. Expects printable text. */
export function truncate(text: string, width: number, cut: 'start' | 'end' = 'end'): string {
  if (stringWidth(text) <= width) return text
  if (width <= 0) return ''
  const characters = [...segmenter.segment(text)].map(({ segment }) => segment)
  if (cut === 'start') characters.reverse()
  const kept: string[] = []
  let used = stringWidth(ELLIPSIS)
  for (const character of characters) {
    used += stringWidth(character)
    if (used > width) break
    kept.push(character)
  }
  return cut === 'start' ? ELLIPSIS + kept.reverse().join('') : kept.join('').trimEnd() + ELLIPSIS
}

/** Words on lines of at most `width` columns; a word that is longer stands alone on its line. Expects printable text. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`
    if (lines.length > 0 && stringWidth(longer) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
