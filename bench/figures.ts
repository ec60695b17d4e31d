/** One measured number beside what it is compared with; the shape that `--json` writes. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the reference is, with its version; null where it was not measured. */
  readonly reference: string | null
  /** The reference's number in the same unit, measured in the same run. */
  readonly referenceValue: number | null
  /** value / referenceValue. */
  readonly ratio: number | null
  readonly lowerIsBetter: boolean
}

export interface FigureOptions {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly reference?: string | null
  readonly referenceValue?: number | null
  /** @default true */
  readonly lowerIsBetter?: boolean
}

export function figure({
  name,
  value,
  unit,
  reference = null,
  referenceValue = null,
  lowerIsBetter = true,
}: FigureOptions): Figure {
  const measured = reference !== null && referenceValue !== null
  return {
    name,
    value,
    unit,
    reference: measured ? reference : null,
    referenceValue: measured ? referenceValue : null,
    ratio: measured && referenceValue !== 0 ? value / referenceValue : null,
    lowerIsBetter,
  }
}

/** Middle value; of an even number, the mean of the middle two. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** Linear between neighbours, as numpy's default: `percentile([1, 2], 0.5)` is 1.5. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('No values to take a percentile of')
  const sorted = [...values].sort((a, b) => a - b)
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.ceil(place)
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below)
}

/** The figures as a table for people. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((f) => [
    f.name,
    amount(f.value, f.unit),
    f.referenceValue === null ? 'null' : amount(f.referenceValue, f.unit),
    f.ratio === null ? '' : f.ratio.toPrecision(3),
    f.lowerIsBetter ? 'lower' : 'higher',
    f.reference ?? 'not measured',
  ])
  const all = [['figure', 'value', 'reference', 'ratio', 'better', 'what the reference is'], ...rows]
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)))
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          column >= 1 && column <= 3 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function amount(value: number, unit: string): string {
  const digits = Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(3)
  return unit === '' ? digits : `${digits} ${unit}`
}
