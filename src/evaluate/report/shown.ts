/** A number as tables and pages show it: three digits behind the point, or what its size leaves of them. */
export function shown(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size >= 1000) return Math.round(value).toLocaleString('en')
  return size >= 10
    ? value.toFixed(1)
    : size >= 1 && Number.isInteger(value)
      ? String(value)
      : value.toFixed(3)
}

/** A figure of this metric: ranks with one digit behind the point, so that a column stands in line. */
export function shownFigure(metric: string, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–'
  return /rank$/.test(metric)
    ? value.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
    : value.toFixed(3)
}

/** A single rank: whole, or with the half that a tie leaves. */
export function shownRank(rank: number): string {
  return Number(rank.toFixed(1)).toLocaleString('en')
}

export function shownP(p: number | null): string {
  if (p === null) return '–'
  return p < 0.0001 ? '< 0.0001' : p < 0.01 ? p.toFixed(4) : p.toFixed(3)
}
