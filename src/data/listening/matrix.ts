import { uint32Column } from './column.js'
import { Names } from './names.js'
import { addUp, gather, transpose, type SparseRows } from './sparse.js'

/** How often a listener heard an item: a track, a song or an artist. */
export interface ListeningRow {
  readonly user: string
  readonly item: string
  /** A whole number from 1. */
  readonly count: number
}

/** What fits into a count. */
export const MAX_COUNT = 0xffff_ffff

/** Who heard what how often: users × items, most of it empty. Users and items are numbered in the order in which they came. */
export class ListeningMatrix {
  readonly users: Names
  readonly items: Names
  /** Items of each user, ascending. */
  readonly byUser: SparseRows
  /** Users of each item, ascending. */
  readonly byItem: SparseRows

  /** For those who have the numbers: `ListeningBuilder`, `leaveOut`. */
  constructor(users: Names, items: Names, byUser: SparseRows) {
    this.users = users
    this.items = items
    this.byUser = byUser
    this.byItem = transpose(byUser, items.size)
  }

  static fromRows(rows: Iterable<ListeningRow>): ListeningMatrix {
    const builder = new ListeningBuilder()
    for (const { user, item, count } of rows) builder.add(user, item, count)
    return builder.build()
  }

  /** Pairs of a user and an item that have a count. */
  get entries(): number {
    return this.byUser.index.length
  }

  /** 0 where the user has not heard the item, or either is unknown. */
  count(user: string, item: string): number {
    const [row, column] = [this.users.find(user), this.items.find(item)]
    if (row < 0 || column < 0) return 0
    const { start, index, value } = this.byUser
    const at = index.subarray(start[row], start[row + 1]).indexOf(column)
    return at < 0 ? 0 : value[start[row] + at]
  }

  /** For each item how many heard it, or how often it was heard. */
  popularity(of: 'users' | 'plays' = 'users'): Float64Array {
    const { start, value } = this.byItem
    const popularity = new Float64Array(this.items.size)
    for (let item = 0; item < popularity.length; item++)
      if (of === 'users') popularity[item] = start[item + 1] - start[item]
      else for (let i = start[item]; i < start[item + 1]; i++) popularity[item] += value[i]
    return popularity
  }

  *rows(): Generator<ListeningRow> {
    const { start, index, value } = this.byUser
    for (let user = 0; user < this.users.size; user++) {
      const name = this.users.get(user)
      for (let i = start[user]; i < start[user + 1]; i++)
        yield { user: name, item: this.items.get(index[i]), count: value[i] }
    }
  }
}

/** Gathers rows into a matrix. Those of the same user and item are added up. */
export class ListeningBuilder {
  readonly users = new Names()
  readonly items = new Names()
  readonly #user = uint32Column()
  readonly #item = uint32Column()
  readonly #count = uint32Column()

  get rows(): number {
    return this.#user.length
  }

  /** @throws RangeError where the count is not a whole number from 1 to 4,294,967,295 */
  add(user: string, item: string, count: number): void {
    if (!(Number.isInteger(count) && count >= 1 && count <= MAX_COUNT))
      throw new RangeError(`Count ${count} of "${user}" and "${item}" (expected a whole number from 1)`)
    this.addIndexed(this.users.add(user), this.items.add(item), count)
  }

  /** The same with numbers that `users` and `items` gave, unchecked. */
  addIndexed(user: number, item: number, count: number): void {
    this.#user.push(user)
    this.#item.push(item)
    this.#count.push(count)
  }

  build(): ListeningMatrix {
    // By item, then turned: users' items are in ascending order without sorting any.
    const byItem = gather(
      { rows: this.#item.view(), columns: this.#user.view(), values: this.#count.view() },
      this.items.size,
    )
    return new ListeningMatrix(this.users, this.items, addUp(transpose(byItem, this.users.size)))
  }
}
