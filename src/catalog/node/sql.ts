/** A condition names at most so many values. */
export const FEW_VALUES = 1_000

/** A text as a literal of SQL, in which only the quote is special. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A condition that a column holds one of some texts. */
export function oneOf(column: string, values: readonly string[]): string {
  return `${column} IN (${values.map(sqlText).join(', ')})`
}

/** The same for any number of texts: several conditions, to be met one or the other. */
export function* oneOfMany(column: string, values: readonly string[]): Generator<string> {
  for (let i = 0; i < values.length; i += FEW_VALUES) yield oneOf(column, values.slice(i, i + FEW_VALUES))
}
