export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** Bounds that are not numbers are null, as JSON has it. */
export const bounded = ({ value, low, high }: { value: number; low: number; high: number }) => ({
  value,
  low: finite(low),
  high: finite(high),
})
