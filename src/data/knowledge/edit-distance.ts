let before = new Uint16Array(64)
let above = new Uint16Array(64)
let row = new Uint16Array(64)

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other (optimal string alignment,
 * Damerau 1964; Oommen & Loke 1997), counted in UTF-16 units; `most` + 1 where there are more than `most`.
 */
export function editDistance(a: string, b: string, most = Infinity): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  if (row.length <= b.length) {
    const length = 2 * (b.length + 1)
    before = new Uint16Array(length)
    above = new Uint16Array(length)
    row = new Uint16Array(length)
  }
  for (let j = 0; j <= b.length; j++) above[j] = j
  for (let i = 1; i <= a.length; i++) {
    row[0] = i
    let least = i
    const letter = a.charCodeAt(i - 1)
    for (let j = 1; j <= b.length; j++) {
      const other = b.charCodeAt(j - 1)
      let cost = above[j - 1] + (letter === other ? 0 : 1)
      if (above[j] + 1 < cost) cost = above[j] + 1
      if (row[j - 1] + 1 < cost) cost = row[j - 1] + 1
      if (
        i > 1 &&
        j > 1 &&
        letter === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === other &&
        before[j - 2] + 1 < cost
      )
        cost = before[j - 2] + 1
      row[j] = cost
      if (cost < least) least = cost
    }
    // A swap looks back two rows, at a cost: it can't get below the least of this one.
    if (least > most) return most + 1
    ;[before, above, row] = [above, row, before]
  }
  return Math.min(above[b.length], most + 1)
}
